/** @file Modules that are imported somewhere and never used in the page. */
import type { Plugin } from "vite";

const empty = "\0absent";

/** Whether a module is left out: Node's own, languages that cells are not written in, what only a document can draw. */
function isAbsent(source: string, importer = ""): boolean {
  if (source.startsWith("node:")) return true;
  if (/dist\/pyplot\//.test(importer)) return source === "plotly.js-gl3d-dist-min";
  return (
    /@jupyterlab\/codemirror\/lib\/language/.test(importer) &&
    /^@codemirror\/(?:lang-|legacy-modes)/.test(source)
  );
}

/** Puts an empty module in the place of what is never used, so that the page need not keep it. */
export function absent(): Plugin {
  return {
    name: "absent",
    enforce: "pre",
    resolveId: (source, importer) => (isAbsent(source, importer) ? empty : null),
    load: (id) => (id === empty ? "export default {};" : null),
  };
}
