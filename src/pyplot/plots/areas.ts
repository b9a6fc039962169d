import { type ColorSpec, type Rgba, toRgba, withAlpha } from "../color.js";
import { broadcastTo, requireSameLength, toNumeric, toVector } from "../data.js";
import { PlotShapeError } from "../errors.js";
import { parseFormat } from "../formatString.js";
import type { LineArtist, PolygonsArtist, Ring, SegmentsArtist } from "../model.js";
import { checkOptions, splitOptions } from "../options.js";
import { type LineOptions, lineOptionNames, lineStyleOf } from "./line.js";

/** How a filled area looks. */
export interface FillOptions {
  /** Which points to fill between: true or non-zero fills. */
  where?: readonly (boolean | number)[];
  color?: ColorSpec;
  facecolor?: ColorSpec;
  edgecolor?: ColorSpec;
  linewidth?: number;
  alpha?: number | null;
  label?: string;
  zorder?: number;
}

const fillOptionNames = ["where", "color", "facecolor", "edgecolor", "linewidth", "alpha", "label", "zorder"];

/** Runs of consecutive positions that are filled. */
function filledRuns(length: number, isFilled: (index: number) => boolean): number[][] {
  const runs: number[][] = [];
  let current: number[] = [];
  for (let index = 0; index < length; index++) {
    if (isFilled(index)) current.push(index);
    else if (current.length > 0) {
      runs.push(current);
      current = [];
    }
  }
  if (current.length > 0) runs.push(current);
  return runs.filter((run) => run.length > 1);
}

/** Builds the area between two curves over the same positions; `along` is the axis of the positions. */
export function buildFill(
  who: string,
  along: "x" | "y",
  positions: number[],
  first: unknown,
  second: unknown,
  options: FillOptions,
  nextColor: () => Rgba,
): PolygonsArtist {
  checkOptions(who, options, fillOptionNames);
  const count = positions.length;
  const other = along === "x" ? "y" : "x";
  const low = broadcastTo(`${who}: ${other}1`, toVector(`${who}: ${other}1`, first), count);
  const high = broadcastTo(`${who}: ${other}2`, toVector(`${who}: ${other}2`, second), count);
  if (options.where !== undefined) requireSameLength(who, { [along]: positions, where: options.where });
  const isFilled = (index: number) =>
    (options.where === undefined || Boolean(options.where[index])) &&
    Number.isFinite(low[index]! + high[index]!);
  const rings = filledRuns(count, isFilled).map((run): Ring => {
    const back = run.toReversed();
    const there = [...run, ...back].map((index) => positions[index]!);
    const across = [...run.map((index) => low[index]!), ...back.map((index) => high[index]!)];
    return along === "x" ? { x: there, y: across } : { x: across, y: there };
  });
  const spec = options.facecolor ?? options.color;
  const face = spec === undefined ? withAlpha(nextColor(), options.alpha) : toRgba(who, spec, options.alpha);
  const edgeSpec = options.edgecolor ?? options.color;
  const edge: Rgba = edgeSpec === undefined ? [0, 0, 0, 0] : toRgba(who, edgeSpec, options.alpha);
  return areaArtist(rings, face, edge, options);
}

function areaArtist(rings: Ring[], face: Rgba, edge: Rgba, options: FillOptions): PolygonsArtist {
  return {
    kind: "polygons",
    role: "area",
    polygons: rings.map((ring) => ({ rings: [ring], face })),
    edge,
    linewidth: options.linewidth ?? 1,
    sticky: { x: [], y: [] },
    colorScale: null,
    levels: null,
    label: options.label ?? "",
    zorder: options.zorder ?? 1,
  };
}

/** Builds a closed polygon through points. */
export function buildPolygon(
  x: number[],
  y: number[],
  options: FillOptions,
  nextColor: () => Rgba,
): PolygonsArtist {
  checkOptions("fill", options, fillOptionNames);
  requireSameLength("fill", { x, y });
  const spec = options.facecolor ?? options.color;
  const face =
    spec === undefined ? withAlpha(nextColor(), options.alpha) : toRgba("fill", spec, options.alpha);
  const edge = options.edgecolor === undefined ? face : toRgba("fill", options.edgecolor, options.alpha);
  return areaArtist([{ x, y }], face, edge, options);
}

/** How error bars look: `yerr` and `xerr` are one number, one for each point, or [below, above]. */
export interface ErrorbarOptions extends LineOptions {
  yerr?: unknown;
  xerr?: unknown;
  fmt?: string;
  ecolor?: ColorSpec;
  elinewidth?: number;
  capsize?: number;
}

interface ErrorRange {
  below: number[];
  above: number[];
}

function errorRange(who: string, data: unknown, count: number): ErrorRange | null {
  if (data === undefined || data === null) return null;
  const { shape, values } = toNumeric(who, data);
  if (shape.length === 2) {
    if (shape[0] !== 2 || shape[1] !== count) {
      throw new PlotShapeError(
        `${who} must have ${count} values or shape [2, ${count}]; got [${shape.join(", ")}]`,
      );
    }
    return { below: values.slice(0, count), above: values.slice(count) };
  }
  const both = broadcastTo(who, values, count);
  return { below: both, above: both };
}

/** Builds the line, the bars and their caps of an `errorbar` call. */
export function buildErrorbar(
  args: readonly unknown[],
  nextColor: () => Rgba,
): { line: LineArtist; bars: SegmentsArtist; caps: LineArtist[] } {
  const { values, options } = splitOptions<ErrorbarOptions>(args);
  checkOptions("errorbar", options, [
    ...lineOptionNames,
    "yerr",
    "xerr",
    "fmt",
    "ecolor",
    "elinewidth",
    "capsize",
  ]);
  const x = toVector("errorbar: x", values[0]);
  const y = toVector("errorbar: y", values[1]);
  requireSameLength("errorbar", { x, y });
  const format = options.fmt === undefined ? {} : parseFormat("errorbar", options.fmt);
  const style = lineStyleOf("errorbar", format, options, nextColor);
  const label = options.label ?? "";
  const line: LineArtist = {
    kind: "line",
    x,
    y,
    z: null,
    coordinates: "data",
    drawstyle: "default",
    label,
    zorder: options.zorder ?? 2,
    ...style,
  };
  const color =
    options.ecolor === undefined ? style.color : toRgba("errorbar", options.ecolor, options.alpha);
  const vertical = errorRange("errorbar: yerr", values[2] ?? options.yerr, x.length);
  const horizontal = errorRange("errorbar: xerr", values[3] ?? options.xerr, x.length);
  const ends = (center: number[], range: ErrorRange, index: number) => [
    center[index]! - range.below[index]!,
    center[index]! + range.above[index]!,
  ];
  const bar = (xs: number[], ys: number[]) => ({ x: xs, y: ys, z: null, color, linestyle: "-" as const });
  const lines = x.flatMap((_, index) => [
    ...(vertical === null ? [] : [bar([x[index]!, x[index]!], ends(y, vertical, index))]),
    ...(horizontal === null ? [] : [bar(ends(x, horizontal, index), [y[index]!, y[index]!])]),
  ]);
  const bars: SegmentsArtist = {
    kind: "segments",
    role: "errorbar",
    lines,
    extent: { x: [], y: [], z: [] },
    linewidth: options.elinewidth ?? style.linewidth,
    sticky: { x: [], y: [] },
    colorScale: null,
    levels: null,
    levelColors: null,
    label: "",
    zorder: line.zorder,
  };
  return { line, bars, caps: (options.capsize ?? 0) > 0 ? capsOf(lines, line, options.capsize!, color) : [] };
}

/** Caps are markers across the ends of the bars. */
function capsOf(
  lines: SegmentsArtist["lines"],
  line: LineArtist,
  capsize: number,
  color: Rgba,
): LineArtist[] {
  const cap = (marker: string, bars: SegmentsArtist["lines"]): LineArtist => ({
    ...line,
    x: bars.flatMap((bar) => bar.x),
    y: bars.flatMap((bar) => bar.y),
    linestyle: "None",
    label: "",
    marker,
    markersize: 2 * capsize,
    markeredgecolor: color,
  });
  const upright = lines.filter((bar) => bar.x[0] === bar.x[1]);
  const lying = lines.filter((bar) => bar.x[0] !== bar.x[1]);
  return [cap("_", upright), cap("|", lying)].filter((artist) => artist.x.length > 0);
}
