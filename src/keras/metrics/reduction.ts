/**
 * @file Metrics that sum or average values.
 */
import { toTensor } from "../../core/convert.js";
import type { DType } from "../../core/dtype.js";
import { withoutRecording } from "../../core/recorder.js";
import { Tensor, type TensorLike } from "../../core/tensor.js";
import { isOpen } from "../../ir/openSize.js";
import { broadcastTo, cast, fill, math, multiply, reduceMean, reduceSum } from "../../ops/public.js";
import { getMask } from "../base/annotations.js";
import type { Config } from "../base/serialization.js";
import type { Variable } from "../base/variable.js";
import { isLossFunction } from "../losses/index.js";
import { applyMask, squeezeOrExpandToSameRank } from "../losses/reduction.js";
import { Metric, type MetricOptions } from "./metric.js";

type Reduce = (x: Tensor, axis: readonly number[]) => Tensor;

/** Axes from one to below another. */
const axesBetween = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

/** Values with one number per sample, weighted; and the weight of each sample. */
function perSample(
  given: TensorLike,
  sampleWeight: TensorLike | null | undefined,
  reduce: Reduce,
  dtype: DType,
): [Tensor, TensorLike | null] {
  const tensor = toTensor(given, dtype, "updateState");
  let values = cast(tensor, dtype);
  // One value that stands for so many: the loss of a batch.
  if ((typeof sampleWeight === "number" || isOpen(sampleWeight)) && values.rank === 0)
    return [multiply(values, sampleWeight), sampleWeight];
  let weights: Tensor | null = null;
  if (sampleWeight !== null && sampleWeight !== undefined) {
    const masked = applyMask(
      cast(toTensor(sampleWeight, dtype, "sampleWeight"), dtype),
      getMask(tensor) ?? null,
      dtype,
      "sum",
    );
    let weight: Tensor;
    [values, weight] = squeezeOrExpandToSameRank(values, masked!);
    const { rank } = weight;
    if (values.rank > rank) values = reduce(values, axesBetween(rank, values.rank));
    weight = broadcastTo(weight, values.shape);
    values = multiply(values, weight);
    weights = rank > 1 ? reduce(weight, axesBetween(1, rank)) : weight;
  }
  // With one value per sample there is nothing to reduce.
  if (values.rank > 1 && values.size !== values.shape[0])
    values = reduce(values, axesBetween(1, values.rank));
  return [values, weights];
}

/**
 * The sum of all values.
 *
 * @example
 * const sum = new keras.metrics.Sum();
 * sum.updateState([1, 2, 3]);
 * sum.result().item() // 6
 */
export class Sum extends Metric {
  readonly total: Variable;

  constructor(options: MetricOptions = {}) {
    super({ ...options, name: options.name ?? "sum" });
    this.total = this.addVariable({ name: "total" });
  }

  /** Adds values, each times its weight. */
  updateState(values: TensorLike, sampleWeight?: TensorLike | null): void {
    withoutRecording(() => {
      this.total.assignAdd(reduceSum(perSample(values, sampleWeight, reduceSum, this.dtype)[0]));
    });
  }

  result(): Tensor {
    return this.total.readValue();
  }
}

/**
 * The mean of all values: the sum of values times weights, divided by the sum of the weights; 0 for nothing.
 *
 * @example
 * const mean = new keras.metrics.Mean();
 * mean.updateState([1, 3], [1, 3]);
 * mean.result().item() // 2.5
 */
export class Mean extends Metric {
  readonly total: Variable;
  readonly count: Variable;
  readonly #nothing: Tensor;

  constructor(options: MetricOptions = {}) {
    super({ ...options, name: options.name ?? "mean" });
    this.total = this.addVariable({ name: "total" });
    this.count = this.addVariable({ name: "count" });
    this.#nothing = fill([], 0, this.dtype);
  }

  /** Takes in values, each with its weight. */
  updateState(values: TensorLike, sampleWeight?: TensorLike | null, _unused?: unknown): void {
    withoutRecording(() => {
      const [sums, weights] = perSample(values, sampleWeight, reduceMean, this.dtype);
      this.total.assignAdd(sums.rank === 0 ? sums : reduceSum(sums));
      const isMany = weights instanceof Tensor && weights.rank > 0;
      this.count.assignAdd(isMany ? reduceSum(weights) : (weights ?? sums.shape[0] ?? 1));
    });
  }

  override resetState(): void {
    this.total.assign(this.#nothing);
    this.count.assign(this.#nothing);
  }

  result(): Tensor {
    return math.divideNoNan(this.total, this.count);
  }
}

/** Values per sample from labels and predictions. */
export type MetricFunction = (yTrue: any, yPred: any) => TensorLike;

/**
 * The mean of a function of labels and predictions.
 *
 * @example
 * const metric = new keras.metrics.MeanMetricWrapper((yTrue, yPred) => yPred.sub(yTrue), { name: "bias" });
 * metric.updateState(tf.constant([1, 2]), tf.constant([2, 4]));
 * metric.result().item() // 1.5
 */
export class MeanMetricWrapper extends Mean {
  readonly fn: MetricFunction;

  constructor(fn: MetricFunction, options: MetricOptions = {}) {
    super({ ...options, name: options.name ?? fn.name });
    this.fn = fn;
    if (isLossFunction(fn)) this.direction = "down";
  }

  /** Takes in a batch: labels, predictions, and what each sample weighs. */
  override updateState(yTrue: TensorLike, yPred: TensorLike, sampleWeight?: TensorLike | null): void {
    withoutRecording(() => {
      const weights =
        sampleWeight === null || sampleWeight === undefined
          ? null
          : cast(toTensor(sampleWeight, this.dtype), this.dtype);
      super.updateState(this.fn(yTrue, yPred), applyMask(weights, getMask(yPred) ?? null, this.dtype, "sum"));
    });
  }

  override getConfig(): Config {
    return { name: this.name, dtype: this.dtype };
  }
}
