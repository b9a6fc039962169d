import { labelledArtists } from "./legend.js";
import { lineWidthInEms } from "./mathText.js";
import type { Artist, AxesModel, LegendLocation, LegendModel, Rect } from "./model.js";
import type { Obstacles } from "./obstacles.js";

/** Distances in font sizes, as in Matplotlib's defaults. */
export const borderPad = 0.4;
export const labelSpacing = 0.5;
export const handleLength = 2;
export const handleTextPad = 0.8;
const axesPad = 0.5;
export const columnSpacing = 2;
export const rowHeight = 1.03;

export interface LegendEntry {
  artist: Artist;
  label: string;
}

interface LegendLayout {
  columns: { entries: LegendEntry[]; width: number }[];
  width: number;
  height: number;
  titleHeight: number;
}

function columnsOf(entries: LegendEntry[], count: number): LegendEntry[][] {
  const perColumn = Math.ceil(entries.length / Math.max(1, count));
  const columns: LegendEntry[][] = [];
  for (let start = 0; start < entries.length; start += perColumn)
    columns.push(entries.slice(start, start + perColumn));
  return columns;
}

function measure(legend: LegendModel, entries: LegendEntry[], size: number): LegendLayout {
  const columns = columnsOf(entries, legend.columns).map((column) => ({
    entries: column,
    width:
      (handleLength + handleTextPad + Math.max(...column.map((entry) => lineWidthInEms(entry.label)))) * size,
  }));
  const rows = Math.max(...columns.map((column) => column.entries.length));
  const titleHeight = legend.title === "" ? 0 : (rowHeight + labelSpacing) * size;
  const inner =
    columns.reduce((sum, column) => sum + column.width, 0) + (columns.length - 1) * columnSpacing * size;
  return {
    columns,
    width: Math.max(inner, lineWidthInEms(legend.title) * size) + 2 * borderPad * size,
    height: (rows * rowHeight + (rows - 1) * labelSpacing + 2 * borderPad) * size + titleHeight,
    titleHeight,
  };
}

function placeAt(location: LegendLocation, frame: Rect, width: number, height: number, pad: number): Rect {
  const isLeft = location.includes("left");
  const isRight = location.includes("right");
  const left = isLeft
    ? frame.left + pad
    : isRight
      ? frame.left + frame.width - pad - width
      : frame.left + (frame.width - width) / 2;
  const isUpper = location.startsWith("upper");
  const isLower = location.startsWith("lower");
  const top = isUpper
    ? frame.top + pad
    : isLower
      ? frame.top + frame.height - pad - height
      : frame.top + (frame.height - height) / 2;
  return { left, top, width, height };
}

const candidates: LegendLocation[] = [
  "upper right",
  "upper left",
  "lower left",
  "lower right",
  "right",
  "center left",
  "center right",
  "lower center",
  "upper center",
  "center",
];

function contains(box: Rect, [x, y]: readonly [number, number]): boolean {
  return x > box.left && x < box.left + box.width && y > box.top && y < box.top + box.height;
}

function overlaps(first: Rect, second: Rect): boolean {
  return (
    first.left < second.left + second.width &&
    second.left < first.left + first.width &&
    first.top < second.top + second.height &&
    second.top < first.top + first.height
  );
}

/** Whether a segment passes through a box: clips it against the four sides. */
function crosses(box: Rect, from: readonly [number, number], to: readonly [number, number]): boolean {
  let enter = 0;
  let leave = 1;
  const sides = [
    [from[0] - to[0], from[0] - box.left],
    [to[0] - from[0], box.left + box.width - from[0]],
    [from[1] - to[1], from[1] - box.top],
    [to[1] - from[1], box.top + box.height - from[1]],
  ] as const;
  for (const [direction, distance] of sides) {
    if (direction === 0 && distance < 0) return false;
    if (direction < 0) enter = Math.max(enter, distance / direction);
    if (direction > 0) leave = Math.min(leave, distance / direction);
  }
  return enter <= leave;
}

function badness(box: Rect, obstacles: Obstacles): number {
  const insidePoints = obstacles.points.filter((point) => contains(box, point)).length;
  const boxes = obstacles.boxes.filter((other) => overlaps(box, other)).length;
  let lines = 0;
  for (const line of obstacles.lines) {
    lines += line.filter((point) => contains(box, point)).length;
    if (line.some((point, index) => index > 0 && crosses(box, line[index - 1]!, point))) lines++;
  }
  return insidePoints + boxes + lines;
}

/** The place that covers the least; the earlier one of equals. */
function bestPlace(frame: Rect, width: number, height: number, pad: number, obstacles: Obstacles): Rect {
  let best = placeAt(candidates[0]!, frame, width, height, pad);
  let least = badness(best, obstacles);
  for (const location of candidates.slice(1)) {
    if (least === 0) break;
    const box = placeAt(location, frame, width, height, pad);
    const bad = badness(box, obstacles);
    if (bad < least) [best, least] = [box, bad];
  }
  return best;
}

/** The entries of a legend, its size and its place inside `frame`; null when there is nothing to show. */
export function placeLegend(
  axes: AxesModel,
  frame: Rect,
  obstacles: () => Obstacles,
  pixelsPerPoint: number,
): { box: Rect; layout: LegendLayout } | null {
  const { legend } = axes;
  const entries = legend === null ? [] : (legend.entries ?? labelledArtists(axes));
  if (legend === null || entries.length === 0) return null;
  const size = legend.fontSize * pixelsPerPoint;
  const layout = measure(legend, entries, size);
  const pad = axesPad * size;
  const { width, height } = layout;
  const isBest = legend.location === "best";
  const box = isBest
    ? bestPlace(frame, width, height, pad, obstacles())
    : placeAt(legend.location as LegendLocation, frame, width, height, pad);
  return { box, layout };
}
