import type { Axes } from "./axes.js";
import type { Axes3D } from "./axes3d.js";
import { describe, PlotValueError } from "./errors.js";
import type { Figure, FigureOptions, SubplotOptions } from "./figure.js";
import { openFigure } from "./state.js";

/** How axes share limits and tick labels along an axis. */
export type Sharing = boolean | "all" | "row" | "col" | "none";

/** A figure's options, and how its grid of axes is made; without `squeeze` the axes are always rows of arrays. */
export interface SubplotsOptions extends FigureOptions {
  sharex?: Sharing;
  sharey?: Sharing;
  squeeze?: boolean;
  subplotKw?: SubplotOptions;
}

type AnyAxes = Axes | Axes3D;

/** The groups of axes whose limits follow each other. */
function groupsOf(grid: AnyAxes[][], sharing: Sharing): AnyAxes[][] {
  if (sharing === true || sharing === "all") return [grid.flat()];
  if (sharing === "row") return grid;
  if (sharing === "col") return grid[0]!.map((_, column) => grid.map((row) => row[column]!));
  return [];
}

function share(grid: AnyAxes[][], name: "x" | "y", sharing: Sharing): void {
  for (const group of groupsOf(grid, sharing)) {
    const models = group.map((axes) => axes.model);
    for (const model of models) {
      model.shared[name] = models;
      const cell = model.cell!;
      const isInner = name === "x" ? cell.lastRow < cell.rows - 1 : cell.firstColumn > 0;
      const hides = sharing === true || sharing === "all" || sharing === (name === "x" ? "col" : "row");
      model.hideTickLabels[name] = isInner && hides;
    }
  }
}

function requireCount(name: string, value: unknown): number {
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new PlotValueError(
    `subplots: the number of ${name} must be a positive integer; got ${describe(value)}`,
  );
}

/** Opens a figure with a grid of axes. */
export function makeSubplots(rows: number, columns: number, options: SubplotsOptions): [Figure, unknown] {
  requireCount("rows", rows);
  requireCount("columns", columns);
  const { sharex = false, sharey = false, squeeze = true, subplotKw = {}, ...figureOptions } = options;
  const figure = openFigure(undefined, figureOptions);
  const grid = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_unused, column) =>
      figure.addSubplot(rows, columns, row * columns + column + 1, subplotKw),
    ),
  );
  share(grid, "x", sharex);
  share(grid, "y", sharey);
  if (!squeeze) return [figure, grid];
  if (rows === 1 && columns === 1) return [figure, grid[0]![0]];
  if (rows === 1) return [figure, grid[0]];
  if (columns === 1) return [figure, grid.map((row) => row[0])];
  return [figure, grid];
}
