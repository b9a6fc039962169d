/**
 * @file Rounding to whole numbers. These have no gradient.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { ElementwiseOp } from "../core/op.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";

const rounding = (name: string, of: (x: Lane) => Lane): ElementwiseOp =>
  elementwise({ name, inputs: ["x"], lane: ({ x }) => of(x), grad: () => ({ x: null }) });

export const floorOp = rounding("Floor", lane.floor);
export const ceilOp = rounding("Ceil", lane.ceil);
export const roundOp = rounding("Round", lane.round);
export const rintOp = rounding("Rint", lane.round);
export const truncOp = rounding("Trunc", lane.trunc);

/**
 * The largest whole number ≤ x.
 *
 * @param x  any number, any shape; the dtype stays
 * Gradient: none.
 * @example floor([1.5, -1.5]).array() // [ 1, -2 ]
 */
export const floor = (x: TensorLike): Tensor => apply(floorOp, [x]);

/**
 * The smallest whole number ≥ x.
 *
 * @param x  any number, any shape; the dtype stays
 * Gradient: none.
 * @example ceil([1.5, -1.5]).array() // [ 2, -1 ]
 */
export const ceil = (x: TensorLike): Tensor => apply(ceilOp, [x]);

/**
 * The nearest whole number, halves to the even one.
 *
 * @param x  any number, any shape; the dtype stays
 * Gradient: none.
 * @example round([0.5, 1.5, 2.4]).array() // [ 0, 2, 2 ]
 */
export const round = (x: TensorLike): Tensor => apply(roundOp, [x]);

/**
 * The nearest whole number, halves to the even one: `round` under the name that C gives it.
 *
 * @param x  any number, any shape; the dtype stays
 * Gradient: none.
 * @example rint([2.5, 3.5]).array() // [ 2, 4 ]
 */
export const rint = (x: TensorLike): Tensor => apply(rintOp, [x]);

/**
 * The whole part of each element: rounded toward 0.
 *
 * @param x  any number, any shape; the dtype stays
 * Gradient: none.
 * @example trunc([1.7, -1.7]).array() // [ 1, -1 ]
 */
export const trunc = (x: TensorLike): Tensor => apply(truncOp, [x]);
