/**
 * @file The largest and smallest elements along axes, and where they are.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { type DType, standardizeDtype } from "../core/dtype.js";
import { ShapeError } from "../core/errors.js";
import { reduction } from "../core/kinds.js";
import type { LaneState, ReductionOp } from "../core/op.js";
import { normalizeAxis } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { type Lane, lane } from "../ir/lane.js";
import { divide, multiply } from "./arithmetic.js";
import { cast } from "./cast.js";
import { equal } from "./comparison.js";
import { type ReduceArgument, reduce, reduceSum, unreduced } from "./reductions.js";

/** Max and Min differ in their combine and its neutral element alone. */
const extremeOp = (name: string, identity: Lane, combine: (a: Lane, b: Lane) => Lane): ReductionOp =>
  reduction({
    name,
    saves: ["x", "y"],
    identity: { extreme: identity },
    element: (x) => ({ extreme: x }),
    combine: (a, b) => ({ extreme: combine(a["extreme"]!, b["extreme"]!) }),
    finish: ({ extreme }) => extreme!,
    grad: (dy, { x, y }, context) => ({
      x: () => {
        const { axes } = context.attrs;
        const chosen = cast(equal(unreduced(y, x.shape, axes), x), dy.dtype);
        const ties = reduceSum(chosen, axes, true);
        return multiply(divide(chosen, ties), unreduced(dy, x.shape, axes));
      },
    }),
  });

export const maxOp = extremeOp("Max", lane.lowest(), lane.max);
export const minOp = extremeOp("Min", lane.highest(), lane.min);

/**
 * The largest element along axes; NaN if one is NaN.
 *
 * @param x         any number, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         the dtype of x; its lowest value (−∞ for floats) for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy shared equally among the elements that are largest.
 * @example reduceMax([[1, 5], [7, 2]], 1).array() // [ 5, 7 ]
 */
export const reduceMax = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(maxOp, x, axis, keepdims);

/**
 * The smallest element along axes; NaN if one is NaN.
 *
 * @param x         any number, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         the dtype of x; its highest value (+∞ for floats) for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy shared equally among the elements that are smallest.
 * @example reduceMin([[1, 5], [7, 2]], 1).array() // [ 1, 2 ]
 */
export const reduceMin = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(minOp, x, axis, keepdims);

/** The position of an extreme: among equals the first. NaN counts as the neutral value, so numbers win. */
function positionOp(name: string, neutral: Lane, beats: (a: Lane, b: Lane) => Lane): ReductionOp {
  const combine = (a: LaneState, b: LaneState): LaneState => {
    const earlier = lane.and(lane.eq(a["value"]!, b["value"]!), lane.lt(a["index"]!, b["index"]!));
    const first = lane.or(beats(a["value"]!, b["value"]!), earlier);
    return {
      value: lane.select(first, a["value"]!, b["value"]!),
      index: lane.select(first, a["index"]!, b["index"]!),
    };
  };
  return reduction({
    name,
    identity: null,
    element: (x, index) => ({ value: lane.select(lane.isnan(x), neutral, x), index }),
    combine,
    finish: ({ index }) => index!,
    stateDtypes: (input) => ({ value: input, index: "int32" }),
    output: () => "int32",
    grad: null,
  });
}

export const argmaxOp = positionOp("ArgMax", lane.lowest(), lane.gt);
export const argminOp = positionOp("ArgMin", lane.highest(), lane.lt);

export interface ArgExtremeOptions {
  /** Element type of the positions; default int32. */
  outputType?: DType;
  /** Keep the axis with size 1; default false. */
  keepdims?: boolean;
}

function position(
  op: ReductionOp,
  x: TensorLike,
  axis: number,
  options: ArgExtremeOptions,
  who: string,
): Tensor {
  const tensor = toTensor(x, undefined, who);
  if (tensor.rank === 0) throw new ShapeError(`${who}: expected rank 1 or more, got a scalar`);
  const axes = [normalizeAxis(axis, tensor.rank, who)];
  const found = apply(op, [tensor], { axes, keepdims: options.keepdims ?? false });
  return options.outputType === undefined ? found : cast(found, standardizeDtype(options.outputType, who));
}

/**
 * Where the largest element along an axis is: the first of equals; NaN never wins against a number.
 *
 * @param x        any number, rank at least 1
 * @param axis     along which; default 0
 * @param options  `{ outputType, keepdims }`
 * @returns        int32 unless told otherwise (TensorFlow's default, int64, has no arrays here)
 * @throws {ShapeError} the axis is out of range
 * @throws {ValueError} the axis is empty
 * Gradient: none.
 * @example argmax([[1, 5, 5], [7, 2, 0]], 1).array() // [ 1, 0 ]
 */
export const argmax = (x: TensorLike, axis = 0, options: ArgExtremeOptions = {}): Tensor =>
  position(argmaxOp, x, axis, options, "argmax");

/**
 * Where the smallest element along an axis is: the first of equals; NaN never wins against a number.
 *
 * @param x        any number, rank at least 1
 * @param axis     along which; default 0
 * @param options  `{ outputType, keepdims }`
 * @returns        int32 unless told otherwise (TensorFlow's default, int64, has no arrays here)
 * @throws {ShapeError} the axis is out of range
 * @throws {ValueError} the axis is empty
 * Gradient: none.
 * @example argmin([[1, 5, 1], [7, 2, 0]], 1).array() // [ 0, 2 ]
 */
export const argmin = (x: TensorLike, axis = 0, options: ArgExtremeOptions = {}): Tensor =>
  position(argminOp, x, axis, options, "argmin");
