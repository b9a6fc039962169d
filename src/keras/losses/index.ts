/**
 * @file `keras.losses`.
 */
import { withSnakeCase } from "../base/naming.js";
import {
  exportFrom,
  type Identifier,
  isSerialized,
  lookUp,
  objectFrom,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import {
  BinaryCrossentropy,
  binaryCrossentropy,
  CategoricalCrossentropy,
  categoricalCrossentropy,
  SparseCategoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from "./crossentropy.js";
import { Loss, type LossFunction, LossFunctionWrapper } from "./loss.js";
import {
  Huber,
  huber,
  LogCosh,
  logCosh,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from "./regression.js";

export * from "./crossentropy.js";
export { Loss, type LossFunction, type LossOptions } from "./loss.js";
export type { Reduction } from "./reduction.js";
export * from "./regression.js";

/** A loss's name, a loss, or a function of labels and predictions. */
export type LossLike = Identifier<Loss | LossFunction>;

const classes = exportFrom("keras.losses", {
  BinaryCrossentropy,
  CategoricalCrossentropy,
  Huber,
  LogCosh,
  MeanAbsoluteError,
  MeanAbsolutePercentageError,
  MeanSquaredError,
  MeanSquaredLogarithmicError,
  SparseCategoricalCrossentropy,
}) as unknown as Record<string, SerializableClass<Loss>>;

const functions = withSnakeCase<LossFunction>({
  BinaryCrossentropy: binaryCrossentropy,
  CategoricalCrossentropy: categoricalCrossentropy,
  Huber: huber,
  LogCosh: logCosh,
  MeanAbsoluteError: meanAbsoluteError,
  MeanAbsolutePercentageError: meanAbsolutePercentageError,
  MeanSquaredError: meanSquaredError,
  MeanSquaredLogarithmicError: meanSquaredLogarithmicError,
  SparseCategoricalCrossentropy: sparseCategoricalCrossentropy,
});

const aliases: Record<string, LossFunction> = {
  bce: binaryCrossentropy,
  BCE: binaryCrossentropy,
  mae: meanAbsoluteError,
  MAE: meanAbsoluteError,
  mape: meanAbsolutePercentageError,
  MAPE: meanAbsolutePercentageError,
  mse: meanSquaredError,
  MSE: meanSquaredError,
  msle: meanSquaredLogarithmicError,
  MSLE: meanSquaredLogarithmicError,
};

/** The class's name of each loss function: what metrics wrap is told by it to be better when smaller. */
export const isLossFunction = (f: unknown): boolean => Object.values(functions).includes(f as LossFunction);

/**
 * A loss from its name: a class's ("MeanSquaredError") gives a loss, a function's ("mean_squared_error", "mse") the
 * function. Losses, functions and null are given back.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.losses.get("mse") === keras.losses.meanSquaredError // true
 */
export function get(identifier: LossLike): Loss | LossFunction;
export function get(identifier: LossLike | null): Loss | LossFunction | null;
export function get(identifier: LossLike | null): Loss | LossFunction | null {
  if (identifier === null || identifier === undefined || typeof identifier === "function")
    return identifier ?? null;
  const ofClass = typeof identifier === "string" ? lookUp(classes, identifier) : undefined;
  if (ofClass === undefined && typeof identifier === "string") {
    const found = lookUp(aliases, identifier) ?? lookUp(functions, identifier);
    if (found !== undefined) return found;
  }
  return objectFrom(identifier, "loss", classes);
}

/** A loss in Keras's layout; a function by its name. */
export const serialize = (loss: Loss | LossFunction): SerializedObject | string => {
  if (loss instanceof Loss && !(loss.constructor === LossFunctionWrapper)) return serializeObject(loss);
  const fn = loss instanceof LossFunctionWrapper ? loss.fn : loss;
  return (
    Object.entries(functions).find(([name, f]) => f === fn && name === name.toLowerCase())?.[0] ??
    (fn as Function).name
  );
};

/** A loss from what `serialize` gives. */
export const deserialize = (config: SerializedObject | string): Loss | LossFunction =>
  isSerialized(config) ? objectFrom(config, "loss", classes) : get(config);
