/**
 * @file The output shape of something that does not tell it: found by a dry run, or where its code reads values, by running it on
 * zeros.
 */
import { dryRun } from "../../core/dryRun.js";
import { NablaError, ReadError } from "../../core/errors.js";
import { withoutRecording } from "../../core/recorder.js";
import { specOf } from "../../core/spec.js";
import type { Tensor } from "../../core/tensor.js";
import { fill } from "../../ops/public.js";
import { withNameScope } from "../base/scope.js";

/** Stands for the layer, of which only these are needed. */
interface Runnable {
  readonly name: string;
  readonly dtype: Tensor["dtype"];
  call(inputs: Tensor, options: { training: boolean; mask: null }): unknown;
}

/** Sizes put in the place of null, unlikely to be the size of something else. */
const TRIALS = [2, 3] as const;

/**
 * Runs a layer with two sizes for every null: the sizes of the output that differ are the ones that vary.
 *
 * @throws {NablaError} the layer does not run on zeros, or gives no tensor
 */
export function symbolicOutputShape(
  layer: Runnable,
  inputShape: readonly (number | null)[],
): (number | null)[] {
  const [first, second] = TRIALS.map((size) => {
    const shape = inputShape.map((n) => n ?? size);
    return withNameScope(layer.name, layer, () => outputOf(layer, shape)).shape;
  });
  if (first === undefined || second === undefined || first.length !== second.length) {
    throw new NablaError(
      `Layer '${layer.name}': its output shape cannot be found; write computeOutputShape(inputShape)`,
    );
  }
  return first.map((n, axis) => (n === second[axis] ? n : null));
}

function outputOf(layer: Runnable, shape: readonly number[]): Tensor {
  const run = (x: Tensor) => layer.call(x, { training: false, mask: null }) as Tensor;
  try {
    return dryRun((input) => run(input(specOf(shape, layer.dtype))));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return withoutRecording(() => run(fill(shape, 0, layer.dtype)));
  }
}
