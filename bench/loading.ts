/** @file How long importing the main door takes in Node, and how much a page loads; and the same of the peers. */
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { milliseconds } from "./report.js";

/** One library's weight and time. */
export interface Loading {
  library: string;
  /** Milliseconds of the import in a fresh process: all of them. */
  imports: number[];
  /** Bytes that a page loads at once, minified and gzipped. The wasm files that tfjs fetches are not among them. */
  gz: number | null;
  /** The same with all that is imported on first use. */
  gzInAll: number | null;
  failed?: string;
}

const home = path.resolve("bench/peers");
const fromPeers = createRequire(path.join(home, "package.json"));

/** Milliseconds of an import in a fresh process. */
function importTime(url: string): number {
  const code = `const t = performance.now(); await import(${JSON.stringify(url)}); console.log("ms " + (performance.now() - t));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", code], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return Number(/ms ([\d.]+)/.exec(output)![1]);
}

/** Bytes of a page's bundle, without and with what is imported on first use. */
async function weigh(contents: string, resolveDir: string): Promise<Pick<Loading, "gz" | "gzInAll">> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    splitting: true,
    outdir: "weight",
    entryNames: "entry",
    chunkNames: "first-use/[hash]",
    target: "es2022",
    platform: "browser",
    external: [
      "node:*",
      "fs",
      "path",
      "util",
      "os",
      "crypto",
      "worker_threads",
      "perf_hooks",
      "module",
      "url",
    ],
    logLevel: "silent",
  });
  const eager = new Set<string>();
  const visit = (file: string): void => {
    if (eager.has(file)) return;
    eager.add(file);
    const text = outputFiles.find(({ path }) => path === file)!.text;
    for (const [, name] of text.matchAll(/(?:from|^import|;import)\s*"(\.\/[^"]+)"/g)) {
      visit(path.resolve(path.dirname(file), name!));
    }
  };
  visit(outputFiles.find(({ path }) => path.endsWith("entry.js"))!.path);
  const size = (files: typeof outputFiles): number =>
    files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
  return { gz: size(outputFiles.filter(({ path }) => eager.has(path))), gzInAll: size(outputFiles) };
}

const libraries: readonly { library: string; url: () => string; source: string; folder: string }[] = [
  {
    library: "nabla",
    url: () => pathToFileURL(path.resolve("dist/index.js")).href,
    source: 'export * from "nabla";',
    folder: path.resolve("."),
  },
  {
    library: "tfjs, wasm backend",
    url: () => pathToFileURL(fromPeers.resolve("@tensorflow/tfjs-backend-wasm")).href,
    source: 'export * from "@tensorflow/tfjs"; export * as wasm from "@tensorflow/tfjs-backend-wasm";',
    folder: home,
  },
  {
    library: "jax-js",
    url: () => pathToFileURL(fromPeers.resolve("@jax-js/jax").replace(/\.cjs$/, ".js")).href,
    source: 'export * from "@jax-js/jax";',
    folder: home,
  },
];

/** Imports each library a few times in turns, and weighs it. */
export async function measureLoading(): Promise<Loading[]> {
  const all: Loading[] = libraries.map(({ library }) => ({ library, imports: [], gz: null, gzInAll: null }));
  for (let turn = 0; turn < 9; turn++) {
    for (const [i, { url }] of libraries.entries()) {
      try {
        all[i]!.imports.push(importTime(url()));
      } catch {
        all[i]!.failed = `cannot be imported by Node ${process.version}`;
      }
    }
  }
  for (const [i, { source, folder }] of libraries.entries())
    Object.assign(all[i]!, await weigh(source, folder));
  return all;
}

const kilobytes = (bytes: number | null): string => (bytes === null ? "–" : (bytes / 1000).toFixed(0));

function row({ library, imports, gz, gzInAll, failed }: Loading): string {
  const sorted = [...imports].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  const time =
    median === undefined ? (failed ?? "–") : `${milliseconds(median)} (${milliseconds(sorted[0]!)})`;
  return `| ${library} | ${time} | ${kilobytes(gz)} | ${kilobytes(gzInAll)} |`;
}

export function loadingTable(all: readonly Loading[]): string {
  if (all.length === 0) return "";
  const head = [
    "## Loading\n",
    "| library | import, ms | gz at once, kB | gz in all, kB |",
    "|---|---:|---:|---:|",
  ];
  return [...head, ...all.map(row), "", "Required of nabla: import ≤ 80 ms, ≤ 90 kB.", ""].join("\n");
}
