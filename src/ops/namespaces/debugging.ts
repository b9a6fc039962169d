/**
 * @file `tf.debugging`: checks, and the lines that made the ops.
 */
export { sourceLines } from "../../core/sourceLine.js";
export { checkNumerics } from "../gradientFlow.js";
