// node scripts/lessonLinks.mjs
// Sets the line numbers of the lessons' links into src/ to where the names they show are defined now.
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { filesBelow } from "./files.mjs";
import { root } from "./lock.mjs";

/** A link such as [`Trace.add`](../src/core/trace.ts#L43). */
const link = /\[`([\w.]+)`\]\((\.\.\/src\/[\w/.]+)#L(\d+)\)/g;

for (const lesson of filesBelow(["lessons"], /\.ipynb$/)) {
  const before = readFileSync(join(root, lesson), "utf8");
  const after = before.replace(link, (_whole, name, path) => {
    const source = readFileSync(join(root, dirname(lesson), path), "utf8");
    return `[\`${name}\`](${path}#L${lineOf(name, source, path)})`;
  });
  if (after === before) continue;
  writeFileSync(join(root, lesson), after);
  console.log(`updated ${lesson}`);
}

/**
 * The line on which a function, class, constant or method (`Class.method`) is defined.
 *
 * @param {string} name
 * @param {string} source
 * @param {string} path
 */
function lineOf(name, source, path) {
  const lines = source.split("\n");
  const [outer, member] = name.split(".");
  const start = lines.findIndex((line) =>
    new RegExp(`^(export )?(abstract )?(class|function|const) ${outer}\\b`).test(line),
  );
  const isMember = new RegExp(`^  (static |async |get )*${member}[(<]`);
  const found = member === undefined ? start : lines.findIndex((line, i) => i > start && isMember.test(line));
  if (start === -1 || found === -1) throw new Error(`${path} defines no ${name}`);
  return found + 1;
}
