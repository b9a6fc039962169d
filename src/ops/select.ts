/**
 * @file Choosing between two tensors by a condition.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { elementwise } from "../core/kinds.js";
import { specOf } from "../core/spec.js";
import { Tensor, type TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { zerosLike } from "./creation.js";

/**
 * `x` where the condition holds, `y` elsewhere; with a condition alone, the places where it holds: int32 [places, rank]
 * in row-major order.
 *
 * @param condition  bool, any shape
 * @param x          any dtype
 * @param y          the same; the three broadcast
 * @throws {DtypeError} the condition is not bool
 * Gradient: dy where each was chosen, 0 elsewhere; none for the condition.
 * @example where([true, false], [1, 2], 0).array() // [ 1, 0 ]
 * @example where([[false, true], [true, false]]).array() // [ [ 0, 1 ], [ 1, 0 ] ]
 */
export function where(condition: TensorLike, x: TensorLike, y: TensorLike): Tensor;
export function where(condition: TensorLike): Tensor;
export function where(condition: TensorLike, x?: TensorLike, y?: TensorLike): Tensor {
  if (x === undefined && y === undefined) return positions(toTensor(condition, undefined, "where"));
  return apply(selectOp, [condition, x!, y!]);
}
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

/** How many places there are depends on the values, so this is no op: it needs them at once. */
function positions(condition: Tensor): Tensor {
  const { shape, storage } = condition;
  const places: number[] = [];
  for (let i = 0; i < storage.length; i++) if (storage[i] !== 0) places.push(i);
  const rank = shape.length;
  const out = new Int32Array(places.length * rank);
  places.forEach((place, row) => {
    for (let axis = rank - 1, rest = place; axis >= 0; axis--) {
      out[row * rank + axis] = rest % shape[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
  });
  return new Tensor(out, specOf([places.length, rank], "int32"));
}
