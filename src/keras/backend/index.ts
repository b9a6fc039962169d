/**
 * @file `keras.backend`.
 */
export { resultType, standardizeDtype } from "../../core/dtype.js";
export { epsilon, floatx, imageDataFormat, setEpsilon, setFloatx } from "../base/config.js";
export { getUid, resetNames as clearSession } from "../base/naming.js";
