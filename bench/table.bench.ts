/**
 * @file The table: every job by every peer, one family after another, each family's peers close together in time. Words
 * on the command line choose jobs or families by a part of their names; `--rounds=3` runs all three times; `--write` puts
 * the whole table into bench/README.md.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { installPeers, interpreterOf, pythonPeers, runNode, runPython } from "./children.js";
import { loadingTable, measureLoading } from "./loading.js";
import { type Family, families } from "./plan.js";
import { familyTable } from "./report.js";
import { Results, type Variant } from "./results.js";

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const rounds = Number(process.argv.find((word) => word.startsWith("--rounds="))?.split("=")[1] ?? 1);
const results = new Results();
const interpreters = new Map(pythonPeers.map((peer) => [peer, interpreterOf(peer)]));

const wanted = (name: string): boolean => words.length === 0 || words.some((word) => name.includes(word));

/** The family with the rows that the words choose. */
function chosen(family: Family): Family {
  const all = wanted(family.name.toLowerCase());
  return { ...family, rows: family.rows.filter(({ job }) => all || wanted(job)) };
}

async function node(
  bundle: string,
  jobs: readonly string[],
  peers: string,
  variant: Variant = {},
): Promise<void> {
  results.add(await runNode(bundle, jobs, { BENCH_PEERS: peers }, variant), variant);
}

/** All JavaScript runs of some jobs. */
async function runJavaScript(family: Family, jobs: readonly string[]): Promise<void> {
  if (family.alone) {
    await node("ours", jobs, "compiled");
    await node("ours", jobs, "tfjs");
  } else {
    await node("ours", jobs, "compiled,tfjs");
  }
  await node("ours", jobs, "eager");
  await node("ours", jobs, "compiled", { newer: true });
  if (family.oneThread) {
    await node("ours", jobs, "threads");
    await node("ours", jobs, "threads", { newer: true });
  }
  results.add(await runNode("jaxjs", jobs, {}, { newer: true }));
}

/** All Python runs of some jobs, in each of the peer's settings. */
async function runInterpreters(jobs: readonly string[]): Promise<void> {
  for (const [{ name, script, settings }, python] of interpreters) {
    if (!python) {
      results.add(jobs.map((job) => ({ job, peer: name, failed: "not installed" })));
      continue;
    }
    for (const setting of settings) {
      results.add(await runPython(python, script, jobs, setting), { setting: JSON.stringify(setting) });
    }
  }
}

async function runFamily(family: Family): Promise<void> {
  const jobs = family.rows.map(({ job }) => job);
  if (jobs.length === 0) return;
  console.error(`${family.name}…`);
  const copies = [...new Set(family.rows.flatMap(({ copy }) => copy ?? []))];
  const batches = family.alone ? jobs.map((job) => [job]) : [[...jobs, ...copies]];
  for (const batch of batches) {
    await runJavaScript(family, batch);
    await runInterpreters(batch);
  }
  if (family.oneThread) await runPeaks();
}

/** What this engine reaches at most, on one thread and on two at once, on this Node and on the newer one. */
async function runPeaks(): Promise<void> {
  for (const newer of [false, true]) results.add(await runNode("peak", [], {}, { newer }), { newer });
}

function head(): string {
  const versions = [...results.versions()].map(([peer, version]) => `${peer} ${version}`);
  const newer = results.all.find((result) => result.newer)?.["node"];
  const absent = [...interpreters].filter(([, python]) => !python).map(([{ name }]) => name);
  return [
    `${os.cpus()[0]?.model.trim()}, ${os.availableParallelism()} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB;`,
    `${os.type()} ${os.release()}; Node ${process.version}${newer ? `, newer Node ${newer}` : ""};`,
    `${versions.join(", ")}; ${new Date().toISOString().slice(0, 10)}.`,
    absent.length > 0 ? `Not installed: ${absent.join(", ")}.` : "",
    `${rounds === 1 ? "One round" : `${rounds} rounds`}. Milliseconds: the median, the least in parentheses;`,
    "×2 where two threads were the faster.",
  ].join(" ");
}

function peaks(): string {
  const lines = [false, true].flatMap((newer) => {
    const one = results.of("peak", "nabla", { newer })?.median;
    const two = results.of("peak-two", "nabla", { newer })?.median;
    return one && two
      ? [`${newer ? "newer Node" : "Node"}: ${one.toFixed(1)} GFLOP/s, two at once ${two.toFixed(1)}`]
      : [];
  });
  return lines.length > 0 ? `Loop that never leaves the registers: ${lines.join("; ")}.\n` : "";
}

/** Replaces what stands below the mark in the page of the benchmarks. */
function writeReadme(table: string): void {
  if (words.length > 0) throw new Error("--write: only the whole table is written; name no jobs");
  const file = path.resolve("bench/README.md");
  const mark = "<!-- written by `npm run bench -- --write`: -->";
  const page = existsSync(file) ? readFileSync(file, "utf8") : `# Benchmarks\n\n${mark}\n`;
  const [text, rest] = page.split(mark);
  if (rest === undefined) throw new Error(`${file} has no line ${mark}`);
  writeFileSync(file, `${text}${mark}\n\n${table}`);
}

const plan = families.map(chosen);
if (!wanted("loading") && plan.every(({ rows }) => rows.length === 0)) {
  throw new Error(`no job is named by ${words.join(", ")}`);
}
/** Writes down what there is so far, so that a run that is stopped has not been for nothing. */
function save(loading: Awaited<ReturnType<typeof measureLoading>>): string {
  const tables = plan.map((family) => familyTable(results, family)).filter(Boolean);
  const page = [head(), "", peaks(), ...tables, loadingTable(loading)].join("\n");
  const folder = path.resolve(".cache/bench");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, "results.json"),
    JSON.stringify({ results: results.all, loading }, null, 1),
  );
  writeFileSync(path.join(folder, "table.md"), page);
  if (process.argv.includes("--write")) writeReadme(page);
  return page;
}

installPeers();
const loading = wanted("loading") ? await measureLoading() : [];
for (let round = 0; round < rounds; round++) {
  for (const family of plan) {
    await runFamily(family);
    save(loading);
  }
}
console.log(save(loading));
