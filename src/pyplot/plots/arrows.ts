import { type ColorSpec, type Rgba, toRgba, withAlpha } from "../color.js";
import { type ColorScale, mapColor } from "../colormap.js";
import { toFlat, toNumeric } from "../data.js";
import { PlotShapeError, requireOneOf } from "../errors.js";
import type { ArrowsArtist } from "../model.js";
import { checkOptions, splitOptions } from "../options.js";
import { type ColorMapOptions, colorScaleOf } from "./mapping.js";

/** How arrows are scaled and look. */
export interface QuiverOptions extends ColorMapOptions {
  color?: ColorSpec;
  /** How many units of the vectors are one arrow unit: larger numbers draw shorter arrows. */
  scale?: number | null;
  scaleUnits?: "width" | "xy" | null;
  angles?: "uv" | "xy";
  /** Width of the shaft as a fraction of the axes' width. */
  width?: number | null;
  headwidth?: number;
  headlength?: number;
  headaxislength?: number;
  pivot?: "tail" | "mid" | "middle" | "tip";
  alpha?: number | null;
  zorder?: number;
}

const quiverOptionNames = [
  "color",
  "cmap",
  "vmin",
  "vmax",
  "scale",
  "scaleUnits",
  "angles",
  "width",
  "headwidth",
  "headlength",
  "headaxislength",
  "pivot",
  "alpha",
  "zorder",
];

interface ArrowData {
  x: number[];
  y: number[];
  u: number[];
  v: number[];
  c: number[] | null;
}

function meshgrid(x: readonly number[], y: readonly number[]): { x: number[]; y: number[] } {
  return { x: y.flatMap(() => x), y: y.flatMap((value) => x.map(() => value)) };
}

function readArrows(args: readonly unknown[]): ArrowData {
  if (args.length < 2 || args.length > 5) {
    throw new PlotShapeError(
      `quiver: expected u, v or x, y, u, v and optionally c; got ${args.length} data arguments`,
    );
  }
  const hasPositions = args.length >= 4;
  const [uData, vData, cData] = hasPositions ? args.slice(2) : args;
  const { shape, values: u } = toNumeric("quiver: u", uData);
  const v = toFlat("quiver: v", vData);
  const rows = shape.length === 2 ? shape[0]! : 1;
  const columns = shape.length === 2 ? shape[1]! : u.length;
  const indices = (length: number) => Array.from({ length }, (_, index) => index);
  let x = hasPositions ? toFlat("quiver: x", args[0]) : indices(columns);
  let y = hasPositions ? toFlat("quiver: y", args[1]) : indices(rows);
  if (x.length === columns && y.length === rows) ({ x, y } = meshgrid(x, y));
  const c = cData === undefined ? null : toFlat("quiver: c", cData);
  const lengths = { x, y, u, v, ...(c === null ? {} : { c }) };
  if (Object.values(lengths).some((values) => values.length !== x.length)) {
    const sizes = Object.entries(lengths).map(([name, values]) => `${name} has ${values.length} values`);
    throw new PlotShapeError(`quiver: lengths differ: ${sizes.join(", ")}`);
  }
  return { x, y, u, v, c };
}

/** Builds the arrows of a `quiver` call. */
export function buildQuiver(args: readonly unknown[]): ArrowsArtist {
  const { values, options } = splitOptions<QuiverOptions>(args);
  checkOptions("quiver", options, quiverOptionNames);
  const { x, y, u, v, c } = readArrows(values);
  const colorScale: ColorScale | null = c === null ? null : colorScaleOf("quiver", options, c);
  const plain: Rgba = toRgba("quiver", options.color ?? "k", options.alpha);
  const colors =
    colorScale === null
      ? x.map(() => plain)
      : c!.map((value) => withAlpha(mapColor(colorScale, value), options.alpha));
  const pivot = options.pivot === "middle" ? "mid" : (options.pivot ?? "tail");
  return {
    kind: "arrows",
    x,
    y,
    u,
    v,
    colors,
    scale: options.scale ?? null,
    scaleUnits: options.scaleUnits ?? null,
    angles: requireOneOf("quiver", "angles", options.angles ?? "uv", ["uv", "xy"]),
    width: options.width ?? null,
    pivot: requireOneOf("quiver", "pivot", pivot, ["tail", "mid", "tip"]),
    headwidth: options.headwidth ?? 3,
    headlength: options.headlength ?? 5,
    headaxislength: options.headaxislength ?? 4.5,
    colorScale,
    label: "",
    zorder: options.zorder ?? 1,
  };
}
