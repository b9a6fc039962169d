/**
 * @file Distributions: from a generator's state to tensors of random numbers.
 */
import { type DType, isFloat, isInt, standardizeDtype } from "../core/dtype.js";
import { DtypeError, ValueError } from "../core/errors.js";
import { checkShape, type Shape, sizeOf } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { add, clipByValue, multiply, subtract } from "./arithmetic.js";
import {
  blocksFor,
  boxMuller,
  randomBits,
  randomIntegers,
  unitFromWord,
  unitFromWords,
} from "./randomBits.js";
import { erfinv } from "./special.js";

export interface NormalOptions {
  /** Mean; default 0. */
  mean?: TensorLike;
  /** Standard deviation; default 1. */
  stddev?: TensorLike;
  /** float32 (default) or float64. */
  dtype?: DType;
}

export interface UniformOptions {
  /** Smallest value; default 0. */
  minval?: number;
  /** Where the values end; never reached by integers. Default 1, for floats only. */
  maxval?: number;
  /** float32 (default), float64, or an integer type. */
  dtype?: DType;
}

/** A draw: the state it starts from and how many blocks of it are used. */
export interface Draw {
  readonly blocks: number;
  from(state: TensorLike): Tensor;
}

/** Words of randomness in one number of a dtype. */
const wordsOf = (dtype: DType): number => (dtype === "float64" ? 2 : 1);

/** `count` tensors of independent numbers in [0, 1). */
function units(state: TensorLike, shape: Shape, dtype: DType, count: number): Tensor[] {
  const bits = randomBits(state, shape, count * wordsOf(dtype));
  if (dtype !== "float64") return bits.map(unitFromWord);
  return Array.from({ length: count }, (_, i) => unitFromWords(bits[2 * i]!, bits[2 * i + 1]!));
}

function floatDtype(dtype: DType, who: string): DType {
  if (!isFloat(standardizeDtype(dtype, who)))
    throw new DtypeError(`${who}: expected a float dtype, got ${dtype}`);
  return dtype;
}

/** z · stddev + mean, leaving out what changes nothing. */
function scaled(z: Tensor, stddev: TensorLike, mean: TensorLike): Tensor {
  const wide = stddev === 1 ? z : multiply(z, stddev);
  return mean === 0 ? wide : add(wide, mean);
}

export function normalDraw(shape: readonly number[], options: NormalOptions, who: string): Draw {
  const { mean = 0, stddev = 1 } = options;
  const dtype = floatDtype(options.dtype ?? "float32", who);
  const size = checkShape(shape, who);
  return {
    blocks: blocksFor(sizeOf(size), 2 * wordsOf(dtype)),
    from: (state) => {
      const [u, v] = units(state, size, dtype, 2);
      return scaled(boxMuller(u!, v!), stddev, mean);
    },
  };
}

/** The probability of |z| ≤ 2, which is erf √2. */
const WITHIN_TWO = 0.9544997361036416;

/** By the inverse of the distribution: no number is ever drawn twice, so the amount of work is fixed. */
export function truncatedNormalDraw(shape: readonly number[], options: NormalOptions, who: string): Draw {
  const { mean = 0, stddev = 1 } = options;
  const dtype = floatDtype(options.dtype ?? "float32", who);
  const size = checkShape(shape, who);
  return {
    blocks: blocksFor(sizeOf(size), wordsOf(dtype)),
    from: (state) => {
      const [u] = units(state, size, dtype, 1);
      const z = multiply(erfinv(multiply(subtract(multiply(u!, 2), 1), WITHIN_TWO)), Math.SQRT2);
      // Rounding in float32 may step over the end by one unit in the last place.
      return scaled(clipByValue(z, -2, 2), stddev, mean);
    },
  };
}

export function uniformDraw(shape: readonly number[], options: UniformOptions, who: string): Draw {
  const dtype = standardizeDtype(options.dtype ?? "float32", who);
  const size = checkShape(shape, who);
  if (isInt(dtype)) return integerDraw(size, options, dtype, who);
  const { minval = 0, maxval = 1 } = options;
  floatDtype(dtype, who);
  return {
    blocks: blocksFor(sizeOf(size), wordsOf(dtype)),
    from: (state) => scaled(units(state, size, dtype, 1)[0]!, maxval - minval, minval),
  };
}

function integerDraw(shape: Shape, options: UniformOptions, dtype: DType, who: string): Draw {
  const { minval: low = 0, maxval } = options;
  if (maxval === undefined) throw new ValueError(`${who}: integers need a maxval`);
  const [least, most] = dtype === "uint8" ? [0, 255] : [-(2 ** 31), 2 ** 31 - 1];
  const fits = Number.isInteger(low) && Number.isInteger(maxval) && low >= least && maxval - 1 <= most;
  if (!fits || low >= maxval) {
    throw new ValueError(
      `${who}: expected whole numbers minval < maxval within ${dtype}, got ${low} and ${maxval}`,
    );
  }
  return {
    blocks: sizeOf(shape),
    from: (state) => randomIntegers(state, { shape, low, count: maxval - low, dtype }),
  };
}
