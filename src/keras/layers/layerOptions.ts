/**
 * @file What layers are made with and called with, checked.
 */
import { type DType, standardizeDtype } from "../../core/dtype.js";
import { NablaError, ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { floatx } from "../base/config.js";
import type { Config, SerializedObject } from "../base/serialization.js";
import type * as constraints from "../constraints/index.js";
import type * as initializers from "../initializers/index.js";
import type * as regularizers from "../regularizers/index.js";

export interface LayerOptions {
  /** Name; default the class's in snake case, numbered. */
  name?: string | null;
  /** Whether training changes its weights; default true. */
  trainable?: boolean;
  /** Float type of weights and computation; default `keras.config.floatx()`. */
  dtype?: DType | SerializedObject | null;
  /** Converts float inputs to the layer's dtype; default true. */
  autocast?: boolean;
  /** A penalty on the output, divided by the batch size and added to the loss. */
  activityRegularizer?: regularizers.RegularizerLike;
}

export interface CallOptions {
  /** Training rather than inference; default that of the layer around, else false. */
  training?: boolean;
  /** Which entries of the input count: bool. */
  mask?: Tensor | null;
  [option: string]: unknown;
}

export interface WeightOptions {
  /** Last part of the variable's path. */
  name?: string;
  /** Default []. */
  shape?: readonly number[];
  /** Default "glorot_uniform" for floats, "zeros" otherwise. */
  initializer?: initializers.InitializerLike;
  /** Default that of the layer. */
  dtype?: DType;
  /** Default true. */
  trainable?: boolean;
  regularizer?: regularizers.RegularizerLike;
  constraint?: constraints.ConstraintLike;
}

/** The call signature of layers: what `call` gives. */
export interface LayerCall {
  (inputs: any, options?: CallOptions): ReturnType<this["call"]>;
  call(inputs: any, options?: CallOptions): any;
}

const OPTION_NAMES = ["name", "trainable", "dtype", "autocast", "activityRegularizer"];

/** @throws {ValueError} an option that nothing knows */
export function checkOptionNames(
  options: LayerOptions,
  ownSettings: readonly string[],
  className: string,
): void {
  const unknown = Object.keys(options).filter(
    (key) => !OPTION_NAMES.includes(key) && !ownSettings.includes(key),
  );
  if (unknown.length === 0) return;
  const values = unknown.map((key) => `'${key}': ${JSON.stringify((options as Config)[key]) ?? "..."}`);
  throw new ValueError(`Unrecognized keyword arguments passed to ${className}: {${values.join(", ")}}`);
}

/** @throws {ValueError} not a text, or with a slash in it */
export function checkName(name: unknown): void {
  if (typeof name === "string" && !name.includes("/")) return;
  throw new ValueError(
    `Argument \`name\` must be a string and cannot contain character \`/\`. Received: name=${name}`,
  );
}

/** What a layer says when it is called on the input of a model instead of a tensor. */
export const functionalModel = (name: string): NablaError =>
  new NablaError(
    `Layer '${name}' was called on a KerasTensor: models drawn as a graph of layer calls are not supported yet. Put the ` +
      "layers in a keras.Sequential, or write a subclass of keras.Model with a call method.",
  );

/** The dtype of an option or a config; without one the default float. */
export function readDtype(dtype: LayerOptions["dtype"]): DType {
  if (dtype === null || dtype === undefined) return floatx();
  return standardizeDtype(typeof dtype === "string" ? dtype : (dtype.config as Config)["name"], "dtype");
}

/** A dtype as configs hold it. */
export const dtypePolicy = (dtype: DType): SerializedObject => ({
  module: "keras",
  class_name: "DTypePolicy",
  config: { name: dtype },
  registered_name: null,
});
