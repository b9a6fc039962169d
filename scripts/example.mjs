// node scripts/example.mjs name [--option...]
// Runs examples/name.ts against the built library. The data that some examples learn from are packages of their own,
// which are installed here and nowhere else.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { filesBelow } from "./files.mjs";
import { installPackages } from "./installPackages.mjs";
import { root, withLock } from "./lock.mjs";

const [name = "", ...parameters] = process.argv.slice(2);
const file = join(root, "examples", `${name}.ts`);

if (existsSync(file)) {
  await withLock("examples", () => installPackages("examples/data"));
  const { status } = spawnSync(process.execPath, ["--import=tsx", file, ...parameters], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} else {
  const names = filesBelow(["examples"], /^examples\/[^/]+\.ts$/).map((path) => basename(path, ".ts"));
  console.error(`There is no example "${name}"; there are ${names.join(", ")}.`);
  process.exitCode = 1;
}
