/**
 * @file Losses as metrics: their mean over all samples.
 */
import { withoutRecording } from "../../core/recorder.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { sqrt, square, subtract } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import {
  binaryCrossentropy,
  type CrossentropyOptions,
  categoricalCrossentropy,
  type SparseCrossentropyOptions,
  sparseCategoricalCrossentropy,
} from "../losses/crossentropy.js";
import {
  aligned,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from "../losses/regression.js";
import type { MetricOptions } from "./metric.js";
import { Mean, MeanMetricWrapper } from "./reduction.js";

/**
 * Mean of the squared differences.
 *
 * @example new keras.metrics.MeanSquaredError()([[0], [1]], [[1], [1]]).item() // 0.5
 */
export class MeanSquaredError extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(meanSquaredError, { ...options, name: options.name ?? "mean_squared_error" });
  }
}

/**
 * Mean of the absolute differences.
 *
 * @example new keras.metrics.MeanAbsoluteError()([[0], [1]], [[2], [1]]).item() // 1
 */
export class MeanAbsoluteError extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(meanAbsoluteError, { ...options, name: options.name ?? "mean_absolute_error" });
  }
}

/**
 * Mean of the differences in per cent of the labels.
 *
 * @example new keras.metrics.MeanAbsolutePercentageError()([[4]], [[3]]).item() // 25
 */
export class MeanAbsolutePercentageError extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(meanAbsolutePercentageError, {
      ...options,
      name: options.name ?? "mean_absolute_percentage_error",
    });
  }
}

/**
 * Mean of the squared differences of logarithms.
 *
 * @example new keras.metrics.MeanSquaredLogarithmicError()([[1]], [[1]]).item() // 0
 */
export class MeanSquaredLogarithmicError extends MeanMetricWrapper {
  constructor(options: MetricOptions = {}) {
    super(meanSquaredLogarithmicError, {
      ...options,
      name: options.name ?? "mean_squared_logarithmic_error",
    });
  }
}

/**
 * Square root of the mean of the squared differences, over all batches.
 *
 * @example new keras.metrics.RootMeanSquaredError()([[0], [0]], [[3], [3]]).item() // 3
 */
export class RootMeanSquaredError extends Mean {
  constructor(options: MetricOptions = {}) {
    super({ ...options, name: options.name ?? "root_mean_squared_error" });
    this.direction = "down";
  }

  /** Takes in a batch. */
  override updateState(yTrue: TensorLike, yPred?: TensorLike | null, sampleWeight?: TensorLike | null): void {
    withoutRecording(() => {
      const [truth, prediction] = aligned(yTrue, yPred!, "RootMeanSquaredError");
      super.updateState(square(subtract(truth, prediction)), sampleWeight);
    });
  }

  override result(): Tensor {
    return sqrt(super.result());
  }
}

/**
 * Mean cross-entropy of yes-or-no labels.
 *
 * @example new keras.metrics.BinaryCrossentropy({ fromLogits: true })([[1]], [[0]]).item() // 0.6931471824645996
 */
export class BinaryCrossentropy extends MeanMetricWrapper {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;

  constructor(options: MetricOptions & Omit<CrossentropyOptions, "axis"> = {}) {
    const { fromLogits = false, labelSmoothing = 0, ...rest } = options;
    const fn = (yTrue: TensorLike, yPred: TensorLike): Tensor =>
      binaryCrossentropy(yTrue, yPred, { fromLogits, labelSmoothing });
    super(fn, { ...rest, name: rest.name ?? "binary_crossentropy" });
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.direction = "down";
  }

  override getConfig(): Config {
    return { ...super.getConfig(), from_logits: this.fromLogits, label_smoothing: this.labelSmoothing };
  }
}

/**
 * Mean cross-entropy of one-hot labels.
 *
 * @example new keras.metrics.CategoricalCrossentropy({ fromLogits: true })([[1, 0]], [[0, 0]]).item() // 0.6931471824645996
 */
export class CategoricalCrossentropy extends MeanMetricWrapper {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  readonly axis: number;

  constructor(options: MetricOptions & CrossentropyOptions = {}) {
    const { fromLogits = false, labelSmoothing = 0, axis = -1, ...rest } = options;
    const settings = { fromLogits, labelSmoothing, axis };
    const fn = (yTrue: TensorLike, yPred: TensorLike): Tensor =>
      categoricalCrossentropy(yTrue, yPred, settings);
    super(fn, { ...rest, name: rest.name ?? "categorical_crossentropy" });
    this.fromLogits = fromLogits;
    this.labelSmoothing = labelSmoothing;
    this.axis = axis;
    this.direction = "down";
  }

  override getConfig(): Config {
    const { fromLogits, labelSmoothing, axis } = this;
    return { ...super.getConfig(), from_logits: fromLogits, label_smoothing: labelSmoothing, axis };
  }
}

/**
 * Mean cross-entropy of labels that are class numbers.
 *
 * @example new keras.metrics.SparseCategoricalCrossentropy({ fromLogits: true })([1], [[0, 0]]).item() // 0.6931471824645996
 */
export class SparseCategoricalCrossentropy extends MeanMetricWrapper {
  readonly fromLogits: boolean;
  readonly ignoreClass: number | null;
  readonly axis: number;

  constructor(options: MetricOptions & SparseCrossentropyOptions = {}) {
    const { fromLogits = false, ignoreClass = null, axis = -1, ...rest } = options;
    const settings = { fromLogits, ignoreClass, axis };
    const fn = (yTrue: TensorLike, yPred: TensorLike): Tensor =>
      sparseCategoricalCrossentropy(yTrue, yPred, settings);
    super(fn, { ...rest, name: rest.name ?? "sparse_categorical_crossentropy" });
    this.fromLogits = fromLogits;
    this.ignoreClass = ignoreClass;
    this.axis = axis;
    this.direction = "down";
  }

  override getConfig(): Config {
    const { fromLogits, ignoreClass, axis } = this;
    return { ...super.getConfig(), from_logits: fromLogits, ignore_class: ignoreClass, axis };
  }
}
