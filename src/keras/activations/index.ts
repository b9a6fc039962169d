/**
 * @file `keras.activations`.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { exp, nn } from "../../ops/public.js";
import { toSnakeCase } from "../base/naming.js";
import { lookUp, showIdentifier } from "../base/serialization.js";
import { glu, leakyRelu, linear, relu, sigmoid, softmax, sparseSigmoid } from "./activations.js";

export { exp as exponential } from "../../ops/public.js";
export {
  glu,
  leakyRelu,
  linear,
  type ReluOptions,
  relu,
  sigmoid,
  softmax,
  sparseSigmoid,
} from "./activations.js";

export const {
  celu,
  elu,
  gelu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardTanh,
  logSigmoid,
  logSoftmax,
  mish,
  relu6,
  selu,
  silu,
  softShrink,
  softplus,
  softsign,
  sparsePlus,
  squareplus,
  tanh,
  tanhShrink,
  threshold,
} = nn;
export { hardSilu as hardSwish, silu as swish };

/** A function from a tensor to a tensor of the same shape. */
export type Activation = (x: Tensor) => Tensor;

/** An activation's name, a function, or nothing for `linear`. */
export type ActivationLike = string | ((x: any) => Tensor) | null | undefined;

const functions: Record<string, (x: TensorLike) => Tensor> = {
  celu,
  elu,
  exponential: exp,
  gelu,
  glu,
  hardShrink,
  hardSigmoid,
  hardSilu,
  hardTanh,
  leakyRelu,
  linear,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softShrink,
  softmax,
  softplus,
  softsign,
  sparsePlus,
  sparseSigmoid,
  squareplus,
  tanh,
  tanhShrink,
};

const byName: Record<string, (x: TensorLike) => Tensor> = {
  ...Object.fromEntries(Object.entries(functions).map(([name, f]) => [toSnakeCase(name), f])),
  hard_swish: hardSilu,
  swish: silu,
};

const names = new Map(
  Object.entries(byName)
    .reverse()
    .map(([name, f]) => [f, name]),
);

/**
 * An activation function from its name ("relu", "hard_sigmoid"), or itself; nothing is `linear`.
 *
 * @throws {ValueError} nothing has that name
 * @example keras.activations.get("relu")([-1, 1]).array() // [ 0, 1 ]
 */
export function get(identifier: ActivationLike): Activation {
  if (identifier === null || identifier === undefined) return linear;
  if (typeof identifier === "function") return identifier;
  const found = typeof identifier === "string" ? lookUp(byName, identifier) : undefined;
  if (found === undefined) {
    throw new ValueError(`Could not interpret activation function identifier: ${showIdentifier(identifier)}`);
  }
  return found;
}

/** An activation's name; that of a function of one's own is the function's. */
export const serialize = (activation: Activation): string =>
  names.get(activation as never) ?? activation.name;

/** An activation from what `serialize` gives. */
export const deserialize = (identifier: string): Activation => get(identifier);
