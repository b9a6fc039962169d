import { type ColorSpec, letterColors, tryColor } from "./color.js";
import { describe, PlotValueError } from "./errors.js";
import type { LineStyleName } from "./model.js";

/** What a format string such as "ro--" says; what it does not say is absent. */
export interface PlotFormat {
  color?: ColorSpec;
  marker?: string;
  linestyle?: LineStyleName;
}

const markerNames = ".,ov^<>12348spP*hH+xXDd|_";

const lineStyles: readonly string[] = ["--", "-.", "-", ":"];

/** Full names of line styles beside the symbols. */
const lineStyleNames: Readonly<Record<string, LineStyleName>> = {
  solid: "-",
  dashed: "--",
  dashdot: "-.",
  dotted: ":",
  none: "None",
  None: "None",
  "": "None",
  " ": "None",
};

/** Reads a line style by symbol or by name. */
export function toLineStyle(who: string, value: string): LineStyleName {
  const style = lineStyles.includes(value) ? (value as LineStyleName) : lineStyleNames[value];
  if (style === undefined) {
    throw new PlotValueError(
      `${who}: unknown line style ${describe(value)}; known: "-", "--", "-.", ":", "None"`,
    );
  }
  return style;
}

/** Reads a marker; "None" and "" mean no marker. */
export function toMarker(who: string, value: string): string {
  if (value === "" || value === "None" || value === "none" || value === " ") return "None";
  if (value.length === 1 && markerNames.includes(value)) return value;
  throw new PlotValueError(
    `${who}: unknown marker ${describe(value)}; known: ${[...markerNames].map((name) => `"${name}"`).join(" ")}`,
  );
}

/** Reads a format string: a colour, a marker and a line style in any order, each at most once. */
export function parseFormat(who: string, text: string): PlotFormat {
  if (text !== "0" && text !== "1" && text !== "" && tryColor(text) !== null) return { color: text };
  const format: PlotFormat = {};
  const fail = (reason: string): never => {
    throw new PlotValueError(`${who}: ${JSON.stringify(text)} is not a format string: ${reason}`);
  };
  let rest = text;
  while (rest.length > 0) {
    const style = lineStyles.find((name) => rest.startsWith(name));
    const cycle = /^C\d+/.exec(rest)?.[0];
    const symbol = style ?? cycle ?? rest[0]!;
    if (style !== undefined) {
      if (format.linestyle !== undefined) fail("it has two line styles");
      format.linestyle = style as LineStyleName;
    } else if (markerNames.includes(symbol)) {
      if (format.marker !== undefined) fail("it has two markers");
      format.marker = symbol;
    } else if (cycle !== undefined || letterColors[symbol] !== undefined) {
      if (format.color !== undefined) fail("it has two colours");
      format.color = symbol;
    } else {
      fail(`unknown character ${JSON.stringify(symbol)}`);
    }
    rest = rest.slice(symbol.length);
  }
  return complete(format);
}

/** A format with only a marker draws no line; one with neither draws a solid line and no marker. */
function complete(format: PlotFormat): PlotFormat {
  if (format.linestyle === undefined && format.marker === undefined)
    return { ...format, linestyle: "-", marker: "None" };
  return { ...format, linestyle: format.linestyle ?? "None", marker: format.marker ?? "None" };
}
