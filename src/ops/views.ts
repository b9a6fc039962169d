/**
 * @file Views that change the shape: reshape, transpose, broadcast, and what follows from them.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError } from "../core/errors.js";
import { view } from "../core/kinds.js";
import {
  broadcastsTo,
  checkPermutation,
  checkShape,
  normalizeAxes,
  resolveShape,
  type Shape,
  showShape,
  stridesOf,
} from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { sumTo } from "./reductions.js";

/**
 * The same elements in another shape; one size may be −1.
 *
 * @param x      any dtype, any shape
 * @param shape  sizes with the same number of elements
 * @throws {ShapeError} the number of elements differs
 * Gradient: dy in the shape of x.
 * @example reshape([1, 2, 3, 4], [2, -1]).array() // [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function reshape(x: TensorLike, shape: readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "reshape");
  return apply(reshapeOp, [tensor], { shape: resolveShape(shape, tensor.size, "reshape") });
}
export const reshapeOp = view({
  name: "Reshape",
  inputs: ["x"],
  infer: ([x], { shape }: { shape: Shape }) => specOf(shape, x!.dtype),
  plan: () => "alias",
  grad: (dy, _, context) => ({ x: () => reshape(dy, context.shapeOf("x")) }),
});

/**
 * The same tensor under a new identity: gradients flow, but it can be watched on its own.
 *
 * @example identity([1, 2]).array() // [ 1, 2 ]
 */
export const identity = (x: TensorLike): Tensor => apply(identityOp, [x]);
export const identityOp = view({
  name: "Identity",
  inputs: ["x"],
  infer: ([x]) => x!,
  plan: () => "alias",
  grad: (dy) => ({ x: dy }),
});

/**
 * The axes in another order; without one, reversed.
 *
 * @param x     any dtype, any shape
 * @param perm  which axis of x comes at each place
 * @throws {ValueError} not a permutation of the axes
 * Gradient: dy with the axes put back.
 * @example transpose([[1, 2], [3, 4]]).array() // [ [ 1, 3 ], [ 2, 4 ] ]
 */
export function transpose(x: TensorLike, perm?: readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "transpose");
  const { rank } = tensor;
  const axes = checkPermutation(
    perm ?? Array.from({ length: rank }, (_, i) => rank - 1 - i),
    rank,
    "transpose",
  );
  return apply(transposeOp, [tensor], { perm: axes });
}
export const transposeOp = view({
  name: "Transpose",
  inputs: ["x"],
  infer: ([x], { perm }: { perm: readonly number[] }) =>
    specOf(
      perm.map((axis) => x!.shape[axis]!),
      x!.dtype,
    ),
  plan: ([x], { perm }, y) => {
    const strides = stridesOf(x!.shape);
    const fromStrides = perm.map((axis) => strides[axis]!);
    return {
      copies: [{ source: 0, shape: y.shape, from: 0, fromStrides, to: 0, toStrides: stridesOf(y.shape) }],
      fill: null,
    };
  },
  grad: (dy, _, { attrs }) => ({
    x: () =>
      transpose(
        dy,
        attrs.perm.map((__, i) => attrs.perm.indexOf(i)),
      ),
  }),
});

/**
 * A tensor repeated along axes of size 1, and along new leading axes, to fill a shape.
 *
 * @param x      any dtype, any shape
 * @param shape  the shape wanted; −1 keeps the size
 * @throws {ShapeError} x does not broadcast to it
 * Gradient: dy summed over the repeated axes.
 * @example broadcastTo([1, 2], [2, 2]).array() // [ [ 1, 2 ], [ 1, 2 ] ]
 */
export function broadcastTo(x: TensorLike, shape: readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "broadcastTo");
  const lead = shape.length - tensor.rank;
  const target = checkShape(
    shape.map((n, i) => (n === -1 ? (tensor.shape[i - lead] ?? -1) : n)),
    "broadcastTo",
  );
  return apply(broadcastToOp, [tensor], { shape: target });
}

/** The same for gradients, whose shapes are known to fit. */
export const expandTo = (x: Tensor, shape: Shape): Tensor =>
  x.spec.shape === shape ? x : apply(broadcastToOp, [x], { shape });

export const broadcastToOp = view({
  name: "BroadcastTo",
  inputs: ["x"],
  infer: ([x], { shape }: { shape: Shape }) => {
    if (!broadcastsTo(x!.shape, shape)) {
      throw new ShapeError(`broadcastTo: ${showShape(x!.shape)} does not broadcast to ${showShape(shape)}`);
    }
    return specOf(shape, x!.dtype);
  },
  plan: ([x], _, y) => {
    if (x!.size === 1) return "repeat";
    const strides = stridesOf(x!.shape);
    const lead = y.shape.length - x!.shape.length;
    const fromStrides = y.shape.map((_n, i) =>
      i < lead || x!.shape[i - lead] === 1 ? 0 : strides[i - lead]!,
    );
    return {
      copies: [{ source: 0, shape: y.shape, from: 0, fromStrides, to: 0, toStrides: stridesOf(y.shape) }],
      fill: null,
    };
  },
  grad: (dy, _, context) => ({ x: () => sumTo(dy, context.shapeOf("x")) }),
});

/**
 * One more axis of size 1.
 *
 * @param x     any dtype, any shape
 * @param axis  where it goes in the result; −1 is last
 * @throws {ShapeError} the axis is out of range
 * Gradient: dy without the axis.
 * @example expandDims([1, 2], 0).shape // [ 1, 2 ]
 */
export function expandDims(x: TensorLike, axis: number): Tensor {
  const tensor = toTensor(x, undefined, "expandDims");
  const [place] = normalizeAxes(axis, tensor.rank + 1, "expandDims");
  const shape = [...tensor.shape];
  shape.splice(place!, 0, 1);
  return apply(expandDimsOp, [tensor], { shape: checkShape(shape, "expandDims"), axis: place });
}
export const expandDimsOp = view({
  name: "ExpandDims",
  inputs: ["x"],
  infer: ([x], { shape }: { shape: Shape }) => specOf(shape, x!.dtype),
  plan: () => "alias",
  grad: (dy, _, context) => ({ x: () => reshape(dy, context.shapeOf("x")) }),
});

/**
 * Axes of size 1 removed.
 *
 * @param x     any dtype, any shape
 * @param axis  which; default all of size 1
 * @throws {ShapeError} an axis has another size
 * Gradient: dy in the shape of x.
 * @example squeeze([[[1], [2]]]).shape // [ 2 ]
 */
export function squeeze(x: TensorLike, axis?: number | readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "squeeze");
  const { shape } = tensor;
  const axes =
    axis === undefined
      ? shape.flatMap((n, i) => (n === 1 ? [i] : []))
      : normalizeAxes(axis, tensor.rank, "squeeze");
  for (const a of axes) {
    if (shape[a] !== 1)
      throw new ShapeError(`squeeze: axis ${a} of ${showShape(shape)} has size ${shape[a]}, expected 1`);
  }
  return apply(squeezeOp, [tensor], {
    shape: checkShape(
      shape.filter((_, i) => !axes.includes(i)),
      "squeeze",
    ),
  });
}
export const squeezeOp = view({
  name: "Squeeze",
  inputs: ["x"],
  infer: ([x], { shape }: { shape: Shape }) => specOf(shape, x!.dtype),
  plan: () => "alias",
  grad: (dy, _, context) => ({ x: () => reshape(dy, context.shapeOf("x")) }),
});

/**
 * All elements in one row.
 *
 * @param x  any dtype, any shape
 * Gradient: dy in the shape of x.
 * @example ravel([[1, 2], [3, 4]]).array() // [ 1, 2, 3, 4 ]
 */
export const ravel = (x: TensorLike): Tensor => reshape(x, [-1]);

/**
 * Axes moved to other places; the others keep their order.
 *
 * @param x            any dtype, any shape
 * @param source       which axis or axes
 * @param destination  where each goes
 * @throws {ShapeError} an axis is out of range or named twice, or the two lists differ in length
 * Gradient: dy with the axes put back.
 * @example moveaxis([[[1, 2]]], 2, 0).shape // [ 2, 1, 1 ]
 */
export function moveaxis(
  x: TensorLike,
  source: number | readonly number[],
  destination: number | readonly number[],
): Tensor {
  const tensor = toTensor(x, undefined, "moveaxis");
  const { rank } = tensor;
  const places = (axes: number | readonly number[]): number[] => {
    normalizeAxes(axes, rank, "moveaxis");
    return (typeof axes === "number" ? [axes] : axes).map((axis) => (axis < 0 ? axis + rank : axis));
  };
  const [from, to] = [places(source), places(destination)];
  if (from.length !== to.length) {
    throw new ShapeError(`moveaxis: ${from.length} axes cannot go to ${to.length} places`);
  }
  const rest = Array.from({ length: rank }, (_, i) => i).filter((i) => !from.includes(i));
  const perm = Array.from({ length: rank }, (_, i) =>
    to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!,
  );
  return transpose(tensor, perm);
}

/**
 * Two axes exchanged.
 *
 * @param x      any dtype, any shape
 * @param axis1  one axis
 * @param axis2  the other
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy with the axes exchanged.
 * @example swapaxes([[1, 2, 3]], 0, 1).shape // [ 3, 1 ]
 */
export function swapaxes(x: TensorLike, axis1: number, axis2: number): Tensor {
  const tensor = toTensor(x, undefined, "swapaxes");
  const [p] = normalizeAxes(axis1, tensor.rank, "swapaxes");
  const [q] = normalizeAxes(axis2, tensor.rank, "swapaxes");
  return transpose(
    tensor,
    Array.from({ length: tensor.rank }, (_, i) => (i === p ? q! : i === q ? p! : i)),
  );
}
