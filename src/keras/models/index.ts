/**
 * @file `keras.models`.
 */
import { exportFrom } from "../base/serialization.js";
import { Model } from "./model.js";
import { Sequential } from "./sequential.js";

export { type BatchOptions, type CompileOptions, Model } from "./model.js";
export { Sequential, type SequentialLayer } from "./sequential.js";
export type { SummaryOptions } from "./summary.js";

exportFrom("keras", { Model, Sequential });
