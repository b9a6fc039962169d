/** @file The types that the editor's help needs, in one file: our declarations and those of the language. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import type { Plugin } from "vite";
import { doorFiles } from "./doors.js";
import { lab, root } from "./root.js";

const virtualName = "virtual:declarations";

/** Text by the path under which the language service finds it. */
type Files = Record<string, string>;

/** The declarations of the doors and all that they import of ours. */
function ownDeclarations(): Files {
  const files: Files = {};
  const add = (path: string): void => {
    const name = `/nabla/${relative(join(root, "dist"), path).replaceAll("\\", "/")}`;
    if (name in files) return;
    const text = readFileSync(path, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, "");
    files[name] = text;
    for (const { fileName: specifier } of ts.preProcessFile(text).importedFiles) {
      const door = doorFiles.find((other) => other.name === specifier);
      if (door !== undefined) add(door.types);
      else if (specifier.startsWith(".")) add(resolve(dirname(path), specifier.replace(/\.js$/, ".d.ts")));
    }
  };
  for (const { types } of doorFiles) add(types);
  return files;
}

/** The language's own declarations, as far as they refer to one another. */
function languageDeclarations(): Files {
  const folder = dirname(createRequire(join(lab, "package.json")).resolve("typescript"));
  const files: Files = {};
  const add = (library: string): void => {
    const file = `lib.${library}.d.ts`;
    if (`/lib/${file}` in files) return;
    const text = readFileSync(join(folder, file), "utf8");
    // Comments of the language's libraries show in help as ours do; their licence is kept once, in lib.es5.d.ts.
    files[`/lib/${file}`] = library === "es5" ? text : text.replace(/^\/\*![\s\S]*?\*\/\s*/, "");
    for (const [, reference] of text.matchAll(/<reference lib="([^"]+)"/g)) add(reference!);
  };
  for (const library of ["es2023", "esnext.disposable", "webworker"]) add(library);
  return files;
}

/** Gives `virtual:declarations`: the address of a JSON file with all declarations by path. */
export function declarations(): Plugin {
  return {
    name: "declarations",
    resolveId: (id) => (id === virtualName ? `\0${virtualName}` : null),
    load(id) {
      if (id !== `\0${virtualName}`) return null;
      const doors = Object.fromEntries(
        doorFiles.map(({ name, types }) => [
          name,
          `/nabla/${relative(join(root, "dist"), types).replaceAll("\\", "/")}`,
        ]),
      );
      const source = JSON.stringify({ doors, files: { ...languageDeclarations(), ...ownDeclarations() } });
      const reference = this.emitFile({ type: "asset", name: "declarations.json", source });
      return `export default import.meta.ROLLUP_FILE_URL_${reference};`;
    },
  };
}
