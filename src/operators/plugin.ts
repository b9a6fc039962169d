/** @file The rewrite as a plugin for Vite, Rollup and esbuild. */
import { rewrite } from "./moduleRewrite.js";
import type { SourceMapJson } from "./positions.js";

/** Which files to rewrite. */
export interface NablaOperatorsOptions {
  /** Files whose path matches are rewritten; without it, those that begin with `"use nabla operators"`. */
  readonly include?: RegExp;
}

/** The part of esbuild's plugin interface that is used. */
interface EsbuildBuild {
  onLoad(
    filter: { filter: RegExp },
    load: (file: { path: string }) => Promise<{ contents: string; loader: "js" } | undefined>,
  ): void;
}

/** A plugin for Vite, Rollup and their kin. */
export interface NablaOperatorsPlugin {
  readonly name: string;
  /** Vite hands files over before their types are gone. */
  readonly enforce: "pre";
  transform(code: string, id: string): { code: string; map: SourceMapJson } | null;
}

/** A plugin for esbuild. */
export interface NablaOperatorsEsbuildPlugin {
  readonly name: string;
  setup(build: EsbuildBuild): void;
}

const directive = /^(?:#!.*\n|\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(["'])use nabla operators\1/;
const sourceFile = /\.[cm]?[jt]s$/;

type Rewritten = { code: string; map: SourceMapJson } | null;

/** Rewrites a file if it is one of those that the options name. */
function rewriteFile(code: string, path: string, { include }: NablaOperatorsOptions): Rewritten {
  const file = path.replace(/[?#].*$/, "");
  if (!sourceFile.test(file)) return null;
  return (include?.test(file) ?? directive.test(code)) ? rewrite(code, { file }) : null;
}

function vitePlugin(options: NablaOperatorsOptions = {}): NablaOperatorsPlugin {
  return {
    name: "nabla-operators",
    enforce: "pre",
    transform: (code, id) => rewriteFile(code, id, options),
  };
}

function esbuildPlugin(options: NablaOperatorsOptions = {}): NablaOperatorsEsbuildPlugin {
  return {
    name: "nabla-operators",
    setup(build) {
      build.onLoad({ filter: sourceFile }, async ({ path }) => {
        // Not imported, since the helper beside this file goes into bundles for browsers.
        const { readFile } = process.getBuiltinModule("node:fs").promises;
        const rewritten = rewriteFile(await readFile(path, "utf8"), path, options);
        if (rewritten === null) return undefined;
        const map = `data:application/json,${encodeURIComponent(JSON.stringify(rewritten.map))}`;
        return { contents: `${rewritten.code}\n//# sourceMappingURL=${map}`, loader: "js" };
      });
    },
  };
}

/**
 * A plugin by which operators work on tensors in bundled code: in files that begin with the line
 * `"use nabla operators"`, or in all that match `include`. For Vite and Rollup; `nablaOperators.esbuild(options)` is
 * the same for esbuild.
 *
 * @example nablaOperators({ include: /model\.ts$/ }).transform("export const f = (x) => -x", "model.ts") !== null // true
 */
export const nablaOperators = Object.assign(vitePlugin, { esbuild: esbuildPlugin });
