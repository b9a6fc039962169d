/**
 * @file Arithmetic: + − × ÷, integer division and remainders, signs, extremes of two.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { elementwise } from "../core/kinds.js";
import { sameShape, showShape } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { greater, greaterEqual, lessEqual, logicalAnd, logicalOr } from "./comparison.js";
import { zerosLike } from "./creation.js";
import { where } from "./select.js";
import { identity } from "./views.js";

/**
 * Sum of two tensors, element by element: x + y.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ShapeError} the shapes do not broadcast
 * Gradient: dy for both, summed over broadcast axes.
 * @example add([1, 2], 10).array() // [ 11, 12 ]
 */
export const add = (x: TensorLike, y: TensorLike): Tensor => apply(addOp, [x, y]);
export const addOp = elementwise({
  name: "Add",
  inputs: ["x", "y"],
  linear: true,
  lane: ({ x, y }) => lane.add(x, y),
  grad: (dy) => ({ x: dy, y: dy }),
});

/**
 * Difference of two tensors, element by element: x − y.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ShapeError} the shapes do not broadcast
 * Gradient: dy and −dy, summed over broadcast axes.
 * @example subtract([5, 7], [1, 2]).array() // [ 4, 5 ]
 */
export const subtract = (x: TensorLike, y: TensorLike): Tensor => apply(subtractOp, [x, y]);
export const subtractOp = elementwise({
  name: "Sub",
  inputs: ["x", "y"],
  linear: true,
  lane: ({ x, y }) => lane.sub(x, y),
  grad: (dy) => ({ x: dy, y: () => negative(dy) }),
});

/**
 * Product of two tensors, element by element: x · y.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ShapeError} the shapes do not broadcast
 * Gradient: dy · y and dy · x, summed over broadcast axes.
 * @example multiply([1, 2, 3], 2).array() // [ 2, 4, 6 ]
 */
export const multiply = (x: TensorLike, y: TensorLike): Tensor => apply(multiplyOp, [x, y]);
export const multiplyOp = elementwise({
  name: "Mul",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.mul(x, y),
  grad: (dy, { x, y }) => ({ x: () => multiply(dy, y), y: () => multiply(dy, x) }),
});

/**
 * Quotient of two tensors, element by element: x / y. Integers become float32 first.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast; division by zero gives ±∞ or NaN
 * @throws {ShapeError} the shapes do not broadcast
 * Gradient: dy / y and −dy · x / y².
 * @example divide([1, 4], [2, 8]).array() // [ 0.5, 0.5 ]
 */
export const divide = (x: TensorLike, y: TensorLike): Tensor => apply(divideOp, [x, y]);
export const divideOp = elementwise({
  name: "RealDiv",
  inputs: ["x", "y"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.div(x, y),
  grad: (dy, { x, y }) => ({
    x: () => divide(dy, y),
    y: () => multiply(dy, divide(divide(negative(x), y), y)),
  }),
});

/**
 * Quotient where a zero divisor gives zero: x / y, or 0 where y = 0.
 *
 * @param x  floats, any shape
 * @param y  the same; the two broadcast
 * Gradient: dy / y and −dy · (x / y) / y, zero where y = 0.
 * @example divideNoNan([1, 2], [0, 4]).array() // [ 0, 0.5 ]
 */
export const divideNoNan = (x: TensorLike, y: TensorLike): Tensor => apply(divideNoNanOp, [x, y]);
export const divideNoNanOp = elementwise({
  name: "DivNoNan",
  inputs: ["x", "y"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.select(lane.eq(y, 0), 0, lane.div(x, y)),
  grad: (dy, { x, y }) => ({
    x: () => divideNoNan(dy, y),
    y: () => multiply(dy, divideNoNan(divideNoNan(negative(x), y), y)),
  }),
});

/**
 * Product where a zero factor wins over NaN and infinity: x · y, or 0 where y = 0.
 *
 * @param x  floats, any shape
 * @param y  the same; the two broadcast
 * Gradient: dy · y and x · dy by the same rule.
 * @example multiplyNoNan([NaN, 2], [0, 3]).array() // [ 0, 6 ]
 */
export const multiplyNoNan = (x: TensorLike, y: TensorLike): Tensor => apply(multiplyNoNanOp, [x, y]);
export const multiplyNoNanOp = elementwise({
  name: "MulNoNan",
  inputs: ["x", "y"],
  accepts: "float",
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.select(lane.eq(y, 0), 0, lane.mul(x, y)),
  grad: (dy, { x, y }) => ({ x: () => multiplyNoNan(dy, y), y: () => multiplyNoNan(x, dy) }),
});

/**
 * Quotient rounded toward −∞: ⌊x / y⌋.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ValueError} an integer divisor is zero
 * Gradient: none.
 * @example floordiv([-7, 7], 2).array() // [ -4, 3 ]
 */
export const floordiv = (x: TensorLike, y: TensorLike): Tensor => apply(floordivOp, [x, y]);
export const floordivOp = elementwise({
  name: "FloorDiv",
  inputs: ["x", "y"],
  lane: ({ x, y }) => lane.floordiv(x, y),
  grad: () => ({ x: null, y: null }),
});

/**
 * Remainder with the divisor's sign: x − ⌊x / y⌋ · y.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ValueError} an integer divisor is zero
 * Gradient: dy and −dy · ⌊x / y⌋.
 * @example floormod([-7, 7], 3).array() // [ 2, 1 ]
 */
export const floormod = (x: TensorLike, y: TensorLike): Tensor => apply(floormodOp, [x, y]);
export const floormodOp = elementwise({
  name: "FloorMod",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.floormod(x, y),
  grad: (dy, { x, y }) => ({ x: dy, y: () => negative(multiply(dy, floordiv(x, y))) }),
});

/**
 * Quotient rounded toward zero.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ValueError} an integer divisor is zero
 * Gradient: none.
 * @example truncatediv([-7, 7], 2).array() // [ -3, 3 ]
 */
export const truncatediv = (x: TensorLike, y: TensorLike): Tensor => apply(truncatedivOp, [x, y]);
export const truncatedivOp = elementwise({
  name: "TruncateDiv",
  inputs: ["x", "y"],
  lane: ({ x, y }) => lane.truncdiv(x, y),
  grad: () => ({ x: null, y: null }),
});

/**
 * Remainder with the dividend's sign.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * @throws {ValueError} an integer divisor is zero
 * Gradient: dy and −dy times the quotient rounded toward zero.
 * @example truncatemod([-7, 7], 3).array() // [ -1, 1 ]
 */
export const truncatemod = (x: TensorLike, y: TensorLike): Tensor => apply(truncatemodOp, [x, y]);
export const truncatemodOp = elementwise({
  name: "TruncateMod",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.truncmod(x, y),
  grad: (dy, { x, y }) => ({ x: dy, y: () => negative(multiply(dy, truncatediv(x, y))) }),
});

/**
 * The number with the other sign: −x.
 *
 * @param x  any number, any shape
 * Gradient: −dy.
 * @example negative([1, -2]).array() // [ -1, 2 ]
 */
export const negative = (x: TensorLike): Tensor => apply(negativeOp, [x]);
export const negativeOp = elementwise({
  name: "Neg",
  inputs: ["x"],
  linear: true,
  lane: ({ x }) => lane.neg(x),
  grad: (dy) => ({ x: () => negative(dy) }),
});

/**
 * Absolute value: |x|.
 *
 * @param x  any number, any shape
 * Gradient: dy · sign(x), so 0 at 0.
 * @example abs([-3, 0, 2]).array() // [ 3, 0, 2 ]
 */
export const abs = (x: TensorLike): Tensor => apply(absOp, [x]);
export const absOp = elementwise({
  name: "Abs",
  inputs: ["x"],
  saves: ["x"],
  lane: ({ x }) => lane.abs(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, sign(x)) }),
});

/**
 * Sign of each element: −1, 0 or 1.
 *
 * @param x  any number, any shape
 * Gradient: zeros.
 * @example sign([-3, 0, 2]).array() // [ -1, 0, 1 ]
 */
export const sign = (x: TensorLike): Tensor => apply(signOp, [x]);
export const signOp = elementwise({
  name: "Sign",
  inputs: ["x"],
  lane: ({ x }) => lane.sign(x),
  grad: (dy) => ({ x: () => zerosLike(dy) }),
});

/**
 * The larger of two, element by element; NaN if either is NaN.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: dy goes to the larger one; where they are equal, all of it to x.
 * @example maximum([1, 5], [3, 2]).array() // [ 3, 5 ]
 */
export const maximum = (x: TensorLike, y: TensorLike): Tensor => apply(maximumOp, [x, y]);
export const maximumOp = elementwise({
  name: "Maximum",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.max(x, y),
  grad: (dy, { x, y }) => ({
    x: () => where(greaterEqual(x, y), dy, zerosLike(dy)),
    y: () => where(greaterEqual(x, y), zerosLike(dy), dy),
  }),
});

/**
 * The smaller of two, element by element; NaN if either is NaN.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: dy goes to the smaller one; where they are equal, all of it to x.
 * @example minimum([1, 5], [3, 2]).array() // [ 1, 2 ]
 */
export const minimum = (x: TensorLike, y: TensorLike): Tensor => apply(minimumOp, [x, y]);
export const minimumOp = elementwise({
  name: "Minimum",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.min(x, y),
  grad: (dy, { x, y }) => ({
    x: () => where(lessEqual(x, y), dy, zerosLike(dy)),
    y: () => where(lessEqual(x, y), zerosLike(dy), dy),
  }),
});

/**
 * Square of the difference: (x − y)².
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: 2 · dy · (x − y) and its negative.
 * @example squaredDifference([1, 4], 2).array() // [ 1, 4 ]
 */
export const squaredDifference = (x: TensorLike, y: TensorLike): Tensor => apply(squaredDifferenceOp, [x, y]);
export const squaredDifferenceOp = elementwise({
  name: "SquaredDifference",
  inputs: ["x", "y"],
  saves: ["x", "y"],
  lane: ({ x, y }) => lane.mul(lane.sub(x, y), lane.sub(x, y)),
  grad: (dy, { x, y }) => ({
    x: () => multiply(multiply(2, dy), subtract(x, y)),
    y: () => multiply(multiply(2, dy), subtract(y, x)),
  }),
});

/**
 * Elements limited to a range: max(min(x, high), low).
 *
 * @param x     any number, any shape
 * @param low   lower end; broadcasts
 * @param high  upper end; broadcasts
 * Gradient: dy where low ≤ x ≤ high, else 0; the ends get the rest.
 * @example clipByValue([-2, 0.5, 9], 0, 1).array() // [ 0, 0.5, 1 ]
 */
export const clipByValue = (x: TensorLike, low: TensorLike, high: TensorLike): Tensor =>
  apply(clipByValueOp, [x, low, high]);
export const clipByValueOp = elementwise({
  name: "ClipByValue",
  inputs: ["x", "low", "high"],
  saves: ["x", "low", "high"],
  lane: ({ x, low, high }) => lane.max(lane.min(x, high), low),
  // As maximum(minimum(x, high), low) shares it out: ties go to x, and so to no end.
  grad: (dy, { x, low, high }) => {
    const inside = () => logicalAnd(greaterEqual(x, low), lessEqual(x, high));
    const above = () => logicalAnd(greater(x, high), greaterEqual(high, low));
    return {
      x: () => where(inside(), dy, zerosLike(dy)),
      low: () => where(logicalOr(inside(), above()), zerosLike(dy), dy),
      high: () => where(above(), dy, zerosLike(dy)),
    };
  },
});

/**
 * Sum of several tensors of one shape.
 *
 * @param xs  at least one
 * @throws {ValueError} none is given
 * @throws {ShapeError} the shapes differ
 * Gradient: dy for each.
 * @example addN([[1, 2], [3, 4], [5, 6]]).array() // [ 9, 12 ]
 */
export function addN(xs: readonly TensorLike[]): Tensor {
  if (xs.length === 0) throw new ValueError("addN: expected at least one tensor, got none");
  const tensors = xs.map((x) => toTensor(x, undefined, "addN"));
  const [first, ...rest] = tensors as [Tensor, ...Tensor[]];
  const odd = rest.find((x) => !sameShape(x.shape, first.shape));
  if (odd) throw new ShapeError(`addN: shapes differ: ${showShape(first.shape)} and ${showShape(odd.shape)}`);
  return rest.reduce<Tensor>(add, identity(first));
}
