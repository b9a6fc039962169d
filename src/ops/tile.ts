/**
 * @file Tensors repeated and shifted along their axes.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { view } from "../core/kinds.js";
import type { Copy } from "../core/op.js";
import { checkShape, normalizeAxis, showShape, sizeOf, stridesOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { addSizes, isAtMost, isSize, mulSizes, subSizes } from "../ir/openSize.js";
import { gather } from "./gather.js";
import { reduceSum } from "./reductions.js";
import { broadcastTo, ravel, reshape } from "./views.js";

/**
 * A tensor laid out several times along each axis.
 *
 * @param x          any dtype, any shape
 * @param multiples  how often along each axis
 * @throws {ShapeError} not one whole number ≥ 0 per axis
 * Gradient: dy summed over the copies.
 * @example tile([[1, 2]], [2, 2]).array() // [ [ 1, 2, 1, 2 ], [ 1, 2, 1, 2 ] ]
 */
export function tile(x: TensorLike, multiples: readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "tile");
  const times = checkShape(multiples, "tile");
  if (times.length !== tensor.rank) {
    throw new ShapeError(
      `tile: expected ${tensor.rank} multiples, one per axis, got ${showShape(multiples)}`,
    );
  }
  return apply(tileOp, [tensor], { multiples: times });
}
export const tileOp = view({
  name: "Tile",
  inputs: ["x"],
  infer: ([x], { multiples }: { multiples: readonly number[] }) =>
    specOf(
      x!.shape.map((n, i) => mulSizes(n, multiples[i]!)),
      x!.dtype,
    ),
  plan: ([x], { multiples }, y) => {
    const from = stridesOf(x!.shape);
    const to = stridesOf(y.shape);
    const copy: Copy = {
      source: 0,
      shape: x!.shape.flatMap((n, i) => [multiples[i]!, n]),
      from: 0,
      fromStrides: from.flatMap((stride) => [0, stride]),
      to: 0,
      toStrides: to.flatMap((stride, i) => [x!.shape[i]! * stride, stride]),
    };
    return { copies: [copy], fill: null };
  },
  grad: (dy, _, context) => ({
    x: () => {
      // One axis at a time: all copies at once would be a rank above 8.
      let grad = dy;
      context.shapeOf("x").forEach((n, axis) => {
        const times = context.attrs.multiples[axis]!;
        if (times === 1) return;
        const before = grad.shape.slice(0, axis);
        const after = grad.shape.slice(axis + 1);
        grad = reduceSum(reshape(grad, [sizeOf(before), times, n, sizeOf(after)]), 1);
        grad = reshape(grad, [...before, n, ...after]);
      });
      return grad;
    },
  }),
});

/**
 * Each element repeated in place.
 *
 * @param x        any dtype, any shape
 * @param repeats  how often: one number, or one per slice along the axis
 * @param axis     along which; default: x is flattened first
 * @throws {ShapeError} the number of repeats is not the axis' size
 * Gradient: dy summed over the copies.
 * @example repeat([1, 2], 2).array() // [ 1, 1, 2, 2 ]
 * @example repeat([[1], [2]], [1, 2], 0).array() // [ [ 1 ], [ 2 ], [ 2 ] ]
 */
export function repeat(x: TensorLike, repeats: number | readonly number[], axis?: number | null): Tensor {
  const tensor = toTensor(x, undefined, "repeat");
  if (axis === undefined || axis === null) return repeat(ravel(tensor), repeats, 0);
  const place = normalizeAxis(axis, tensor.rank, "repeat");
  const length = tensor.shape[place]!;
  const counts = typeof repeats === "number" ? [repeats] : repeats;
  if (!counts.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ValueError(`repeat: expected whole numbers ≥ 0, got ${showShape(counts)}`);
  }
  if (counts.length === 1) return repeatEvenly(tensor, counts[0]!, place);
  if (counts.length !== length) {
    throw new ShapeError(
      `repeat: expected ${length} repeats, one per slice of axis ${place}, got ${counts.length}`,
    );
  }
  const indices = counts.flatMap((n, i) => new Array<number>(n).fill(i));
  return gather(tensor, indices, place);
}

function repeatEvenly(x: Tensor, times: number, axis: number): Tensor {
  const before = x.shape.slice(0, axis);
  const after = x.shape.slice(axis + 1);
  const [outer, length, inner] = [sizeOf(before), x.shape[axis]!, sizeOf(after)];
  const copies = broadcastTo(reshape(x, [outer, length, 1, inner]), [outer, length, times, inner]);
  return reshape(copies, [...before, mulSizes(length, times), ...after]);
}

/**
 * Elements shifted along axes; what leaves at one end comes back at the other.
 *
 * @param x      any dtype, any shape
 * @param shift  by how many places, toward higher indices; one number per axis
 * @param axis   along which axis or axes
 * @throws {ShapeError} an axis is out of range, or shifts and axes differ in number
 * Gradient: dy shifted back.
 * @example roll([1, 2, 3], 1, 0).array() // [ 3, 1, 2 ]
 */
export function roll(
  x: TensorLike,
  shift: number | readonly number[],
  axis: number | readonly number[],
): Tensor {
  const shifts = typeof shift === "number" ? [shift] : shift;
  const axes = typeof axis === "number" ? [axis] : axis;
  if (shifts.length !== axes.length || !shifts.every(Number.isInteger)) {
    throw new ShapeError(
      `roll: expected one whole shift per axis, got ${showShape(shifts)} for axes ${showShape(axes)}`,
    );
  }
  const tensor = toTensor(x, undefined, "roll");
  return axes.reduce<Tensor>(
    (y, one, i) => rollAxis(y, shifts[i]!, normalizeAxis(one, y.rank, "roll")),
    tensor,
  );
}

function rollAxis(x: Tensor, shift: number, axis: number): Tensor {
  const length = x.shape[axis]!;
  return apply(rollOp, [x], { axis, shift: length === 0 ? 0 : shiftWithin(shift, length) });
}

/** The same shift, from 0 up to the length. */
function shiftWithin(shift: number, length: number): number {
  if (shift === length) return 0;
  if (isSize(shift) && isAtMost(addSizes(shift, 1), length)) return shift;
  if (typeof shift === "number" && shift < 0 && isAtMost(-shift, length)) return subSizes(length, -shift);
  return ((shift % length) + length) % length;
}

export const rollOp = view({
  name: "Roll",
  inputs: ["x"],
  infer: ([x]) => x!,
  plan: ([x], { axis, shift }: { axis: number; shift: number }) => {
    const { shape } = x!;
    const strides = stridesOf(shape);
    const part = (from: number, to: number, size: number): Copy => ({
      source: 0,
      shape: shape.map((n, i) => (i === axis ? size : n)),
      from: from * strides[axis]!,
      fromStrides: strides,
      to: to * strides[axis]!,
      toStrides: strides,
    });
    const kept = shape[axis]! - shift;
    return { copies: [part(0, shift, kept), part(kept, 0, shift)], fill: null };
  },
  grad: (dy, _, { attrs }) => ({
    x: () => rollAxis(dy, subSizes(dy.shape[attrs.axis]!, attrs.shift), attrs.axis),
  }),
});
