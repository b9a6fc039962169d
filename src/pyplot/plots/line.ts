import { type ColorSpec, type Rgba, toRgba } from "../color.js";
import { type CategoricalData, isPlotData, requireSameLength, toNumeric, toVector } from "../data.js";
import { describe, PlotShapeError, PlotTypeError } from "../errors.js";
import { type PlotFormat, parseFormat, toLineStyle, toMarker } from "../formatString.js";
import type { LineArtist, LineStyle, MarkerStyle } from "../model.js";
import { checkOptions, requireNumber, splitOptions } from "../options.js";
import { rcParams } from "../rcParams.js";

/** How a line looks; sizes and widths in points. The short names are Matplotlib's aliases. */
export interface LineOptions {
  label?: string;
  color?: ColorSpec;
  c?: ColorSpec;
  linewidth?: number;
  lw?: number;
  linestyle?: string;
  ls?: string;
  marker?: string;
  markersize?: number;
  ms?: number;
  markerfacecolor?: ColorSpec;
  mfc?: ColorSpec;
  markeredgecolor?: ColorSpec;
  mec?: ColorSpec;
  markeredgewidth?: number;
  mew?: number;
  alpha?: number | null;
  zorder?: number;
  drawstyle?: "default" | "steps" | "steps-pre" | "steps-mid" | "steps-post";
}

/** What `plot` takes: coordinates, format strings, and options at the end. */
export type PlotArguments = (CategoricalData | string | LineOptions)[];

export const lineOptionNames = [
  "label",
  "color",
  "c",
  "linewidth",
  "lw",
  "linestyle",
  "ls",
  "marker",
  "markersize",
  "ms",
  "markerfacecolor",
  "mfc",
  "markeredgecolor",
  "mec",
  "markeredgewidth",
  "mew",
  "alpha",
  "zorder",
  "drawstyle",
];

interface LineData {
  coordinates: number[][];
  format: PlotFormat;
}

/** Turns the positional arguments of `plot` into vectors per line; `read` maps category names to numbers. */
export type ReadCoordinates = (who: string, axis: "x" | "y", data: unknown) => number[];

/** The columns of a two-dimensional y, or y itself. */
function columns(who: string, data: unknown, read: ReadCoordinates): number[][] {
  const isMatrix =
    !(Array.isArray(data) && typeof data[0] === "string") && toNumeric(`${who}: y`, data).shape.length > 1;
  if (!isMatrix) return [read(who, "y", data)];
  const { shape, values } = toNumeric(`${who}: y`, data);
  if (shape.length > 2) {
    throw new PlotShapeError(`${who}: y may have at most 2 dimensions; got shape [${shape.join(", ")}]`);
  }
  const [rows, count] = shape as [number, number];
  return Array.from({ length: count }, (_, column) =>
    Array.from({ length: rows }, (_unused, row) => values[row * count + column]!),
  );
}

function linesOf(who: string, data: readonly unknown[], read: ReadCoordinates): number[][][] {
  const ys = columns(who, data[data.length - 1], read);
  const given = data.length === 2 ? read(who, "x", data[0]) : null;
  return ys.map((y) => {
    const x = given ?? y.map((_, index) => index);
    requireSameLength(who, { x, y });
    return [x, y];
  });
}

/** Splits `x, y, "fmt", x2, y2, "fmt2", …` into lines of two coordinates. */
function parseLines(who: string, values: readonly unknown[], read: ReadCoordinates): LineData[] {
  const lines: LineData[] = [];
  let position = 0;
  while (position < values.length) {
    const data: unknown[] = [];
    while (data.length < 2 && isPlotData(values[position])) data.push(values[position++]);
    if (data.length === 0) {
      throw new PlotTypeError(
        `${who}: expected data as argument ${position + 1}; got ${describe(values[position])}`,
      );
    }
    const next = values[position];
    const format = typeof next === "string" ? parseFormat(who, next) : {};
    if (typeof next === "string") position++;
    for (const coordinates of linesOf(who, data, read)) lines.push({ coordinates, format });
  }
  return lines;
}

/** Reads `x, y, z, "fmt"` of a line in space. */
function parseSpaceLine(who: string, values: readonly unknown[]): LineData {
  const format = typeof values.at(-1) === "string" ? parseFormat(who, values.at(-1) as string) : {};
  const data = typeof values.at(-1) === "string" ? values.slice(0, -1) : values;
  if (data.length < 2 || data.length > 3) {
    throw new PlotTypeError(`${who}: expected x, y and z; got ${data.length} arguments`);
  }
  const x = toVector(`${who}: x`, data[0]);
  const y = toVector(`${who}: y`, data[1]);
  const given = data.length === 3 ? toVector(`${who}: z`, data[2]) : [0];
  const z = given.length === 1 ? x.map(() => given[0]!) : given;
  requireSameLength(who, { x, y, z });
  return { coordinates: [x, y, z], format };
}

/** The style of a line from its format string and options; `nextColor` gives the cycle's when neither names one. */
export function lineStyleOf(
  who: string,
  format: PlotFormat,
  options: LineOptions,
  nextColor: () => Rgba,
): LineStyle & MarkerStyle {
  const spec = options.color ?? options.c ?? format.color;
  const color = spec === undefined ? fade(nextColor(), options.alpha) : toRgba(who, spec, options.alpha);
  const markerColor = (chosen: ColorSpec | undefined) =>
    chosen === undefined ? color : toRgba(who, chosen, options.alpha);
  return {
    color,
    linewidth: requireNumber(
      who,
      "linewidth",
      options.linewidth ?? options.lw ?? rcParams["lines.linewidth"],
      0,
    ),
    linestyle: toLineStyle(
      who,
      options.linestyle ?? options.ls ?? format.linestyle ?? rcParams["lines.linestyle"],
    ),
    marker: toMarker(who, options.marker ?? format.marker ?? rcParams["lines.marker"]),
    markersize: requireNumber(
      who,
      "markersize",
      options.markersize ?? options.ms ?? rcParams["lines.markersize"],
      0,
    ),
    markerfacecolor: markerColor(options.markerfacecolor ?? options.mfc),
    markeredgecolor: markerColor(options.markeredgecolor ?? options.mec),
    markeredgewidth: requireNumber(who, "markeredgewidth", options.markeredgewidth ?? options.mew ?? 1, 0),
  };
}

function fade(color: Rgba, alpha: number | null | undefined): Rgba {
  return alpha === undefined || alpha === null ? color : [color[0], color[1], color[2], alpha];
}

/** Builds the lines of one `plot` call. */
export function buildLines(
  who: string,
  args: readonly unknown[],
  read: ReadCoordinates,
  nextColor: () => Rgba,
): LineArtist[] {
  const { values, options } = splitOptions<LineOptions>(args);
  checkOptions(who, options, lineOptionNames);
  return parseLines(who, values, read).map((line) => toLine(who, line, options, nextColor));
}

/** Builds the line of one `plot` call in space. */
export function buildSpaceLine(who: string, args: readonly unknown[], nextColor: () => Rgba): LineArtist {
  const { values, options } = splitOptions<LineOptions>(args);
  checkOptions(who, options, lineOptionNames);
  return toLine(who, parseSpaceLine(who, values), options, nextColor);
}

function toLine(who: string, line: LineData, options: LineOptions, nextColor: () => Rgba): LineArtist {
  const drawstyle = options.drawstyle === "steps" ? "steps-pre" : (options.drawstyle ?? "default");
  return {
    kind: "line",
    x: line.coordinates[0]!,
    y: line.coordinates[1]!,
    z: line.coordinates[2] ?? null,
    coordinates: "data",
    drawstyle,
    label: options.label ?? "",
    zorder: options.zorder ?? 2,
    ...lineStyleOf(who, line.format, options, nextColor),
  };
}
