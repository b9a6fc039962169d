/**
 * @file Convolutions over one, two or three spatial axes, as TensorFlow names them.
 */
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { type Shape, showShape } from "../core/shape.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { convolve } from "./conv.js";
import {
  arranged,
  type DataFormat,
  type Padding,
  padSpatial,
  type Sizes,
  settingsOf,
  type WindowSettings,
  windowsOf,
} from "./convWindow.js";
import { reshape } from "./views.js";

/** Settings that have a default. */
export interface ConvOptions {
  /** Where the channels are; default last. */
  readonly dataFormat?: DataFormat;
  /** Distance between neighbouring elements of the filter; default 1. */
  readonly dilations?: Sizes;
}

/** Strides and padding by place, or by name in a last object. */
export type ConvArguments =
  | [strides: Sizes, padding: Padding, options?: ConvOptions]
  | [strides: Sizes, settings: ConvOptions & { readonly padding: Padding }]
  | [settings: ConvOptions & { readonly strides: Sizes; readonly padding: Padding }];

/** The same for one spatial axis, where TensorFlow says `stride`. */
export type Conv1dArguments =
  | [stride: Sizes, padding: Padding, options?: ConvOptions]
  | [stride: Sizes, settings: ConvOptions & { readonly padding: Padding }]
  | [settings: ConvOptions & { readonly stride: Sizes; readonly padding: Padding }];

/** Strides (default 1) and padding (default "VALID") by place, or by name in a last object. */
export type ConvolutionArguments =
  | [strides?: Sizes, padding?: Padding, options?: ConvOptions]
  | [strides: Sizes, settings: ConvOptions & { readonly padding?: Padding }]
  | [settings: ConvOptions & { readonly strides?: Sizes; readonly padding?: Padding }];

/** Rate and padding by place or by name. */
export type AtrousArguments =
  | [rate: number, padding: Padding]
  | [rate: number, settings: { readonly padding: Padding }]
  | [settings: { readonly rate: number; readonly padding: Padding }];

const NAMES = ["strides", "padding"] as const;

/** Input and filters as tensors; lists and numbers take the dtype of the first that has one. */
export function operandsOf(given: readonly TensorLike[], who: string): Tensor[] {
  const dtype = given.find((x): x is Operand => x instanceof Operand)?.dtype;
  return given.map((x) => toTensor(x, dtype, who));
}

/** The spatial sizes of a filter. */
export function filterWindow(filter: Tensor, spatial: number, who: string): Shape {
  if (filter.rank === spatial + 2) return filter.shape.slice(0, spatial);
  throw new ShapeError(
    `${who}: a filter has ${spatial} spatial axes and two of channels, got shape ${showShape(filter.shape)}`,
  );
}

/** Any convolution: channels go last, edges are padded, and the result takes the layout of the input. */
function convolved(
  who: string,
  spatial: number,
  [input, filters]: readonly TensorLike[],
  settings: WindowSettings,
): Tensor {
  const [x, filter] = operandsOf([input!, filters!], who) as [Tensor, Tensor];
  const window = filterWindow(filter, spatial, who);
  const { image, restore } = arranged(x, spatial, settings.dataFormat, who);
  const windows = windowsOf(window, image.shape.slice(1, -1), settings, who);
  return restore(convolve(padSpatial(image, windows.pads), filter, windows));
}

/**
 * Convolution over one axis: y[n, o, f] = Σ x[n, o · stride + k · dilation, c] · filters[k, c, f], with x padded.
 *
 * @param input    any number, [...batch, width, channels]
 * @param filters  the same dtype, [window, channels / groups, output channels]
 * @param given    `stride`, `padding`, `{ dataFormat, dilations }`, by place or by name
 * @returns        [...batch, ⌈width / stride⌉, output channels] for "SAME"
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: convolutions of dy with the filters, and of the input with dy.
 * @example
 * const x = tf.constant([1, 2, 3, 4], { shape: [1, 4, 1] });
 * conv1d(x, [[[1]], [[10]]], 1, "VALID").data() // Float32Array(3) [ 21, 32, 43 ]
 */
export function conv1d(input: TensorLike, filters: TensorLike, ...given: Conv1dArguments): Tensor {
  type Named = Omit<WindowSettings, "strides"> & { stride: Sizes };
  const { stride, ...rest } = settingsOf<Named>(["stride", "padding"], given);
  return convolved("conv1d", 1, [input, filters], { ...rest, strides: stride });
}

/**
 * Convolution over two axes: y[n, o, f] = Σ x[n, o · strides + k · dilations, c] · filters[k, c, f], with x padded; o and k
 * are pairs.
 *
 * @param input    any number, [...batch, height, width, channels]
 * @param filters  the same dtype, [height, width, channels / groups, output channels]
 * @param given    `strides`, `padding`, `{ dataFormat, dilations }`, by place or by name
 * @returns        [...batch, height, width, output channels] of the windows that fit
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: convolutions of dy with the filters, and of the input with dy.
 * @example
 * const x = tf.reshape(tf.range(9), [1, 3, 3, 1]);
 * conv2d(x, tf.ones([2, 2, 1, 1]), 1, "VALID").data() // Float32Array(4) [ 8, 12, 20, 24 ]
 * conv2d(x, tf.ones([2, 2, 1, 1]), { strides: 2, padding: "SAME" }).data() // Float32Array(4) [ 8, 7, 13, 8 ]
 */
export const conv2d = (input: TensorLike, filters: TensorLike, ...given: ConvArguments): Tensor =>
  convolved("conv2d", 2, [input, filters], settingsOf<WindowSettings>(NAMES, given));

/**
 * Convolution over three axes: y[n, o, f] = Σ x[n, o · strides + k · dilations, c] · filters[k, c, f], with x padded; o and
 * k are triples.
 *
 * @param input    any number, [...batch, depth, height, width, channels]
 * @param filters  the same dtype, [depth, height, width, channels / groups, output channels]
 * @param given    `strides`, `padding`, `{ dataFormat, dilations }`, by place or by name
 * @returns        [...batch, depth, height, width, output channels] of the windows that fit
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: convolutions of dy with the filters, and of the input with dy.
 * @example
 * const x = tf.reshape(tf.range(8), [1, 2, 2, 2, 1]);
 * conv3d(x, tf.ones([2, 2, 2, 1, 1]), 1, "VALID").data() // Float32Array(1) [ 28 ]
 */
export const conv3d = (input: TensorLike, filters: TensorLike, ...given: ConvArguments): Tensor =>
  convolved("conv3d", 3, [input, filters], settingsOf<WindowSettings>(NAMES, given));

/** The number of spatial axes that a filter has: one to three. */
export function spatialAxes(filter: Tensor, who: string): number {
  const spatial = filter.rank - 2;
  if (spatial >= 1 && spatial <= 3) return spatial;
  throw new ShapeError(`${who}: filters have rank 3, 4 or 5, got shape ${showShape(filter.shape)}`);
}

/**
 * Convolution over as many axes as the filters have: one, two or three.
 *
 * @param input    any number, [...batch, ...spatial, channels]
 * @param filters  the same dtype, [...window, channels / groups, output channels]
 * @param given    `strides`, `padding`, `{ dataFormat, dilations }`, by place or by name; default 1 and "VALID"
 * @returns        [...batch, ...spatial, output channels] of the windows that fit
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: convolutions of dy with the filters, and of the input with dy.
 * @example
 * const x = tf.constant([1, 2, 3, 4], { shape: [1, 4, 1] });
 * convolution(x, [[[1]], [[1]]]).data() // Float32Array(3) [ 3, 5, 7 ]
 */
export function convolution(input: TensorLike, filters: TensorLike, ...given: ConvolutionArguments): Tensor {
  const [x, filter] = operandsOf([input, filters], "convolution") as [Tensor, Tensor];
  const settings = { strides: 1, padding: "VALID", ...settingsOf<Partial<WindowSettings>>(NAMES, given) };
  return convolved(
    "convolution",
    spatialAxes(filter, "convolution"),
    [x, filter],
    settings as WindowSettings,
  );
}

/**
 * Convolution over two axes with the filter's elements `rate` apart.
 *
 * @param value    any number, [...batch, height, width, channels]
 * @param filters  the same dtype, [height, width, channels, output channels]
 * @param given    `rate` (the distance between neighbouring elements) and `padding`, by place or by name
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a rate or padding that is none
 * Gradient: that of conv2d.
 * @example
 * const x = tf.reshape(tf.range(9), [1, 3, 3, 1]);
 * atrousConv2d(x, tf.ones([2, 2, 1, 1]), 2, "VALID").data() // Float32Array(1) [ 16 ]
 */
export function atrousConv2d(value: TensorLike, filters: TensorLike, ...given: AtrousArguments): Tensor {
  type Named = { rate: number; padding: Padding };
  const { rate, padding } = settingsOf<Named>(["rate", "padding"], given);
  return convolved("atrousConv2d", 2, [value, filters], { strides: 1, padding, dilations: rate });
}

/**
 * Convolution over two axes of each channel on its own: y[n, o, c · m + j] = Σ x[n, o · strides + k · dilations, c] ·
 * filter[k, c, j], with x padded.
 *
 * @param input   any number, [...batch, height, width, channels]
 * @param filter  the same dtype, [height, width, channels, m]
 * @param given   `strides`, `padding`, `{ dataFormat, dilations }`, by place or by name
 * @returns       [...batch, height, width, channels · m]
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: convolutions of dy with the filter, and of the input with dy.
 * @example
 * const x = tf.constant([[[[1, 2], [3, 4]]]]);
 * depthwiseConv2d(x, [[[[1], [10]], [[1], [10]]]], 1, "VALID").data() // Float32Array(2) [ 4, 60 ]
 */
export const depthwiseConv2d = (input: TensorLike, filter: TensorLike, ...given: ConvArguments): Tensor =>
  depthwise("depthwiseConv2d", operandsOf([input, filter], "depthwiseConv2d"), settingsOf(NAMES, given));

/** Each channel is a group of its own. */
function depthwise(who: string, [x, filter]: readonly Tensor[], settings: WindowSettings): Tensor {
  const window = filterWindow(filter!, 2, who);
  const [channels, multiplier] = filter!.shape.slice(2) as [number, number];
  const first = settings.dataFormat === "NCHW";
  const given = x!.shape[x!.rank - (first ? 3 : 1)];
  if (given !== channels) {
    throw new ShapeError(
      `${who}: the filter ${showShape(filter!.shape)} has ${channels} input channels, the input ` +
        `${showShape(x!.shape)} has ${given}`,
    );
  }
  return convolved(who, 2, [x!, reshape(filter!, [...window, 1, channels * multiplier])], settings);
}

/**
 * Convolution over two axes of each channel on its own, and then of all channels at each place.
 *
 * @param input            any number, [...batch, height, width, channels]
 * @param depthwiseFilter  the same dtype, [height, width, channels, m]
 * @param pointwiseFilter  the same dtype, [1, 1, channels · m, output channels]
 * @param given            `strides`, `padding`, `{ dataFormat, dilations }`, by place or by name
 * @returns                [...batch, height, width, output channels]
 * @throws {ShapeError} shapes that do not fit
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: that of the two convolutions.
 * @example
 * const x = tf.constant([[[[1, 2], [3, 4]]]]);
 * const depth = tf.ones([1, 2, 2, 1]);
 * separableConv2d(x, depth, [[[[1], [10]]]], 1, "VALID").data() // Float32Array(1) [ 64 ]
 */
export function separableConv2d(
  input: TensorLike,
  depthwiseFilter: TensorLike,
  pointwiseFilter: TensorLike,
  ...given: ConvArguments
): Tensor {
  const who = "separableConv2d";
  const settings = settingsOf<WindowSettings>(NAMES, given);
  const [x, depth, point] = operandsOf([input, depthwiseFilter, pointwiseFilter], who);
  const window = filterWindow(point!, 2, who);
  if (window.some((n) => n !== 1)) {
    throw new ValueError(`${who}: the pointwise filter must be 1 by 1, got shape ${showShape(point!.shape)}`);
  }
  const { dataFormat } = settings;
  const each = depthwise(who, [x!, depth!], settings);
  return convolved(who, 2, [each, point!], { strides: 1, padding: "VALID", dataFormat });
}
