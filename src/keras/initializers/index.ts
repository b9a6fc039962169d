/**
 * @file `keras.initializers`.
 */
import type { DType } from "../../core/dtype.js";
import type { TensorLike } from "../../core/tensor.js";
import {
  classesByName,
  functionOrObject,
  type Identifier,
  objectFrom,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import { Constant, Identity, Ones, Zeros } from "./constant.js";
import { Initializer } from "./initializer.js";
import { Orthogonal } from "./orthogonal.js";
import { RandomNormal, RandomUniform, TruncatedNormal } from "./random.js";
import {
  GlorotNormal,
  GlorotUniform,
  HeNormal,
  HeUniform,
  LecunNormal,
  LecunUniform,
  VarianceScaling,
} from "./varianceScaling.js";

export {
  Constant,
  Constant as constant,
  GlorotNormal,
  GlorotNormal as glorotNormal,
  GlorotUniform,
  GlorotUniform as glorotUniform,
  HeNormal,
  HeNormal as heNormal,
  HeUniform,
  HeUniform as heUniform,
  Identity,
  Identity as identity,
  Identity as IdentityInitializer,
  Initializer,
  LecunNormal,
  LecunNormal as lecunNormal,
  LecunUniform,
  LecunUniform as lecunUniform,
  Ones,
  Ones as ones,
  Orthogonal,
  Orthogonal as orthogonal,
  Orthogonal as OrthogonalInitializer,
  RandomNormal,
  RandomNormal as randomNormal,
  RandomUniform,
  RandomUniform as randomUniform,
  TruncatedNormal,
  TruncatedNormal as truncatedNormal,
  VarianceScaling,
  VarianceScaling as varianceScaling,
  Zeros,
  Zeros as zeros,
};

/** A function that makes a value from a shape and a dtype. */
export type InitializerLike = Identifier<
  Initializer | ((shape: readonly number[], dtype: DType) => TensorLike)
>;

const byName = classesByName<Initializer>(
  "keras.initializers",
  {
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Identity,
    LecunNormal,
    LecunUniform,
    Ones,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
    Zeros,
  },
  {
    IdentityInitializer: Identity,
    OrthogonalInitializer: Orthogonal,
    normal: RandomNormal,
    one: Ones,
    uniform: RandomUniform,
    zero: Zeros,
  },
);

/**
 * An initializer from its name ("glorot_uniform", "GlorotUniform"), its config, or itself.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.initializers.get("he_normal") instanceof keras.initializers.HeNormal // true
 */
export function get(
  identifier: InitializerLike,
): Initializer | ((shape: readonly number[], dtype: DType) => TensorLike) {
  return functionOrObject(identifier, "initializer", byName);
}

/** An initializer in Keras's layout. */
export const serialize = (initializer: Initializer): SerializedObject => serializeObject(initializer);

/** An initializer from Keras's layout. */
export const deserialize = (config: SerializedObject): Initializer =>
  objectFrom(config, "initializer", byName);
