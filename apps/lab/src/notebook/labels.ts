/** @file Names for what a screen reader meets: which cell this is, and what its editor holds. */
import { CodeCell } from "@jupyterlab/cells";
import type { Notebook } from "@jupyterlab/notebook";

/** Names all cells by their place, now and after each change of their order. */
export function nameCells(notebook: Notebook): void {
  const rename = (): void => notebook.widgets.forEach(nameCell);
  rename();
  notebook.model!.cells.changed.connect(rename);
}

function nameCell(cell: Notebook["widgets"][number], index: number): void {
  const kind = cell instanceof CodeCell ? "Code" : "Text";
  const label = `${kind}, cell ${index + 1}`;
  // The notebook calls itself a feed, whose parts are articles.
  cell.node.setAttribute("role", "article");
  cell.node.setAttribute("aria-label", label);
  cell.node.querySelector(".cm-content")?.setAttribute("aria-label", label);
}
