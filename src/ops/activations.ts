/**
 * @file Activations: what a layer does to each element of its output.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { ElementwiseOp } from "../core/op.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";
import { abs, add, clipByValue, divide, multiply, negative, subtract } from "./arithmetic.js";
import { greater, greaterEqual, less, lessEqual } from "./comparison.js";
import { zerosLike } from "./creation.js";
import { exp, expm1, sqrt, square } from "./exponential.js";
import { where } from "./select.js";
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

/**
 * Rectifier of each element: max(x, 0).
 *
 * @param x  any number, any shape
 * Gradient: dy where x > 0, else 0.
 * @example relu([-1, 0, 2]).array() // [ 0, 0, 2 ]
 */
export const relu = (x: TensorLike): Tensor => apply(reluOp, [x]);
export const reluOp = elementwise({
  name: "Relu",
  inputs: ["x"],
  saves: ["y"],
  lane: ({ x }) => lane.max(x, 0),
  grad: (dy, { y }) => ({ x: () => apply(reluGradOp, [dy, y]) }),
});

/**
 * The backward pass of a rectifier: dy times a slope that does not change with x, so the second derivative is 0. One op
 * each, because every layer's backward pass runs it.
 */
function rectifierGrad(name: string, lanes: (dy: Lane, features: Lane) => Lane): ElementwiseOp {
  const op: ElementwiseOp = elementwise({
    name,
    inputs: ["gradients", "features"],
    saves: ["features"],
    lane: ({ gradients, features }) => lanes(gradients, features),
    grad: (dy, { features }, { attrs }) => ({
      gradients: () => apply(op, [dy, features], attrs),
      features: () => zerosLike(features),
    }),
  });
  return op;
}

export const reluGradOp = rectifierGrad("ReluGrad", (dy, y) => lane.select(lane.gt(y, 0), dy, 0));
export const relu6GradOp = rectifierGrad("Relu6Grad", (dy, y) =>
  lane.select(lane.and(lane.gt(y, 0), lane.lt(y, 6)), dy, 0),
);
export const leakyReluGradOp = rectifierGrad("LeakyReluGrad", (dy, x) =>
  lane.select(lane.gt(x, 0), dy, lane.mul(dy, lane.attr("alpha"))),
);

/**
 * Rectifier with a ceiling: min(max(x, 0), 6).
 *
 * @param x  any number, any shape
 * Gradient: dy where 0 < x < 6, else 0.
 * @example relu6([-1, 3, 9]).array() // [ 0, 3, 6 ]
 */
export const relu6 = (x: TensorLike): Tensor => apply(relu6Op, [x]);
export const relu6Op = elementwise({
  name: "Relu6",
  inputs: ["x"],
  saves: ["y"],
  lane: ({ x }) => lane.min(lane.max(x, 0), 6),
  grad: (dy, { y }) => ({ x: () => apply(relu6GradOp, [dy, y]) }),
});

/**
 * Rectifier that lets a little of the negative side through: x, or alpha · x where x ≤ 0.
 *
 * @param x      floats (integers become float32), any shape
 * @param alpha  slope of the negative side
 * Gradient: dy where x > 0, else alpha · dy.
 * @example leakyRelu([-10, 5]).array() // [ -2, 5 ]
 */
export const leakyRelu = (x: TensorLike, alpha = 0.2): Tensor => apply(leakyReluOp, [x], { alpha });
export const leakyReluOp = elementwise({
  name: "LeakyRelu",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.select(lane.gt(x, 0), x, lane.mul(x, lane.attr("alpha"))),
  grad: (dy, { x }, { attrs }) => ({ x: () => apply(leakyReluGradOp, [dy, x], attrs) }),
});

/**
 * Exponential linear unit: x, or alpha · (eˣ − 1) where x ≤ 0.
 *
 * @param x      floats (integers become float32), any shape
 * @param alpha  the limit on the negative side, with the other sign
 * Gradient: dy where x > 0, else dy · (y + alpha); at 0 that of the negative side.
 * @example elu([0, 2]).array() // [ 0, 2 ]
 */
export const elu = (x: TensorLike, alpha = 1): Tensor => apply(eluOp, [x], { alpha });
export const eluOp = elementwise({
  name: "Elu",
  inputs: ["x"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x }) => lane.select(lane.gt(x, 0), x, lane.mul(lane.attr("alpha"), lane.expm1(x))),
  grad: (dy, { x, y }, { attrs: { alpha } }) => ({
    x: () => {
      const positive = alpha === 1 ? dy : where(greater(x, 0), dy, multiply(dy, alpha));
      return where(less(x, 0), multiply(dy, add(y, alpha)), positive);
    },
  }),
});

/** The fixed point that keeps mean 0 and variance 1 from layer to layer (Klambauer et al., 2017). */
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/**
 * Scaled exponential linear unit: s · x, or s · a · (eˣ − 1) where x < 0, with s ≈ 1.0507 and a ≈ 1.6733.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · s where x ≥ 0, else dy · (y + s · a).
 * @example selu([0]).array() // [ 0 ]
 */
export const selu = (x: TensorLike): Tensor => apply(seluOp, [x]);
export const seluOp = elementwise({
  name: "Selu",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) =>
    lane.select(lane.lt(x, 0), lane.mul(SELU_SCALE * SELU_ALPHA, lane.expm1(x)), lane.mul(SELU_SCALE, x)),
  grad: (dy, { y }) => ({
    x: () => where(less(y, 0), multiply(dy, add(y, SELU_SCALE * SELU_ALPHA)), multiply(dy, SELU_SCALE)),
  }),
});

/**
 * Continuously differentiable exponential linear unit: x, or alpha · (e^(x/alpha) − 1) where x ≤ 0.
 *
 * @param x      floats (integers become float32), any shape
 * @param alpha  the limit on the negative side, with the other sign
 * Gradient: dy, or dy · e^(x/alpha) where x ≤ 0; 1 at 0 from both sides.
 * @example celu([0, 2]).array() // [ 0, 2 ]
 */
export const celu = (x: TensorLike, alpha = 1): Tensor => {
  const positive = greater(x, 0);
  // The side that is not chosen must not overflow: its gradient would be 0 · ∞.
  const negativePart = where(positive, zerosLike(x), x);
  return where(positive, x, multiply(expm1(divide(negativePart, alpha)), alpha));
};

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
