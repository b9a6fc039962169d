/**
 * @file Op cases as tensors.
 */
import * as tf from "nabla";
import type { OpCase } from "nabla/testing";
import type { DType } from "../../src/core/dtype.js";
import type { Op } from "../../src/core/op.js";

/** The inputs of a case as tensors, those with a shared type in this dtype. */
export function inputsOf(op: Op, { inputs }: OpCase, dtype: DType): tf.Tensor[] {
  return inputs.map((value, i) => {
    const role = op.roles[op.variadic ? 0 : i]!;
    if (role === "T" || role === "any")
      return tf.cast(tf.constant(value, dtype === "bool" ? "bool" : "float64"), dtype);
    return tf.constant(value, role === "index" ? "int32" : role);
  });
}
