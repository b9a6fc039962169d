/**
 * @file Class numbers as one-hot rows.
 */
import { toTensor } from "../../core/convert.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { cast, oneHot, reshape } from "../../ops/public.js";
import { floatx } from "../base/config.js";

/**
 * Class numbers as rows with a 1 at the class.
 *
 * @param x           whole numbers from 0; a last axis of size 1 is dropped
 * @param numClasses  length of the rows; default the largest number plus 1
 * @throws {ValueError} a number outside 0 … numClasses − 1
 * @example keras.utils.toCategorical([0, 2]).array() // [ [ 1, 0, 0 ], [ 0, 0, 1 ] ]
 */
export function toCategorical(x: TensorLike, numClasses?: number | null): Tensor {
  const given = cast(toTensor(x, undefined, "toCategorical"), "int32");
  const labels =
    given.rank > 1 && given.shape.at(-1) === 1 ? reshape(given, given.shape.slice(0, -1)) : given;
  const numbers = Array.from(labels.storage);
  const largest = numbers.reduce((a, b) => Math.max(a, b), -1);
  const depth = numClasses ?? largest + 1;
  if (largest >= depth || numbers.some((label) => label < 0)) {
    throw new ValueError(
      `toCategorical: labels must be from 0 to ${depth - 1}, got ${numbers.find((n) => n < 0) ?? largest}`,
    );
  }
  return oneHot(labels, depth, { dtype: floatx() });
}
