// node scripts/bench.mjs [pattern...]
// Runs the benchmarks whose path contains one of the patterns against the built library, one after another so that
// none disturbs another. They are compiled once and not loaded through a TypeScript loader, whose helpers cost time.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";
import { filesBelow } from "./files.mjs";
import { root } from "./lock.mjs";

const patterns = process.argv.slice(2);
const files = filesBelow(["bench"], /^bench\/[^/]+\.bench\.ts$/).filter((file) => {
  return patterns.length === 0 || patterns.some((pattern) => file.includes(pattern));
});

if (files.length === 0) {
  console.error(`No benchmark${patterns.length ? ` matches ${patterns.join(", ")}` : " in bench/"}.`);
  process.exitCode = 1;
}
for (const file of files) {
  console.log(`\n${file}`);
  const outfile = path.join(root, ".cache", file.replace(/\.ts$/, ".mjs"));
  await build({
    entryPoints: [path.join(root, file)],
    outfile,
    bundle: true,
    packages: "external",
    format: "esm",
    platform: "node",
    target: "node20",
    logLevel: "error",
  });
  const { status } = spawnSync(process.execPath, [outfile], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${file} failed.`);
    process.exitCode = 1;
  }
}
