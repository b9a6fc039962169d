// node scripts/check.mjs
// Every check, whatever the earlier ones said: types, lint and format, tests, sizes. Ends with a table.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./lock.mjs";

const bin = join(root, "node_modules");
const checks = {
  types: [join(bin, "typescript", "bin", "tsc"), "--noEmit"],
  "lint and format": [join(bin, "@biomejs", "biome", "bin", "biome"), "check", "--error-on-warnings", "."],
  tests: ["scripts/test.mjs"],
  sizes: ["scripts/sizes.mjs"],
};

const results = Object.entries(checks).map(([name, parameters]) => {
  console.log(`\n── ${name}`);
  const start = performance.now();
  const { status } = spawnSync(process.execPath, parameters, { cwd: root, stdio: "inherit" });
  return { name, passed: status === 0, seconds: (performance.now() - start) / 1000 };
});

console.log("");
for (const { name, passed, seconds } of results) {
  console.log(`${name.padEnd(16)} ${passed ? "passed" : "FAILED"}  ${seconds.toFixed(1).padStart(7)} s`);
}
if (results.some(({ passed }) => !passed)) process.exitCode = 1;
