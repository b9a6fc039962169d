/**
 * @file `tf.nn`: activations, losses from logits, normalisation.
 */
export { gelu, logSigmoid, mish, sigmoid, silu, silu as swish, softplus, softsign } from "../activations.js";
export { type DropoutOptions, dropout } from "../dropout.js";
export { gather as embeddingLookup } from "../gather.js";
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
