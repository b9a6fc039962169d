/**
 * @file `tf.linalg`: matrices.
 */
export { globalNorm } from "../clip.js";
export { eye } from "../creation.js";
export { matmul, matvec, tensordot } from "../matmul.js";
export { l2Normalize } from "../softmax.js";
export { norm } from "../statistics.js";
