import * as tf from "nabla";
import { gradcheck } from "nabla/testing";

/** Numbers in no pattern that a wrong axis order could hide behind. */
export function ramp(shape: readonly number[], dtype: tf.DType = "float64", offset = 0): tf.Tensor {
  const size = shape.reduce((n, d) => n * d, 1);
  const values = Float64Array.from({ length: size }, (_, i) => (((i * 5 + 2 + offset) % 13) - 6) / 4);
  return tf.constant(values, { dtype, shape });
}

/** Gradients to second order, and forward mode, against central differences. */
export const checkGradients = (f: (...xs: tf.Tensor[]) => tf.Tensor, ...xs: tf.Tensor[]): void =>
  gradcheck(f, xs);
