/**
 * @file Random tensors. Each function takes a seed: a number gives the same values every time.
 */

import { toTensor } from "../../core/convert.js";
import type { DType } from "../../core/dtype.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { normalDraw, truncatedNormalDraw, uniformDraw } from "../../ops/draw.js";
import { cast, divide, greaterEqual, where, zerosLike } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { type DrawSeed, drawState } from "./seedGenerator.js";

export interface DrawOptions {
  /** Element type; default `keras.config.floatx()`. */
  dtype?: DType;
  /** A number or an int32 tensor of shape [2], a `SeedGenerator`, or nothing for another draw each time. */
  seed?: DrawSeed;
}

/**
 * Normally distributed values.
 *
 * @param shape    sizes
 * @param options  `mean` (default 0), `stddev` (default 1), `dtype`, `seed`
 * @example keras.random.normal([2, 3], { seed: 1 }).shape // [ 2, 3 ]
 */
export function normal(
  shape: readonly number[],
  options: DrawOptions & { mean?: number; stddev?: number } = {},
): Tensor {
  const { mean = 0, stddev = 1, dtype = floatx() } = options;
  return normalDraw(shape, { mean, stddev, dtype }, "normal").from(drawState(options.seed));
}

/**
 * Normally distributed values, drawn again where they are more than two standard deviations from the mean.
 *
 * @param shape    sizes
 * @param options  `mean` (default 0), `stddev` (default 1), `dtype`, `seed`
 * @example keras.random.truncatedNormal([100], { seed: 1 }).array().every((x) => Math.abs(x) <= 2) // true
 */
export function truncatedNormal(
  shape: readonly number[],
  options: DrawOptions & { mean?: number; stddev?: number } = {},
): Tensor {
  const { mean = 0, stddev = 1, dtype = floatx() } = options;
  const draw = truncatedNormalDraw(shape, { mean, stddev, dtype }, "truncatedNormal");
  return draw.from(drawState(options.seed));
}

/**
 * Uniformly distributed values from `minval` up to, not including, `maxval`.
 *
 * @param shape    sizes
 * @param options  `minval` (default 0), `maxval` (default 1), `dtype`, `seed`
 * @example keras.random.uniform([100], { seed: 1 }).array().every((x) => x >= 0 && x < 1) // true
 */
export function uniform(
  shape: readonly number[],
  options: DrawOptions & { minval?: number; maxval?: number } = {},
): Tensor {
  const { minval = 0, maxval = 1, dtype = floatx() } = options;
  return uniformDraw(shape, { minval, maxval, dtype }, "uniform").from(drawState(options.seed));
}

/**
 * Whole numbers from `minval` up to, not including, `maxval`, all equally likely.
 *
 * @param shape    sizes
 * @param minval   the smallest
 * @param maxval   one more than the largest
 * @param options  `dtype` (default int32), `seed`
 * @example keras.random.randint([100], 0, 3, { seed: 1 }).array().every((n) => n === 0 || n === 1 || n === 2) // true
 */
export function randint(
  shape: readonly number[],
  minval: number,
  maxval: number,
  options: DrawOptions = {},
): Tensor {
  const draw = uniformDraw(shape, { minval, maxval, dtype: "int32" }, "randint");
  return cast(draw.from(drawState(options.seed)), options.dtype ?? "int32");
}

/**
 * Elements set to zero at random; the others are divided by `1 − rate`, so that the expected sum stays.
 *
 * @param inputs   floats, any shape
 * @param rate     the probability of zero, from 0 up to, not including, 1
 * @param options  `noiseShape`: a shape that broadcasts to that of the inputs, with one decision per element; `seed`
 * Gradient: dy / (1 − rate) where kept, 0 elsewhere.
 * @example keras.random.dropout([1, 1], 0).array() // [ 1, 1 ]
 */
export function dropout(
  inputs: TensorLike,
  rate: number,
  options: { noiseShape?: readonly (number | null)[] | null; seed?: DrawSeed } = {},
): Tensor {
  const x = toTensor(inputs, floatx(), "dropout");
  if (rate === 0) return x;
  const shape = (options.noiseShape ?? x.shape).map((n, i) => n ?? x.shape[i]!);
  const kept = greaterEqual(uniform(shape, { seed: options.seed, dtype: x.dtype }), rate);
  return where(kept, divide(x, 1 - rate), zerosLike(x));
}
