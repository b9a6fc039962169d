import { Box } from "./box.js";
import { colorbarExtent } from "./colorbarTicks.js";
import { measureDecorations, titlePad } from "./decorations.js";
import { figurePixels, type PlacedAxes, placeAxes } from "./layout.js";
import { lineStep } from "./mathText.js";
import type { AxesModel, FigureModel, SubplotCell, SubplotMargins } from "./model.js";
import { rcParams } from "./rcParams.js";
import { Space } from "./space.js";
import { spaceExtent } from "./spaceAxes.js";

/** Room left around decorations, in font sizes. */
const padding = 1.08;

/** Sides of something, in pixels: of the page, or how far it sticks out of its cell. */
interface Sides {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** The smallest rectangle that holds an axes with its ticks, labels and titles. */
function axesExtent(placed: PlacedAxes, scale: number): Sides {
  const { axes, frame } = placed;
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  if (axes.kind === "2d") {
    const { extent } = measureDecorations(placed, scale);
    return {
      left: frame.left - extent.left,
      right: right + extent.right,
      top: frame.top - extent.top,
      bottom: bottom + extent.bottom,
    };
  }
  const extent = spaceExtent(new Box(new Space(placed)), scale);
  const { text, size } = axes.titles.center;
  const title = frame.top - (titlePad + size) * scale;
  return { ...extent, top: text === "" ? extent.top : Math.min(title, extent.top) };
}

/** How far an axes and its colour bars stick out of the cell that they were given. */
function overhangOf(figure: FigureModel, axes: AxesModel, scale: number): Sides {
  const placed = placeAxes(figure, axes, figure.margins);
  const cell = placeAxes(
    figure,
    { ...axes, aspect: "auto", kind: "2d", colorbars: [] },
    figure.margins,
  ).frame;
  const bars = placed.colorbars.map(({ colorbar, frame }) => colorbarExtent(colorbar, frame, scale));
  const all = [axesExtent(placed, scale), ...bars];
  return {
    left: cell.left - Math.min(...all.map((sides) => sides.left)),
    right: Math.max(...all.map((sides) => sides.right)) - (cell.left + cell.width),
    top: cell.top - Math.min(...all.map((sides) => sides.top)),
    bottom: Math.max(...all.map((sides) => sides.bottom)) - (cell.top + cell.height),
  };
}

/** The gaps before, between and after the columns, in each row; and the same for the rows, in each column. */
interface Gaps {
  columns: number[][];
  rows: number[][];
}

function zeros(count: number, length: number): number[][] {
  return Array.from({ length: count }, () => new Array<number>(length).fill(0));
}

function addOverhang(gaps: Gaps, cell: SubplotCell, overhang: Sides): void {
  const rowCount = gaps.columns.length;
  const columnCount = gaps.rows.length;
  const row = (index: number) => Math.round((index * rowCount) / cell.rows);
  const column = (index: number) => Math.round((index * columnCount) / cell.columns);
  const [top, bottom] = [row(cell.firstRow), row(cell.lastRow + 1)];
  const [left, right] = [column(cell.firstColumn), column(cell.lastColumn + 1)];
  for (let index = top; index < bottom; index++) {
    gaps.columns[index]![left]! += overhang.left;
    gaps.columns[index]![right]! += overhang.right;
  }
  for (let index = left; index < right; index++) {
    gaps.rows[index]![top]! += overhang.top;
    gaps.rows[index]![bottom]! += overhang.bottom;
  }
}

/** The widest gap before the first, between two, and after the last; between two there is always some room. */
function widest(lines: readonly number[][], pad: number): { before: number; between: number; after: number } {
  const inner = lines.flatMap((line) => line.slice(1, -1));
  return {
    before: Math.max(0, ...lines.map((line) => line[0]!)) + pad,
    between: inner.length === 0 ? 0 : Math.max(0, Math.max(...inner) + pad),
    after: Math.max(0, ...lines.map((line) => line.at(-1)!)) + pad,
  };
}

/** Margins that make room for labels and titles between and around the subplots: Matplotlib's tight layout. */
export function tightMargins(figure: FigureModel): SubplotMargins {
  const { width, height } = figurePixels(figure);
  const scale = figure.dpi / 72;
  const inGrid = figure.axes.filter((axes) => axes.cell !== null);
  if (inGrid.length === 0) return figure.margins;
  const rows = Math.max(...inGrid.map((axes) => axes.cell!.rows));
  const columns = Math.max(...inGrid.map((axes) => axes.cell!.columns));
  const gaps: Gaps = { columns: zeros(rows, columns + 1), rows: zeros(columns, rows + 1) };
  for (const axes of inGrid) addOverhang(gaps, axes.cell!, overhangOf(figure, axes, scale));
  const pad = padding * rcParams["font.size"] * scale;
  const across = widest(gaps.columns, pad);
  const down = widest(gaps.rows, pad);
  const title = figure.suptitle === null ? 0 : figure.suptitle.size * scale * lineStep + 0.02 * height;
  const cellWidth = (width - across.before - across.after - across.between * (columns - 1)) / columns;
  const cellHeight = (height - title - down.before - down.after - down.between * (rows - 1)) / rows;
  // Labels that leave no room for the data: better some overlap than nothing to see.
  if (cellWidth <= 0 || cellHeight <= 0) return figure.margins;
  return {
    left: across.before / width,
    right: 1 - across.after / width,
    bottom: down.after / height,
    top: 1 - (down.before + title) / height,
    wspace: across.between / cellWidth,
    hspace: down.between / cellHeight,
  };
}
