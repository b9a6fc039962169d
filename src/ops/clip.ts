/**
 * @file Gradients and other tensors kept from growing: clipping by length.
 */
import { toTensor } from "../core/convert.js";
import { ValueError } from "../core/errors.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { addN, divide, maximum, minimum, multiply } from "./arithmetic.js";
import { greater } from "./comparison.js";
import { onesLike } from "./creation.js";
import { reciprocal, sqrt, square } from "./exponential.js";
import { reduceSum } from "./reductions.js";
import { where } from "./select.js";

/**
 * Vectors that are longer than a bound brought to that length: x · bound / max(|x|, bound).
 *
 * @param x         floats, any shape
 * @param clipNorm  the bound
 * @param axes      axes of the vectors; default all
 * Gradient: through the formula; dy where nothing was clipped.
 * @example clipByNorm([3, 4], 2.5).array() // [ 1.5, 2 ]
 */
export function clipByNorm(
  x: TensorLike,
  clipNorm: TensorLike,
  axes: number | readonly number[] | null = null,
): Tensor {
  const tensor = toTensor(x, undefined, "clipByNorm");
  const sum = reduceSum(square(tensor), axes, true);
  // The root of 0 has no derivative; where the sum is 0 the length is the sum itself.
  const positive = greater(sum, 0);
  const length = where(positive, sqrt(where(positive, sum, onesLike(sum))), sum);
  return divide(multiply(tensor, clipNorm), maximum(length, clipNorm));
}

/**
 * Length of several tensors as one long vector: √Σ x². Null entries, as missing gradients are, count nothing.
 *
 * @param xs  floats, any shapes
 * @throws {ValueError} there is no tensor
 * Gradient: dy · x / y.
 * @example globalNorm([[3], null, [[4]]]).item() // 5
 */
export function globalNorm(xs: readonly (TensorLike | null)[]): Tensor {
  const sums = xs.flatMap((x) => (x === null ? [] : [reduceSum(square(x))]));
  if (sums.length === 0) throw new ValueError("globalNorm: expected at least one tensor, got none");
  return sqrt(addN(sums));
}

/**
 * Several tensors scaled alike, so that together they are no longer than a bound.
 *
 * @param xs        floats, any shapes; null entries stay null
 * @param clipNorm  the bound
 * @returns         the scaled tensors, and their length before
 * @throws {ValueError} there is no tensor
 * Gradient: through the formula.
 * @example clipByGlobalNorm([[3], [4]], 2.5)[0].map((x) => x?.array()) // [ [ 1.5 ], [ 2 ] ]
 */
export function clipByGlobalNorm(
  xs: readonly (TensorLike | null)[],
  clipNorm: TensorLike,
): [(Tensor | null)[], Tensor] {
  const norm = globalNorm(xs);
  const scale = multiply(clipNorm, minimum(reciprocal(norm), divide(1, clipNorm)));
  return [xs.map((x) => (x === null ? null : multiply(x, scale))), norm];
}
