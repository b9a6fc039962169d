/**
 * @file `keras.config`.
 */
export { backend, epsilon, floatx, imageDataFormat, setEpsilon, setFloatx } from "../base/config.js";
