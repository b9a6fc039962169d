/**
 * @file Dropout.
 */
import { toTensor } from "../core/convert.js";
import { ValueError } from "../core/errors.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { divide } from "./arithmetic.js";
import { greaterEqual } from "./comparison.js";
import { zerosLike } from "./creation.js";
import { type Seeded, uniform } from "./random.js";
import { where } from "./select.js";

export interface DropoutOptions extends Seeded {
  /** A shape that broadcasts to that of x, with one decision per element; default that of x. */
  noiseShape?: readonly number[];
}

/**
 * Elements set to 0 at random, the others divided by 1 − rate, so that the expected sum stays.
 *
 * @param x        floats, any shape
 * @param rate     probability of 0, from 0 up to, not including, 1
 * @param options  `noiseShape`, `seed`
 * @throws {ValueError} the rate is out of range
 * Gradient: dy / (1 − rate) where kept, 0 elsewhere.
 * @example dropout([2, 3], 0).array() // [ 2, 3 ]
 */
export function dropout(x: TensorLike, rate: number, options: DropoutOptions = {}): Tensor {
  if (!(rate >= 0 && rate < 1))
    throw new ValueError(`dropout: rate must be at least 0 and below 1, got ${rate}`);
  const tensor = toTensor(x, undefined, "dropout");
  if (rate === 0) return tensor;
  const { noiseShape = tensor.shape, seed } = options;
  const kept = greaterEqual(uniform(noiseShape, { dtype: tensor.dtype, seed }), rate);
  return where(kept, divide(tensor, 1 - rate), zerosLike(tensor));
}
