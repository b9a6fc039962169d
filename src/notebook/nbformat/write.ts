/** @file Writing notebooks as Jupyter does: text as lists of lines, indented by one space. */
import type { MimeBundle } from "../bundle.js";
import { isText } from "./mime.js";
import type { Notebook, NotebookCell, Output } from "./types.js";

/** Text as a list of lines, each with its line break. */
function lines(text: string): string[] {
  return text === "" ? [] : text.split(/(?<=\n)/);
}

function bundleJson(bundle: MimeBundle): MimeBundle {
  return Object.fromEntries(
    Object.entries(bundle).map(([type, content]) => [
      type,
      isText(type) && typeof content === "string" ? lines(content) : content,
    ]),
  );
}

function outputJson(output: Output): object {
  switch (output.output_type) {
    case "stream":
      return { name: output.name, output_type: output.output_type, text: lines(output.text) };
    case "error":
      return output;
    default:
      return { ...output, data: bundleJson(output.data) };
  }
}

function cellJson(cell: NotebookCell): object {
  const { cell_type, id, metadata } = cell;
  const source = lines(cell.source);
  if (cell.cell_type === "code") {
    const { execution_count, outputs } = cell;
    return { cell_type, execution_count, id, metadata, outputs: outputs.map(outputJson), source };
  }
  if (cell.attachments === undefined) return { cell_type, id, metadata, source };
  const attachments = Object.fromEntries(
    Object.entries(cell.attachments).map(([name, bundle]) => [name, bundleJson(bundle)]),
  );
  return { attachments, cell_type, id, metadata, source };
}

/**
 * A notebook as the text of an .ipynb file.
 *
 * @example stringifyNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] }).startsWith("{") // true
 */
export function stringifyNotebook(notebook: Notebook): string {
  const { metadata, nbformat, nbformat_minor } = notebook;
  const json = { cells: notebook.cells.map(cellJson), metadata, nbformat, nbformat_minor };
  return `${JSON.stringify(json, null, 1)}\n`;
}
