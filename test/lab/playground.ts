/** @file The playground's inner works in Node: the page's bundler is not there to find the library for them. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { root } from "../../scripts/lock.mjs";

export type View = { x: [number, number]; y: [number, number] };
export interface Path {
  x: number[];
  y: number[];
  height: number[];
}
export interface Basins {
  count: number;
  labels: Int16Array;
  minima: { x: number; y: number; starts: number }[];
}
export interface Heights {
  count: number;
  values: Float32Array;
  scale: { lowest: number; unit: number; whole: number };
}
export interface Reply {
  kind: string;
  done: number;
  heights: Heights;
  paths: Record<string, Path>;
  basins: Basins;
}

export interface Playground {
  perform(task: object): Generator<Reply | null>;
  surfaces: Record<string, { formula: string; view: View; start: [number, number] }>;
  walkers: Record<string, { title: string; steps: string }>;
  suitableRate(walker: object, surface: object): number;
  settingsOf(data: object): Record<string, unknown>;
  niceTicks(range: [number, number], most: number): { value: number; label: string }[];
  levelOf(scale: object, height: number): number;
}

const modules = ["tasks", "surfaces", "walkers", "settings", "ticks", "heightScale"];

/** Loads the modules that need no page. */
export async function loadPlayground(): Promise<Playground> {
  const folder = await mkdtemp(join(tmpdir(), "nabla-playground-"));
  try {
    const outfile = join(folder, "playground.mjs");
    await build({
      stdin: {
        contents: modules.map((name) => `export * from "./${name}.js";`).join("\n"),
        resolveDir: join(root, "apps", "lab", "src", "widgets", "optimizers"),
      },
      alias: {
        nabla: join(root, "src", "index.ts"),
        "nabla/keras": join(root, "src", "keras", "index.ts"),
      },
      bundle: true,
      format: "esm",
      platform: "node",
      packages: "external",
      tsconfigRaw: { compilerOptions: { target: "es2022", useDefineForClassFields: true } },
      outfile,
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
