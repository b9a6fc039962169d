/**
 * @file `tf.autodiff`: the two recorders under the names TensorFlow also gives them.
 */
export { ForwardAccumulator } from "./forward.js";
export { GradientTape } from "./tape.js";
