/**
 * @file Gradients on their way back through a trace, by slot.
 */
import { engine } from "./engine.js";
import { IndexedSlices } from "./indexedSlices.js";
import type { Grad } from "./op.js";

/** Gradients by slot; undefined where there is none. */
export type GradientTable = (NonNullable<Grad> | undefined)[];

/** A table without gradients. Its length is given, so that it stays a plain array however long the trace. */
export const gradientTable = (slots: number): GradientTable => new Array(slots);

/** The sum of two gradients; rows stay rows as long as both are. */
function sumGradients(a: NonNullable<Grad>, b: NonNullable<Grad>): NonNullable<Grad> {
  if (a instanceof IndexedSlices && b instanceof IndexedSlices) {
    return new IndexedSlices(
      engine.concatRows([a.values, b.values]),
      engine.concatRows([a.indices, b.indices]),
      a.denseShape,
    );
  }
  return engine.add(a.asTensor(), b.asTensor());
}

/** Adds to what a slot has. An op that is walked later ran earlier: sums, and sparse rows, stand in the order of the ops. */
export function accumulate(table: GradientTable, slot: number, grad: NonNullable<Grad>): void {
  const previous = table[slot];
  table[slot] = previous === undefined ? grad : sumGradients(grad, previous);
}
