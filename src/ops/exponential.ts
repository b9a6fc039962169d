/**
 * @file Powers, roots, exponentials and logarithms.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { divide, multiply, subtract } from "./arithmetic.js";
import { greater } from "./comparison.js";
import { onesLike, zerosLike } from "./creation.js";
import { where } from "./select.js";

/**
 * Square of each element: x².
 *
 * @param x  any number, any shape
 * Gradient: 2 · dy · x.
 * @example square([3, -2]).array() // [ 9, 4 ]
 */
export const square = (x: TensorLike): Tensor => apply(squareOp, [x]);
export const squareOp = elementwise({
  name: "Square",
  inputs: ["x"],
  saves: ["x"],
  lane: ({ x }) => lane.mul(x, x),
  grad: (dy, { x }) => ({ x: () => multiply(multiply(2, dy), x) }),
});

/**
 * Power of each element: x^y.
 *
 * @param x  any number, any shape; a negative base needs a whole exponent, else NaN
 * @param y  the same; the two broadcast
 * @throws {ValueError} integers to a negative power
 * Gradient: dy · y · x^(y−1), and dy · x^y · ln x where x > 0, else 0.
 * @example pow([2, 3], 2).array() // [ 4, 9 ]
 */
export const pow = (x: TensorLike, y: TensorLike): Tensor => apply(powOp, [x, y]);
export const powOp = elementwise({
  name: "Pow",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.pow(x, y),
  grad: (dy, { x, y }) => ({
    x: () => multiply(multiply(dy, y), pow(x, subtract(y, 1))),
    y: () => {
      const positive = greater(x, 0);
      const logarithm = where(positive, log(where(positive, x, onesLike(x))), zerosLike(x));
      return multiply(multiply(dy, pow(x, y)), logarithm);
    },
  }),
});

/**
 * e to each element: eˣ.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · y.
 * @example exp([0]).array() // [ 1 ]
 */
export const exp = (x: TensorLike): Tensor => apply(expOp, [x]);
export const expOp = elementwise({
  name: "Exp",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.exp(x),
  grad: (dy, { y }) => ({ x: () => multiply(dy, y) }),
});

/**
 * Natural logarithm of each element: ln x; −∞ at 0, NaN below.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / x.
 * @example log([1]).array() // [ 0 ]
 */
export const log = (x: TensorLike): Tensor => apply(logOp, [x]);
export const logOp = elementwise({
  name: "Log",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.log(x),
  grad: (dy, { x }) => ({ x: () => divide(dy, x) }),
});
