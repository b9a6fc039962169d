import { mapColor } from "../colormap.js";
import { toNumber, toNumeric } from "../data.js";
import { PlotShapeError, PlotValueError, requireOneOf } from "../errors.js";
import type { ImageArtist } from "../model.js";
import { checkOptions } from "../options.js";
import { rcParams } from "../rcParams.js";
import { type ColorMapOptions, colorScaleOf } from "./mapping.js";

/** How an image is coloured and placed. */
export interface ImshowOptions extends ColorMapOptions {
  /** "upper" puts row 0 at the top, "lower" at the bottom. */
  origin?: "upper" | "lower";
  /** Left, right, bottom and top in data units. */
  extent?: readonly [number, number, number, number];
  /** "equal" draws square pixels, "auto" fills the axes; a number is the ratio of height to width of a data unit. */
  aspect?: "equal" | "auto" | number;
  interpolation?: "nearest" | "none" | "antialiased" | "auto" | "bilinear" | "bicubic";
  alpha?: number | null;
  zorder?: number;
}

const imshowOptionNames = [
  "cmap",
  "vmin",
  "vmax",
  "origin",
  "extent",
  "aspect",
  "interpolation",
  "alpha",
  "zorder",
];

const interpolations = ["nearest", "none", "antialiased", "auto", "bilinear", "bicubic"] as const;

function setPixel(
  pixels: Uint8ClampedArray,
  index: number,
  channels: readonly number[],
  alpha: number,
): void {
  for (let channel = 0; channel < 4; channel++) {
    pixels[index * 4 + channel] = Math.round((channels[channel] ?? 1) * 255 * (channel === 3 ? alpha : 1));
  }
}

/** Values over 1 mean bytes, as in 8-bit pictures. */
function channelDivisor(values: readonly number[]): number {
  return values.some((value) => value > 1) ? 255 : 1;
}

/** Builds an image from `[rows, columns]` values, or `[rows, columns, 3 or 4]` channels from 0 to 1 or 0 to 255. */
export function buildImage(data: unknown, options: ImshowOptions): ImageArtist {
  checkOptions("imshow", options, imshowOptionNames);
  const { shape, values } = toNumeric("imshow: X", data);
  const isColored = shape.length === 3 && (shape[2] === 3 || shape[2] === 4);
  const isFlat = shape.length === 2 || (shape.length === 3 && shape[2] === 1);
  if (!isColored && !isFlat) {
    throw new PlotShapeError(
      `imshow: X must be [rows, columns], [rows, columns, 3] or [rows, columns, 4]; got shape [${shape.join(", ")}]`,
    );
  }
  const [rows, columns] = shape as [number, number];
  if (rows === 0 || columns === 0)
    throw new PlotShapeError(`imshow: X is empty: shape [${shape.join(", ")}]`);
  const origin = requireOneOf("imshow", "origin", options.origin ?? (rcParams["image.origin"] as "upper"), [
    "upper",
    "lower",
  ]);
  const interpolation = requireOneOf(
    "imshow",
    "interpolation",
    options.interpolation ?? "auto",
    interpolations,
  );
  const colorScale = isColored ? null : colorScaleOf("imshow", options, values);
  const channels = isColored ? shape[2]! : 1;
  const divisor = isColored ? channelDivisor(values) : 1;
  const pixels = new Uint8ClampedArray(rows * columns * 4);
  for (let row = 0; row < rows; row++) {
    const source = origin === "upper" ? row : rows - 1 - row;
    for (let column = 0; column < columns; column++) {
      const start = (source * columns + column) * channels;
      const color =
        colorScale === null
          ? values.slice(start, start + channels).map((value) => value / divisor)
          : mapColor(colorScale, values[start]!);
      setPixel(pixels, row * columns + column, color, options.alpha ?? 1);
    }
  }
  return {
    kind: "image",
    rows,
    columns,
    pixels,
    extent: imageExtent(options, origin, rows, columns),
    smooth: interpolation === "bilinear" || interpolation === "bicubic",
    colorScale,
    label: "",
    zorder: options.zorder ?? 0,
  };
}

function imageExtent(
  options: ImshowOptions,
  origin: "upper" | "lower",
  rows: number,
  columns: number,
): [number, number, number, number] {
  const { extent } = options;
  if (extent === undefined) {
    const [bottom, top] = origin === "upper" ? [rows - 0.5, -0.5] : [-0.5, rows - 0.5];
    return [-0.5, columns - 0.5, bottom, top];
  }
  if (extent.length !== 4) {
    throw new PlotValueError(
      `imshow: extent must be [left, right, bottom, top]; got ${extent.length} values`,
    );
  }
  const [left, right, bottom, top] = extent.map((value) => toNumber("imshow: extent", value)) as [
    number,
    number,
    number,
    number,
  ];
  return [left, right, bottom, top];
}
