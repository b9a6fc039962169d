/**
 * @file Smooth activations: the logistic function, and gates and ramps made with it.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";
import { abs, add, divide, multiply, negative, subtract } from "./arithmetic.js";
import { exp, square } from "./exponential.js";
import { erfc } from "./special.js";
import { tanh } from "./trigonometry.js";

/** 1 / (1 + e^(−x)), by the form whose exponential cannot overflow. */
const logistic = (x: Lane): Lane =>
  lane.div(lane.select(lane.ge(x, 0), 1, lane.exp(x)), lane.add(1, lane.exp(lane.neg(lane.abs(x)))));

/**
 * Logistic function of each element: 1 / (1 + e^(−x)).
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · y · (1 − y).
 * @example sigmoid([0]).array() // [ 0.5 ]
 */
export const sigmoid = (x: TensorLike): Tensor => apply(sigmoidOp, [x]);
export const sigmoidOp = elementwise({
  name: "Sigmoid",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => logistic(x),
  grad: (dy, { y }) => ({ x: () => sigmoidGrad(y, dy) }),
});

/** dy · y · (1 − y): one op, because training runs it at every step. */
const sigmoidGrad = (y: Tensor, dy: Tensor): Tensor => apply(sigmoidGradOp, [y, dy]);
export const sigmoidGradOp = elementwise({
  name: "SigmoidGrad",
  inputs: ["y", "dy"],
  accepts: "float",
  saves: ["y", "dy"],
  lane: ({ y, dy }) => lane.mul(dy, lane.mul(y, lane.sub(1, y))),
  grad: (ddy, { y, dy }) => ({
    y: () => multiply(multiply(ddy, dy), subtract(1, add(y, y))),
    dy: () => sigmoidGrad(y, ddy),
  }),
});

/** The approximation's gate is a logistic function of √(8/π) · (x + 0.044715 x³). */
const GELU_SLOPE = Math.sqrt(8 / Math.PI);
const GELU_CUBIC = 0.044715;

/**
 * Gaussian error linear unit: x · Φ(x), Φ the normal distribution's cumulative function.
 *
 * @param x            floats (integers become float32), any shape
 * @param approximate  x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))) instead
 * Gradient: dy · (Φ(x) + x · φ(x)), or that of the approximation.
 * @example gelu([0]).array() // [ 0 ]
 */
export const gelu = (x: TensorLike, approximate = false): Tensor => apply(geluOp, [x], { approximate });
export const geluOp = elementwise({
  name: "Gelu",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  variant: ({ approximate }: { approximate: boolean }) => String(approximate),
  lane: ({ x }, { approximate }) => {
    if (!approximate) return lane.mul(lane.mul(x, 0.5), lane.erfc(lane.mul(x, -Math.SQRT1_2)));
    const inner = lane.add(x, lane.mul(GELU_CUBIC, lane.mul(x, lane.mul(x, x))));
    // (1 + tanh u) / 2 without the cancellation for negative u.
    return lane.mul(x, logistic(lane.mul(GELU_SLOPE, inner)));
  },
  grad: (dy, { x }, { attrs }) => ({
    x: () => multiply(dy, attrs.approximate ? approximateGeluSlope(x) : geluSlope(x)),
  }),
});

function geluSlope(x: Tensor): Tensor {
  const cumulative = multiply(erfc(multiply(x, -Math.SQRT1_2)), 0.5);
  const density = multiply(exp(multiply(square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return add(cumulative, multiply(x, density));
}

function approximateGeluSlope(x: Tensor): Tensor {
  const squared = square(x);
  const gate = sigmoid(multiply(multiply(x, add(multiply(squared, GELU_CUBIC), 1)), GELU_SLOPE));
  const slope = multiply(add(multiply(squared, 3 * GELU_CUBIC), 1), GELU_SLOPE);
  return multiply(gate, add(multiply(multiply(x, subtract(1, gate)), slope), 1));
}

/**
 * Sigmoid linear unit, also called swish: x · sigmoid(beta · x).
 *
 * @param x     floats (integers become float32), any shape
 * @param beta  steepness of the gate
 * Gradient: dy · s · (1 + beta · x · (1 − s)), s the gate.
 * @example silu([0]).array() // [ 0 ]
 */
export const silu = (x: TensorLike, beta = 1): Tensor => apply(siluOp, [x], { beta });
export const siluOp = elementwise({
  name: "Silu",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.mul(x, logistic(lane.mul(x, lane.attr("beta")))),
  grad: (dy, { x }, { attrs: { beta } }) => ({
    x: () => {
      const scaled = beta === 1 ? x : multiply(x, beta);
      const gate = sigmoid(scaled);
      return multiply(dy, multiply(gate, add(multiply(scaled, subtract(1, gate)), 1)));
    },
  }),
});

/**
 * Smooth rectifier: ln(1 + eˣ).
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · sigmoid(x).
 * @example softplus([1000]).array() // [ 1000 ]
 */
export const softplus = (x: TensorLike): Tensor => apply(softplusOp, [x]);
export const softplusOp = elementwise({
  name: "Softplus",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.add(lane.max(x, 0), lane.log1p(lane.exp(lane.neg(lane.abs(x))))),
  grad: (dy, { x }) => ({ x: () => multiply(dy, sigmoid(x)) }),
});

/**
 * x / (1 + |x|), between −1 and 1.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / (1 + |x|)².
 * @example softsign([1, -3]).array() // [ 0.5, -0.75 ]
 */
export const softsign = (x: TensorLike): Tensor => apply(softsignOp, [x]);
export const softsignOp = elementwise({
  name: "Softsign",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.div(x, lane.add(1, lane.abs(x))),
  grad: (dy, { x }) => ({ x: () => divide(dy, square(add(abs(x), 1))) }),
});

/**
 * Logarithm of the logistic function: −ln(1 + e^(−x)).
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · sigmoid(−x).
 * @example logSigmoid([-1000]).array() // [ -1000 ]
 */
export const logSigmoid = (x: TensorLike): Tensor => negative(softplus(negative(x)));

/**
 * x · tanh(softplus(x)).
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: through its parts.
 * @example mish([0]).array() // [ 0 ]
 */
export const mish = (x: TensorLike): Tensor => multiply(x, tanh(softplus(x)));
