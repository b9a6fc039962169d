/**
 * @file What a tape has seen: the ops in order, and a slot for every tensor it knows. Slots are small integers, so that
 * the backward pass works on plain arrays.
 */
import type { Attrs, Op } from "./op.js";
import { type Backward, TapeEntry } from "./tapeEntry.js";
import { type Mark, Operand, type Tensor } from "./tensor.js";

export class Trace {
  readonly entries: TapeEntry[] = [];
  /** How many slots are taken. */
  count = 0;
  /** Slots of what was watched; everything else follows from them. */
  readonly roots: number[] = [];
  readonly #mark: Mark = { slots: null, done: false };

  /** The slot of a tensor or of the variable whose value it is; −1 if the trace does not know it. */
  slotOf(tensor: Tensor): number {
    if (tensor.mark === this.#mark) return tensor.slot;
    return this.#mark.slots === null ? -1 : (this.#mark.slots.get(tensor.id) ?? -1);
  }

  #give(tensor: Tensor, slot: number): void {
    const other = tensor.mark;
    // A tensor remembers one trace; the one before it keeps the slot in its own table.
    if (other !== null && other !== this.#mark && !other.done)
      (other.slots ??= new Map()).set(tensor.id, tensor.slot);
    tensor.mark = this.#mark;
    tensor.slot = slot;
  }

  watch(tensor: Tensor): void {
    if (this.slotOf(tensor) !== -1) return;
    this.roots.push(this.count);
    this.#give(tensor, this.count++);
  }

  /** Adds an op if it depends on anything known. */
  add(
    what: Op | string,
    inputs: readonly Tensor[],
    attrs: Attrs,
    outputs: readonly Tensor[],
    block: Backward | null,
  ): void {
    let slots: number[] | null = null;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      const slot = this.slotOf(input);
      if (slot === -1 || !input.spec.trainable) continue;
      slots ??=
        inputs.length === 1
          ? [-1]
          : inputs.length === 2
            ? [-1, -1]
            : new Array<number>(inputs.length).fill(-1);
      slots[i] = slot;
    }
    if (slots === null) return;
    this.entries.push(new TapeEntry(what, slots, inputs, attrs, this.count, outputs, block));
    for (let k = 0; k < outputs.length; k++) this.#give(outputs[k]!, this.count++);
  }

  /** Nobody will ask this trace again. */
  close(): void {
    this.#mark.done = true;
    this.#mark.slots = null;
  }
}

/**
 * Slots of targets and sources. What the trace does not know gets a slot of its own behind the others, so that a target
 * which is itself a source has its gradient.
 */
export class SlotFinder {
  readonly #trace: Trace;
  #strangers: Map<number, number> | null = null;

  constructor(trace: Trace) {
    this.#trace = trace;
  }

  /** The slot; −1 for what can have no gradient. */
  of(leaf: unknown): number {
    if (!(leaf instanceof Operand)) return -1;
    const value = leaf.current();
    if (!value.spec.trainable) return -1;
    const known = this.#trace.slotOf(value);
    if (known !== -1) return known;
    this.#strangers ??= new Map();
    let slot = this.#strangers.get(value.id);
    if (slot === undefined) {
      slot = this.#trace.count + this.#strangers.size;
      this.#strangers.set(value.id, slot);
    }
    return slot;
  }
}
