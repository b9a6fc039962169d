/**
 * @file Jacobians, one backward pass per element of the target.
 */
import { backpropagate } from "./backprop.js";
import { isTrainable } from "./dtype.js";
import { engine } from "./engine.js";
import type { TapeEntry } from "./tapeEntry.js";
import { Operand, Tensor } from "./tensor.js";
import type { Spec } from "./spec.js";
import { specOf } from "./spec.js";

/** Identities of the sources that can have gradients; −1 for the rest, which no op has. */
const sourceIds = (sources: readonly unknown[]): number[] =>
  sources.map((source) => (source instanceof Operand && isTrainable(source.dtype) ? source.id : -1));

/** A tensor of the target's shape with ones where `pick` says. */
function indicator(spec: Spec, pick: (i: number) => boolean): Tensor {
  const storage = engine.fill(spec.shape, 0, spec.dtype).storage.slice();
  for (let i = 0; i < storage.length; i++) if (pick(i)) storage[i] = 1;
  return new Tensor(storage, spec);
}

const zeros = ({ shape, dtype }: Operand): Tensor => engine.fill(shape, 0, dtype);

/** Per source, the derivatives of every element of the target: [...target, ...source]; null where none depends on it. */
export function jacobianOf(
  entries: readonly TapeEntry[],
  target: Operand,
  sources: readonly unknown[],
): (Tensor | null)[] {
  const ids = sourceIds(sources);
  const spec = specOf(target.shape, target.dtype);
  const rows: (Tensor | null)[][] = ids.map(() => []);
  for (let i = 0; i < spec.size; i++) {
    const grads = backpropagate(entries, new Map([[target.id, indicator(spec, (k) => k === i)]]), new Set(ids));
    ids.forEach((id, s) => rows[s]!.push(grads.get(id)?.asTensor() ?? null));
  }
  return rows.map((list, s) => {
    const source = sources[s] as Operand;
    if (list.every((row) => row === null)) return null;
    const stacked = engine.stack(list.map((row) => row ?? zeros(source)));
    return engine.reshape(stacked, [...target.shape, ...source.shape]);
  });
}

/** [b, …t] by [b, …s]: one backward pass per element of one example, all examples at once; zeros where unconnected. */
export function batchJacobianOf(entries: readonly TapeEntry[], target: Operand, source: Operand): Tensor {
  const spec = specOf(target.shape, target.dtype);
  const [batch, ...inner] = target.shape as [number, ...number[]];
  const shape = [batch, ...inner, ...source.shape.slice(1)];
  const count = inner.reduce((product, n) => product * n, 1);
  const columns: Tensor[] = [];
  for (let i = 0; i < count; i++) {
    const seed = indicator(spec, (k) => k % count === i);
    const grads = backpropagate(entries, new Map([[target.id, seed]]), new Set(sourceIds([source])));
    columns.push(grads.get(source.id)?.asTensor() ?? zeros(source));
  }
  return columns.length === 0 ? engine.fill(shape, 0, target.dtype) : engine.reshape(engine.stack(columns, 1), shape);
}
