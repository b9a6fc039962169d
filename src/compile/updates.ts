/**
 * @file Variables updated in place: the step that writes a variable's new value comes after all that read the old one, and after
 * all that could fail, so that it may write over it.
 */
import { type Buffer, type KernelStep, type Program, readCount, type Step } from "./program.js";

/** The buffer of a variable's value, and that of its new one. */
export interface UpdatePair {
  readonly from: Buffer;
  readonly to: Buffer;
}

const readsOf = (step: Step): readonly Buffer[] =>
  step.kind === "host" ? step.inputs : step.arrays.slice(0, readCount(step));
const writesOf = (step: Step): readonly Buffer[] =>
  step.kind === "host" ? step.outputs : step.arrays.slice(readCount(step));

/** Numbers of the steps that read and write each buffer. */
interface Uses {
  readonly readers: ReadonlyMap<Buffer, readonly number[]>;
  readonly writers: ReadonlyMap<Buffer, readonly number[]>;
}

function usesOf(steps: readonly Step[]): Uses {
  const readers = new Map<Buffer, number[]>();
  const writers = new Map<Buffer, number[]>();
  const add = (map: Map<Buffer, number[]>, buffer: Buffer, i: number): void => {
    const list = map.get(buffer);
    if (list === undefined) map.set(buffer, [i]);
    else if (list.at(-1) !== i) list.push(i);
  };
  steps.forEach((step, i) => {
    for (const buffer of readsOf(step)) add(readers, buffer, i);
    for (const buffer of writesOf(step)) add(writers, buffer, i);
  });
  return { readers, writers };
}

/** Which steps must follow each: those that read what it writes, and later writers of the same buffer. */
function followers(steps: readonly Step[], { readers, writers }: Uses): Set<number>[] {
  const after = steps.map(() => new Set<number>());
  for (const [buffer, list] of writers) {
    list.forEach((writer, k) => {
      for (const reader of readers.get(buffer) ?? []) if (reader > writer) after[writer]!.add(reader);
      if (k + 1 < list.length) after[writer]!.add(list[k + 1]!);
    });
    // A buffer that is written again was read before.
    for (const reader of readers.get(buffer) ?? [])
      for (const writer of list) if (writer > reader) after[reader]!.add(writer);
  }
  return after;
}

/** All steps that follow from one. */
function reach(start: number, after: readonly ReadonlySet<number>[]): Set<number> {
  const seen = new Set<number>([start]);
  const stack = [start];
  for (let step = stack.pop(); step !== undefined; step = stack.pop()) {
    for (const next of after[step]!) {
      if (seen.has(next)) continue;
      seen.add(next);
      stack.push(next);
    }
  }
  return seen;
}

/** The program with updates as late as they have to be, where that can be done; otherwise in its old order. */
export function orderUpdates(program: Program, pairs: readonly UpdatePair[]): Program {
  const { steps } = program;
  const uses = usesOf(steps);
  const after = followers(steps, uses);
  const before = after.map(() => new Set<number>());
  const hosts = steps.flatMap((step, i) => (step.kind === "host" ? [i] : []));
  for (const { from, to } of pairs) {
    for (const writer of uses.writers.get(to) ?? []) {
      const dependent = reach(writer, after);
      for (const earlier of [...(uses.readers.get(from) ?? []), ...hosts]) {
        if (!dependent.has(earlier)) before[writer]!.add(earlier);
      }
    }
  }
  for (const [writer, earlier] of before.entries()) for (const step of earlier) after[step]!.add(writer);
  const order = stableOrder(after);
  return order === null ? program : { ...program, steps: order.map((i) => steps[i]!) };
}

/** A topological order that keeps to the numbers where it may; null if there is none. */
function stableOrder(after: readonly ReadonlySet<number>[]): number[] | null {
  const waiting = after.map(() => 0);
  for (const next of after) for (const step of next) waiting[step]!++;
  const order: number[] = [];
  const done = after.map(() => false);
  // Steps become free seldom ahead of their turn, so a walk from the front finds the next one quickly.
  let front = 0;
  while (order.length < after.length) {
    while (front < after.length && done[front]) front++;
    let step = front;
    while (step < after.length && (done[step] || waiting[step]! > 0)) step++;
    if (step === after.length) return null;
    done[step] = true;
    order.push(step);
    for (const next of after[step]!) waiting[next]!--;
  }
  return order;
}

/** The pairs whose new value may be written over the old one, in the program's order. */
export function updatesInPlace(program: Program, pairs: readonly UpdatePair[]): UpdatePair[] {
  const { steps } = program;
  const { readers, writers } = usesOf(steps);
  const lastHost = steps.findLastIndex((step) => step.kind === "host");
  const given = new Set<Buffer>([...program.inputs, ...program.constants.keys()]);
  const count = (buffer: Buffer): number => pairs.filter(({ to }) => to === buffer).length;
  return pairs.filter(({ from, to }) => {
    const writing = writers.get(to);
    // The old value itself must not be wanted at the end, and the new one not be two variables'.
    if (writing === undefined || given.has(to) || program.outputs.includes(from) || count(to) > 1)
      return false;
    const first = writing[0]!;
    if (first < lastHost) return false;
    return (readers.get(from) ?? []).every(
      (reader) =>
        reader < first || (reader === first && writing.length === 1 && coincide(steps[first]!, from, to)),
    );
  });
}

/** Whether a step reads one buffer only where it then writes the other. */
function coincide(step: Step, from: Buffer, to: Buffer): boolean {
  if (step.kind === "host" || step.kernel.kind === "reduce") return false;
  return accessesOf(step, from).every((read) =>
    accessesOf(step, to).every(
      (write) =>
        read !== null &&
        write !== null &&
        read.offset === write.offset &&
        read.dtype === write.dtype &&
        read.strides.length === write.strides.length &&
        read.strides.every((stride, i) => stride === write.strides[i]),
    ),
  );
}

/** How a step walks a buffer; null for the factors of a product, which it reads in its own order. */
function accessesOf({ kernel, arrays }: KernelStep, buffer: Buffer) {
  const factors = kernel.kind === "contract" ? 2 : 0;
  const walks = [...kernel.sources, ...kernel.targets];
  return arrays.flatMap((array, i) => (array === buffer ? [i < factors ? null : walks[i - factors]!] : []));
}
