/**
 * @file Padding: constants, or the tensor's own elements mirrored.
 */
import { apply } from "../core/apply.js";
import { toDtype, toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { view } from "../core/kinds.js";
import { checkShape, stridesOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { addSizes, isSize } from "../ir/openSize.js";
import { concat } from "./join.js";
import { reverse, slice } from "./slice.js";

/** How many elements to add before and after, for each axis. */
export type Paddings = readonly (readonly [number, number])[];

export type PadMode = "CONSTANT" | "REFLECT" | "SYMMETRIC" | "constant" | "reflect" | "symmetric";

export interface PadOptions {
  /** What to add: a constant, the elements mirrored without the edge, or mirrored with it. Default "CONSTANT". */
  mode?: PadMode;
  /** The constant; default 0. */
  constantValues?: number | boolean;
}

/**
 * A tensor with elements added around it.
 *
 * @param x         any dtype, any shape
 * @param paddings  `[before, after]` for each axis
 * @param options   the mode, or `{ mode, constantValues }`
 * @throws {ShapeError} not one pair of whole numbers ≥ 0 per axis
 * @throws {ValueError} more to mirror than there is
 * Gradient: dy without the constants; mirrored elements add up.
 * @example pad([1, 2], [[1, 2]], { constantValues: 9 }).array() // [ 9, 1, 2, 9, 9 ]
 * @example pad([1, 2, 3], [[2, 0]], "REFLECT").array() // [ 3, 2, 1, 2, 3 ]
 */
export function pad(x: TensorLike, paddings: Paddings, options: PadMode | PadOptions = {}): Tensor {
  const tensor = toTensor(x, undefined, "pad");
  const { mode = "CONSTANT", constantValues = 0 } = typeof options === "string" ? { mode: options } : options;
  if (paddings.length !== tensor.rank || !paddings.every((pair) => pair.length === 2 && pair.every(isSize))) {
    throw new ShapeError(
      `pad: expected ${tensor.rank} pairs of whole numbers ≥ 0, one per axis, got ${JSON.stringify(paddings)}`,
    );
  }
  switch (mode.toUpperCase()) {
    case "CONSTANT":
      return apply(padOp, [tensor], {
        paddings,
        value: toDtype(Number(constantValues), tensor.dtype, "pad"),
      });
    case "REFLECT":
      return paddings.reduce((y, pair, axis) => mirror(y, axis, pair, 1), tensor);
    case "SYMMETRIC":
      return paddings.reduce((y, pair, axis) => mirror(y, axis, pair, 0), tensor);
    default:
      throw new ValueError(
        `pad: unknown mode ${JSON.stringify(mode)}; expected CONSTANT, REFLECT or SYMMETRIC`,
      );
  }
}
export const padOp = view({
  name: "Pad",
  inputs: ["x"],
  // The constant does not depend on x: affine, not linear.
  linear: false,
  infer: ([x], { paddings }: { paddings: Paddings; value: number }) =>
    specOf(
      checkShape(
        x!.shape.map((n, i) => addSizes(addSizes(n, paddings[i]![0]), paddings[i]![1])),
        "pad",
      ),
      x!.dtype,
    ),
  plan: ([x], { paddings, value }, y) => {
    const toStrides = stridesOf(y.shape);
    const to = toStrides.reduce((sum, stride, i) => sum + paddings[i]![0] * stride, 0);
    return {
      copies: [{ source: 0, shape: x!.shape, from: 0, fromStrides: stridesOf(x!.shape), to, toStrides }],
      fill: value,
    };
  },
  grad: (dy, _, context) => ({
    x: () =>
      slice(
        dy,
        context.attrs.paddings.map(([before]) => before),
        context.shapeOf("x"),
      ),
  }),
});

/** Mirrors the elements beyond both ends of one axis, leaving out `edge` elements at the fold. */
function mirror(x: Tensor, axis: number, [before, after]: readonly [number, number], edge: 0 | 1): Tensor {
  if (before === 0 && after === 0) return x;
  const length = x.shape[axis]!;
  if (Math.max(before, after) > length - edge) {
    throw new ValueError(
      `pad: axis ${axis} of size ${length} has only ${Math.max(length - edge, 0)} elements to mirror, ` +
        `got paddings [${before}, ${after}]`,
    );
  }
  const strip = (begin: number, size: number): Tensor[] => {
    if (size === 0) return [];
    const from = x.shape.map((_, i) => (i === axis ? begin : 0));
    const sizes = x.shape.map((n, i) => (i === axis ? size : n));
    return [reverse(slice(x, from, sizes), axis)];
  };
  return concat([...strip(edge, before), x, ...strip(length - edge - after, after)], axis);
}
