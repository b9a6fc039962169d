/**
 * @file Activations by thresholds: straight lines and parabolas put together. Plain functions of other ops.
 */
import type { Tensor, TensorLike } from "../core/tensor.js";
import { abs, add, clipByValue, divide, multiply, subtract } from "./arithmetic.js";
import { greater, greaterEqual, lessEqual } from "./comparison.js";
import { zerosLike } from "./creation.js";
import { sqrt, square } from "./exponential.js";
import { relu6 } from "./rectifiers.js";
import { where } from "./select.js";
import { tanh } from "./trigonometry.js";

/**
 * A sigmoid of straight lines: x/6 + 1/2, limited to [0, 1].
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / 6 where −3 < x < 3, else 0.
 * @example hardSigmoid([-3, 0, 3]).array() // [ 0, 0.5, 1 ]
 */
export const hardSigmoid = (x: TensorLike): Tensor => divide(relu6(add(x, 3)), 6);

/**
 * A SiLU of straight lines and a parabola: x · hardSigmoid(x).
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: through its parts.
 * @example hardSilu([0, 3]).array() // [ 0, 3 ]
 */
export const hardSilu = (x: TensorLike): Tensor => multiply(x, hardSigmoid(x));

/**
 * x limited to [−1, 1].
 *
 * @param x  any number, any shape
 * Gradient: dy where −1 ≤ x ≤ 1, else 0.
 * @example hardTanh([-5, 0.5, 5]).array() // [ -1, 0.5, 1 ]
 */
export const hardTanh = (x: TensorLike): Tensor => clipByValue(x, -1, 1);

/**
 * x − tanh x.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · tanh² x.
 * @example tanhShrink([0]).array() // [ 0 ]
 */
export const tanhShrink = (x: TensorLike): Tensor => subtract(x, tanh(x));

/**
 * x moved toward 0 by a threshold, and 0 within it.
 *
 * @param x          floats, any shape
 * @param threshold  how far
 * Gradient: dy where |x| > threshold, else 0.
 * @example softShrink([-2, 0.2, 2]).array() // [ -1.5, 0, 1.5 ]
 */
export const softShrink = (x: TensorLike, threshold = 0.5): Tensor =>
  subtract(x, clipByValue(x, -threshold, threshold));

/**
 * x, and 0 within a threshold of 0.
 *
 * @param x          floats, any shape
 * @param threshold  how far from 0
 * Gradient: dy where |x| > threshold, else 0.
 * @example hardShrink([-2, 0.2, 2]).array() // [ -2, 0, 2 ]
 */
export const hardShrink = (x: TensorLike, threshold = 0.5): Tensor =>
  where(greater(abs(x), threshold), x, zerosLike(x));

/**
 * x above a threshold, another value elsewhere.
 *
 * @param x          any number, any shape
 * @param threshold  the threshold; x must be larger
 * @param value      what stands elsewhere
 * Gradient: dy where x > threshold, else 0.
 * @example threshold([1, 2, 3], 2, -1).array() // [ -1, -1, 3 ]
 */
export const threshold = (x: TensorLike, threshold: number, value: number): Tensor =>
  where(greater(x, threshold), x, value);

/**
 * A smooth rectifier without exponentials: (x + √(x² + b)) / 2.
 *
 * @param x  floats (integers become float32), any shape
 * @param b  width of the bend
 * Gradient: through its parts.
 * @example squareplus([0]).array() // [ 1 ]
 */
export const squareplus = (x: TensorLike, b = 4): Tensor => divide(add(x, sqrt(add(square(x), b))), 2);

/**
 * A rectifier with a parabola for a bend: 0 below −1, x above 1, (x + 1)²/4 between.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · (x + 1)/2 limited to [0, 1].
 * @example sparsePlus([-2, 0, 2]).array() // [ 0, 0.25, 2 ]
 */
export const sparsePlus = (x: TensorLike): Tensor =>
  where(lessEqual(x, -1), zerosLike(x), where(greaterEqual(x, 1), x, multiply(square(add(x, 1)), 0.25)));
