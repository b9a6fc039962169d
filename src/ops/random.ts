/**
 * @file `tf.random`: numbers from the global generator, and the stateless ones that follow from a seed alone.
 */
import { toTensor } from "../core/convert.js";
import type { DType } from "../core/dtype.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { showShape } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { negative, subtract } from "./arithmetic.js";
import { cast } from "./cast.js";
import {
  type Draw,
  type NormalOptions,
  normalDraw,
  truncatedNormalDraw,
  type UniformOptions,
  uniformDraw,
} from "./draw.js";
import { log } from "./exponential.js";
import { argmax } from "./extremes.js";
import { generatorFor, seedWords } from "./generator.js";
import { expandDims } from "./views.js";

export { Generator, getGlobalGenerator, setGlobalGenerator, setSeed } from "./generator.js";
export type { NormalOptions, UniformOptions };

/** A draw from the global generator can have a stream of its own. */
export interface Seeded {
  /** Draws from a stream that follows from this number and the global seed. */
  seed?: number;
}

/** The seed of a stateless draw: two whole numbers. */
export interface StatelessSeed {
  seed: readonly [number, number];
}

const NO_OPTIONS = Object.freeze({});

/**
 * Normally distributed numbers, from the global generator.
 *
 * @param shape    sizes
 * @param options  `mean` (default 0), `stddev` (default 1), `dtype` (default float32), `seed`
 * @throws {DtypeError} the dtype is not a float
 * Gradient: dy for the mean, dy times the standard numbers for the standard deviation.
 * @example normal([2, 3]).shape // [ 2, 3 ]
 */
export const normal = (shape: readonly number[], options: NormalOptions & Seeded = NO_OPTIONS): Tensor =>
  generatorFor(options.seed).normal(shape, options);

/**
 * Normally distributed numbers, none further than two standard deviations from the mean; from the global generator.
 *
 * @param shape    sizes
 * @param options  `mean` (default 0), `stddev` (default 1), `dtype` (default float32), `seed`
 * @throws {DtypeError} the dtype is not a float
 * Gradient: dy for the mean, dy times the standard numbers for the standard deviation.
 * @example tf.reduceMax(truncatedNormal([100])).item() <= 2 // true
 */
export const truncatedNormal = (
  shape: readonly number[],
  options: NormalOptions & Seeded = NO_OPTIONS,
): Tensor => generatorFor(options.seed).truncatedNormal(shape, options);

/**
 * Uniformly distributed numbers from `minval` up to `maxval`, from the global generator. Integers are unbiased.
 *
 * @param shape    sizes
 * @param options  `minval` (default 0), `maxval` (default 1; integers need one), `dtype` (default float32), `seed`
 * @throws {ValueError} integers without an upper end, or an empty range
 * @example uniform([4], { minval: 3, maxval: 4, dtype: "int32" }).array() // [ 3, 3, 3, 3 ]
 */
export const uniform = (shape: readonly number[], options: UniformOptions & Seeded = NO_OPTIONS): Tensor =>
  generatorFor(options.seed).uniform(shape, options);

/**
 * The elements along the first axis in random order, from the global generator.
 *
 * @param x        any dtype, rank at least 1
 * @param options  `seed`
 * @throws {ShapeError} a scalar
 * Gradient: dy in the original order.
 * @example tf.reduceSum(shuffle([1, 2, 3])).item() // 6
 */
export const shuffle = (x: TensorLike, options: Seeded = NO_OPTIONS): Tensor =>
  generatorFor(options.seed).shuffle(x);

/**
 * Classes drawn with the probabilities softmax(logits), from the global generator.
 *
 * @param logits      floats, shape [batch, classes]
 * @param numSamples  draws per row
 * @param options     `dtype` of the result (default int32), `seed`
 * @returns           shape [batch, numSamples]
 * @throws {ShapeError} the logits are no matrix
 * Gradient: none.
 * @example categorical([[-Infinity, 0]], 3).array() // [ [ 1, 1, 1 ] ]
 */
export function categorical(
  logits: TensorLike,
  numSamples: number,
  options: { dtype?: DType } & Seeded = NO_OPTIONS,
): Tensor {
  const matrix = toTensor(logits, undefined, "categorical");
  if (matrix.rank !== 2) {
    throw new ShapeError(`categorical: logits must be [batch, classes], got ${showShape(matrix.shape)}`);
  }
  const [batch, classes] = matrix.shape as [number, number];
  const dtype = matrix.dtype === "float64" ? "float64" : "float32";
  const u = generatorFor(options.seed).uniform([batch, numSamples, classes], { dtype });
  // The largest of logit + Gumbel noise falls on each class with its softmax probability.
  const gumbel = negative(log(negative(log(subtract(1, u)))));
  const drawn = argmax(subtract(expandDims(matrix, 1), negative(gumbel)), -1);
  return options.dtype === undefined ? drawn : cast(drawn, options.dtype);
}

/** A stateless draw starts where no generator ever comes: the counter's uppermost word is 1. */
function stateless(draw: Draw, seed: readonly [number, number], who: string): Tensor {
  if (!Array.isArray(seed) || seed.length !== 2) {
    throw new ValueError(`${who}: a seed is two whole numbers, got ${String(seed)}`);
  }
  const [[low, high], [other, rest]] = seed.map((word) => seedWords(word, who)) as [number, number][];
  return draw.from(Int32Array.from([0, 0, 0, 1, low! ^ Math.imul(rest!, 0x9e3779b1), other! ^ high!]));
}

/**
 * Normally distributed numbers that follow from the seed alone.
 *
 * @param shape    sizes
 * @param options  `seed`: two whole numbers; `mean`, `stddev`, `dtype`
 * @throws {ValueError} the seed is not two whole numbers
 * @example
 * const again = () => statelessNormal([2], { seed: [1, 2] });
 * tf.reduceAll(tf.equal(again(), again())).array() // true
 */
export const statelessNormal = (shape: readonly number[], options: NormalOptions & StatelessSeed): Tensor =>
  stateless(normalDraw(shape, options, "statelessNormal"), options.seed, "statelessNormal");

/**
 * Normally distributed numbers within two standard deviations, that follow from the seed alone.
 *
 * @param shape    sizes
 * @param options  `seed`: two whole numbers; `mean`, `stddev`, `dtype`
 * @throws {ValueError} the seed is not two whole numbers
 * @example tf.reduceMax(statelessTruncatedNormal([100], { seed: [1, 2] })).item() <= 2 // true
 */
export const statelessTruncatedNormal = (
  shape: readonly number[],
  options: NormalOptions & StatelessSeed,
): Tensor =>
  stateless(
    truncatedNormalDraw(shape, options, "statelessTruncatedNormal"),
    options.seed,
    "statelessTruncatedNormal",
  );

/**
 * Uniformly distributed numbers that follow from the seed alone. Integers are unbiased.
 *
 * @param shape    sizes
 * @param options  `seed`: two whole numbers; `minval`, `maxval`, `dtype`
 * @throws {ValueError} the seed is not two whole numbers
 * @example statelessUniform([2], { seed: [1, 2], minval: 5, maxval: 6, dtype: "int32" }).array() // [ 5, 5 ]
 */
export const statelessUniform = (shape: readonly number[], options: UniformOptions & StatelessSeed): Tensor =>
  stateless(uniformDraw(shape, options, "statelessUniform"), options.seed, "statelessUniform");
