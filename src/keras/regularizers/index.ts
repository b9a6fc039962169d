/**
 * @file `keras.regularizers`.
 */
import type { Tensor, TensorLike } from "../../core/tensor.js";
import {
  classesByName,
  functionOrObject,
  type Identifier,
  objectFrom,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import { L1, L1L2, L2, OrthogonalRegularizer, Regularizer } from "./regularizers.js";

export {
  L1,
  L1 as l1,
  L1L2,
  L1L2 as l1L2,
  L2,
  L2 as l2,
  OrthogonalRegularizer,
  OrthogonalRegularizer as orthogonalRegularizer,
  Regularizer,
};

/** A regularizer, a function like one, a name, or nothing. */
export type RegularizerLike = Identifier<Regularizer | ((x: TensorLike) => Tensor)> | null | undefined;

const byName = classesByName<Regularizer>("keras.regularizers", { L1, L1L2, L2, OrthogonalRegularizer });

/**
 * A regularizer from its name ("l2", "L2"), its config, or itself; null for nothing.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.regularizers.get("l2").getConfig() // { l2: 0.01 }
 */
export function get(identifier: RegularizerLike): Regularizer | ((x: TensorLike) => Tensor) | null {
  return identifier == null ? null : functionOrObject(identifier, "regularizer", byName);
}

/** A regularizer in Keras's layout. */
export const serialize = (regularizer: Regularizer): SerializedObject => serializeObject(regularizer);

/** A regularizer from Keras's layout. */
export const deserialize = (config: SerializedObject): Regularizer =>
  objectFrom(config, "regularizer", byName);
