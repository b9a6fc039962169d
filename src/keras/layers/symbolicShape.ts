/**
 * @file The output shape of something that does not tell it: found by running it on zeros.
 */
import { NablaError } from "../../core/errors.js";
import { withoutRecording } from "../../core/recorder.js";
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
    const zeros = fill(
      inputShape.map((n) => n ?? size),
      0,
      layer.dtype,
    );
    const run = () => layer.call(zeros, { training: false, mask: null }) as Tensor;
    return withNameScope(layer.name, layer, () => withoutRecording(run)).shape;
  });
  if (first === undefined || second === undefined || first.length !== second.length) {
    throw new NablaError(
      `Layer '${layer.name}': its output shape cannot be found; write computeOutputShape(inputShape)`,
    );
  }
  return first.map((n, axis) => (n === second[axis] ? n : null));
}
