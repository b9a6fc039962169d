/**
 * @file Activation functions that Keras defines beyond the ops of the same name.
 */
import { toTensor } from "../../core/convert.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import {
  add,
  cast,
  clipByValue,
  greater,
  multiply,
  negative,
  nn,
  split,
  subtract,
} from "../../ops/public.js";
import { setLogits } from "../base/annotations.js";
import { floatx } from "../base/config.js";

export interface ReluOptions {
  /** Slope below the threshold; default 0. */
  negativeSlope?: number;
  /** Largest output; default none. */
  maxValue?: number | null;
  /** Inputs up to here give 0; default 0. */
  threshold?: number;
}

/**
 * The input where it is above a threshold, else 0: max(x, 0) by default.
 *
 * @param x        floats, any shape
 * @param options  `negativeSlope`, `maxValue`, `threshold`
 * Gradient: dy above the threshold (and below the maximum), `negativeSlope` · dy below it.
 * @example keras.activations.relu([-2, 3, 9], { maxValue: 6, negativeSlope: 0.5 }).array() // [ -1, 3, 6 ]
 */
export function relu(x: TensorLike, options: ReluOptions = {}): Tensor {
  const { negativeSlope = 0, maxValue = null, threshold = 0 } = options;
  if (negativeSlope === 0 && threshold === 0 && maxValue === null) return nn.relu(x);
  if (threshold === 0 && maxValue === null) return nn.leakyRelu(x, negativeSlope);
  const tensor = toTensor(x, floatx(), "relu");
  const above =
    threshold === 0 ? nn.relu(tensor) : multiply(tensor, cast(greater(tensor, threshold), tensor.dtype));
  const limited = maxValue === null ? above : clipByValue(above, 0, maxValue);
  if (negativeSlope === 0) return limited;
  return subtract(limited, multiply(negativeSlope, nn.relu(add(negative(tensor), threshold))));
}

/**
 * The input where it is positive, else a slope times it.
 *
 * @param x        floats, any shape
 * @param options  `negativeSlope`: default 0.2
 * Gradient: dy, or slope · dy.
 * @example keras.activations.leakyRelu([-1, 2], { negativeSlope: 0.5 }).array() // [ -0.5, 2 ]
 */
export const leakyRelu = (x: TensorLike, options: { negativeSlope?: number } = {}): Tensor =>
  nn.leakyRelu(x, options.negativeSlope ?? 0.2);

/**
 * Probabilities: eˣ / Σ eˣ along an axis. A cross-entropy of the result is computed from x itself.
 *
 * @param x     floats, rank ≥ 1
 * @param axis  the axis along which they sum to 1; default the last
 * Gradient: y · (dy − Σ dy · y).
 * @example keras.activations.softmax([0, 0]).array() // [ 0.5, 0.5 ]
 */
export function softmax(x: TensorLike, axis = -1): Tensor {
  const logits = toTensor(x, floatx(), "softmax");
  return setLogits(nn.softmax(logits, axis), logits);
}

/**
 * A probability: 1 / (1 + e⁻ˣ). A cross-entropy of the result is computed from x itself.
 *
 * @param x  floats, any shape
 * Gradient: dy · y · (1 − y).
 * @example keras.activations.sigmoid([0]).array() // [ 0.5 ]
 */
export function sigmoid(x: TensorLike): Tensor {
  const logits = toTensor(x, floatx(), "sigmoid");
  return setLogits(nn.sigmoid(logits), logits);
}

/**
 * The input itself.
 *
 * @example keras.activations.linear([1, 2]).array() // [ 1, 2 ]
 */
export const linear = (x: TensorLike): Tensor => toTensor(x, floatx(), "linear");

/**
 * One half of the input, gated by the sigmoid of the other.
 *
 * @param x     floats; the size along the axis is even
 * @param axis  the axis that is halved; default the last
 * @example keras.activations.glu([2, 0]).array() // [ 1 ]
 */
export function glu(x: TensorLike, axis = -1): Tensor {
  const [value, gate] = split(x, 2, axis);
  return multiply(value!, nn.sigmoid(gate!));
}

/**
 * A straight line from 0 at −1 to 1 at 1, flat outside.
 *
 * @param x  floats, any shape
 * @example keras.activations.sparseSigmoid([-2, 0, 2]).array() // [ 0, 0.5, 1 ]
 */
export const sparseSigmoid = (x: TensorLike): Tensor => clipByValue(multiply(0.5, add(x, 1)), 0, 1);
