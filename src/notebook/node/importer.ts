/** @file Imports from a notebook's folder: as `import()` in a file there would load them. */
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { constants, Script } from "node:vm";
import type { ImportModule } from "../environment.js";

type DynamicImport = (specifier: string, options?: object) => Promise<object>;

/** Runs `work` without the warning that the loader's constant is experimental: its reader can do nothing about it. */
function withoutWarnings<Result>(work: () => Result): Result {
  const emitWarning = process.emitWarning;
  process.emitWarning = () => {};
  try {
    return work();
  } finally {
    process.emitWarning = emitWarning;
  }
}

const isOwn = (specifier: string): boolean => specifier === "nabla" || specifier.startsWith("nabla/");

/**
 * Loads modules as from a file in a folder: relative paths, packages, import conditions, import attributes. Where the
 * folder has no package `nabla`, the one that runs this is taken.
 */
export function importerFor(folder: string, filename: string): ImportModule {
  const script = new Script("(specifier, options) => import(specifier, options)", {
    filename: join(folder, filename),
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });
  const load = script.runInThisContext() as DynamicImport;
  return async (specifier, options) => {
    try {
      return await withoutWarnings(() => load(specifier, options));
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const missing = code === "ERR_MODULE_NOT_FOUND" && message.includes(`'${"nabla"}'`);
      if (isOwn(specifier) && missing) return import(specifier);
      throw error;
    }
  };
}

/** What `import.meta` is in a notebook's cells. */
export function metaFor(folder: string, filename: string): object {
  const path = join(folder, filename);
  const url = pathToFileURL(path).href;
  const resolve = (specifier: string): string => {
    if (/^(?:\.{0,2}\/|[a-z]+:)/.test(specifier)) return new URL(specifier, url).href;
    return pathToFileURL(createRequire(url).resolve(specifier)).href;
  };
  return { url, filename: path, dirname: folder, resolve };
}
