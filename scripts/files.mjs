import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./lock.mjs";

const notOurs = new Set(["node_modules", "dist", ".cache"]);

/**
 * The files below folders of the clone, as paths relative to its root with forward slashes, sorted.
 *
 * @param {string[]} folders folders that do not exist hold no files
 * @param {RegExp} [wanted]
 * @returns {string[]}
 */
export function filesBelow(folders, wanted = /(?:)/) {
  return folders
    .flatMap(walk)
    .filter((file) => wanted.test(file))
    .sort();
}

/**
 * @param {string} folder
 * @returns {string[]}
 */
function walk(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : walk(`${folder}/${entry.name}`);
    return [`${folder}/${entry.name}`];
  });
}
