/**
 * @file The backward pass: gradients of some slots of a trace from gradients of others.
 */
import type { GradientTable } from "./gradientTable.js";
import type { Trace } from "./trace.js";

/** Which slots depend on the sources, sources included; null if all do. */
function dependents(trace: Trace, sources: readonly number[]): boolean[] | null {
  const { roots, entries } = trace;
  let all = true;
  for (let i = 0; i < roots.length && all; i++) all = sources.includes(roots[i]!);
  if (all) return null;
  const reached = new Array<boolean>(trace.count).fill(false);
  for (const source of sources) if (source !== -1) reached[source] = true;
  for (const entry of entries) {
    if (!entry.needs(reached)) continue;
    for (let k = 0; k < entry.outputSpecs.length; k++) reached[entry.firstOutput + k] = true;
  }
  return reached;
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
  for (let e = entries.length - 1; e >= 0; e--) {
    const entry = entries[e]!;
    if (!entry.reached(grads) || (needed !== null && !entry.needs(needed))) continue;
    entry.differentiate(grads, needed);
    // An output's gradient is used up here; dropping it keeps the pass's memory to the frontier.
    const { firstOutput, outputSpecs } = entry;
    for (let k = 0; k < outputSpecs.length; k++) {
      if (!sources.includes(firstOutput + k)) grads[firstOutput + k] = undefined;
    }
  }
  return grads;
}
