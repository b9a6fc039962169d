/**
 * @file A program while a pass changes it: its steps taken apart, and who reads and writes each buffer.
 */
import { closeStep, type OpenKernel, openStep } from "./fuseKernel.js";
import type { Buffer, HostStep, Program } from "./program.js";

/** A step at its place in the order; places only ever get fewer. */
export interface DraftStep {
  place: number;
  content: OpenKernel | HostStep;
}

/** A draft's step that is a kernel. */
export type KernelDraft = DraftStep & { content: OpenKernel };

export const isKernel = (step: DraftStep): step is KernelDraft => step.content.kind !== "host";

export const readBuffers = ({ content }: DraftStep): readonly Buffer[] =>
  content.kind === "host" ? content.inputs : content.reads.map((read) => read.buffer);

export const writtenBuffers = ({ content }: DraftStep): readonly Buffer[] =>
  content.kind === "host" ? content.outputs : content.writes.map((write) => write.buffer);

const NONE: ReadonlySet<DraftStep> = new Set();

/** A pass: changes a program into one that computes the same. */
export type Pass = (draft: Draft) => void;

export class Draft {
  readonly #program: Program;
  constants: Program["constants"];
  readonly #steps = new Set<DraftStep>();
  readonly #readers = new Map<Buffer, Set<DraftStep>>();
  readonly #writers = new Map<Buffer, Set<DraftStep>>();
  readonly #outputs: Set<Buffer>;
  /** Buffers whose elements another buffer has, in the same order. */
  readonly #replaced = new Map<Buffer, Buffer>();

  constructor(program: Program) {
    this.#program = program;
    this.constants = program.constants;
    this.#outputs = new Set(program.outputs);
    program.steps.forEach((step, place) => {
      this.#add({ place, content: step.kind === "host" ? step : openStep(step) });
    });
  }

  /** The steps in order. */
  steps(): DraftStep[] {
    return inOrder(this.#steps);
  }

  /** The kernels in order. */
  kernels(): KernelDraft[] {
    return this.steps().filter(isKernel);
  }

  readers(buffer: Buffer): ReadonlySet<DraftStep> {
    return this.#readers.get(buffer) ?? NONE;
  }

  writers(buffer: Buffer): ReadonlySet<DraftStep> {
    return this.#writers.get(buffer) ?? NONE;
  }

  isOutput(buffer: Buffer): boolean {
    return this.#outputs.has(buffer);
  }

  has(step: DraftStep): boolean {
    return this.#steps.has(step);
  }

  change(step: DraftStep, content: DraftStep["content"]): void {
    this.remove(step);
    step.content = content;
    this.#add(step);
  }

  remove(step: DraftStep): void {
    this.#steps.delete(step);
    for (const buffer of readBuffers(step)) this.#readers.get(buffer)?.delete(step);
    for (const buffer of writtenBuffers(step)) this.#writers.get(buffer)?.delete(step);
  }

  /** Lets another buffer stand for one that nobody writes any more. */
  replaceOutput(buffer: Buffer, by: Buffer): void {
    if (!this.#outputs.delete(buffer)) return;
    this.#outputs.add(by);
    this.#replaced.set(buffer, by);
  }

  toProgram(): Program {
    const outputs = this.#program.outputs.map((buffer) => this.#standIn(buffer));
    const steps = this.steps().map(({ content }) => (content.kind === "host" ? content : closeStep(content)));
    return { inputs: this.#program.inputs, constants: this.constants, steps, outputs };
  }

  #standIn(buffer: Buffer): Buffer {
    const by = this.#replaced.get(buffer);
    return by === undefined ? buffer : this.#standIn(by);
  }

  #add(step: DraftStep): void {
    this.#steps.add(step);
    for (const buffer of readBuffers(step)) entry(this.#readers, buffer).add(step);
    for (const buffer of writtenBuffers(step)) entry(this.#writers, buffer).add(step);
  }
}

function entry(index: Map<Buffer, Set<DraftStep>>, buffer: Buffer): Set<DraftStep> {
  let steps = index.get(buffer);
  if (steps === undefined) {
    steps = new Set();
    index.set(buffer, steps);
  }
  return steps;
}

export const inOrder = <S extends DraftStep>(steps: Iterable<S>): S[] =>
  [...steps].sort((p, q) => p.place - q.place);
