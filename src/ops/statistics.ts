/**
 * @file Measures of many elements: logarithms of sums, variances, norms, counts.
 */
import { toTensor } from "../core/convert.js";
import { ValueError } from "../core/errors.js";
import { composite, type ReduceAttrs, reduction } from "../core/kinds.js";
import { normalizeAxis, reducedShape } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane, toLane } from "../ir/lane.js";
import { abs, add, divide, multiply, subtract } from "./arithmetic.js";
import { cast } from "./cast.js";
import { isFinite as finite, notEqual } from "./comparison.js";
import { zerosLike } from "./creation.js";
import { exp, log, pow, sqrt, square } from "./exponential.js";
import { reduceMax } from "./extremes.js";
import {
  type ReduceArgument,
  reduce,
  reduceMean,
  reduceOptions,
  reduceSum,
  unreduced,
} from "./reductions.js";
import { where } from "./select.js";
import { reshape } from "./views.js";

/**
 * Logarithm of the sum of exponentials: y = ln Σ eˣ, without overflow.
 *
 * @param x         floats (integers become float32), any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         −∞ for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy · e^(x − y), the softmax.
 * @example reduceLogsumexp([1000, 1000]).item().toFixed(3) // "1000.693"
 */
export const reduceLogsumexp = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(logsumexpOp, x, axis, keepdims);
export const logsumexpOp = composite({
  name: "LogSumExp",
  inputs: ["x"],
  accepts: "float",
  saves: ["x", "y"],
  infer: ([x], { axes, keepdims }: ReduceAttrs) => specOf(reducedShape(x!.shape, axes, keepdims), x!.dtype),
  body: ([x], { axes, keepdims }) => {
    const largest = reduceMax(x!, axes, true);
    const shift = where(finite(largest), largest, zerosLike(largest));
    const sum = add(log(reduceSum(exp(subtract(x!, shift)), axes, true)), shift);
    return keepdims ? sum : reshape(sum, reducedShape(x!.shape, axes, false));
  },
  grad: (dy: Tensor, { x, y }, context) => ({
    x: () => {
      const { axes } = context.attrs;
      return multiply(unreduced(dy, x.shape, axes), exp(subtract(x, unreduced(y, x.shape, axes))));
    },
  }),
});

/**
 * Mean square of the distances from the mean: y = Σ (x − mean)² / n.
 *
 * @param x         floats (integers become float32), any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         NaN for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: 2 · dy · (x − mean) / n.
 * @example reduceVariance([1, 2, 3, 4]).item() // 1.25
 */
export function reduceVariance(x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor {
  const tensor = toTensor(x, undefined, "reduceVariance");
  const options = reduceOptions(axis, keepdims);
  const distances = subtract(tensor, reduceMean(tensor, options.axis, true));
  return reduceMean(square(distances), options);
}

/**
 * Standard deviation: the square root of the variance.
 *
 * @param x         floats (integers become float32), any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         NaN for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy · (x − mean) / (n · y); NaN where y = 0.
 * @example reduceStd([1, 3]).item() // 1
 */
export const reduceStd = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  sqrt(reduceVariance(x, axis, keepdims));

/**
 * Length of the elements as a vector: y = √Σ x².
 *
 * @param x         floats (integers become float32), any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         0 for nothing
 * @throws {ShapeError} an axis is out of range
 * Gradient: dy · x / y; NaN where y = 0.
 * @example reduceEuclideanNorm([3, 4]).item() // 5
 */
export const reduceEuclideanNorm = (x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor =>
  reduce(euclideanNormOp, x, axis, keepdims);
export const euclideanNormOp = reduction({
  name: "EuclideanNorm",
  accepts: "float",
  saves: ["x", "y"],
  identity: { sum: toLane(0) },
  element: (x) => ({ sum: lane.mul(x, x) }),
  combine: (a, b) => ({ sum: lane.add(a["sum"]!, b["sum"]!) }),
  finish: ({ sum }) => lane.sqrt(sum!),
  grad: (dy, { x, y }, context) => ({
    x: () => {
      const { axes } = context.attrs;
      return multiply(x, divide(unreduced(dy, x.shape, axes), unreduced(y, x.shape, axes)));
    },
  }),
});

/**
 * How many elements along axes are not zero.
 *
 * @param x         any dtype, any shape
 * @param axis      axis, axes or `{ axis, keepdims }`; default all axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         int32 (TensorFlow's default, int64, has no arrays here)
 * @throws {ShapeError} an axis is out of range
 * Gradient: none.
 * @example countNonzero([[0, 2], [3, 4]], 0).array() // [ 1, 2 ]
 */
export function countNonzero(x: TensorLike, axis?: ReduceArgument, keepdims?: boolean): Tensor {
  const tensor = toTensor(x, undefined, "countNonzero");
  const isSet = tensor.dtype === "bool" ? tensor : notEqual(tensor, zerosLike(tensor));
  return reduceSum(cast(isSet, "int32"), axis, keepdims);
}

export interface NormOptions {
  /** "euclidean" (default; "fro" is the same), 1, Infinity, or another positive number p: (Σ |x|^p)^(1/p). */
  ord?: "euclidean" | "fro" | number;
  /** One axis: norms of vectors; two: norms of matrices; default: all elements as one vector. */
  axis?: number | readonly [number, number] | null;
  /** Keep reduced axes with size 1; default false. */
  keepdims?: boolean;
}

/**
 * Norm of vectors or matrices.
 *
 * @param x        floats (integers become float32), any shape
 * @param options  `{ ord, axis, keepdims }`; for matrices ord is "euclidean", 1 (column sums) or Infinity (row sums)
 * @throws {ValueError} an order that is not supported
 * Gradient: that of the formula; NaN for the Euclidean norm of zeros.
 * @example norm([3, 4]).item() // 5
 * @example norm([[3, -4], [1, 2]], { ord: 1, axis: 1 }).array() // [ 7, 3 ]
 */
export function norm(x: TensorLike, options: NormOptions = {}): Tensor {
  const { ord = "euclidean", axis = null, keepdims = false } = options;
  const tensor = toTensor(x, undefined, "norm");
  if (ord === "euclidean" || ord === "fro")
    return sqrt(reduceSum(square(floats(tensor)), { axis, keepdims }));
  if (typeof ord !== "number" || !(ord > 0)) {
    throw new ValueError(
      `norm: ord must be "euclidean", "fro" or a positive number, got ${JSON.stringify(ord)}`,
    );
  }
  const sizes = abs(floats(tensor));
  if (Array.isArray(axis))
    return matrixNorm(sizes, ord, axis as unknown as readonly [number, number], keepdims);
  const reduced = { axis, keepdims } as ReduceArgument;
  if (ord === Number.POSITIVE_INFINITY) return reduceMax(sizes, reduced);
  if (ord === 1) return reduceSum(sizes, reduced);
  return pow(reduceSum(pow(sizes, ord), reduced), 1 / ord);
}

const floats = (x: Tensor): Tensor => (x.dtype === "float64" ? x : cast(x, "float32"));

/** The largest sum along one of the two axes. */
function matrixNorm(sizes: Tensor, ord: number, axis: readonly [number, number], keepdims: boolean): Tensor {
  const [row, column] = axis.map((a) => normalizeAxis(a, sizes.rank, "norm")) as [number, number];
  if (ord !== 1 && ord !== Number.POSITIVE_INFINITY) {
    throw new ValueError(`norm: ord of a matrix must be "euclidean", "fro", 1 or Infinity, got ${ord}`);
  }
  const [summed, other] = ord === 1 ? [row, column] : [column, row];
  const largest = reduceMax(reduceSum(sizes, summed, true), other, true);
  return keepdims ? largest : reshape(largest, reducedShape(sizes.shape, [row, column], false));
}
