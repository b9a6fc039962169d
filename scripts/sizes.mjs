// node scripts/sizes.mjs
// The weight of each door, minified and gzipped, against test/budget.json.
import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { root } from "./lock.mjs";

/** Doors that need Node. Pages import the others, so there Node's modules may only be imported on first use. */
const nodeOnly = new Set(["nabla/notebook"]);

/**
 * @typedef {{ door: string, bytes: number, budget: number | undefined }} Size
 * @returns {Promise<Size[]>} the bytes that importing each door brings along
 */
export async function measureSizes() {
  const budget = JSON.parse(readFileSync(join(root, "test", "budget.json"), "utf8"));
  const { name, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const doors = Object.keys(exports).filter((door) => !door.endsWith(".json"));
  return Promise.all(
    doors.map(async (door) => {
      const specifier = door.replace(/^\./, name);
      return { door: specifier, bytes: await measure(specifier), budget: budget[specifier] };
    }),
  );
}

/** @param {string} door */
async function measure(door) {
  const { outputFiles } = await build({
    stdin: { contents: `export * from ${JSON.stringify(door)};`, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2022",
    platform: nodeOnly.has(door) ? "node" : "browser",
    conditions: ["nabla-source"],
    plugins: [leaveOutDynamicImports],
    logLevel: "silent",
  });
  return gzipSync(outputFiles[0].contents, { level: 9 }).length;
}

/**
 * What is imported on first use is no part of a door's weight.
 *
 * @type {import("esbuild").Plugin}
 */
const leaveOutDynamicImports = {
  name: "leave-out-dynamic-imports",
  setup(bundler) {
    bundler.onResolve({ filter: /.*/ }, ({ kind, path, importer }) => {
      if (kind === "dynamic-import") return { path, external: true };
      const inPage = bundler.initialOptions.platform === "browser" && isBuiltin(path);
      return inPage ? { errors: [{ text: `${importer} imports ${path}, which pages do not have` }] } : null;
    });
  },
};

/** @param {Size} size */
export function describeSize({ door, bytes, budget }) {
  const limit =
    budget === undefined ? "no budget in test/budget.json" : `of ${(budget / 1000).toFixed(0)} kB`;
  return `${door.padEnd(18)} ${(bytes / 1000).toFixed(1).padStart(7)} kB gz ${limit}`;
}

/** @param {Size} size */
export function isWithin({ bytes, budget }) {
  return budget !== undefined && bytes <= budget;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const size of await measureSizes()) {
    console.log(`${isWithin(size) ? " " : "✗"} ${describeSize(size)}`);
    if (!isWithin(size)) process.exitCode = 1;
  }
}
