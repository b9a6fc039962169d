/**
 * @file NumPy's functions where they differ from the ops of the main door: other defaults, other order of arguments.
 */
import { toTensor } from "../../core/convert.js";
import type { DType } from "../../core/dtype.js";
import { Operand, type Tensor, type TensorLike } from "../../core/tensor.js";
import * as tf from "../../ops/public.js";
import { floatx } from "../base/config.js";

/**
 * Evenly spaced numbers from `start` up to, not including, `stop`.
 *
 * @param start  the first number; the end, from 0, if it stands alone
 * @param stop   the end
 * @param step   default 1; a step away from the end gives nothing
 * @param dtype  default int32 for whole numbers, float32 for others
 * @example keras.ops.arange(3).array() // [ 0, 1, 2 ]
 * @example keras.ops.arange(1, 2, 0.5).array() // [ 1, 1.5 ]
 */
export function arange(start: number, stop?: number | null, step = 1, dtype?: DType): Tensor {
  const [from, to] = stop === undefined || stop === null ? [0, start] : [start, stop];
  const options = dtype === undefined ? {} : { dtype };
  return (to - from) / step < 0 ? tf.range(from, from, step, options) : tf.range(from, to, step, options);
}

/**
 * A tensor of its own from numbers, lists or a tensor.
 *
 * @example keras.ops.array([1, 2]).array() // [ 1, 2 ]
 */
export const array = (x: TensorLike, dtype?: DType): Tensor =>
  tf.constant(x, dtype === undefined ? {} : { dtype });

/**
 * All elements in one axis.
 *
 * @example keras.ops.ravel([[1, 2], [3, 4]]).array() // [ 1, 2, 3, 4 ]
 */
export const ravel = (x: TensorLike): Tensor => tf.reshape(x, [-1]);

/**
 * Evenly spaced numbers, both ends included.
 *
 * @example keras.ops.linspace(0, 1, 3).array() // [ 0, 0.5, 1 ]
 */
export const linspace = (start: TensorLike, stop: TensorLike, num = 50): Tensor =>
  tf.linspace(start, stop, num);

/**
 * Tensors joined along an axis they have.
 *
 * @example keras.ops.concatenate([[1, 2], [3]]).array() // [ 1, 2, 3 ]
 */
export const concatenate = (xs: readonly TensorLike[], axis = 0): Tensor => tf.concat(xs, axis);

/**
 * A tensor with one value everywhere.
 *
 * @example keras.ops.full([2], 7).array() // [ 7, 7 ]
 */
export const full = (shape: readonly number[], value: number, dtype: DType = floatx()): Tensor =>
  tf.fill(shape, value, dtype);

/**
 * One value everywhere, in the shape and dtype of another tensor.
 *
 * @example keras.ops.fullLike([1, 2], 7).array() // [ 7, 7 ]
 */
export function fullLike(x: TensorLike, value: number, dtype?: DType): Tensor {
  const like = x instanceof Operand ? x : toTensor(x);
  return tf.fill(like.shape, value, dtype ?? like.dtype);
}

/**
 * `x1` where the condition holds, `x2` elsewhere.
 *
 * @example keras.ops.where([true, false], 1, 0).array() // [ 1, 0 ]
 */
export const where = (condition: TensorLike, x1: TensorLike, x2: TensorLike): Tensor =>
  tf.where(tf.cast(condition, "bool"), x1, x2);

/** The place of an extreme along an axis; over all elements if there is none. */
const placeOf =
  (find: (x: TensorLike, axis: number) => Tensor) =>
  (x: TensorLike, axis?: number | null): Tensor =>
    axis === undefined || axis === null ? find(ravel(x), 0) : find(x, axis);

/**
 * The place of the largest element, over all elements or along an axis.
 *
 * @example keras.ops.argmax([[1, 9], [3, 4]]).item() // 1
 */
export const argmax = placeOf((x, axis) => tf.argmax(x, axis));

/**
 * The place of the smallest element, over all elements or along an axis.
 *
 * @example keras.ops.argmin([[5, 9], [3, 4]]).item() // 2
 */
export const argmin = placeOf((x, axis) => tf.argmin(x, axis));

/**
 * Product of two tensors: of vectors their inner product, of matrices the matrix product; a number scales.
 *
 * @example keras.ops.dot([1, 2], [3, 4]).item() // 11
 */
export function dot(x1: TensorLike, x2: TensorLike): Tensor {
  const [a, b] = [toTensor(x1), toTensor(x2)];
  if (a.rank === 0 || b.rank === 0) return tf.multiply(a, b);
  return tf.tensordot(a, b, [[a.rank - 1], [Math.max(0, b.rank - 2)]]);
}

/**
 * One-hot rows of class numbers.
 *
 * @example keras.ops.oneHot([1], 3).array() // [ [ 0, 1, 0 ] ]
 */
export const oneHot = (
  x: TensorLike,
  numClasses: number,
  options: { axis?: number; dtype?: DType } = {},
): Tensor => tf.oneHot(x, numClasses, { axis: options.axis ?? -1, dtype: options.dtype ?? floatx() });

/**
 * Elements at indices, along an axis or among all elements.
 *
 * @example keras.ops.take([5, 6, 7], [2, 0]).array() // [ 7, 5 ]
 */
export const take = (x: TensorLike, indices: TensorLike, axis?: number | null): Tensor =>
  axis === undefined || axis === null ? tf.gather(ravel(x), indices) : tf.gather(x, indices, { axis });

/** The sizes of a tensor. */
export const shape = (x: TensorLike): number[] => [...toTensor(x).shape];

/** How many elements a tensor has. */
export const size = (x: TensorLike): number => toTensor(x).size;

/** How many axes a tensor has. */
export const ndim = (x: TensorLike): number => toTensor(x).rank;

/** Whether something is a tensor or a variable. */
export const isTensor = (x: unknown): x is Operand => x instanceof Operand;
