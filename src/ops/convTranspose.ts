/**
 * @file Transposed convolutions: what the gradient of a convolution does to its input, as an op of its own.
 */
import { ShapeError } from "../core/errors.js";
import { type Shape, showShape } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { inputGradient } from "./conv.js";
import { type ConvOptions, filterWindow, operandsOf, spatialAxes } from "./convolution.js";
import {
  arranged,
  channelsLast,
  type Padding,
  type Sizes,
  settingsOf,
  type WindowSettings,
  windowsOf,
} from "./convWindow.js";
import { slice } from "./slice.js";

/** Settings that have a default. */
export interface ConvTransposeOptions extends ConvOptions {
  /** That of the convolution in the other direction; default "SAME". */
  readonly padding?: Padding;
}

/** Shape of the result, strides and padding by place, or by name in a last object. */
export type ConvTransposeArguments =
  | [outputShape: Shape, strides: Sizes, padding?: Padding, options?: ConvOptions]
  | [outputShape: Shape, strides: Sizes, settings: ConvTransposeOptions]
  | [outputShape: Shape, settings: ConvTransposeOptions & { readonly strides: Sizes }]
  | [settings: ConvTransposeOptions & { readonly strides: Sizes; readonly outputShape: Shape }];

type Settings = WindowSettings & { readonly outputShape: Shape };
const NAMES = ["outputShape", "strides", "padding"] as const;

/** Any transposed convolution: of the padded result what lies inside. */
function transposed(
  who: string,
  spatial: number,
  [x, filter]: readonly Tensor[],
  given: readonly unknown[],
): Tensor {
  const named = settingsOf<Settings & ConvTransposeOptions>(NAMES, given);
  const settings: Settings = { ...named, padding: named.padding ?? "SAME" };
  const { dataFormat } = settings;
  const window = filterWindow(filter!, spatial, who);
  const [batch, ...sample] = channelsLast(settings.outputShape, spatial, dataFormat, who);
  if (x!.rank !== spatial + 2 || x!.shape[0] !== batch) {
    throw new ShapeError(
      `${who}: input ${showShape(x!.shape)} does not fit outputShape ${showShape(settings.outputShape)}`,
    );
  }
  const { image, restore } = arranged(x!, spatial, dataFormat, who);
  const windows = windowsOf(window, sample.slice(0, -1), settings, who);
  const pads = [...windows.pads, [0, 0] as const];
  const padded = sample.map((size, i) => size + pads[i]![0] + pads[i]![1]);
  const whole = inputGradient(image, filter!, windows, padded);
  const isWhole = padded.every((size, i) => size === sample[i]);
  const from = [0, ...pads.map(([before]) => before)];
  return restore(isWhole ? whole : slice(whole, from, [batch, ...sample]));
}

/**
 * Transposed convolution over one axis: the gradient of conv1d for its input.
 *
 * @param input    any number, [batch, width, channels]
 * @param filters  the same dtype, [window, output channels, channels]: the filters of the convolution back
 * @param given    `outputShape`, `strides`, `padding` (default "SAME"), `{ dataFormat, dilations }`, by place or by name
 * @returns        shape `outputShape`
 * @throws {ShapeError} the convolution does not make the input's shape of `outputShape`
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: conv1d of dy, and convolutions of dy with the input.
 * @example
 * conv1dTranspose([[[1], [10]]], [[[1]], [[2]]], [1, 4, 1], 2).data() // Float32Array(4) [ 1, 2, 10, 20 ]
 */
export const conv1dTranspose = (
  input: TensorLike,
  filters: TensorLike,
  ...given: ConvTransposeArguments
): Tensor => transposed("conv1dTranspose", 1, operandsOf([input, filters], "conv1dTranspose"), given);

/**
 * Transposed convolution over two axes: the gradient of conv2d for its input.
 *
 * @param input    any number, [batch, height, width, channels]
 * @param filters  the same dtype, [height, width, output channels, channels]: the filters of the convolution back
 * @param given    `outputShape`, `strides`, `padding` (default "SAME"), `{ dataFormat, dilations }`, by place or by name
 * @returns        shape `outputShape`
 * @throws {ShapeError} the convolution does not make the input's shape of `outputShape`
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: conv2d of dy, and convolutions of dy with the input.
 * @example
 * const x = tf.constant([[[[1], [10]]]]);
 * conv2dTranspose(x, tf.ones([2, 2, 1, 1]), [1, 2, 3, 1], 1, "VALID").data() // Float32Array(6) [ 1, 11, 10, 1, 11, 10 ]
 */
export const conv2dTranspose = (
  input: TensorLike,
  filters: TensorLike,
  ...given: ConvTransposeArguments
): Tensor => transposed("conv2dTranspose", 2, operandsOf([input, filters], "conv2dTranspose"), given);

/**
 * Transposed convolution over three axes: the gradient of conv3d for its input.
 *
 * @param input    any number, [batch, depth, height, width, channels]
 * @param filters  the same dtype, [depth, height, width, output channels, channels]: those of the convolution back
 * @param given    `outputShape`, `strides`, `padding` (default "SAME"), `{ dataFormat, dilations }`, by place or by name
 * @returns        shape `outputShape`
 * @throws {ShapeError} the convolution does not make the input's shape of `outputShape`
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: conv3d of dy, and convolutions of dy with the input.
 * @example
 * const x = tf.constant([[[[[1]]]]]);
 * conv3dTranspose(x, tf.ones([1, 2, 2, 1, 1]), [1, 1, 2, 2, 1], 1, "VALID").data() // Float32Array(4) [ 1, 1, 1, 1 ]
 */
export const conv3dTranspose = (
  input: TensorLike,
  filters: TensorLike,
  ...given: ConvTransposeArguments
): Tensor => transposed("conv3dTranspose", 3, operandsOf([input, filters], "conv3dTranspose"), given);

/**
 * Transposed convolution over as many axes as the filters have: one, two or three.
 *
 * @param input    any number, [batch, ...spatial, channels]
 * @param filters  the same dtype, [...window, output channels, channels]: the filters of the convolution back
 * @param given    `outputShape`, `strides`, `padding` (default "SAME"), `{ dataFormat, dilations }`, by place or by name
 * @returns        shape `outputShape`
 * @throws {ShapeError} the convolution does not make the input's shape of `outputShape`
 * @throws {ValueError} a stride, padding or layout that is none
 * Gradient: the convolution of dy, and convolutions of dy with the input.
 * @example
 * convTranspose([[[1], [10]]], [[[1]], [[2]]], [1, 4, 1], 2).data() // Float32Array(4) [ 1, 2, 10, 20 ]
 */
export function convTranspose(
  input: TensorLike,
  filters: TensorLike,
  ...given: ConvTransposeArguments
): Tensor {
  const operands = operandsOf([input, filters], "convTranspose");
  return transposed("convTranspose", spatialAxes(operands[1]!, "convTranspose"), operands, given);
}
