/**
 * @file The backward pass: gradients of some tensors from gradients of others, over a list of recorded ops.
 */
import { engine } from "./engine.js";
import { IndexedSlices } from "./indexedSlices.js";
import type { Grad } from "./op.js";
import type { TapeEntry } from "./tapeEntry.js";
import type { Tensor } from "./tensor.js";

/** Gradients by the identity of the tensor they belong to. */
export type GradientMap = Map<number, NonNullable<Grad>>;

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

function accumulate(grads: GradientMap, id: number, grad: NonNullable<Grad>): void {
  const previous = grads.get(id);
  grads.set(id, previous === undefined ? grad : sumGradients(previous, grad));
}

/** The identities that depend on the sources, sources included: gradients are needed for these alone. */
function dependents(entries: readonly TapeEntry[], sources: ReadonlySet<number>): Set<number> {
  const reached = new Set(sources);
  for (const { inputIds, outputIds } of entries) {
    for (let i = 0; i < inputIds.length; i++) {
      if (inputIds[i] !== -1 && reached.has(inputIds[i]!)) {
        for (let k = 0; k < outputIds.length; k++) reached.add(outputIds[k]!);
        break;
      }
    }
  }
  return reached;
}

/** One gradient per output; zeros where the others have one; null if none has. */
function outputGradients(entry: TapeEntry, grads: GradientMap): Tensor[] | null {
  const { outputIds, outputSpecs } = entry;
  let any = false;
  for (let k = 0; k < outputIds.length && !any; k++) any = grads.has(outputIds[k]!);
  if (!any) return null;
  const dys = new Array<Tensor>(outputIds.length);
  for (let k = 0; k < dys.length; k++) {
    const grad = grads.get(outputIds[k]!);
    const spec = outputSpecs[k]!;
    dys[k] = grad === undefined ? engine.fill(spec.shape, 0, spec.dtype) : grad.asTensor();
  }
  return dys;
}

/**
 * Walks recorded ops backward.
 *
 * @param entries  in the order they ran
 * @param seeds    gradients of the targets; grows into the gradients of everything on the way
 * @param sources  identities whose gradients are asked for
 */
export function backpropagate(entries: readonly TapeEntry[], seeds: GradientMap, sources: ReadonlySet<number>): GradientMap {
  const needed = dependents(entries, sources);
  for (let e = entries.length - 1; e >= 0; e--) {
    const entry = entries[e]!;
    const { inputIds, outputIds } = entry;
    let wanted = false;
    for (let i = 0; i < inputIds.length && !wanted; i++) wanted = inputIds[i] !== -1 && needed.has(inputIds[i]!);
    if (!wanted) continue;
    const dys = outputGradients(entry, seeds);
    if (dys === null) continue;
    // An output's gradient is complete here; dropping it keeps the pass's memory to the frontier.
    for (let k = 0; k < outputIds.length; k++) if (!sources.has(outputIds[k]!)) seeds.delete(outputIds[k]!);
    const grads = entry.backward(dys, (i) => inputIds[i] !== -1 && needed.has(inputIds[i]!));
    for (let i = 0; i < inputIds.length; i++) {
      const grad = grads[i];
      if (grad !== null && grad !== undefined && inputIds[i] !== -1) accumulate(seeds, inputIds[i]!, grad);
    }
  }
  return seeds;
}
