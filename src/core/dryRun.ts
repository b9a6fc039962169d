/**
 * @file What a function gives — structure, shapes, dtypes — found without computing it.
 */
import { withoutRecording } from "./recorder.js";
import type { Spec } from "./spec.js";
import type { Tensor } from "./tensor.js";
import { Tracer } from "./tracer.js";
import type { Variable } from "./variable.js";

/**
 * Runs a function on tensors without values. Variables that it makes stay; what it assigns to variables is forgotten.
 *
 * @param f  is given a function that makes a tensor of a spec
 * @returns what `f` gives; its tensors have shapes and dtypes only
 * @throws {ReadError} `f` reads a value
 */
export function dryRun<T>(f: (input: (spec: Spec) => Tensor) => T): T {
  const tracer = new Tracer<Variable>(() => {});
  return withoutRecording(() => tracer.trace(() => f((spec) => tracer.input(spec))).result);
}
