import { rgb } from "d3-color";
import { describe, PlotValueError } from "./errors.js";

/** Red, green, blue and alpha, each from 0 to 1. */
export type Rgba = readonly [number, number, number, number];

/** A colour as users write it: "r", "C0", "tab:blue", "steelblue", "#1f77b4", "0.5", [r, g, b] or [r, g, b, a]. */
export type ColorSpec = string | readonly number[];

/** The default colour cycle. */
export const cycleColors = [
  "#1f77b4",
  "#ff7f0e",
  "#2ca02c",
  "#d62728",
  "#9467bd",
  "#8c564b",
  "#e377c2",
  "#7f7f7f",
  "#bcbd22",
  "#17becf",
] as const;

const tableauNames = ["blue", "orange", "green", "red", "purple", "brown", "pink", "gray", "olive", "cyan"];

/** The one-letter colours of format strings. */
export const letterColors: Readonly<Record<string, Rgba>> = {
  b: [0, 0, 1, 1],
  g: [0, 0.5, 0, 1],
  r: [1, 0, 0, 1],
  c: [0, 0.75, 0.75, 1],
  m: [0.75, 0, 0.75, 1],
  y: [0.75, 0.75, 0, 1],
  k: [0, 0, 0, 1],
  w: [1, 1, 1, 1],
};

export const black: Rgba = [0, 0, 0, 1];

function parseCss(text: string): Rgba | null {
  const parsed = rgb(text);
  if (Number.isNaN(parsed.r)) return null;
  return [parsed.r / 255, parsed.g / 255, parsed.b / 255, parsed.opacity];
}

function parseName(text: string): Rgba | null {
  const letter = letterColors[text];
  if (letter) return letter;
  if (text.toLowerCase() === "none") return [0, 0, 0, 0];
  const cycle = /^C(\d+)$/.exec(text);
  if (cycle) return parseCss(cycleColors[Number(cycle[1]) % cycleColors.length]!);
  if (text.startsWith("tab:")) {
    const index = tableauNames.indexOf(text.slice(4).replace("grey", "gray"));
    return index < 0 ? null : parseCss(cycleColors[index]!);
  }
  if (/^(\d*\.\d+|\d+\.?|\d)$/.test(text)) {
    const level = Number(text);
    return level >= 0 && level <= 1 ? [level, level, level, 1] : null;
  }
  return parseCss(text);
}

/** Reads a colour, or gives null when it is none. */
export function tryColor(spec: ColorSpec): Rgba | null {
  if (typeof spec === "string") return parseName(spec);
  if (!Array.isArray(spec) || (spec.length !== 3 && spec.length !== 4)) return null;
  if (!spec.every((channel) => typeof channel === "number" && channel >= 0 && channel <= 1)) return null;
  return [spec[0], spec[1], spec[2], spec[3] ?? 1];
}

/** Reads a colour; `alpha`, when given, replaces its own. */
export function toRgba(who: string, spec: ColorSpec, alpha?: number | null): Rgba {
  const color = tryColor(spec);
  if (color === null) {
    throw new PlotValueError(
      `${who}: unknown colour ${describe(spec)}; expected a name such as "r", "C0", "tab:blue", "steelblue", ` +
        `a hex string, a grey level such as "0.5", or [r, g, b] with channels from 0 to 1`,
    );
  }
  const isNone = typeof spec === "string" && spec.toLowerCase() === "none";
  return alpha === undefined || alpha === null || isNone ? color : [color[0], color[1], color[2], alpha];
}

/** The same colour with another alpha. */
export function withAlpha(color: Rgba, alpha: number | null | undefined): Rgba {
  return alpha === null || alpha === undefined ? color : [color[0], color[1], color[2], alpha];
}

function byte(channel: number): string {
  return Math.round(Math.min(1, Math.max(0, channel)) * 255)
    .toString(16)
    .padStart(2, "0");
}

/** `#rrggbb`, without alpha. */
export function toHex(color: Rgba): string {
  return `#${byte(color[0])}${byte(color[1])}${byte(color[2])}`;
}

/** A CSS colour with alpha when it has one. */
export function toCss(color: Rgba): string {
  if (color[3] >= 1) return toHex(color);
  const [red, green, blue] = color.slice(0, 3).map((channel) => Math.round(channel * 255));
  return `rgba(${red},${green},${blue},${Number(color[3].toFixed(4))})`;
}
