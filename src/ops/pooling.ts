/**
 * @file Pooling over one, two or three spatial axes, as TensorFlow names it.
 */
import { applyMany } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { showShape } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import {
  arranged,
  type DataFormat,
  type Padding,
  type Sizes,
  settingsOf,
  type WindowSettings,
  windowSizes,
  windowsOf,
} from "./convWindow.js";
import { largestOf, maxPoolWithArgmaxOp, meanOf, type PoolAttrs } from "./pool.js";

/** Settings that have a default. */
export interface PoolOptions {
  /** Where the channels are; default last. */
  readonly dataFormat?: DataFormat;
}

/** Size of the window, strides and padding by place, or by name in a last object. */
export type PoolArguments =
  | [ksize: Sizes, strides: Sizes, padding: Padding, options?: PoolOptions]
  | [ksize: Sizes, strides: Sizes, settings: PoolOptions & { readonly padding: Padding }]
  | [ksize: Sizes, settings: PoolOptions & { readonly strides: Sizes; readonly padding: Padding }]
  | [settings: PoolOptions & { readonly ksize: Sizes; readonly strides: Sizes; readonly padding: Padding }];

type PoolSettings = WindowSettings & { readonly ksize: Sizes };
const NAMES = ["ksize", "strides", "padding"] as const;

/** Any pool: channels go last, and the result takes the layout of the input. */
function pooled(
  who: string,
  spatial: number,
  x: Tensor,
  settings: PoolSettings,
  compute: (x: Tensor, attrs: PoolAttrs) => Tensor,
): Tensor {
  const { image, restore } = placed(who, spatial, x, settings);
  return restore(compute(image, attrsOf(who, image, settings)));
}

function placed(who: string, spatial: number, x: Tensor, { dataFormat }: PoolSettings) {
  if (x.rank === spatial + 2) return arranged(x, spatial, dataFormat, who);
  throw new ShapeError(
    `${who}: expected batch, ${spatial} spatial axes and channels, got shape ${showShape(x.shape)}`,
  );
}

/** The windows over an image with its channels last. A window all in the padding would have no elements. */
function attrsOf(who: string, image: Tensor, settings: PoolSettings): PoolAttrs {
  const sizes = image.shape.slice(1, -1);
  const window = windowSizes(settings.ksize, sizes.length, settings.dataFormat, who);
  const { strides, pads } = windowsOf(window, sizes, settings, who);
  if (pads.some((pair, i) => Math.max(...pair) >= window[i]!)) {
    throw new ValueError(
      `${who}: padding must be smaller than the window ${showShape(window)}, got ${JSON.stringify(pads)}`,
    );
  }
  return { window, strides, pads };
}

/** The number of spatial axes of a tensor: one to three. */
function spatialAxes(x: Tensor, who: string): number {
  const spatial = x.rank - 2;
  if (spatial >= 1 && spatial <= 3) return spatial;
  throw new ShapeError(
    `${who}: expected batch, 1 to 3 spatial axes and channels, got shape ${showShape(x.shape)}`,
  );
}

function maxPooled(who: string, input: TensorLike, spatial: number | null, given: PoolArguments): Tensor {
  const x = toTensor(input, undefined, who);
  return pooled(who, spatial ?? spatialAxes(x, who), x, settingsOf<PoolSettings>(NAMES, given), largestOf);
}

function avgPooled(who: string, input: TensorLike, spatial: number | null, given: PoolArguments): Tensor {
  const x = toTensor(input, undefined, who);
  const settings = settingsOf<PoolSettings>(NAMES, given);
  if (Array.isArray(settings.padding)) {
    throw new ValueError(
      `${who}: padding must be "SAME" or "VALID", got ${JSON.stringify(settings.padding)}`,
    );
  }
  return pooled(who, spatial ?? spatialAxes(x, who), x, settings, meanOf);
}

/**
 * The largest element of each window, over one, two or three spatial axes; NaN if one is NaN.
 *
 * @param input  any number, [batch, ...spatial, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @returns      [batch, ...spatial, channels] of the windows that fit; padding is never the largest
 * @throws {ShapeError} a rank other than 3, 4 or 5
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy to the largest element, among equals to the first.
 * @example
 * const x = tf.constant([1, 5, 2, 4], { shape: [1, 4, 1] });
 * maxPool(x, 2, 2, "VALID").data() // Float32Array(2) [ 5, 4 ]
 */
export const maxPool = (input: TensorLike, ...given: PoolArguments): Tensor =>
  maxPooled("maxPool", input, null, given);

/**
 * The largest element of each window, over one axis; NaN if one is NaN.
 *
 * @param input  any number, [batch, width, channels]
 * @param given  `ksize` (the window's size), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @throws {ShapeError} a rank other than 3
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy to the largest element, among equals to the first.
 * @example maxPool1d([[[1], [5], [2]]], 2, 1, "SAME").data() // Float32Array(3) [ 5, 5, 2 ]
 */
export const maxPool1d = (input: TensorLike, ...given: PoolArguments): Tensor =>
  maxPooled("maxPool1d", input, 1, given);

/**
 * The largest element of each window, over two axes; NaN if one is NaN.
 *
 * @param input  any number, [batch, height, width, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @throws {ShapeError} a rank other than 4
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy to the largest element, among equals to the first.
 * @example
 * const x = tf.reshape(tf.range(16), [1, 4, 4, 1]);
 * maxPool2d(x, 2, 2, "VALID").data() // Int32Array(4) [ 5, 7, 13, 15 ]
 */
export const maxPool2d = (input: TensorLike, ...given: PoolArguments): Tensor =>
  maxPooled("maxPool2d", input, 2, given);

/**
 * The largest element of each window, over three axes; NaN if one is NaN.
 *
 * @param input  any number, [batch, depth, height, width, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @throws {ShapeError} a rank other than 5
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy to the largest element, among equals to the first.
 * @example
 * const x = tf.reshape(tf.range(8), [1, 2, 2, 2, 1]);
 * maxPool3d(x, [1, 2, 2], 1, "VALID").data() // Int32Array(2) [ 3, 7 ]
 */
export const maxPool3d = (input: TensorLike, ...given: PoolArguments): Tensor =>
  maxPooled("maxPool3d", input, 3, given);

/**
 * The mean of each window, over one, two or three spatial axes.
 *
 * @param input  floats, [batch, ...spatial, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @returns      [batch, ...spatial, channels] of the windows that fit; padding does not count
 * @throws {ShapeError} a rank other than 3, 4 or 5
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy shared equally among the elements of its window.
 * Accuracy: sums are kept in float64 and rounded once.
 * @example
 * const x = tf.constant([1, 5, 2, 4, 6], { shape: [1, 5, 1] });
 * avgPool(x, 2, 2, "SAME").data() // Float32Array(3) [ 3, 3, 6 ]
 */
export const avgPool = (input: TensorLike, ...given: PoolArguments): Tensor =>
  avgPooled("avgPool", input, null, given);

/**
 * The mean of each window, over one axis.
 *
 * @param input  floats, [batch, width, channels]
 * @param given  `ksize` (the window's size), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @throws {ShapeError} a rank other than 3
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy shared equally among the elements of its window.
 * @example avgPool1d([[[1], [5], [2]]], 2, 1, "SAME").data() // Float32Array(3) [ 3, 3.5, 2 ]
 */
export const avgPool1d = (input: TensorLike, ...given: PoolArguments): Tensor =>
  avgPooled("avgPool1d", input, 1, given);

/**
 * The mean of each window, over two axes.
 *
 * @param input  floats, [batch, height, width, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @throws {ShapeError} a rank other than 4
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy shared equally among the elements of its window.
 * @example
 * const x = tf.reshape(tf.range(16), [1, 4, 4, 1]);
 * avgPool2d(x, 2, 2, "VALID").data() // Float32Array(4) [ 2.5, 4.5, 10.5, 12.5 ]
 */
export const avgPool2d = (input: TensorLike, ...given: PoolArguments): Tensor =>
  avgPooled("avgPool2d", input, 2, given);

/**
 * The mean of each window, over three axes.
 *
 * @param input  floats, [batch, depth, height, width, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ dataFormat }`, by place or by name
 * @throws {ShapeError} a rank other than 5
 * @throws {ValueError} a window, stride, padding or layout that is none
 * Gradient: dy shared equally among the elements of its window.
 * @example
 * const x = tf.reshape(tf.range(8), [1, 2, 2, 2, 1]);
 * avgPool3d(x, 2, 1, "VALID").data() // Float32Array(1) [ 3.5 ]
 */
export const avgPool3d = (input: TensorLike, ...given: PoolArguments): Tensor =>
  avgPooled("avgPool3d", input, 3, given);

/** What `pool` does in each window. */
export type PoolingType = "MAX" | "AVG";

/** Settings of `pool` that have a default. */
export interface WindowPoolOptions extends PoolOptions {
  /** Steps between windows; default 1. */
  readonly strides?: Sizes;
  /** Default "VALID". */
  readonly padding?: Padding;
}

/** Size of the window and what to do in it by place, or by name in a last object. */
export type WindowPoolArguments =
  | [windowShape: Sizes, poolingType: PoolingType, options?: WindowPoolOptions]
  | [settings: WindowPoolOptions & { readonly windowShape: Sizes; readonly poolingType: PoolingType }];

/**
 * The largest element or the mean of each window, over one, two or three spatial axes.
 *
 * @param input  any number for "MAX", floats for "AVG", [batch, ...spatial, channels]
 * @param given  `windowShape`, `poolingType` ("MAX" or "AVG"), `{ strides, padding, dataFormat }`, by place or by name;
 *               default strides 1 and "VALID"
 * @throws {ShapeError} a rank other than 3, 4 or 5
 * @throws {ValueError} a window, stride, padding, layout or pooling type that is none
 * Gradient: as that of maxPool and avgPool.
 * @example pool([[[1], [5], [2]]], 2, "MAX").data() // Float32Array(2) [ 5, 5 ]
 */
export function pool(input: TensorLike, ...given: WindowPoolArguments): Tensor {
  type Named = WindowPoolOptions & { windowShape: Sizes; poolingType: PoolingType };
  const { windowShape, poolingType, ...rest } = settingsOf<Named>(["windowShape", "poolingType"], given);
  const settings = { ksize: windowShape, strides: 1, padding: "VALID" as const, ...rest };
  if (poolingType === "MAX") return maxPooled("pool", input, null, [settings]);
  if (poolingType === "AVG") return avgPooled("pool", input, null, [settings]);
  throw new ValueError(`pool: poolingType must be "MAX" or "AVG", got ${JSON.stringify(poolingType)}`);
}

/** Settings of `maxPoolWithArgmax` that have a default. */
export interface ArgmaxPoolOptions extends PoolOptions {
  /** Count places through the whole batch instead of inside each example; default false. */
  readonly includeBatchInIndex?: boolean;
}

/** Size of the window, strides and padding by place, or by name in a last object. */
export type ArgmaxPoolArguments =
  | [ksize: Sizes, strides: Sizes, padding: Padding, options?: ArgmaxPoolOptions]
  | [ksize: Sizes, strides: Sizes, settings: ArgmaxPoolOptions & { readonly padding: Padding }]
  | [ksize: Sizes, settings: ArgmaxPoolOptions & { readonly strides: Sizes; readonly padding: Padding }]
  | [
      settings: ArgmaxPoolOptions & {
        readonly ksize: Sizes;
        readonly strides: Sizes;
        readonly padding: Padding;
      },
    ];

/**
 * The largest element of each window over two axes, and where it is: `(y · width + x) · channels + c` in its example.
 *
 * @param input  any number, [batch, height, width, channels]
 * @param given  `ksize` (the window's sizes), `strides`, `padding`, `{ includeBatchInIndex }`, by place or by name
 * @returns      `output` with the dtype of the input and `argmax` in int32, both [batch, height, width, channels]
 * @throws {ShapeError} a rank other than 4
 * @throws {ValueError} a window, stride or padding that is none; channels that come first
 * Gradient: dy to the largest element, among equals to the first; none for `argmax`.
 * @example
 * const { output, argmax } = maxPoolWithArgmax([[[[1], [5], [2], [4]]]], [1, 2], [1, 2], "VALID");
 * argmax.data() // Int32Array(2) [ 1, 3 ]
 */
export function maxPoolWithArgmax(
  input: TensorLike,
  ...given: ArgmaxPoolArguments
): { output: Tensor; argmax: Tensor } {
  const who = "maxPoolWithArgmax";
  const settings = settingsOf<PoolSettings & ArgmaxPoolOptions>(NAMES, given);
  if (settings.dataFormat !== undefined && settings.dataFormat !== "NHWC") {
    throw new ValueError(`${who}: dataFormat must be "NHWC", got ${JSON.stringify(settings.dataFormat)}`);
  }
  const { image } = placed(who, 2, toTensor(input, undefined, who), settings);
  const [output, argmax] = applyMany(maxPoolWithArgmaxOp, [image], {
    ...attrsOf(who, image, settings),
    includeBatchInIndex: settings.includeBatchInIndex ?? false,
  });
  return { output: output!, argmax: argmax! };
}
