// The reporter of `npm test`: a line per file, failures in full at the end, then "N passed, N failed".
import { relative } from "node:path";
import { inspect } from "node:util";
import { root } from "./lock.mjs";

/**
 * @typedef {{ passed: number, failed: number, skipped: number, milliseconds: number }} Tally
 * @typedef {{ name: string, file?: string, nesting: number, skip?: string | boolean,
 *   details: { type?: string, duration_ms: number, error?: Error & { cause?: unknown, failureType?: string } } }} Result
 */

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* report(events) {
  /** @type {Map<string, Tally>} */
  const tallies = new Map();
  const failures = [];
  const skips = [];
  /** @type {string | null} */
  let current = null;
  for await (const { type, data } of events) {
    if (type === "test:stdout" || type === "test:stderr") yield data.message;
    if (type !== "test:pass" && type !== "test:fail") continue;
    const file = nameOf(data);
    if (current !== null && file !== current) yield lineOf(current, tallies.get(current));
    current = file;
    const tally = tallies.get(file) ?? { passed: 0, failed: 0, skipped: 0, milliseconds: 0 };
    tallies.set(file, tally);
    if (data.nesting === 0) tally.milliseconds += data.details.duration_ms;
    if (!isTest(data, type)) continue;
    if (type === "test:fail") failures.push(describeFailure(data));
    else if (isSkipped(data)) skips.push(`${file}: ${data.name}`);
    tally[type === "test:fail" ? "failed" : isSkipped(data) ? "skipped" : "passed"] += 1;
  }
  if (current !== null) yield lineOf(current, tallies.get(current));
  yield* closing([...tallies.values()], failures, skips);
}

/**
 * Sets the exit code too: a run in which nothing passed has failed, and on a CI machine so has a skipped test.
 *
 * @param {Tally[]} tallies
 * @param {string[]} failures
 * @param {string[]} skips
 */
function* closing(tallies, failures, skips) {
  for (const [index, failure] of failures.entries()) yield `\n${index + 1}) ${failure}`;
  if (skips.length) yield `\nSkipped:\n${skips.map((skip) => `  ${skip}\n`).join("")}`;
  const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
  const nothingRan = passed + failures.length === 0;
  if (nothingRan) yield "\nNo test ran.\n";
  const failed = failures.length + (process.env.CI ? skips.length : 0) + (nothingRan ? 1 : 0);
  if (failed > 0) process.exitCode = 1;
  yield `\n${passed} passed, ${failed} failed\n`;
}

/**
 * Suites only group tests, and a test that failed by its subtests is told by them; a file stands for a test only
 * when it failed as a whole.
 *
 * @param {Result} data
 * @param {string} type
 */
function isTest(data, type) {
  if (data.details.error?.failureType === "subtestsFailed") return false;
  if (data.details.type === "suite") return type === "test:fail";
  return type === "test:fail" || !isFile(data);
}

/** @param {Result} data */
function isFile(data) {
  return data.nesting === 0 && data.name.endsWith(".test.ts");
}

/** @param {Result} data */
function isSkipped(data) {
  return data.skip !== undefined && data.skip !== false;
}

/** @param {Result} data */
function nameOf(data) {
  const path = isFile(data) ? data.name : (data.file ?? data.name);
  return path.startsWith("/") ? relative(root, path) : path;
}

/**
 * @param {string} file
 * @param {Tally | undefined} tally
 */
function lineOf(file, tally) {
  const { passed = 0, failed = 0, skipped = 0, milliseconds = 0 } = tally ?? {};
  const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`];
  const mark = failed ? "✗" : "✓";
  return `${mark} ${file}  ${counts.filter(Boolean).join(", ")}  ${(milliseconds / 1000).toFixed(1)} s\n`;
}

/** @param {Result} data */
function describeFailure(data) {
  const { error } = data.details;
  const cause = error?.cause ?? error;
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : inspect(cause);
  const frames = text.split("\n").filter((line) => !/^\s+at .*\(?node:internal/.test(line));
  return `${nameOf(data)}  ${isFile(data) ? "(the whole file)" : data.name}\n${frames.map((line) => `   ${line}`).join("\n")}\n`;
}
