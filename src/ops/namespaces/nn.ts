/**
 * @file `tf.nn`: activations, losses from logits, normalisation.
 */
export {
  celu,
  elu,
  gelu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardSilu as hardSwish,
  hardTanh,
  leakyRelu,
  logSigmoid,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  silu as swish,
  softplus,
  softShrink,
  softsign,
  sparsePlus,
  squareplus,
  tanhShrink,
  threshold,
} from "../activations.js";
export { type DropoutOptions, dropout } from "../dropout.js";
export { gather as embeddingLookup } from "../gather.js";
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
export { tanh } from "../trigonometry.js";
