/**
 * @file The backward pass: gradients of some slots of a trace from gradients of others.
 */
import { engine } from "./engine.js";
import { IndexedSlices } from "./indexedSlices.js";
import type { Grad } from "./op.js";
import type { TapeEntry } from "./tapeEntry.js";
import type { Tensor } from "./tensor.js";
import type { Trace } from "./trace.js";

/** Gradients by slot; undefined where there is none. */
export type GradientTable = (NonNullable<Grad> | undefined)[];

/** The sum of two gradients; rows stay rows as long as both are. */
export function sumGradients(a: NonNullable<Grad>, b: NonNullable<Grad>): NonNullable<Grad> {
  if (a instanceof IndexedSlices && b instanceof IndexedSlices) {
    return new IndexedSlices(
      engine.concatRows([a.values, b.values]),
      engine.concatRows([a.indices, b.indices]),
      a.denseShape,
    );
  }
  return engine.add(a.asTensor(), b.asTensor());
}

/** Which slots depend on the sources, sources included; null if all do. */
function dependents(trace: Trace, sources: readonly number[]): boolean[] | null {
  if (trace.roots.every((root) => sources.includes(root))) return null;
  const reached = new Array<boolean>(trace.count).fill(false);
  for (const source of sources) if (source !== -1) reached[source] = true;
  for (const { inputSlots, firstOutput, outputSpecs } of trace.entries) {
    if (!inputSlots.some((slot) => slot !== -1 && reached[slot])) continue;
    for (let k = 0; k < outputSpecs.length; k++) reached[firstOutput + k] = true;
  }
  return reached;
}

/** One gradient per output; zeros where the others have one; null if none has. */
function outputGradients(entry: TapeEntry, grads: GradientTable): Tensor[] | null {
  const { firstOutput, outputSpecs } = entry;
  if (outputSpecs.length === 1) {
    const only = grads[firstOutput];
    return only === undefined ? null : [only.asTensor()];
  }
  if (outputSpecs.every((_, k) => grads[firstOutput + k] === undefined)) return null;
  return outputSpecs.map((spec, k) => grads[firstOutput + k]?.asTensor() ?? engine.fill(spec.shape, 0, spec.dtype));
}

/**
 * Walks a trace backward.
 *
 * @param trace    the recorded ops
 * @param grads    gradients of the targets by slot; grows into the gradients of what the sources need
 * @param sources  slots whose gradients are asked for
 */
export function backpropagate(trace: Trace, grads: GradientTable, sources: readonly number[]): GradientTable {
  const { entries } = trace;
  const needed = dependents(trace, sources);
  const take = (slot: number, grad: NonNullable<Grad>): void => {
    const previous = grads[slot];
    grads[slot] = previous === undefined ? grad : sumGradients(previous, grad);
  };
  for (let e = entries.length - 1; e >= 0; e--) {
    const entry = entries[e]!;
    const { firstOutput, outputSpecs } = entry;
    if (needed !== null && !needed[firstOutput]) continue;
    const dys = outputGradients(entry, grads);
    if (dys === null) continue;
    // An output's gradient is complete here; dropping it keeps the pass's memory to the frontier.
    for (let k = 0; k < outputSpecs.length; k++) {
      if (!sources.includes(firstOutput + k)) grads[firstOutput + k] = undefined;
    }
    entry.differentiate(dys, needed, take);
  }
  return grads;
}
