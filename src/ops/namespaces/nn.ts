/**
 * @file `tf.nn`: activations, convolutions, pools, losses from logits, normalisation.
 */
export { gelu, logSigmoid, mish, sigmoid, silu, silu as swish, softplus, softsign } from "../activations.js";
export {
  type AtrousArguments,
  atrousConv2d,
  type Conv1dArguments,
  type ConvArguments,
  type ConvOptions,
  type ConvolutionArguments,
  conv1d,
  conv2d,
  conv3d,
  convolution,
  depthwiseConv2d,
  separableConv2d,
} from "../convolution.js";
export {
  type ConvTransposeArguments,
  type ConvTransposeOptions,
  conv1dTranspose,
  conv2dTranspose,
  conv3dTranspose,
  convTranspose,
} from "../convTranspose.js";
export type { DataFormat, Padding, Sizes } from "../convWindow.js";
export { type DropoutOptions, dropout } from "../dropout.js";
export { gather as embeddingLookup } from "../gather.js";
export {
  type ArgmaxPoolArguments,
  type ArgmaxPoolOptions,
  avgPool,
  avgPool1d,
  avgPool2d,
  avgPool3d,
  maxPool,
  maxPool1d,
  maxPool2d,
  maxPool3d,
  maxPoolWithArgmax,
  type PoolArguments,
  type PoolingType,
  type PoolOptions,
  pool,
  type WindowPoolArguments,
  type WindowPoolOptions,
} from "../pooling.js";
export { celu, elu, leakyRelu, relu, relu6, selu } from "../rectifiers.js";
export {
  glu,
  type LabelsAndLogits,
  l2Loss,
  l2Normalize,
  logSoftmax,
  moments,
  sigmoidCrossEntropyWithLogits,
  softmax,
  softmaxCrossEntropyWithLogits,
  sparseSoftmaxCrossEntropyWithLogits,
} from "../softmax.js";
export {
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardSilu as hardSwish,
  hardTanh,
  softShrink,
  sparsePlus,
  squareplus,
  tanhShrink,
  threshold,
} from "../thresholds.js";
export { tanh } from "../trigonometry.js";
