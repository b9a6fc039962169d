/**
 * @file What ops share whose work the host does: they take any number of values of any dtypes, and call what has been given to
 * them with tensors.
 */
import { isTrainable } from "../core/dtype.js";
import type { Flat } from "../core/op.js";
import { type Spec, specOf } from "../core/spec.js";
import { Tensor } from "../core/tensor.js";

/** What such an op's record says of its inputs and outputs. Its attributes hold the specs of its outputs. */
export const anyValues = {
  inputs: ["values"],
  roles: { values: "any" },
  accepts: "any",
  variadic: true,
  multiple: true,
  infer: (_: unknown, { outputs }: { readonly outputs: readonly Spec[] }): readonly Spec[] => outputs,
} as const;

/** A value as a tensor of its own: the program goes on using the array. */
export const ownTensor = ({ data, shape, dtype }: Flat): Tensor =>
  new Tensor(data.slice(), specOf(shape, dtype));

/** Writes results where the program wants them. */
export function putResults(outputs: readonly Flat[], results: readonly Tensor[]): void {
  for (const [k, result] of results.entries()) outputs[k]!.data.set(result.storage);
}

/** Whether a value can have a gradient. */
export const isFloat = ({ dtype }: Pick<Spec, "dtype">): boolean => isTrainable(dtype);
