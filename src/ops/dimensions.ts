/**
 * @file Shapes, sizes and ranks as tensors, as code ported from TensorFlow uses them; `x.shape` is the plain array.
 */
import { toTensor } from "../core/convert.js";
import { specOf } from "../core/spec.js";
import { Tensor, type TensorLike } from "../core/tensor.js";
import { isOpen } from "../ir/openSize.js";
import { stack } from "./join.js";

/**
 * The sizes along the axes: int32 [rank].
 *
 * @param x  any dtype, any shape
 * @example shape([[1, 2, 3]]).array() // [ 1, 3 ]
 */
export function shape(x: TensorLike): Tensor {
  const sizes = toTensor(x, undefined, "shape").shape;
  if (sizes.some(isOpen)) return stack(sizes.map((n) => toTensor(n, "int32", "shape")));
  return new Tensor(Int32Array.from(sizes), specOf([sizes.length], "int32"));
}

/**
 * The number of elements: an int32 scalar.
 *
 * @param x  any dtype, any shape
 * @example size([[1, 2, 3]]).item() // 3
 */
export const size = (x: TensorLike): Tensor => scalar(toTensor(x, undefined, "size").size);

/**
 * The number of axes: an int32 scalar.
 *
 * @param x  any dtype, any shape
 * @example rank([[1, 2, 3]]).item() // 2
 */
export const rank = (x: TensorLike): Tensor => scalar(toTensor(x, undefined, "rank").rank);

const scalar = (value: number): Tensor =>
  isOpen(value) ? toTensor(value, "int32", "size") : new Tensor(Int32Array.of(value), specOf([], "int32"));
