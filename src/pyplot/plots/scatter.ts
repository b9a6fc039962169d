import { type ColorSpec, type Rgba, toRgba, tryColor, withAlpha } from "../color.js";
import { type ColorScale, mapColor } from "../colormap.js";
import { broadcastTo, requireSameLength, toFlat, toNumeric } from "../data.js";
import { PlotShapeError } from "../errors.js";
import { toMarker } from "../formatString.js";
import type { PointsArtist } from "../model.js";
import { checkOptions } from "../options.js";
import { type ColorMapOptions, colorScaleOf } from "./mapping.js";

/** How points look: `s` areas in square points, `c` a colour, a colour for each, or values for a colour map. */
export interface ScatterOptions extends ColorMapOptions {
  s?: unknown;
  c?: unknown;
  color?: unknown;
  marker?: string;
  alpha?: number | null;
  linewidths?: number;
  linewidth?: number;
  edgecolors?: ColorSpec | "face";
  edgecolor?: ColorSpec | "face";
  label?: string;
  zorder?: number;
  depthshade?: boolean;
}

const scatterOptionNames = [
  "s",
  "c",
  "color",
  "marker",
  "cmap",
  "vmin",
  "vmax",
  "alpha",
  "linewidths",
  "linewidth",
  "edgecolors",
  "edgecolor",
  "label",
  "zorder",
  "depthshade",
];

interface PointColors {
  faces: Rgba[];
  values: number[] | null;
  scale: ColorScale | null;
}

/** Reads `c`: one colour, one for each point, rows of channels, or numbers for the colour map. */
function pointColors(
  who: string,
  count: number,
  options: ScatterOptions,
  nextColor: () => Rgba,
): PointColors {
  const spec = options.color ?? options.c;
  const fixed = (color: Rgba): PointColors => ({
    faces: new Array<Rgba>(count).fill(withAlpha(color, options.alpha)),
    values: null,
    scale: null,
  });
  if (spec === undefined || spec === null) return fixed(nextColor());
  if (typeof spec === "string") return fixed(toRgba(who, spec));
  const isList = Array.isArray(spec) && spec.length > 0;
  if (isList && typeof spec[0] === "string") {
    if (spec.length !== count)
      throw new PlotShapeError(`${who}: c has ${spec.length} colours for ${count} points`);
    return { faces: spec.map((color) => toRgba(who, color, options.alpha)), values: null, scale: null };
  }
  const { shape, values } = toNumeric(`${who}: c`, spec);
  if (shape.length === 2 && (shape[1] === 3 || shape[1] === 4) && values.length !== count) {
    const rows = Array.from({ length: shape[0]! }, (_, row) =>
      values.slice(row * shape[1]!, (row + 1) * shape[1]!),
    );
    const colors = rows.map((row) => toRgba(who, row, options.alpha));
    if (colors.length === 1) return fixed(colors[0]!);
    if (colors.length !== count)
      throw new PlotShapeError(`${who}: c has ${colors.length} colours for ${count} points`);
    return { faces: colors, values: null, scale: null };
  }
  if (values.length !== count && isList && tryColor(values) !== null) return fixed(toRgba(who, values));
  if (values.length !== count)
    throw new PlotShapeError(`${who}: c has ${values.length} values for ${count} points`);
  const scale = colorScaleOf(who, options, values);
  return { faces: values.map((value) => withAlpha(mapColor(scale, value), options.alpha)), values, scale };
}

/** Builds the points of a `scatter` call; `z` puts them in space. */
export function buildScatter(
  who: string,
  coordinates: { x: number[]; y: number[]; z: number[] | null },
  options: ScatterOptions,
  defaultSize: number,
  nextColor: () => Rgba,
): PointsArtist {
  checkOptions(who, options, scatterOptionNames);
  const { x, y, z } = coordinates;
  requireSameLength(who, z === null ? { x, y } : { x, y, z });
  const { faces, values, scale } = pointColors(who, x.length, options, nextColor);
  const edge = options.edgecolors ?? options.edgecolor ?? "face";
  const edges = edge === "face" ? faces : faces.map(() => toRgba(who, edge, options.alpha));
  const marker = toMarker(who, options.marker ?? "o");
  return {
    kind: "points",
    x,
    y,
    z,
    sizes: broadcastTo(`${who}: s`, toFlat(`${who}: s`, options.s ?? defaultSize), x.length),
    faces,
    edges,
    edgewidth: options.linewidths ?? options.linewidth ?? 1.5,
    marker,
    colorScale: scale,
    values,
    depthshade: options.depthshade ?? true,
    label: options.label ?? "",
    zorder: options.zorder ?? 1,
  };
}
