import { notebookDisplay, runAfterCells } from "./display.js";
import type { Figure } from "./figure.js";
import { drawInPage } from "./page.js";
import { closeFigures, openFigures } from "./state.js";

type DisplaysItself = { [key: symbol]: () => Parameters<NonNullable<ReturnType<typeof notebookDisplay>>>[0] };

/** Displays and closes every open figure in a notebook; elsewhere it does nothing. */
function flushFigures(): void {
  const display = notebookDisplay();
  if (display === undefined) return;
  for (const figure of openFigures()) {
    closeFigures(figure);
    display((figure as unknown as DisplaysItself)[Symbol.for("Jupyter.display")]!());
  }
}

// Figures left open at the end of a cell appear below it.
runAfterCells(flushFigures);

function explain(figures: readonly Figure[]): void {
  const list = figures.map(String).join(", ");
  console.log(
    `${list}: nothing to show it on here; save it with await plt.savefig("figure.png") (or .svg, .html, .json)`,
  );
}

/**
 * Shows all open figures and closes them: below the cell in a notebook, interactively in a page (in `element`, or at
 * the end of the body); in plain Node it says how to save them and leaves them open.
 */
export async function showFigures(element?: HTMLElement): Promise<void> {
  const figures = openFigures();
  if (notebookDisplay() !== undefined) {
    flushFigures();
    return;
  }
  if (typeof document === "undefined") {
    if (figures.length > 0) explain(figures);
    return;
  }
  closeFigures("all");
  for (const figure of figures) await drawInPage(figure.toPlotly(), element ?? document.body);
}
