/**
 * @file `keras.layers`.
 */
import {
  exportFrom,
  objectFrom,
  type SerializableClass,
  type SerializedObject,
} from "../base/serialization.js";
import { Activation, Identity, LeakyReLU, ReLU, Softmax } from "./activationLayers.js";
import { Dense } from "./dense.js";
import { Dropout } from "./dropout.js";
import { InputLayer } from "./inputLayer.js";
import type { Layer } from "./layer.js";
import { Flatten, Permute, Reshape } from "./reshaping.js";

export type { LayerShape } from "../base/shape.js";
export { Activation, Identity, LeakyReLU, ReLU, type ReLUOptions, Softmax } from "./activationLayers.js";
export { Dense, type DenseOptions } from "./dense.js";
export { Dropout, type DropoutOptions } from "./dropout.js";
export { Input, InputLayer, type InputOptions } from "./inputLayer.js";
export { InputSpec, type InputSpecOptions } from "./inputSpec.js";
export { type CallOptions, Layer, type LayerOptions, type WeightOptions } from "./layer.js";
export { Flatten, Permute, Reshape } from "./reshaping.js";

const byName = exportFrom("keras.layers", {
  Activation,
  Dense,
  Dropout,
  Flatten,
  Identity,
  InputLayer,
  LeakyReLU,
  Permute,
  ReLU,
  Reshape,
  Softmax,
}) as unknown as Record<string, SerializableClass<Layer>>;

/** A layer in Keras's layout. */
export const serialize = (layer: Layer): SerializedObject => layer.toJSON();

/**
 * A layer from Keras's layout.
 *
 * @param config         what `serialize` gives
 * @param customObjects  classes of one's own, by name
 * @throws {ValueError} no layer has that class name
 * @example
 * const config = keras.layers.serialize(new keras.layers.Dense(3, { activation: "relu" }));
 * keras.layers.deserialize(config).units // 3
 */
export const deserialize = (
  config: SerializedObject,
  customObjects: Readonly<Record<string, unknown>> = {},
): Layer => objectFrom(config, "layer", byName, customObjects);
