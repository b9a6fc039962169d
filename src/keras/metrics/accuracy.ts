/**
 * @file Accuracies: how often predictions are right.
 */
import { apply } from "../../core/apply.js";
import { toTensor } from "../../core/convert.js";
import { elementwise } from "../../core/kinds.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { lane } from "../../ir/lane.js";
import { argmax, cast, equal, reshape, squeeze } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import type { Config } from "../base/serialization.js";
import { aligned } from "../losses/regression.js";
import type { MetricOptions } from "./metric.js";
import { MeanMetricWrapper } from "./reduction.js";

/** Whether a label is what a prediction becomes when it is rounded at a threshold: 1 or 0. */
const isOnSide = elementwise({
  name: "BinaryAccuracy",
  inputs: ["label", "prediction"],
  lane: ({ label, prediction }) => {
    const rounded = lane.select(lane.gt(prediction, lane.attr("threshold")), 1, 0);
    return lane.cast(lane.eq(label, rounded), "float32");
  },
  grad: null,
});

/** 1 where labels and predictions are equal, else 0. */
function accuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "accuracy");
  return cast(equal(truth, prediction), floatx());
}

/**
 * 1 where a prediction is on the label's side of a threshold, else 0.
 *
 * @example keras.metrics.binaryAccuracy([[1], [0]], [[0.6], [0.7]]).array() // [ [ 1 ], [ 0 ] ]
 */
export function binaryAccuracy(yTrue: TensorLike, yPred: TensorLike, threshold = 0.5): Tensor {
  return cast(apply(isOnSide, aligned(yTrue, yPred, "binaryAccuracy"), { threshold }), floatx());
}

/**
 * 1 where the largest prediction is at the largest label, else 0.
 *
 * @example keras.metrics.categoricalAccuracy([[0, 1], [1, 0]], [[0.3, 0.7], [0.4, 0.6]]).array() // [ 1, 0 ]
 */
export function categoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = toTensor(yPred, floatx(), "categoricalAccuracy");
  return cast(equal(argmax(toTensor(yTrue, floatx()), -1), argmax(prediction, -1)), floatx());
}

/**
 * 1 where the largest prediction is at the label's class number, else 0.
 *
 * @example keras.metrics.sparseCategoricalAccuracy([1, 0], [[0.3, 0.7], [0.4, 0.6]]).array() // [ 1, 0 ]
 */
export function sparseCategoricalAccuracy(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const prediction = toTensor(yPred, floatx(), "sparseCategoricalAccuracy");
  const given = toTensor(yTrue, prediction.dtype, "sparseCategoricalAccuracy");
  const isColumn = given.rank === prediction.rank && given.shape.at(-1) === 1;
  const labels = cast(isColumn ? squeeze(given, -1) : given, "int32");
  const matches = cast(equal(labels, argmax(prediction, -1)), floatx());
  const shaped = isColumn ? reshape(matches, given.shape) : matches;
  return shaped.rank > 1 && shaped.shape.at(-1) === 1 ? squeeze(shaped, -1) : shaped;
}

/**
 * How often predictions equal labels.
 *
 * @example new keras.metrics.Accuracy()([[1], [2]], [[1], [3]]).item() // 0.5
 */
export class Accuracy extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(accuracy, { ...options, name: options.name ?? "accuracy" });
    this.direction = "up";
  }
}

/**
 * How often predictions are on the label's side of a threshold.
 *
 * @example new keras.metrics.BinaryAccuracy()([[1], [0]], [[0.6], [0.7]]).item() // 0.5
 */
export class BinaryAccuracy extends MeanMetricWrapper {
  readonly threshold: number;

  /** @param options  `threshold`: default 0.5; more than it counts as 1 */
  constructor(options: MetricOptions & { threshold?: number } = {}) {
    const { threshold = 0.5 } = options;
    super((yTrue, yPred) => binaryAccuracy(yTrue, yPred, threshold), {
      ...options,
      name: options.name ?? "binary_accuracy",
    });
    this.threshold = threshold;
    this.direction = "up";
  }

  override getConfig(): Config {
    return { ...super.getConfig(), threshold: this.threshold };
  }
}

/**
 * How often the largest prediction is at the largest label.
 *
 * @example new keras.metrics.CategoricalAccuracy()([[0, 1]], [[0.3, 0.7]]).item() // 1
 */
export class CategoricalAccuracy extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(categoricalAccuracy, { ...options, name: options.name ?? "categorical_accuracy" });
    this.direction = "up";
  }
}

/**
 * How often the largest prediction is at the label's class number.
 *
 * @example new keras.metrics.SparseCategoricalAccuracy()([1], [[0.3, 0.7]]).item() // 1
 */
export class SparseCategoricalAccuracy extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(sparseCategoricalAccuracy, { ...options, name: options.name ?? "sparse_categorical_accuracy" });
    this.direction = "up";
  }
}
