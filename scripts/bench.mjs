// node scripts/bench.mjs [pattern...]
// Runs the benchmarks whose path contains one of the patterns, one after another so that none disturbs another.
import { spawnSync } from "node:child_process";
import { filesBelow } from "./files.mjs";
import { root } from "./lock.mjs";

const patterns = process.argv.slice(2);
const files = filesBelow(["bench"], /^bench\/[^/]+\.ts$/).filter((file) => {
  return patterns.length === 0 || patterns.some((pattern) => file.includes(pattern));
});

if (files.length === 0) {
  console.error(`No benchmark${patterns.length ? ` matches ${patterns.join(", ")}` : " in bench/"}.`);
  process.exitCode = 1;
}
for (const file of files) {
  console.log(`\n${file}`);
  const loader = ["--conditions=nabla-source", "--import=tsx"];
  const { status } = spawnSync(process.execPath, [...loader, file], { cwd: root, stdio: "inherit" });
  if (status !== 0) {
    console.error(`${file} failed.`);
    process.exitCode = 1;
  }
}
