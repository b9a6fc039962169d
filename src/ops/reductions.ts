/**
 * @file Sums, means, products, and any and all of the elements along axes.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { reduction } from "../core/kinds.js";
import type { CompositeOp, ReductionOp } from "../core/op.js";
import { normalizeAxes, reducedShape, type Shape, sameShape, sizeAlong } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane, toLane } from "../ir/lane.js";
import { divide, multiply } from "./arithmetic.js";
import { cumprod } from "./cumulative.js";
import { broadcastTo, expandTo, reshape, transpose } from "./views.js";

export interface ReduceOptions {
  /** Axes to reduce; default all. */
  axis?: number | readonly number[] | null;
  /** Keep reduced axes with size 1; default false. */
  keepdims?: boolean;
}

/** An axis, several, or the options: what reductions take after the tensor. */
export type ReduceArgument = number | readonly number[] | null | ReduceOptions;

/** What reductions take after the tensor, as options. */
export function reduceOptions(argument: ReduceArgument | undefined, keepdims = false): ReduceOptions {
  if (typeof argument !== "object" || argument === null || Array.isArray(argument)) {
    return { axis: argument as number | readonly number[] | null | undefined, keepdims };
  }
  const { axis, keepdims: own = keepdims } = argument as ReduceOptions;
  return { axis, keepdims: own };
}

/** The settings of a reduction over everything, by rank: most losses end in one. */
const REDUCE_ALL = Array.from({ length: 9 }, (_, rank) =>
  Object.freeze({ axes: normalizeAxes(null, rank, "reduce"), keepdims: false }),
);

/** Runs a reduction with its axes counted from the front. */
export function reduce(
  op: ReductionOp | CompositeOp,
  x: TensorLike,
  argument: ReduceArgument | undefined,
  keepdims?: boolean,
): Tensor {
  const tensor = toTensor(x, undefined, op.name);
  if (argument === undefined && keepdims === undefined) return apply(op, [tensor], REDUCE_ALL[tensor.rank]);
  const options = reduceOptions(argument, keepdims);
  return apply(op, [tensor], {
    axes: normalizeAxes(options.axis, tensor.rank, op.name),
    keepdims: options.keepdims,
  });
}

/** Brings a reduced gradient back to a shape that broadcasts with the input. */
export function unreduced(dy: Tensor, shape: Shape, axes: readonly number[]): Tensor {
  const fits = dy.rank === 0 || dy.rank === shape.length;
  return fits ? dy : reshape(dy, reducedShape(shape, axes, true));
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
  identity: { sum: toLane(0) },
  element: (x) => ({ sum: x }),
  combine: (a, b) => ({ sum: lane.add(a["sum"]!, b["sum"]!) }),
  finish: ({ sum }) => sum!,
  grad: (dy, _, context) => ({
    x: () => {
      const shape = context.shapeOf("x");
      return expandTo(unreduced(dy, shape, context.attrs.axes), shape);
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
  identity: { sum: toLane(0) },
  element: (x) => ({ sum: x }),
  combine: (a, b) => ({ sum: lane.add(a["sum"]!, b["sum"]!) }),
  finish: ({ sum }, count) => lane.div(sum!, count),
  grad: (dy, _, context) => ({
    x: () => {
      const shape = context.shapeOf("x");
      const { axes } = context.attrs;
      return broadcastTo(divide(unreduced(dy, shape, axes), sizeAlong(shape, axes)), shape);
    },
  }),
});

/**
 * Product of elements along axes: y = Π x.
 *
 * @param x         any number, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         the dtype of x; 1 for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy times the product of the other elements, also where some are zero.
 * @example reduceProd([[1, 2], [3, 4]], 1).array() // [ 2, 12 ]
 */
export const reduceProd = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(prodOp, x, axis, keepdims);
export const prodOp = reduction({
  name: "Prod",
  saves: ["x"],
  identity: { product: toLane(1) },
  element: (x) => ({ product: x }),
  combine: (a, b) => ({ product: lane.mul(a["product"]!, b["product"]!) }),
  finish: ({ product }) => product!,
  grad: (dy, { x }, context) => ({
    x: () => {
      const { axes } = context.attrs;
      return multiply(expandTo(unreduced(dy, x.shape, axes), x.shape), productOfOthers(x, axes));
    },
  }),
});

/** For each element the product of all others it is reduced with: those before it times those after it. */
function productOfOthers(x: Tensor, axes: readonly number[]): Tensor {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i));
  const perm = [...axes, ...kept];
  const front = transpose(x, perm);
  const runs = reshape(front, [sizeAlong(x.shape, axes), sizeAlong(x.shape, kept)]);
  const before = cumprod(runs, { axis: 0, exclusive: true });
  const after = cumprod(runs, { axis: 0, exclusive: true, reverse: true });
  const others = reshape(multiply(before, after), front.shape);
  return transpose(
    others,
    perm.map((_, i) => perm.indexOf(i)),
  );
}

/**
 * Whether any element along axes is true.
 *
 * @param x         bool, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         bool; false for nothing
 * @throws {DtypeError} not bool
 * Gradient: none.
 * @example reduceAny([[true, false], [false, false]], 1).array() // [ true, false ]
 */
export const reduceAny = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(anyOp, x, axis, keepdims);
export const anyOp = reduction({
  name: "Any",
  accepts: "bool",
  identity: { any: toLane(0) },
  element: (x) => ({ any: x }),
  combine: (a, b) => ({ any: lane.or(a["any"]!, b["any"]!) }),
  finish: ({ any }) => any!,
  grad: null,
});

/**
 * Whether all elements along axes are true.
 *
 * @param x         bool, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         bool; true for nothing
 * @throws {DtypeError} not bool
 * Gradient: none.
 * @example reduceAll([[true, false], [true, true]], 1).array() // [ false, true ]
 */
export const reduceAll = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(allOp, x, axis, keepdims);
export const allOp = reduction({
  name: "All",
  accepts: "bool",
  identity: { all: toLane(1) },
  element: (x) => ({ all: x }),
  combine: (a, b) => ({ all: lane.and(a["all"]!, b["all"]!) }),
  finish: ({ all }) => all!,
  grad: null,
});

/** Sums over the axes along which `shape` was broadcast to get to the shape of `x`. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.rank - shape.length;
  const axes = x.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []));
  const summed = axes.length === 0 ? x : reduceSum(x, axes);
  return sameShape(summed.shape, shape) ? summed : reshape(summed, shape);
}
