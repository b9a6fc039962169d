/**
 * @file `keras.constraints`.
 */
import type { Tensor } from "../../core/tensor.js";
import {
  classesByName,
  functionOrObject,
  type Identifier,
  objectFrom,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import { Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm } from "./constraints.js";

export {
  Constraint,
  MaxNorm,
  MaxNorm as maxNorm,
  MinMaxNorm,
  MinMaxNorm as minMaxNorm,
  NonNeg,
  NonNeg as nonNeg,
  UnitNorm,
  UnitNorm as unitNorm,
};

/** A constraint, a function like one, a name, or nothing. */
export type ConstraintLike = Identifier<Constraint | ((w: Tensor) => Tensor)> | null | undefined;

const byName = classesByName<Constraint>("keras.constraints", { MaxNorm, MinMaxNorm, NonNeg, UnitNorm });

/**
 * A constraint from its name ("non_neg", "NonNeg"), its config, or itself; null for nothing.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.constraints.get("max_norm").getConfig() // { max_value: 2, axis: 0 }
 */
export function get(identifier: ConstraintLike): Constraint | ((w: Tensor) => Tensor) | null {
  return identifier == null ? null : functionOrObject(identifier, "constraint", byName);
}

/** A constraint in Keras's layout. */
export const serialize = (constraint: Constraint): SerializedObject => serializeObject(constraint);

/** A constraint from Keras's layout. */
export const deserialize = (config: SerializedObject): Constraint => objectFrom(config, "constraint", byName);
