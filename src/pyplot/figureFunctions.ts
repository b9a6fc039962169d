import type { Axes } from "./axes.js";
import type { Axes3D } from "./axes3d.js";
import type { Figure, FigureOptions, SubplotOptions } from "./figure.js";
import type { SubplotMargins } from "./model.js";
import { isOptions, splitOptions } from "./options.js";
import type { TextOptions } from "./plots/text.js";
import type { SaveOptions } from "./save.js";
import { showFigures } from "./show.js";
import {
  closeFigures,
  currentAxes,
  currentFigure,
  openFigure,
  openFigures,
  setCurrentAxes,
} from "./state.js";
import { makeSubplots, type SubplotsOptions } from "./subplots.js";

/**
 * Opens a new figure, or makes the open figure `number` the current one; sizes in inches, 640 by 480 pixels by default.
 *
 * @example
 * plt.figure({ figsize: [3, 2] }).toString() // <Figure size 300x200 with 0 Axes>
 */
export function figure(options?: FigureOptions): Figure;
export function figure(number: number, options?: FigureOptions): Figure;
export function figure(first: number | FigureOptions = {}, second: FigureOptions = {}): Figure {
  return typeof first === "number" ? openFigure(first, second) : openFigure(undefined, first);
}

/**
 * Opens a figure with a grid of axes: gives the figure and one axes, an array of them, or an array of rows.
 * `subplots(2, 3, { figsize: [8, 6], sharex: true })`; `subplotKw: { projection: "3d" }` makes them three-dimensional.
 *
 * @example
 * const [fig, ax] = plt.subplots();
 * fig.toString() // <Figure size 640x480 with 1 Axes>
 * ax.toString() // <Axes>
 */
export function subplots(options: SubplotsOptions & { subplotKw: { projection: "3d" } }): [Figure, Axes3D];
export function subplots(options?: SubplotsOptions): [Figure, Axes];
export function subplots(rows: 1, columns?: 1, options?: SubplotsOptions): [Figure, Axes];
export function subplots(rows: 1, columns: number, options?: SubplotsOptions): [Figure, Axes[]];
export function subplots(rows: number, columns?: 1, options?: SubplotsOptions): [Figure, Axes[]];
export function subplots(rows: number, columns: number, options?: SubplotsOptions): [Figure, Axes[][]];
export function subplots(...args: unknown[]): [Figure, unknown] {
  const { values, options } = splitOptions<SubplotsOptions>(args);
  return makeSubplots(
    (values[0] as number | undefined) ?? 1,
    (values[1] as number | undefined) ?? 1,
    options,
  );
}

/**
 * Makes a cell of a grid the current axes, `subplot(2, 1, 1)` or `subplot(211)`, adding them if need be.
 *
 * @example
 * plt.subplot(2, 1, 1).toString() // <Axes>
 */
export function subplot(...args: [...number[], { projection: "3d" }]): Axes3D;
export function subplot(...args: [...number[], SubplotOptions] | number[]): Axes;
export function subplot(...args: unknown[]): Axes | Axes3D {
  const { values, options } = splitOptions<SubplotOptions>(args);
  return currentFigure().subplotAt(values as number[], options);
}

/**
 * The current figure; a new one when none is open.
 *
 * @example
 * plt.figure(7);
 * plt.gcf().number // 7
 */
export function gcf(): Figure {
  return currentFigure();
}

/**
 * The current axes; new ones when there are none.
 *
 * @example
 * plt.figure();
 * plt.gca().toString() // <Axes>
 */
export function gca(): Axes | Axes3D {
  return currentAxes();
}

/**
 * Makes axes, and their figure, the current ones.
 *
 * @example
 * const [, both] = plt.subplots(1, 2);
 * plt.sca(both[0]);
 * plt.gca() === both[0] // true
 */
export function sca(axes: Axes | Axes3D): void {
  setCurrentAxes(axes);
}

/**
 * Adds axes at [left, bottom, width, height], as fractions of the current figure.
 *
 * @example
 * plt.figure();
 * plt.axes([0.1, 0.1, 0.8, 0.8]).toString() // <Axes>
 */
export function axes(
  rect?: readonly [number, number, number, number],
  options: SubplotOptions = {},
): Axes | Axes3D {
  if (isOptions(rect)) return currentFigure().addSubplot(111, rect as SubplotOptions);
  return rect === undefined
    ? currentFigure().addSubplot(111, options)
    : currentFigure().addAxes(rect, options);
}

/**
 * Writes a title above all subplots of the current figure.
 *
 * @example
 * plt.figure().suptitle("Two runs")
 */
export function suptitle(label: string, options: TextOptions = {}): void {
  currentFigure().suptitle(label, options);
}

/**
 * Chooses margins so that labels and titles of the current figure fit.
 *
 * @example
 * plt.tightLayout()
 */
export function tightLayout(): void {
  currentFigure().tightLayout();
}

/**
 * Sets the margins around and between the subplots of the current figure.
 *
 * @example
 * plt.subplotsAdjust({ left: 0.2, hspace: 0.4 })
 */
export function subplotsAdjust(sizes: Partial<SubplotMargins>): void {
  currentFigure().subplotsAdjust(sizes);
}

/**
 * Writes the current figure to a file ending in .svg, .png, .html (interactive, works offline) or .json (Plotly);
 * `dpi` is the resolution of .png files. Any other ending throws PlotValueError.
 *
 * @example
 * plt.figure({ figsize: [2, 1] });
 * await plt.savefig("figure.svg")
 */
export function savefig(path: string | URL, options: SaveOptions = {}): Promise<void> {
  return currentFigure().savefig(path, options);
}

/**
 * Shows all open figures and closes them: below the cell in a notebook, interactively in a page (in `element`, or at
 * the end of the body); in plain Node it says how to save them and leaves them open.
 *
 * @example
 * plt.close("all");
 * await plt.show()
 */
export function show(element?: HTMLElement): Promise<void> {
  return showFigures(element);
}

/**
 * Closes the current figure, the one given, the one of a number, or "all".
 *
 * @example
 * plt.figure();
 * plt.close("all");
 * plt.getFignums() // []
 */
export function close(which?: Figure | number | "all"): void {
  closeFigures(which);
}

/**
 * Removes everything from the current figure.
 *
 * @example
 * plt.clf()
 */
export function clf(): void {
  currentFigure().clear();
}

/**
 * Removes everything from the current axes.
 *
 * @example
 * plt.cla()
 */
export function cla(): void {
  currentAxes().clear();
}

/**
 * The numbers of the open figures.
 *
 * @example
 * plt.close("all");
 * plt.getFignums() // []
 */
export function getFignums(): number[] {
  return openFigures().map((open) => open.number);
}
