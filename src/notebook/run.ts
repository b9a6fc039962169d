/** @file The door to the runner, which needs Node: it is loaded when it is first used, so that browsers can do without. */
import type { RunNotebookOptions, RunNotebookResult } from "./node/runNotebook.js";

/**
 * Runs a notebook's cells in order (Node only), in a process of their own in the notebook's folder, and writes the
 * executed notebook and a page that shows it, where asked for; also after an error or an interrupt. Throws
 * NotebookFormatError if the file is not a TypeScript notebook.
 *
 * @example
 * import { writeFileSync } from "node:fs";
 * import { stringifyNotebook } from "nabla/notebook";
 * const cell = { cell_type: "code", id: "sum", metadata: {}, source: "1 + 1", execution_count: null, outputs: [] };
 * const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
 * writeFileSync("sum.ipynb", stringifyNotebook(notebook));
 * (await runNotebook("sum.ipynb", { out: "sum.executed.ipynb" })).failure // null
 */
export async function runNotebook(
  path: string,
  options: RunNotebookOptions = {},
): Promise<RunNotebookResult> {
  // A name in a variable, so that bundlers for browsers do not follow it.
  const module = "./node/runNotebook.js";
  const node = (await import(/* @vite-ignore */ module)) as typeof import("./node/runNotebook.js");
  return node.runNotebook(path, options);
}
