/**
 * @file Powers, roots, exponentials and logarithms.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { add, divide, multiply, negative, subtract } from "./arithmetic.js";
import { cast } from "./cast.js";
import { greater, notEqual } from "./comparison.js";
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
  grad: (dy, { x }) => ({ x: () => multiply(add(dy, dy), x) }),
});

/**
 * Square root of each element: √x; NaN below 0.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / (2 · y), infinite at 0.
 * @example sqrt([9, 2.25]).array() // [ 3, 1.5 ]
 */
export const sqrt = (x: TensorLike): Tensor => apply(sqrtOp, [x]);
export const sqrtOp = elementwise({
  name: "Sqrt",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.sqrt(x),
  grad: (dy, { y }) => ({ x: () => divide(multiply(dy, 0.5), y) }),
});

/**
 * Reciprocal of the square root: 1 / √x; infinite at 0, NaN below.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: −dy · y³ / 2.
 * @example rsqrt([4, 0.25]).array() // [ 0.5, 2 ]
 */
export const rsqrt = (x: TensorLike): Tensor => apply(rsqrtOp, [x]);
export const rsqrtOp = elementwise({
  name: "Rsqrt",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.rsqrt(x),
  grad: (dy, { y }) => ({ x: () => multiply(multiply(dy, -0.5), multiply(y, square(y))) }),
});

/**
 * Reciprocal of each element: 1 / x.
 *
 * @param x  floats (integers become float32), any shape; 0 gives ±∞
 * Gradient: −dy · y².
 * @example reciprocal([2, -4]).array() // [ 0.5, -0.25 ]
 */
export const reciprocal = (x: TensorLike): Tensor => apply(reciprocalOp, [x]);
export const reciprocalOp = elementwise({
  name: "Reciprocal",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.div(1, x),
  grad: (dy, { y }) => ({ x: () => multiply(negative(dy), square(y)) }),
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
    x: () => powGrad(dy, x, y),
    y: () => multiply(multiply(dy, pow(x, y)), positiveLog(x)),
  }),
});

/** ln x where x > 0, and 0 where there is none. */
function positiveLog(x: Tensor): Tensor {
  const positive = greater(x, 0);
  return where(positive, log(where(positive, x, onesLike(x))), zerosLike(x));
}

/** dy · y · x^(y−1): one op, because squares are in every loss. */
const powGrad = (dy: TensorLike, x: TensorLike, y: TensorLike): Tensor => apply(powGradOp, [dy, x, y]);
export const powGradOp = elementwise({
  name: "PowGrad",
  inputs: ["dy", "x", "y"],
  accepts: "float",
  saves: ["dy", "x", "y"],
  lane: ({ dy, x, y }) => lane.mul(lane.mul(dy, y), lane.pow(x, lane.sub(y, 1))),
  grad: (g, { dy, x, y }) => ({
    dy: () => powGrad(g, x, y),
    x: () => powGrad(multiply(multiply(g, dy), y), x, subtract(y, 1)),
    y: () => {
      const power = multiply(multiply(g, dy), pow(x, subtract(y, 1)));
      return add(power, multiply(multiply(power, y), positiveLog(x)));
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
 * e to each element, less one: eˣ − 1, without cancellation near 0.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · eˣ.
 * @example expm1(tf.constant(1e-20, "float64")).item() // 1e-20
 */
export const expm1 = (x: TensorLike): Tensor => apply(expm1Op, [x]);
export const expm1Op = elementwise({
  name: "Expm1",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.expm1(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, exp(x)) }),
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

/**
 * Natural logarithm of one more than each element: ln(1 + x), accurate near 0; −∞ at −1, NaN below.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / (1 + x).
 * @example log1p(tf.constant(1e-20, "float64")).item() // 1e-20
 */
export const log1p = (x: TensorLike): Tensor => apply(log1pOp, [x]);
export const log1pOp = elementwise({
  name: "Log1p",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.log1p(x),
  grad: (dy, { x }) => ({ x: () => divide(dy, add(x, 1)) }),
});

/** 1 where x is not 0, else 0: where a factor that was left out counts again in a derivative. */
const isNonZero = (x: Tensor): Tensor => cast(notEqual(x, 0), x.dtype);

/**
 * x · ln y, or 0 where x = 0 whatever y is.
 *
 * @param x  floats (integers become float32), any shape
 * @param y  the same; the two broadcast
 * Gradient: dy · ln y where x ≠ 0, and dy · x / y; both 0 where x = 0.
 * @example xlogy([0, 2], [0, 1]).array() // [ 0, 0 ]
 */
export const xlogy = (x: TensorLike, y: TensorLike): Tensor => apply(xlogyOp, [x, y]);
export const xlogyOp = elementwise({
  name: "Xlogy",
  inputs: ["x", "y"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.select(lane.eq(x, 0), 0, lane.mul(x, lane.log(y))),
  grad: (dy, { x, y }) => ({
    x: () => multiply(dy, xlogy(isNonZero(x), y)),
    y: () => multiply(dy, xdivy(x, y)),
  }),
});

/**
 * x · ln(1 + y), or 0 where x = 0 whatever y is.
 *
 * @param x  floats (integers become float32), any shape
 * @param y  the same; the two broadcast
 * Gradient: dy · ln(1 + y) where x ≠ 0, and dy · x / (1 + y); both 0 where x = 0.
 * @example xlog1py([0, 3], [-1, 0]).array() // [ 0, 0 ]
 */
export const xlog1py = (x: TensorLike, y: TensorLike): Tensor => apply(xlog1pyOp, [x, y]);
export const xlog1pyOp = elementwise({
  name: "Xlog1py",
  inputs: ["x", "y"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.select(lane.eq(x, 0), 0, lane.mul(x, lane.log1p(y))),
  grad: (dy, { x, y }) => ({
    x: () => multiply(dy, xlog1py(isNonZero(x), y)),
    y: () => multiply(dy, xdivy(x, add(y, 1))),
  }),
});

/**
 * x / y, or 0 where x = 0 whatever y is.
 *
 * @param x  floats (integers become float32), any shape
 * @param y  the same; the two broadcast
 * Gradient: dy / y where x ≠ 0, and −dy · x / y²; both 0 where x = 0.
 * @example xdivy([0, 3], [0, 2]).array() // [ 0, 1.5 ]
 */
export const xdivy = (x: TensorLike, y: TensorLike): Tensor => apply(xdivyOp, [x, y]);
export const xdivyOp = elementwise({
  name: "Xdivy",
  inputs: ["x", "y"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.select(lane.eq(x, 0), 0, lane.div(x, y)),
  grad: (dy, { x, y }) => ({
    x: () => multiply(dy, xdivy(isNonZero(x), y)),
    y: () => multiply(dy, xdivy(negative(x), square(y))),
  }),
});
