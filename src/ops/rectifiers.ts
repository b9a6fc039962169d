/**
 * @file Rectifiers: activations that are straight on the positive side.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { ElementwiseOp } from "../core/op.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";
import { add, divide, multiply } from "./arithmetic.js";
import { greater, less } from "./comparison.js";
import { zerosLike } from "./creation.js";
import { expm1 } from "./exponential.js";
import { where } from "./select.js";

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
