/**
 * @file Choosing between two tensors by a condition.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { zerosLike } from "./creation.js";

/**
 * `x` where the condition holds, `y` elsewhere.
 *
 * @param condition  bool, any shape
 * @param x          any dtype
 * @param y          the same; the three broadcast
 * @throws {DtypeError} the condition is not bool
 * Gradient: dy where each was chosen, 0 elsewhere; none for the condition.
 * @example where([true, false], [1, 2], 0).array() // [ 1, 0 ]
 */
export const where = (condition: TensorLike, x: TensorLike, y: TensorLike): Tensor =>
  apply(selectOp, [condition, x, y]);
export const selectOp = elementwise({
  name: "Select",
  inputs: ["condition", "x", "y"],
  roles: { condition: "bool" },
  accepts: "any",
  saves: ["condition"],
  lane: ({ condition, x, y }) => lane.select(condition, x, y),
  grad: (dy, { condition }) => ({
    condition: null,
    x: () => where(condition, dy, zerosLike(dy)),
    y: () => where(condition, zerosLike(dy), dy),
  }),
});
