/**
 * @file Conversions between dtypes.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { type DType, isFloat, standardizeDtype } from "../core/dtype.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";

/**
 * The same values in another dtype: floats are truncated toward zero to integers, anything but zero is true.
 *
 * @param x      any dtype, any shape; numbers and lists are converted directly
 * @param dtype  the dtype wanted
 * @throws {DtypeError} an unknown dtype
 * Gradient: dy cast back, between floats; none otherwise.
 * @example cast([1.7, -1.7], "int32").array() // [ 1, -1 ]
 */
export function cast(x: TensorLike, dtype: DType): Tensor {
  standardizeDtype(dtype, "cast");
  const tensor = toTensor(x, undefined, "cast");
  return tensor.dtype === dtype ? tensor : apply(castOp, [tensor], { dtype });
}
export const castOp = elementwise({
  name: "Cast",
  inputs: ["x"],
  accepts: "any",
  variant: ({ dtype }: { dtype: DType }) => dtype,
  lane: ({ x }, { dtype }) => lane.cast(x, dtype),
  grad: (dy, _, context) => {
    const from = context.dtypeOf("x");
    return { x: () => (isFloat(from) && isFloat(context.attrs.dtype) ? cast(dy, from) : null) };
  },
});
