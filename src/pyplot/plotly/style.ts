import type { Rgba } from "../color.js";
import { toCss } from "../color.js";
import { colorTable } from "../colormap.js";
import type { LineStyle, LineStyleName, MarkerStyle } from "../model.js";

export type PlotlyObject = Record<string, unknown>;

export const fontFamily = "DejaVu Sans, Verdana, sans-serif";

/** Significant digits that are kept: fewer than a double has, so that rounding noise does not fill the file. */
const significantDigits = 10;

/** How many colours of a map are handed to Plotly, which interpolates between them. */
const colorStops = 32;

const dashLengths: Readonly<Record<string, readonly number[]>> = {
  "--": [3.7, 1.6],
  "-.": [6.4, 1.6, 1, 1.6],
  ":": [1, 1.65],
};

const namedDashes: Readonly<Record<string, string>> = {
  "-": "solid",
  "--": "dash",
  "-.": "dashdot",
  ":": "dot",
};

const symbols: Readonly<Record<string, string>> = {
  o: "circle",
  ".": "circle",
  ",": "circle",
  v: "triangle-down",
  "^": "triangle-up",
  "<": "triangle-left",
  ">": "triangle-right",
  "1": "y-down-open",
  "2": "y-up-open",
  "3": "y-left-open",
  "4": "y-right-open",
  "8": "octagon",
  s: "square",
  p: "pentagon",
  P: "cross",
  "*": "star",
  h: "hexagon",
  H: "hexagon2",
  "+": "cross-thin-open",
  x: "x-thin-open",
  X: "x",
  D: "diamond",
  d: "diamond-tall",
  "|": "line-ns-open",
  _: "line-ew-open",
};

/** Markers in space come in a few shapes only. */
const spaceSymbols: Readonly<Record<string, string>> = {
  s: "square",
  D: "diamond",
  d: "diamond",
  x: "x",
  X: "x",
  "+": "cross",
  P: "cross",
};

/** Plotly draws the diagonal shapes of a size larger than Matplotlib does, and its dots are full size. */
const sizeFactors: Readonly<Record<string, number>> = { ".": 0.5, ",": 0.2, D: 1.1, "*": 1.1 };

/** Numbers for JSON: rounded, and null where they are not finite. */
export function compact(values: readonly number[]): (number | null)[] {
  return values.map((value) =>
    Number.isFinite(value) ? Number(value.toPrecision(significantDigits)) : null,
  );
}

/** Joins lines into one with gaps between them. */
export function withGaps(lines: readonly (readonly number[])[]): (number | null)[] {
  return lines.flatMap((line, index) => (index === 0 ? compact(line) : [null, ...compact(line)]));
}

/** The same look for all, or one for each. */
export function collapse<T>(values: readonly T[]): T | readonly T[] {
  return values.every((value) => value === values[0]) ? values[0]! : values;
}

/** Plotly draws markers in space half as large again as their size says. */
const spaceSizeFactor = 0.65;

function dashOf(linestyle: LineStyleName, width: number): string {
  const lengths = dashLengths[linestyle];
  return lengths === undefined
    ? "solid"
    : lengths.map((length) => `${Number((length * width).toFixed(2))}px`).join(",");
}

/** Plotly's `line` of a style; widths become pixels. */
export function lineOf(style: LineStyle, scale: number): PlotlyObject {
  const width = style.linewidth * scale;
  return { color: toCss(style.color), width, dash: dashOf(style.linestyle, width) };
}

/** The nearest of the dashes that Plotly knows by name. */
export function namedDash(linestyle: LineStyleName): string {
  return namedDashes[linestyle] ?? "solid";
}

/** Plotly's `line` in space, which knows a few dashes only. */
export function spaceLineOf(style: LineStyle, scale: number): PlotlyObject {
  return {
    color: toCss(style.color),
    width: 2 * style.linewidth * scale,
    dash: namedDash(style.linestyle),
  };
}

export function symbolOf(marker: string, inSpace: boolean): string {
  return (inSpace ? spaceSymbols[marker] : symbols[marker]) ?? "circle";
}

export function markerSize(marker: string, points: number, scale: number, inSpace: boolean): number {
  return points * scale * (sizeFactors[marker] ?? 1) * (inSpace ? spaceSizeFactor : 1);
}

/** Plotly's `marker` of a line's markers. */
export function markerOf(style: MarkerStyle, scale: number, inSpace: boolean): PlotlyObject {
  return {
    symbol: symbolOf(style.marker, inSpace),
    size: markerSize(style.marker, style.markersize, scale, inSpace),
    color: toCss(style.markerfacecolor),
    line: { color: toCss(style.markeredgecolor), width: inSpace ? 0 : style.markeredgewidth * scale },
  };
}

/** A colour map as Plotly's list of stops. */
export function colorscaleOf(cmap: string): [number, string][] {
  const table = colorTable("colour map", cmap);
  const count = Math.min(colorStops, table.length);
  return Array.from({ length: count }, (_, index) => {
    const fraction = index / (count - 1);
    return [fraction, toCss(table[Math.round(fraction * (table.length - 1))]!)];
  });
}

export function fontOf(
  size: number,
  color: Rgba,
  weight: "normal" | "bold" = "normal",
  style: "normal" | "italic" = "normal",
): PlotlyObject {
  return {
    size,
    color: toCss(color),
    ...(weight === "bold" ? { weight: "bold" } : {}),
    ...(style === "italic" ? { style: "italic" } : {}),
  };
}
