/**
 * @file Jacobians, one backward pass per element of the target.
 */
import { backpropagate } from "./backprop.js";
import { arrayConstructor } from "./dtype.js";
import { engine } from "./engine.js";
import { type GradientTable, gradientTable } from "./gradientTable.js";
import { type Spec, specOf } from "./spec.js";
import { type Operand, Tensor } from "./tensor.js";
import { SlotFinder, type Trace } from "./trace.js";

/** A tensor of the target's shape with ones where `pick` says. */
function indicator(spec: Spec, pick: (i: number) => boolean): Tensor {
  const storage = new (arrayConstructor(spec.dtype))(spec.size);
  for (let i = 0; i < storage.length; i++) if (pick(i)) storage[i] = 1;
  return new Tensor(storage, spec);
}

/** A table with one gradient in it. */
function seed(slot: number, grad: Tensor): GradientTable {
  const table = gradientTable(slot + 1);
  table[slot] = grad;
  return table;
}

const zeros = ({ shape, dtype }: Operand): Tensor => engine.fill(shape, 0, dtype);

/** Per source, the derivatives of every element of the target: [...target, ...source]; null where none depends on it. */
export function jacobianOf(trace: Trace, target: Operand, sources: readonly unknown[]): (Tensor | null)[] {
  const finder = new SlotFinder(trace);
  const slots = sources.map((source) => finder.of(source));
  const from = finder.of(target);
  const spec = specOf(target.shape, target.dtype);
  const rows: (Tensor | null)[][] = slots.map(() => []);
  // An empty target takes one pass too: it tells what is connected.
  for (let i = 0; i < Math.max(spec.size, 1) && from !== -1; i++) {
    const grads = backpropagate(
      trace,
      seed(
        from,
        indicator(spec, (k) => k === i),
      ),
      slots,
    );
    slots.forEach((slot, s) => {
      rows[s]!.push(slot === -1 ? null : (grads[slot]?.asTensor() ?? null));
    });
  }
  return rows.map((list, s) => {
    const source = sources[s] as Operand;
    if (list.every((row) => row === null)) return null;
    if (spec.size === 0) return engine.fill([...target.shape, ...source.shape], 0, source.dtype);
    const stacked = engine.stack(list.map((row) => row ?? zeros(source)));
    return engine.reshape(stacked, [...target.shape, ...source.shape]);
  });
}

/** [b, …t] by [b, …s]: one backward pass per element of one example, all examples at once; zeros where unconnected. */
export function batchJacobianOf(trace: Trace, target: Operand, source: Operand): Tensor {
  const finder = new SlotFinder(trace);
  const [from, to] = [finder.of(target), finder.of(source)];
  const spec = specOf(target.shape, target.dtype);
  const [batch, ...inner] = target.shape as [number, ...number[]];
  const shape = [batch, ...inner, ...source.shape.slice(1)];
  const count = inner.reduce((product, n) => product * n, 1);
  const columns: Tensor[] = [];
  for (let i = 0; i < count; i++) {
    const start =
      from === -1
        ? []
        : seed(
            from,
            indicator(spec, (k) => k % count === i),
          );
    columns.push(backpropagate(trace, start, [to])[to]?.asTensor() ?? zeros(source));
  }
  return columns.length === 0
    ? engine.fill(shape, 0, target.dtype)
    : engine.reshape(engine.stack(columns, 1), shape);
}
