/**
 * @file `keras.metrics`.
 */
import {
  classesByName,
  functionOrObject,
  type Identifier,
  objectFrom,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import { Accuracy, BinaryAccuracy, CategoricalAccuracy, SparseCategoricalAccuracy } from "./accuracy.js";
import {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  RootMeanSquaredError,
  SparseCategoricalCrossentropy,
} from "./losses.js";
import type { Metric } from "./metric.js";
import { Mean, MeanMetricWrapper, type MetricFunction, Sum } from "./reduction.js";

export {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from "../losses/crossentropy.js";
export {
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from "../losses/regression.js";
export {
  Accuracy,
  BinaryAccuracy,
  binaryAccuracy,
  CategoricalAccuracy,
  categoricalAccuracy,
  SparseCategoricalAccuracy,
  sparseCategoricalAccuracy,
} from "./accuracy.js";
export * from "./losses.js";
export { Metric, type MetricOptions } from "./metric.js";
export { Mean, MeanMetricWrapper, type MetricFunction, Sum } from "./reduction.js";

/** A metric's name, a metric, or a function of labels and predictions. */
export type MetricLike = Identifier<Metric | MetricFunction>;

const byName = classesByName<Metric>(
  "keras.metrics",
  {
    Accuracy,
    BinaryAccuracy,
    BinaryCrossentropy,
    CategoricalAccuracy,
    CategoricalCrossentropy,
    Mean,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanMetricWrapper,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
    RootMeanSquaredError,
    SparseCategoricalAccuracy,
    SparseCategoricalCrossentropy,
    Sum,
  },
  {
    bce: BinaryCrossentropy,
    BCE: BinaryCrossentropy,
    mae: MeanAbsoluteError,
    MAE: MeanAbsoluteError,
    mape: MeanAbsolutePercentageError,
    MAPE: MeanAbsolutePercentageError,
    mse: MeanSquaredError,
    MSE: MeanSquaredError,
    msle: MeanSquaredLogarithmicError,
    MSLE: MeanSquaredLogarithmicError,
  },
);

/**
 * A metric from its name ("mse", "MeanSquaredError"), its config, or itself.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.metrics.get("mse").name // "mean_squared_error"
 */
export function get(identifier: MetricLike): Metric | MetricFunction {
  return functionOrObject(identifier, "metric", byName);
}

/** A metric in Keras's layout. */
export const serialize = (metric: Metric): SerializedObject => serializeObject(metric);

/** A metric from Keras's layout. */
export const deserialize = (config: SerializedObject): Metric => objectFrom(config, "metric", byName);
