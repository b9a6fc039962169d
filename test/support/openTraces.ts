/**
 * @file Traces with an open size against traces for numbers: the one with a number in the place of the size must be the other.
 */
import assert from "node:assert/strict";
import * as tf from "nabla";
import { isTrainable } from "../../src/core/dtype.js";
import { FunctionTrace } from "../../src/core/functionTrace.js";
import { graphText } from "../../src/core/graphText.js";
import { Sizes } from "../../src/core/sizes.js";
import { type Spec, specOf } from "../../src/core/spec.js";
import { SizeScope } from "../../src/ir/openSize.js";

export type Build = (...xs: tf.Tensor[]) => readonly tf.Tensor[];

/** For each input, the axis that is open. */
export type OpenAxes = readonly (number | null)[];

/** A function and its gradients up to an order. */
export function differentiated(build: Build, order: number): Build {
  if (order === 0) return build;
  const inner = differentiated(build, order - 1);
  return (...xs) => {
    const sources = xs.filter(({ dtype }) => isTrainable(dtype));
    const tape = new tf.GradientTape();
    const ys = tape.record(() => {
      tape.watch(sources);
      return inner(...xs);
    });
    const targets = ys.filter(({ dtype }) => isTrainable(dtype));
    return [...ys, ...tape.gradient(targets, sources, { unconnectedGradients: "zero" })];
  };
}

const withSize = (specs: readonly Spec[], axes: OpenAxes, size: number): Spec[] =>
  specs.map(({ shape, dtype }, i) =>
    specOf(axes[i] === null ? shape : (shape as number[]).with(axes[i]!, size), dtype),
  );

/** The graph's text, or the error. */
function traced(build: Build, specs: readonly Spec[]): string | Error {
  try {
    return graphText(new FunctionTrace("f", specs, (xs) => build(...xs)).task.graph);
  } catch (error) {
    return error as Error;
  }
}

/**
 * Traces with one open size, and asserts that the graph is right for every number that the trace is good for.
 *
 * @param sample  what is asked of the open size is answered as for this number
 * @param others  numbers to try beside it
 * @returns       why the trace was given up, or is good for none of the numbers, though the function can be traced for all of
 *                them; null if all is well
 */
export function openTraceFailure(
  build: Build,
  specs: readonly Spec[],
  axes: OpenAxes,
  sample: number,
  others: readonly number[],
): Error | null {
  const scope = new SizeScope();
  const open = withSize(specs, axes, scope.open(sample));
  const trace = scope.attempt(() => new FunctionTrace("f", open, (xs) => build(...xs), scope));
  const expected = new Map(
    [sample, ...others].map((size) => [size, traced(build, withSize(specs, axes, size))]),
  );
  const isGeneral = [...expected.values()].every((text) => typeof text === "string");
  if (trace === null) return isGeneral ? (scope.failure as Error) : null;
  let fits = 0;
  for (const [size, text] of expected) {
    if (!scope.holds([size]) || text instanceof Error) continue;
    fits++;
    assert.equal(graphText(new Sizes([size]).graph(trace.task.graph)), text, `open size as ${size}`);
  }
  return isGeneral && fits === 0 ? new Error("the trace is good for no size") : null;
}
