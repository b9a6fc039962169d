/**
 * @file `keras.optimizers`.
 */
import {
  exportFrom,
  type Identifier,
  objectFrom,
  type SerializableClass,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import { Adadelta } from "./adadelta.js";
import { Adagrad } from "./adagrad.js";
import { Adam, AdamW } from "./adam.js";
import { Adamax } from "./adamax.js";
import { Lion } from "./lion.js";
import { Optimizer } from "./optimizer.js";
import { RMSprop } from "./rmsprop.js";
import { SGD } from "./sgd.js";

export { Adadelta, type AdadeltaOptions } from "./adadelta.js";
export { Adagrad, type AdagradOptions } from "./adagrad.js";
export { Adam, type AdamOptions, AdamW } from "./adam.js";
export { Adamax, type AdamaxOptions } from "./adamax.js";
export { Lion, type LionOptions } from "./lion.js";
export {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Step,
  type Update,
} from "./optimizer.js";
export { RMSprop, type RMSpropOptions } from "./rmsprop.js";
export { SGD, type SGDOptions } from "./sgd.js";

/** An optimizer's name, in any case, or an optimizer. */
export type OptimizerLike = Identifier<Optimizer>;

const classes = exportFrom("keras.optimizers", {
  Adadelta,
  Adagrad,
  Adam,
  AdamW,
  Adamax,
  Lion,
  RMSprop,
  SGD,
});
const byLowerCase = Object.fromEntries(
  Object.values(classes).map((c) => [c.name.toLowerCase(), c]),
) as unknown as Record<string, SerializableClass<Optimizer>>;

/**
 * An optimizer from its name ("adam", "SGD"), its config, or itself.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.optimizers.get("adam").getConfig().beta_1 // 0.9
 */
export function get(identifier: OptimizerLike): Optimizer {
  if (identifier instanceof Optimizer) return identifier;
  if (typeof identifier === "string" && Object.hasOwn(byLowerCase, identifier.toLowerCase())) {
    return objectFrom(identifier.toLowerCase(), "optimizer", byLowerCase);
  }
  if (typeof identifier === "object" && identifier !== null) return deserialize(identifier);
  return objectFrom(identifier, "optimizer", byLowerCase);
}

/** An optimizer in Keras's layout. */
export const serialize = (optimizer: Optimizer): SerializedObject => serializeObject(optimizer);

/** An optimizer from Keras's layout. */
export const deserialize = (config: SerializedObject): Optimizer =>
  objectFrom({ ...config, class_name: config.class_name.toLowerCase() }, "optimizer", byLowerCase);
