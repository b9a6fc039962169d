/**
 * @file `tf.linalg`: matrices.
 */
export { globalNorm } from "../clip.js";
export { eye } from "../creation.js";
export { diag, diagPart, trace } from "../diagonal.js";
export { einsum } from "../einsum.js";
export {
  bandPart,
  matrixTranspose,
  type QrOptions,
  qr,
  type TriangularSolveOptions,
  triangularSolve,
} from "../linalg.js";
export { matmul, matvec, tensordot } from "../matmul.js";
export { l2Normalize } from "../softmax.js";
export { norm } from "../statistics.js";
