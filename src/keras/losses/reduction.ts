/**
 * @file How many loss values become one: weights, masks, ranks, sums and means.
 */
import type { DType } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { cast, expandDims, math, multiply, reduceMean, reduceSum, squeeze, where } from "../../ops/public.js";

/** How the values of a batch become one number; "none" and null leave them. */
export type Reduction = "sum_over_batch_size" | "sum" | "mean" | "mean_with_sample_weight" | "none" | null;

const REDUCTIONS: readonly unknown[] = [
  "sum_over_batch_size",
  "sum",
  "mean",
  "mean_with_sample_weight",
  "none",
  null,
];

/** @throws {ValueError} not a reduction */
export function checkReduction(reduction: unknown): Reduction {
  if (REDUCTIONS.includes(reduction)) return reduction as Reduction;
  throw new ValueError(
    "Invalid value for argument `reduction`. Expected one of {'mean', 'mean_with_sample_weight', 'none', 'sum', " +
      `'sum_over_batch_size', None}. Received: reduction=${reduction}`,
  );
}

/** Two tensors whose ranks differ by a last axis of size 1 brought to one rank. */
export function squeezeOrExpandToSameRank(a: Tensor, b: Tensor): [Tensor, Tensor] {
  if (a.rank === b.rank + 1 && a.shape.at(-1) === 1) {
    return b.rank === 1 ? [a, expandDims(b, -1)] : [squeeze(a, -1), b];
  }
  if (b.rank === a.rank + 1 && b.shape.at(-1) === 1) {
    return a.rank === 1 ? [expandDims(a, -1), b] : [a, squeeze(b, -1)];
  }
  return [a, b];
}

/**
 * Sample weights that leave masked entries out. For means, what counts weighs more, so that the mean is over it alone.
 */
export function applyMask(
  sampleWeight: Tensor | null,
  mask: Tensor | null,
  dtype: DType,
  reduction: Reduction,
): Tensor | null {
  if (mask === null) return sampleWeight;
  let weights = cast(mask, dtype);
  if (reduction === "mean" || reduction === "sum_over_batch_size") {
    const share = math.divideNoNan(mask.size, reduceSum(weights));
    weights = where(cast(mask, "bool"), share, 0);
  }
  if (sampleWeight === null) return weights;
  const [a, b] = squeezeOrExpandToSameRank(weights, cast(sampleWeight, dtype));
  return multiply(b, a);
}

/** The loss of a batch from the losses of its samples. */
export function reduceWeighted(
  values: Tensor,
  sampleWeight: Tensor | null,
  mask: Tensor | null,
  reduction: Reduction,
): Tensor {
  const weights = applyMask(sampleWeight, mask, values.dtype, reduction);
  if (weights === null) return reduceValues(values, null, reduction);
  const [a, b] = squeezeOrExpandToSameRank(values, cast(weights, values.dtype));
  return reduceValues(multiply(a, b), b, reduction);
}

function reduceValues(values: Tensor, sampleWeight: Tensor | null, reduction: Reduction): Tensor {
  const isNothing = values.rank === 1 && values.size === 0;
  if (reduction === null || reduction === "none" || values.rank === 0 || isNothing) return values;
  if (reduction === "sum") return reduceSum(values);
  if (reduction === "mean_with_sample_weight" && sampleWeight !== null) {
    return math.divideNoNan(reduceSum(values), reduceSum(sampleWeight));
  }
  // The mean of nothing is 0 here.
  return values.size === 0 ? reduceSum(values) : reduceMean(values);
}
