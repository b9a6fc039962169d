/** @file The package's doors for the page: by name for the bundler, and as a table for cells that import them. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { root } from "./root.js";

interface Door {
  readonly default: string;
  readonly types: string;
}

const { name: packageName, exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  name: string;
  exports: Record<string, Door | string>;
};

/** Each door's name with its built script and declarations, as absolute paths. */
export const doorFiles = Object.entries(exports).flatMap(([door, target]) => {
  if (typeof target === "string" || !existsSync(join(root, target.default))) return [];
  const name = door.replace(/^\./, packageName);
  return [{ name, script: join(root, target.default), types: join(root, target.types) }];
});

/** What the bundler makes of the doors' names. */
export const doorAliases = doorFiles.map(({ name, script }) => ({
  find: new RegExp(`^${name}$`),
  replacement: script,
}));

const virtualName = "virtual:doors";

/** Gives `virtual:doors`: a function per door that loads it. */
export function doors(): Plugin {
  return {
    name: "doors",
    resolveId: (id) => (id === virtualName ? `\0${virtualName}` : null),
    load(id) {
      if (id !== `\0${virtualName}`) return null;
      const entries = doorFiles.map(
        ({ name }) => `${JSON.stringify(name)}: () => import(${JSON.stringify(name)})`,
      );
      return `export const doors = { ${entries.join(", ")} };`;
    },
  };
}
