/**
 * @file Comparisons and logic: booleans out, no gradients.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { ElementwiseOp } from "../core/op.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";

const compare = (
  name: string,
  of: (x: Lane, y: Lane) => Lane,
  accepts: "any" | "numeric" | "bool" = "numeric",
): ElementwiseOp =>
  elementwise({ name, accepts, inputs: ["x", "y"], lane: ({ x, y }) => of(x, y), grad: null });

const test = (name: string, of: (x: Lane) => Lane, accepts: "bool" | "numeric" = "numeric"): ElementwiseOp =>
  elementwise({ name, accepts, inputs: ["x"], lane: ({ x }) => of(x), grad: null });

export const lessOp = compare("Less", lane.lt);
export const lessEqualOp = compare("LessEqual", lane.le);
export const greaterOp = compare("Greater", lane.gt);
export const greaterEqualOp = compare("GreaterEqual", lane.ge);
export const equalOp = compare("Equal", lane.eq, "any");
export const notEqualOp = compare("NotEqual", lane.ne, "any");
export const logicalAndOp = compare("LogicalAnd", lane.and, "bool");
export const logicalOrOp = compare("LogicalOr", lane.or, "bool");
export const logicalXorOp = compare("LogicalXor", lane.xor, "bool");
export const logicalNotOp = test("LogicalNot", lane.not, "bool");
export const isNanOp = test("IsNan", lane.isnan);
export const isInfOp = test("IsInf", lane.isinf);
export const isFiniteOp = test("IsFinite", lane.isfinite);

/**
 * Whether x < y, element by element.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: none.
 * @example less([1, 2, 3], 2).array() // [ true, false, false ]
 */
export const less = (x: TensorLike, y: TensorLike): Tensor => apply(lessOp, [x, y]);

/**
 * Whether x ≤ y, element by element.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: none.
 * @example lessEqual([1, 2, 3], 2).array() // [ true, true, false ]
 */
export const lessEqual = (x: TensorLike, y: TensorLike): Tensor => apply(lessEqualOp, [x, y]);

/**
 * Whether x > y, element by element.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: none.
 * @example greater([1, 2, 3], 2).array() // [ false, false, true ]
 */
export const greater = (x: TensorLike, y: TensorLike): Tensor => apply(greaterOp, [x, y]);

/**
 * Whether x ≥ y, element by element.
 *
 * @param x  any number, any shape
 * @param y  the same; the two broadcast
 * Gradient: none.
 * @example greaterEqual([1, 2, 3], 2).array() // [ false, true, true ]
 */
export const greaterEqual = (x: TensorLike, y: TensorLike): Tensor => apply(greaterEqualOp, [x, y]);

/**
 * Whether two elements are equal; NaN equals nothing.
 *
 * @param x  any dtype, any shape
 * @param y  the same; the two broadcast
 * Gradient: none.
 * @example equal([1, 2], [1, 3]).array() // [ true, false ]
 */
export const equal = (x: TensorLike, y: TensorLike): Tensor => apply(equalOp, [x, y]);

/**
 * Whether two elements differ.
 *
 * @param x  any dtype, any shape
 * @param y  the same; the two broadcast
 * Gradient: none.
 * @example notEqual([1, 2], [1, 3]).array() // [ false, true ]
 */
export const notEqual = (x: TensorLike, y: TensorLike): Tensor => apply(notEqualOp, [x, y]);

/**
 * Whether both are true.
 *
 * @param x  bool, any shape
 * @param y  the same; the two broadcast
 * @throws {DtypeError} not bool
 * Gradient: none.
 * @example logicalAnd([true, true], [true, false]).array() // [ true, false ]
 */
export const logicalAnd = (x: TensorLike, y: TensorLike): Tensor => apply(logicalAndOp, [x, y]);

/**
 * Whether at least one is true.
 *
 * @param x  bool, any shape
 * @param y  the same; the two broadcast
 * @throws {DtypeError} not bool
 * Gradient: none.
 * @example logicalOr([false, true], false).array() // [ false, true ]
 */
export const logicalOr = (x: TensorLike, y: TensorLike): Tensor => apply(logicalOrOp, [x, y]);

/**
 * Whether exactly one is true.
 *
 * @param x  bool, any shape
 * @param y  the same; the two broadcast
 * @throws {DtypeError} not bool
 * Gradient: none.
 * @example logicalXor([true, true], [true, false]).array() // [ false, true ]
 */
export const logicalXor = (x: TensorLike, y: TensorLike): Tensor => apply(logicalXorOp, [x, y]);

/**
 * Whether it is false.
 *
 * @param x  bool, any shape
 * @throws {DtypeError} not bool
 * Gradient: none.
 * @example logicalNot([true, false]).array() // [ false, true ]
 */
export const logicalNot = (x: TensorLike): Tensor => apply(logicalNotOp, [x]);

/**
 * Whether each element is NaN.
 *
 * @param x  any number, any shape
 * Gradient: none.
 * @example isNan([1, NaN]).array() // [ false, true ]
 */
export const isNan = (x: TensorLike): Tensor => apply(isNanOp, [x]);

/**
 * Whether each element is +∞ or −∞.
 *
 * @param x  any number, any shape
 * Gradient: none.
 * @example isInf([1, -Infinity]).array() // [ false, true ]
 */
export const isInf = (x: TensorLike): Tensor => apply(isInfOp, [x]);

/**
 * Whether each element is neither NaN nor infinite.
 *
 * @param x  any number, any shape
 * Gradient: none.
 * @example isFinite([1, NaN, Infinity]).array() // [ true, false, false ]
 */
// biome-ignore lint/suspicious/noShadowRestrictedNames: the port rule's spelling of is_finite
export const isFinite = (x: TensorLike): Tensor => apply(isFiniteOp, [x]);
