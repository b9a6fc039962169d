// node scripts/test.mjs [pattern...] [--node-option...]
// Runs the test files whose path contains one of the patterns (all, when there is none).
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { findBrowser } from "./browser.mjs";
import { filesBelow } from "./files.mjs";
import { root } from "./lock.mjs";

const given = process.argv.slice(2);
const patterns = given.filter((word) => !word.startsWith("-"));
const options = given.filter((word) => word.startsWith("-"));

const files = filesBelow(["src", "test"], /\.test\.ts$/).filter((file) => {
  return patterns.length === 0 || patterns.some((pattern) => file.includes(pattern));
});

if (files.length === 0) {
  console.error(`No test file${patterns.length ? ` matches ${patterns.join(", ")}` : " found"}.`);
  console.log("0 passed, 1 failed");
  process.exitCode = 1;
} else {
  const browser = findBrowser();
  const { status } = spawnSync(
    process.execPath,
    [
      "--conditions=nabla-source",
      "--import=tsx",
      "--test",
      `--test-concurrency=${availableParallelism()}`,
      "--test-timeout=1200000",
      "--test-reporter=./scripts/reporter.mjs",
      "--test-reporter-destination=stdout",
      ...options,
      ...files,
    ],
    {
      cwd: root,
      stdio: "inherit",
      // The tests of pages look no further for their browser than CHROMIUM.
      env: { ...process.env, ...(browser ? { CHROMIUM: browser } : {}) },
    },
  );
  process.exitCode = status ?? 1;
}
