/**
 * @file Sums, means, products and extremes along axes.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { reduction } from "../core/kinds.js";
import type { ReductionOp } from "../core/op.js";
import { normalizeAxes, reducedShape, type Shape, sameShape } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { divide } from "./arithmetic.js";
import { broadcastTo, reshape } from "./views.js";

export interface ReduceOptions {
  /** Axes to reduce; default all. */
  axis?: number | readonly number[] | null;
  /** Keep reduced axes with size 1; default false. */
  keepdims?: boolean;
}

/** An axis, several, or the options: what reductions take after the tensor. */
export type ReduceArgument = number | readonly number[] | null | ReduceOptions;

/** Runs a reduction with its axes counted from the front. */
export function reduce(op: ReductionOp, x: TensorLike, argument: ReduceArgument | undefined, keepdims?: boolean): Tensor {
  const options: ReduceOptions =
    typeof argument === "object" && argument !== null && !Array.isArray(argument)
      ? (argument as ReduceOptions)
      : { axis: argument as number | readonly number[] | null | undefined };
  const tensor = toTensor(x, undefined, op.name);
  const axes = normalizeAxes(options.axis, tensor.rank, op.name);
  return apply(op, [tensor], { axes, keepdims: options.keepdims ?? keepdims ?? false });
}

/** Brings a reduced gradient back to a shape that broadcasts with the input. */
export function unreduced(dy: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  return reshape(dy, reducedShape(shape, axes, true));
}

/**
 * Sum of elements along axes: y = Σ x.
 *
 * @param x         any number, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         the dtype of x; 0 for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy broadcast back.
 * Accuracy: elements are added in a fixed tree, error ≤ log₂ n · ε · Σ|x|.
 * @example reduceSum([[1, 2], [3, 4]], 0).array() // [ 4, 6 ]
 */
export const reduceSum = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(sumOp, x, axis, keepdims);
export const sumOp = reduction({
  name: "Sum",
  linear: true,
  identity: { sum: lane.add(0, 0) },
  element: (x) => ({ sum: x }),
  combine: (a, b) => ({ sum: lane.add(a["sum"]!, b["sum"]!) }),
  finish: ({ sum }) => sum!,
  grad: (dy, _, context) => ({
    x: () => {
      const shape = context.shapeOf("x");
      return broadcastTo(unreduced(dy, shape, context.attrs.axes), shape);
    },
  }),
});

/**
 * Mean of elements along axes: y = Σ x / n.
 *
 * @param x         floats (integers become float32), any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         NaN for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy / n broadcast back.
 * @example reduceMean([1, 2, 3]).item() // 2
 */
export const reduceMean = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(meanOp, x, axis, keepdims);
export const meanOp = reduction({
  name: "Mean",
  accepts: "float",
  linear: true,
  identity: { sum: lane.add(0, 0) },
  element: (x) => ({ sum: x }),
  combine: (a, b) => ({ sum: lane.add(a["sum"]!, b["sum"]!) }),
  finish: ({ sum }, count) => lane.div(sum!, count),
  grad: (dy, _, context) => ({
    x: () => {
      const shape = context.shapeOf("x");
      const { axes } = context.attrs;
      const count = axes.reduce((n, axis) => n * shape[axis]!, 1);
      return divide(broadcastTo(unreduced(dy, shape, axes), shape), count);
    },
  }),
});

/** Sums over the axes along which `shape` was broadcast to get to the shape of `x`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []));
  const summed = axes.length === 0 ? x : reduceSum(x, axes);
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}
