import { type ColorSpec, type Rgba, toRgba, withAlpha } from "../color.js";
import { broadcastTo, requireSameLength, toFlat, toVector } from "../data.js";
import { describe, PlotShapeError, PlotValueError, requireOneOf } from "../errors.js";
import type { PolygonsArtist, Ring } from "../model.js";
import { checkOptions } from "../options.js";

/** How bars look and where they stand. */
export interface BarOptions {
  /** Width of vertical bars, in data units; one number or one for each bar. */
  width?: unknown;
  /** Height of horizontal bars, in data units; one number or one for each bar. */
  height?: unknown;
  /** Where vertical bars begin. */
  bottom?: unknown;
  /** Where horizontal bars begin. */
  left?: unknown;
  align?: "center" | "edge";
  color?: ColorSpec | readonly string[];
  edgecolor?: ColorSpec;
  linewidth?: number;
  alpha?: number | null;
  label?: string;
  tickLabel?: readonly string[];
  log?: boolean;
  zorder?: number;
}

const barOptionNames = [
  "width",
  "height",
  "bottom",
  "left",
  "align",
  "color",
  "edgecolor",
  "linewidth",
  "alpha",
  "label",
  "tickLabel",
  "log",
  "zorder",
];

const barThickness = 0.8;

function rectangle(x: number, y: number, width: number, height: number): Ring {
  return { x: [x, x + width, x + width, x], y: [y, y, y + height, y + height] };
}

function barColors(who: string, options: BarOptions, count: number, nextColor: () => Rgba): Rgba[] {
  const { color, alpha } = options;
  if (Array.isArray(color) && color.length > 0 && typeof color[0] === "string") {
    return Array.from({ length: count }, (_, index) =>
      toRgba(who, color[index % color.length] as string, alpha),
    );
  }
  const single = color === undefined ? withAlpha(nextColor(), alpha) : toRgba(who, color as ColorSpec, alpha);
  return new Array<Rgba>(count).fill(single);
}

/** Builds upright or lying bars at `positions`, `lengths` long. */
export function buildBars(
  who: "bar" | "barh",
  positions: number[],
  lengthsGiven: unknown,
  options: BarOptions,
  nextColor: () => Rgba,
): PolygonsArtist {
  checkOptions(who, options, barOptionNames);
  const isVertical = who === "bar";
  const lengths = toVector(`${who}: ${isVertical ? "height" : "width"}`, lengthsGiven);
  const values = lengths.length === 1 ? broadcastTo(who, lengths, positions.length) : lengths;
  requireSameLength(who, isVertical ? { x: positions, height: values } : { y: positions, width: values });
  const read = (name: string, data: unknown) =>
    broadcastTo(`${who}: ${name}`, toFlat(`${who}: ${name}`, data), values.length);
  const thickness = isVertical
    ? read("width", options.width ?? barThickness)
    : read("height", options.height ?? barThickness);
  const bases = isVertical ? read("bottom", options.bottom ?? 0) : read("left", options.left ?? 0);
  const align = requireOneOf(who, "align", options.align ?? "center", ["center", "edge"]);
  const colors = barColors(who, options, values.length, nextColor);
  const polygons = values.map((length, index) => {
    const start = positions[index]! - (align === "center" ? thickness[index]! / 2 : 0);
    const ring = isVertical
      ? rectangle(start, bases[index]!, thickness[index]!, length)
      : rectangle(bases[index]!, start, length, thickness[index]!);
    return { rings: [ring], face: colors[index]! };
  });
  return barArtist(who, polygons, bases, isVertical, options);
}

function barArtist(
  who: string,
  polygons: PolygonsArtist["polygons"],
  bases: number[],
  isVertical: boolean,
  options: {
    edgecolor?: ColorSpec;
    linewidth?: number;
    alpha?: number | null;
    label?: string;
    zorder?: number;
  },
): PolygonsArtist {
  const edge: Rgba =
    options.edgecolor === undefined ? [0, 0, 0, 0] : toRgba(who, options.edgecolor, options.alpha);
  return {
    kind: "polygons",
    role: "bar",
    polygons,
    edge,
    linewidth: options.linewidth ?? 1,
    sticky: isVertical ? { x: [], y: bases } : { x: bases, y: [] },
    colorScale: null,
    levels: null,
    label: options.label ?? "",
    zorder: options.zorder ?? 1,
  };
}

/** How a histogram counts and looks. */
export interface HistOptions {
  /** The number of equal bins, or their edges in ascending order. */
  bins?: unknown;
  /** Lower and upper end of the bins; the data's own when absent. */
  range?: readonly [number, number];
  /** Heights that integrate to 1 instead of counts. */
  density?: boolean;
  weights?: unknown;
  /** true or 1 accumulates from the left, -1 from the right. */
  cumulative?: boolean | number;
  histtype?: "bar" | "step" | "stepfilled";
  orientation?: "vertical" | "horizontal";
  rwidth?: number;
  color?: ColorSpec;
  edgecolor?: ColorSpec;
  linewidth?: number;
  alpha?: number | null;
  label?: string;
  log?: boolean;
  zorder?: number;
}

const histOptionNames = [
  "bins",
  "range",
  "density",
  "weights",
  "cumulative",
  "histtype",
  "orientation",
  "rwidth",
  "color",
  "edgecolor",
  "linewidth",
  "alpha",
  "label",
  "log",
  "zorder",
];

function binEdges(values: readonly number[], options: HistOptions): number[] {
  const bins = options.bins ?? 10;
  if (typeof bins === "number") {
    if (!Number.isInteger(bins) || bins < 1) {
      throw new PlotValueError(
        `hist: bins must be a positive integer or a list of edges; got ${describe(bins)}`,
      );
    }
    let low = options.range?.[0] ?? Number.POSITIVE_INFINITY;
    let high = options.range?.[1] ?? Number.NEGATIVE_INFINITY;
    if (options.range === undefined) {
      for (const value of values) {
        if (value < low) low = value;
        if (value > high) high = value;
      }
      if (values.length === 0) [low, high] = [0, 1];
    }
    if (!Number.isFinite(low) || !Number.isFinite(high) || low > high) {
      throw new PlotValueError(`hist: the range [${low}, ${high}] is not finite and ascending`);
    }
    if (low === high) [low, high] = [low - 0.5, high + 0.5];
    const step = (high - low) / bins;
    return Array.from({ length: bins + 1 }, (_, index) => (index === bins ? high : low + index * step));
  }
  const edges = toVector("hist: bins", bins);
  if (edges.length < 2) throw new PlotShapeError(`hist: bins needs at least 2 edges; got ${edges.length}`);
  if (edges.some((edge, index) => index > 0 && edge < edges[index - 1]!)) {
    throw new PlotValueError("hist: the edges in bins must ascend");
  }
  return edges;
}

/** The index of the half-open bin that holds a value; the last bin is closed. */
function binOf(edges: readonly number[], value: number): number {
  const last = edges.length - 1;
  if (!(value >= edges[0]! && value <= edges[last]!)) return -1;
  if (value === edges[last]!) return last - 1;
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]!) low = middle;
    else high = middle;
  }
  return low;
}

/** Counts (or weights, or densities) per bin and the bins' edges, as NumPy's histogram gives them. */
export function histogram(
  values: readonly number[],
  options: HistOptions,
): { counts: number[]; edges: number[] } {
  const finite = values.filter((value) => !Number.isNaN(value));
  const edges = binEdges(finite, options);
  const weights = options.weights === undefined ? null : toVector("hist: weights", options.weights);
  if (weights !== null) requireSameLength("hist", { x: values, weights });
  let counts = new Array<number>(edges.length - 1).fill(0);
  values.forEach((value, index) => {
    const bin = binOf(edges, value);
    if (bin >= 0) counts[bin]! += weights === null ? 1 : weights[index]!;
  });
  if (options.density) {
    const total = counts.reduce((sum, count) => sum + count, 0);
    counts = counts.map((count, bin) => count / total / (edges[bin + 1]! - edges[bin]!));
  }
  return { counts: options.cumulative ? accumulate(counts, edges, options) : counts, edges };
}

function accumulate(counts: number[], edges: number[], options: HistOptions): number[] {
  const parts = options.density
    ? counts.map((count, bin) => count * (edges[bin + 1]! - edges[bin]!))
    : [...counts];
  const fromRight = typeof options.cumulative === "number" && options.cumulative < 0;
  if (fromRight) parts.reverse();
  for (let index = 1; index < parts.length; index++) parts[index]! += parts[index - 1]!;
  return fromRight ? parts.reverse() : parts;
}

function outline(counts: readonly number[], edges: readonly number[], isVertical: boolean): Ring {
  const along = [edges[0]!];
  const height = [0];
  counts.forEach((count, bin) => {
    along.push(edges[bin]!, edges[bin + 1]!);
    height.push(count, count);
  });
  along.push(edges[edges.length - 1]!);
  height.push(0);
  return isVertical ? { x: along, y: height } : { x: height, y: along };
}

/** Builds the bars, or the outline, of a histogram. */
export function buildHistogram(
  counts: number[],
  edges: number[],
  options: HistOptions,
  nextColor: () => Rgba,
): PolygonsArtist {
  checkOptions("hist", options, histOptionNames);
  const isVertical = (options.orientation ?? "vertical") === "vertical";
  const type = requireOneOf("hist", "histtype", options.histtype ?? "bar", ["bar", "step", "stepfilled"]);
  const color =
    options.color === undefined
      ? withAlpha(nextColor(), options.alpha)
      : toRgba("hist", options.color, options.alpha);
  const base = counts.map(() => 0);
  if (type !== "bar") {
    const face: Rgba = type === "step" ? [0, 0, 0, 0] : color;
    const polygon = { rings: [outline(counts, edges, isVertical)], face };
    const artist: PolygonsArtist = {
      ...barArtist("hist", [polygon], base, isVertical, options),
      role: "area",
    };
    return type === "step" && options.edgecolor === undefined ? { ...artist, edge: color } : artist;
  }
  const polygons = counts.map((count, bin) => {
    const full = edges[bin + 1]! - edges[bin]!;
    const width = full * (options.rwidth ?? 1);
    const start = edges[bin]! + (full - width) / 2;
    const ring = isVertical ? rectangle(start, 0, width, count) : rectangle(0, start, count, width);
    return { rings: [ring], face: color };
  });
  return barArtist("hist", polygons, base, isVertical, options);
}
