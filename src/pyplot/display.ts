import type { FigureModel } from "./model.js";
import { toPlotly } from "./plotly/figure.js";
import { toSvg } from "./svg/figure.js";

/** A figure in several forms by MIME type: interactive, picture and text. */
export interface DisplayBundle {
  "application/vnd.plotly.v1+json": object;
  "image/svg+xml": string;
  "text/plain": string;
}

/** A notebook's executor puts a function here that shows a bundle below the running cell. */
const displaySymbol = Symbol.for("nabla.display");

/** A notebook's executor calls every function in this list after a cell. */
const afterCellSymbol = Symbol.for("nabla.afterCell");

type Host = typeof globalThis & {
  [displaySymbol]?: (bundle: DisplayBundle) => void;
  [afterCellSymbol]?: (() => void)[];
};

const host = globalThis as Host;

export function displayBundle(figure: FigureModel, text: string): DisplayBundle {
  return {
    "application/vnd.plotly.v1+json": toPlotly(figure),
    "image/svg+xml": toSvg(figure),
    "text/plain": text,
  };
}

/** The notebook's display function, when a cell is running. */
export function notebookDisplay(): ((bundle: DisplayBundle) => void) | undefined {
  const display = host[displaySymbol];
  return typeof display === "function" ? display : undefined;
}

/** Has `flush` called after every cell. */
export function runAfterCells(flush: () => void): void {
  const hooks = host[afterCellSymbol] ?? [];
  hooks.push(flush);
  host[afterCellSymbol] = hooks;
}
