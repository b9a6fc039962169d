// node scripts/bench.mjs [pattern...] [--rounds=N]
// Runs the benchmarks against the built library, one after another so that none disturbs another: those whose file a
// pattern names, and otherwise the table with the jobs that the patterns name. They are compiled once and not loaded
// through a TypeScript loader, whose helpers cost time.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";
import { filesBelow } from "./files.mjs";
import { root } from "./lock.mjs";

const folder = path.join(root, ".cache", "bench");
const words = process.argv.slice(2);
const patterns = words.filter((word) => !word.startsWith("--"));
const benchmarks = filesBelow(["bench"], /^bench\/[^/]+\.bench\.ts$/);
/** @param {string} file */
const isNamed = (file) => patterns.some((pattern) => path.basename(file).includes(pattern));

// The programs that the table starts in processes of their own.
const children = { ours: "bench/ours.ts", peak: "bench/peak.ts", jaxjs: "bench/peers/jaxjs.ts" };
await build({
  entryPoints: {
    ...children,
    ...Object.fromEntries(benchmarks.map((file) => [path.basename(file, ".ts"), file])),
  },
  absWorkingDir: root,
  outdir: folder,
  outExtension: { ".js": ".mjs" },
  bundle: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  logLevel: "error",
});

const named = benchmarks.filter(isNamed);
const table = benchmarks.filter((file) => file.endsWith("/table.bench.ts"));
const chosen = patterns.length === 0 ? benchmarks : named.length > 0 ? named : table;
for (const file of chosen) {
  console.error(`\n${file}`);
  const script = path.join(folder, path.basename(file).replace(/\.ts$/, ".mjs"));
  const { status } = spawnSync(process.execPath, [script, ...(named.length > 0 ? [] : words)], {
    cwd: root,
    stdio: "inherit",
  });
  if (status !== 0) {
    console.error(`${file} failed.`);
    process.exitCode = 1;
  }
}
