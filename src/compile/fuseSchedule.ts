/**
 * @file The order of the steps: of all that could come next, the one after which the least memory is in use.
 */
import { bytesOf } from "../core/dtype.js";
import { type Buffer, type Program, readCount, type Step } from "./program.js";

/** Steps in an order that needs little memory; the given one where that is as good. */
export function schedule(program: Program): Program {
  const order = new Scheduler(program).run();
  const steps = order.map((i) => program.steps[i]!);
  const next = { ...program, steps };
  return peakOf(next) < peakOf(program) ? next : program;
}

const readsOf = (step: Step): ReadonlySet<Buffer> =>
  new Set(step.kind === "host" ? step.inputs : step.arrays.slice(0, readCount(step)));

const writesOf = (step: Step): ReadonlySet<Buffer> =>
  new Set(step.kind === "host" ? step.outputs : step.arrays.slice(readCount(step)));

const sizeOf = ({ size, dtype }: Buffer): number => size * bytesOf(dtype);

/** Everything that is read and written, step by step, while an order is being found or followed. */
class Ledger {
  readonly reads: readonly ReadonlySet<Buffer>[];
  readonly writes: readonly ReadonlySet<Buffer>[];
  readonly readers = new Map<Buffer, number[]>();
  /** How many readers a buffer waits for; buffers that are never freed wait for one more. */
  readonly waiting = new Map<Buffer, number>();
  readonly stored = new Set<Buffer>();
  bytes = 0;

  constructor({ inputs, constants, steps, outputs }: Program) {
    this.reads = steps.map(readsOf);
    this.writes = steps.map(writesOf);
    this.reads.forEach((buffers, i) => {
      for (const buffer of buffers) listIn(this.readers, buffer).push(i);
    });
    for (const [buffer, { length }] of this.readers) this.waiting.set(buffer, length);
    const lasting = new Set([...inputs, ...constants.keys(), ...outputs]);
    for (const buffer of lasting) this.waiting.set(buffer, (this.waiting.get(buffer) ?? 0) + 1);
    // Results need their memory whatever the order.
    for (const buffer of lasting) this.stored.add(buffer);
  }

  /** By how much a step changes the memory in use. */
  change(step: number): number {
    let bytes = 0;
    for (const buffer of this.writes[step]!) if (!this.stored.has(buffer)) bytes += sizeOf(buffer);
    for (const buffer of this.reads[step]!) if (this.waiting.get(buffer) === 1) bytes -= sizeOf(buffer);
    return bytes;
  }

  /** Runs a step; gives the buffers for which its neighbours' changes are no longer what they were. */
  run(step: number): Buffer[] {
    const changed: Buffer[] = [];
    this.bytes += this.change(step);
    for (const buffer of this.writes[step]!) this.stored.add(buffer);
    for (const buffer of this.reads[step]!) {
      const waiting = this.waiting.get(buffer)! - 1;
      this.waiting.set(buffer, waiting);
      if (waiting === 1) changed.push(buffer);
    }
    return changed;
  }
}

function listIn(lists: Map<Buffer, number[]>, buffer: Buffer): number[] {
  let list = lists.get(buffer);
  if (list === undefined) {
    list = [];
    lists.set(buffer, list);
  }
  return list;
}

/** The most memory that is in use at once when the steps run in their order. */
function peakOf(program: Program): number {
  const ledger = new Ledger(program);
  let peak = 0;
  program.steps.forEach((_, i) => {
    let fresh = 0;
    for (const buffer of ledger.writes[i]!) if (!ledger.stored.has(buffer)) fresh += sizeOf(buffer);
    peak = Math.max(peak, ledger.bytes + fresh);
    ledger.run(i);
  });
  return peak;
}

class Scheduler {
  readonly #ledger: Ledger;
  readonly #followers: number[][];
  readonly #missing: number[];
  /** What each ready step would change; absent where it must be worked out anew. */
  readonly #changes: (number | undefined)[] = [];

  constructor(program: Program) {
    this.#ledger = new Ledger(program);
    this.#followers = program.steps.map(() => []);
    this.#missing = program.steps.map(() => 0);
    const writers = new Map<Buffer, number[]>();
    let effect = -1;
    program.steps.forEach((step, i) => {
      const before = new Set<number>();
      for (const buffer of [...this.#ledger.reads[i]!, ...this.#ledger.writes[i]!])
        for (const writer of writers.get(buffer) ?? []) before.add(writer);
      if (step.kind === "host" && step.node.op.effect) {
        if (effect >= 0) before.add(effect);
        effect = i;
      }
      for (const buffer of this.#ledger.writes[i]!) listIn(writers, buffer).push(i);
      for (const earlier of before) this.#followers[earlier]!.push(i);
      this.#missing[i] = before.size;
    });
  }

  run(): number[] {
    const order: number[] = [];
    const ready = this.#missing.flatMap((count, i) => (count === 0 ? [i] : []));
    while (ready.length > 0) {
      const step = ready.splice(this.#best(ready), 1)[0]!;
      order.push(step);
      for (const buffer of this.#ledger.run(step))
        for (const reader of this.#ledger.readers.get(buffer)!) this.#changes[reader] = undefined;
      for (const follower of this.#followers[step]!)
        if (--this.#missing[follower]! === 0) ready.push(follower);
    }
    return order;
  }

  /** The place among the ready steps of the one that leaves the least memory in use; of equals, the first in the program. */
  #best(ready: readonly number[]): number {
    let best = 0;
    for (let i = 0; i < ready.length; i++) {
      const [step, other] = [ready[i]!, ready[best]!];
      const change = (this.#changes[step] ??= this.#ledger.change(step));
      const least = this.#changes[other]!;
      if (change < least || (change === least && step < other)) best = i;
    }
    return best;
  }
}
