/**
 * @file `keras.utils`.
 */
export { resetNames as clearSession } from "../base/naming.js";
export { setRandomSeed } from "../random/seedGenerator.js";
export { setOutput } from "./output.js";
export { plotModel } from "./plotModel.js";
export { Progbar, type ProgbarOptions } from "./progbar.js";
export { toCategorical } from "./toCategorical.js";
