import { type ColorSpec, toRgba } from "../color.js";
import { toNumber, toVector } from "../data.js";
import { describe, PlotTypeError, PlotValueError, requireOneOf } from "../errors.js";
import type { ArrowStyle, TextArtist, TextStyle } from "../model.js";
import { checkOptions } from "../options.js";
import { rcParams } from "../rcParams.js";

/** How a text looks; sizes in points, rotation in degrees counter-clockwise. */
export interface TextOptions {
  fontsize?: number | string;
  size?: number | string;
  color?: ColorSpec;
  fontweight?: string;
  weight?: string;
  fontstyle?: string;
  style?: string;
  ha?: "left" | "center" | "right";
  horizontalalignment?: "left" | "center" | "right";
  va?: "top" | "center" | "bottom" | "baseline";
  verticalalignment?: "top" | "center" | "bottom" | "baseline";
  rotation?: number | "vertical" | "horizontal";
  alpha?: number | null;
  zorder?: number;
  /** "data" reads x and y in data units, "axes" and "figure" as fractions. */
  transform?: "data" | "axes" | "figure";
  bbox?: { facecolor?: ColorSpec; edgecolor?: ColorSpec; alpha?: number; pad?: number; boxstyle?: string };
}

export const textOptionNames = [
  "fontsize",
  "size",
  "color",
  "fontweight",
  "weight",
  "fontstyle",
  "style",
  "ha",
  "horizontalalignment",
  "va",
  "verticalalignment",
  "rotation",
  "alpha",
  "zorder",
  "transform",
  "bbox",
];

/** Sizes by name, as multiples of the base font size. */
const namedSizes: Readonly<Record<string, number>> = {
  "xx-small": 0.579,
  "x-small": 0.694,
  small: 0.833,
  medium: 1,
  large: 1.2,
  "x-large": 1.44,
  "xx-large": 1.728,
};

/** Reads a font size in points or by name. */
export function toFontSize(who: string, size: number | string | undefined, otherwise: number): number {
  if (size === undefined) return otherwise;
  if (typeof size === "number" && size > 0) return size;
  const factor = typeof size === "string" ? namedSizes[size] : undefined;
  if (factor === undefined) {
    throw new PlotValueError(
      `${who}: font size must be points or one of ${Object.keys(namedSizes).join(", ")}; got ${describe(size)}`,
    );
  }
  return factor * rcParams["font.size"];
}

/** The font of a text from its options. */
export function textStyleOf(who: string, options: TextOptions, defaultSize: number): TextStyle {
  return {
    size: toFontSize(who, options.fontsize ?? options.size, defaultSize),
    color: toRgba(who, options.color ?? "k", options.alpha),
    weight: /bold|heavy|black/.test(options.fontweight ?? options.weight ?? "") ? "bold" : "normal",
    style: /italic|oblique/.test(options.fontstyle ?? options.style ?? "") ? "italic" : "normal",
  };
}

/** Throws unless `text` can be shown: a string or a number. */
export function toText(who: string, text: unknown): string {
  if (typeof text === "string") return text;
  if (typeof text === "number" || typeof text === "bigint") return String(text);
  throw new PlotTypeError(`${who}: expected a string; got ${describe(text)}`);
}

const horizontals = ["left", "center", "right"] as const;
const verticals = ["top", "center", "bottom", "baseline"] as const;

/** Builds a text at a place. */
export function buildText(
  who: string,
  x: unknown,
  y: unknown,
  z: unknown,
  text: unknown,
  options: TextOptions,
): TextArtist {
  checkOptions(who, options, textOptionNames);
  const rotation =
    options.rotation === "vertical" ? 90 : options.rotation === "horizontal" ? 0 : (options.rotation ?? 0);
  const { bbox } = options;
  return {
    kind: "text",
    x: toNumber(`${who}: x`, x),
    y: toNumber(`${who}: y`, y),
    z: z === null ? null : toNumber(`${who}: z`, z),
    text: toText(who, text),
    horizontal: requireOneOf(who, "ha", options.ha ?? options.horizontalalignment ?? "left", horizontals),
    vertical: requireOneOf(who, "va", options.va ?? options.verticalalignment ?? "baseline", verticals),
    rotation,
    coordinates: requireOneOf(who, "transform", options.transform ?? "data", ["data", "axes", "figure"]),
    target: null,
    box:
      bbox === undefined
        ? null
        : {
            face: toRgba(who, bbox.facecolor ?? "C0", bbox.alpha),
            edge: toRgba(who, bbox.edgecolor ?? "k", bbox.alpha),
            pad: bbox.pad ?? (bbox.boxstyle?.startsWith("round") ? 3 : 4),
            rounded: bbox.boxstyle?.startsWith("round") ?? false,
          },
    label: "",
    zorder: options.zorder ?? 3,
    ...textStyleOf(who, options, rcParams["font.size"]),
  };
}

/** Where an annotation points and where its text stands. */
export interface AnnotateOptions extends TextOptions {
  /** The annotated point in data units. */
  xy?: unknown;
  /** Where the text stands; at the point when absent. */
  xytext?: unknown;
  textcoords?: "data" | "offset points" | "axes fraction" | "figure fraction";
  arrowprops?: {
    arrowstyle?: string;
    color?: ColorSpec;
    facecolor?: ColorSpec;
    lw?: number;
    linewidth?: number;
    shrink?: number;
  };
}

const arrowStyles = ["->", "-", "-|>", "<-", "<->", "simple"] as const;

function arrowOf(options: AnnotateOptions): ArrowStyle | null {
  const { arrowprops } = options;
  if (arrowprops === undefined) return null;
  const style = (arrowprops.arrowstyle ?? "simple") as ArrowStyle["style"];
  return {
    style: requireOneOf("annotate", "arrowstyle", style, arrowStyles),
    color: toRgba("annotate", arrowprops.color ?? arrowprops.facecolor ?? "k"),
    linewidth: arrowprops.lw ?? arrowprops.linewidth ?? 1,
    shrink: arrowprops.shrink ?? 0,
  };
}

/** Builds a text with an optional arrow to a point. */
export function buildAnnotation(text: unknown, options: AnnotateOptions): TextArtist {
  const { xy, xytext, textcoords, arrowprops: _arrow, ...textOptions } = options;
  const target = toVector("annotate: xy", xy);
  const place = xytext === undefined ? target : toVector("annotate: xytext", xytext);
  if (target.length !== 2)
    throw new PlotValueError(`annotate: xy must be [x, y]; got ${target.length} values`);
  if (place.length !== 2)
    throw new PlotValueError(`annotate: xytext must be [x, y]; got ${place.length} values`);
  const built = buildText("annotate", place[0], place[1], null, text, textOptions);
  const spaces = {
    data: "data",
    "offset points": "offset points",
    "axes fraction": "axes",
    "figure fraction": "figure",
  } as const;
  const chosen = requireOneOf(
    "annotate",
    "textcoords",
    textcoords ?? "data",
    Object.keys(spaces) as (keyof typeof spaces)[],
  );
  return {
    ...built,
    coordinates: xytext === undefined ? "data" : spaces[chosen],
    target: { x: target[0]!, y: target[1]!, arrow: arrowOf(options) },
  };
}
