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
import { BatchNormalization } from "./batchNormalization.js";
import { Conv1D, Conv2D } from "./convolutional/conv.js";
import { Conv1DTranspose, Conv2DTranspose } from "./convolutional/convTranspose.js";
import { DepthwiseConv1D, DepthwiseConv2D } from "./convolutional/depthwiseConv.js";
import { Dense } from "./dense.js";
import { Dropout } from "./dropout.js";
import { Embedding } from "./embedding.js";
import { InputLayer } from "./inputLayer.js";
import type { Layer } from "./layer.js";
import { LayerNormalization } from "./layerNormalization.js";
import { MultiHeadAttention } from "./multiHeadAttention.js";
import {
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
} from "./pooling/globalPooling.js";
import { AveragePooling1D, AveragePooling2D, MaxPooling1D, MaxPooling2D } from "./pooling/pooling.js";
import { GRU, GRUCell } from "./recurrent/gru.js";
import { LSTM, LSTMCell } from "./recurrent/lstm.js";
import { SimpleRNN, SimpleRNNCell } from "./recurrent/simpleRNN.js";
import { Flatten, Permute, Reshape } from "./reshaping.js";

export type { LayerShape } from "../base/shape.js";
export { Activation, Identity, LeakyReLU, ReLU, type ReLUOptions, Softmax } from "./activationLayers.js";
export { BatchNormalization, type BatchNormalizationOptions } from "./batchNormalization.js";
export {
  Conv1D,
  Conv1D as Convolution1D,
  Conv2D,
  Conv2D as Convolution2D,
  type ConvOptions,
} from "./convolutional/conv.js";
export {
  Conv1DTranspose,
  Conv1DTranspose as Convolution1DTranspose,
  Conv2DTranspose,
  Conv2DTranspose as Convolution2DTranspose,
  type ConvTransposeOptions,
} from "./convolutional/convTranspose.js";
export {
  DepthwiseConv1D,
  DepthwiseConv2D,
  type DepthwiseConvOptions,
} from "./convolutional/depthwiseConv.js";
export { Dense, type DenseOptions } from "./dense.js";
export { Dropout, type DropoutOptions } from "./dropout.js";
export { Embedding, type EmbeddingOptions } from "./embedding.js";
export { Input, InputLayer, type InputOptions } from "./inputLayer.js";
export { InputSpec, type InputSpecOptions } from "./inputSpec.js";
export { type CallOptions, Layer, type LayerOptions, type WeightOptions } from "./layer.js";
export { LayerNormalization, type LayerNormalizationOptions } from "./layerNormalization.js";
export {
  type AttentionCallOptions,
  MultiHeadAttention,
  type MultiHeadAttentionOptions,
} from "./multiHeadAttention.js";
export {
  GlobalAveragePooling1D,
  GlobalAveragePooling1D as GlobalAvgPool1D,
  GlobalAveragePooling2D,
  GlobalAveragePooling2D as GlobalAvgPool2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling1D as GlobalMaxPool1D,
  GlobalMaxPooling2D,
  GlobalMaxPooling2D as GlobalMaxPool2D,
  type GlobalPoolingOptions,
} from "./pooling/globalPooling.js";
export {
  AveragePooling1D,
  AveragePooling1D as AvgPool1D,
  AveragePooling2D,
  AveragePooling2D as AvgPool2D,
  MaxPooling1D,
  MaxPooling1D as MaxPool1D,
  MaxPooling2D,
  MaxPooling2D as MaxPool2D,
  type PoolingOptions,
} from "./pooling/pooling.js";
export { GRU, GRUCell, type GRUCellOptions, type GRUOptions } from "./recurrent/gru.js";
export { LSTM, LSTMCell, type LSTMCellOptions, type LSTMOptions } from "./recurrent/lstm.js";
export { SimpleRNN, SimpleRNNCell, type SimpleRNNOptions } from "./recurrent/simpleRNN.js";
export { Flatten, Permute, Reshape } from "./reshaping.js";

const byName = exportFrom("keras.layers", {
  Activation,
  AveragePooling1D,
  AveragePooling2D,
  BatchNormalization,
  Conv1D,
  Conv1DTranspose,
  Conv2D,
  Conv2DTranspose,
  Dense,
  DepthwiseConv1D,
  DepthwiseConv2D,
  Dropout,
  Embedding,
  Flatten,
  GRU,
  GRUCell,
  GlobalAveragePooling1D,
  GlobalAveragePooling2D,
  GlobalMaxPooling1D,
  GlobalMaxPooling2D,
  Identity,
  InputLayer,
  LSTM,
  LSTMCell,
  LayerNormalization,
  LeakyReLU,
  MaxPooling1D,
  MaxPooling2D,
  MultiHeadAttention,
  Permute,
  ReLU,
  Reshape,
  SimpleRNN,
  SimpleRNNCell,
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
