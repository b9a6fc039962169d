/**
 * @file `tf.config`: settings of the whole process.
 */
export { functionsRunEagerly, runFunctionsEagerly } from "../core/function.js";
export * as threading from "./threading.js";
