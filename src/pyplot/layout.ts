import { viewLimits } from "./limits.js";
import type { AxesModel, ColorbarModel, FigureModel, Rect, SubplotMargins } from "./model.js";
import { scaleOf } from "./scale.js";

/** How many times its width a colour bar is high. */
const colorbarAspect = 20;

/** One axes placed on the figure, in pixels from the top left. */
export interface PlacedAxes {
  axes: AxesModel;
  frame: Rect;
  /** The room that the frame was fitted into. */
  box: Rect;
  colorbars: { colorbar: ColorbarModel; frame: Rect }[];
  limits: Record<"x" | "y" | "z", [number, number]>;
}

export function figurePixels(figure: FigureModel): { width: number; height: number } {
  return { width: figure.width * figure.dpi, height: figure.height * figure.dpi };
}

function cellRect(axes: AxesModel, margins: SubplotMargins, width: number, height: number): Rect {
  if (axes.rect !== null) {
    const { left, bottom, width: w, height: h } = axes.rect;
    return { left: left * width, top: (1 - bottom - h) * height, width: w * width, height: h * height };
  }
  const cell = axes.cell!;
  const totalWidth = (margins.right - margins.left) * width;
  const totalHeight = (margins.top - margins.bottom) * height;
  const cellWidth = totalWidth / (cell.columns + margins.wspace * (cell.columns - 1));
  const cellHeight = totalHeight / (cell.rows + margins.hspace * (cell.rows - 1));
  const stepX = cellWidth * (1 + margins.wspace);
  const stepY = cellHeight * (1 + margins.hspace);
  return {
    left: margins.left * width + cell.firstColumn * stepX,
    top: (1 - margins.top) * height + cell.firstRow * stepY,
    width: cellWidth + (cell.lastColumn - cell.firstColumn) * stepX,
    height: cellHeight + (cell.lastRow - cell.firstRow) * stepY,
  };
}

function verticalBar(box: Rect, bar: ColorbarModel): { rest: Rect; frame: Rect } {
  const slot = box.width * bar.fraction;
  const rest = { ...box, width: box.width * (1 - bar.fraction - bar.pad) };
  const height = box.height * bar.shrink;
  const width = Math.min(slot, height / colorbarAspect);
  const top = box.top + (box.height - height) / 2;
  return { rest, frame: { left: box.left + box.width - slot, top, width, height } };
}

function horizontalBar(box: Rect, bar: ColorbarModel): { rest: Rect; frame: Rect } {
  const slot = box.height * bar.fraction;
  const rest = { ...box, height: box.height * (1 - bar.fraction - bar.pad) };
  const width = box.width * bar.shrink;
  const height = Math.min(slot, width / colorbarAspect);
  const left = box.left + (box.width - width) / 2;
  return { rest, frame: { left, top: box.top + box.height - slot, width, height } };
}

/** The largest box of a given ratio height : width in the middle of `box`; next to a colour bar it keeps to its side. */
function shrunkTo(box: Rect, ratio: number, besideColorbar: boolean): Rect {
  const width = Math.min(box.width, box.height / ratio);
  const height = width * ratio;
  const left = box.left + (box.width - width) * (besideColorbar ? 1 : 0.5);
  return { left, top: box.top + (box.height - height) / 2, width, height };
}

/** Widens the limits of the axis that has room, so that one unit is as long on both. */
function equalizeLimits(axes: AxesModel, frame: Rect, limits: PlacedAxes["limits"]): void {
  const spanX = Math.abs(limits.x[1] - limits.x[0]);
  const spanY = Math.abs(limits.y[1] - limits.y[0]);
  const aspect = axes.aspect as number;
  const unitsPerPixel = Math.max(spanX / frame.width, (spanY * aspect) / frame.height);
  const widen = ([from, to]: [number, number], span: number): [number, number] => {
    const extra = (Math.sign(to - from) * (span - Math.abs(to - from))) / 2;
    return [from - extra, to + extra];
  };
  limits.x = widen(limits.x, unitsPerPixel * frame.width);
  limits.y = widen(limits.y, (unitsPerPixel * frame.height) / aspect);
}

function applyAspect(axes: AxesModel, box: Rect, limits: PlacedAxes["limits"]): Rect {
  const besideBar = axes.colorbars.some((bar) => bar.orientation === "vertical");
  if (axes.kind === "3d") return shrunkTo(box, 1, besideBar);
  if (axes.aspect === "auto") return box;
  if (axes.adjustable === "datalim") {
    equalizeLimits(axes, box, limits);
    return box;
  }
  const span = (name: "x" | "y") => {
    const scale = scaleOf(axes.axis[name].scale);
    return Math.abs(scale.forward(limits[name][1]) - scale.forward(limits[name][0]));
  };
  return shrunkTo(box, (axes.aspect * span("y")) / span("x"), besideBar);
}

/** Places one axes and its colour bars. */
export function placeAxes(figure: FigureModel, axes: AxesModel, margins: SubplotMargins): PlacedAxes {
  const { width, height } = figurePixels(figure);
  let box = cellRect(axes, margins, width, height);
  const colorbars = axes.colorbars.map((colorbar) => {
    const { rest, frame } =
      colorbar.orientation === "vertical" ? verticalBar(box, colorbar) : horizontalBar(box, colorbar);
    box = rest;
    return { colorbar, frame };
  });
  const limits = { x: viewLimits(axes, "x"), y: viewLimits(axes, "y"), z: viewLimits(axes, "z") };
  return { axes, frame: applyAspect(axes, box, limits), box, colorbars, limits };
}
