/**
 * @file One op on a tape: what the backward pass needs of it, and how it is differentiated.
 */
import { engine } from "./engine.js";
import { GradientError } from "./errors.js";
import { accumulate, type GradientTable } from "./gradientTable.js";
import { IndexedSlices } from "./indexedSlices.js";
import type { Attrs, Grad, GradContext, LazyGrad, Op } from "./op.js";
import { type GradientHandler, missingGradient, type RecordedOp, userHandler } from "./registry.js";
import { type Shape, sameShape, showShape } from "./shape.js";
import { currentLine, type SourceLine } from "./sourceLine.js";
import type { Spec } from "./spec.js";
import { Tensor } from "./tensor.js";

/** The backward pass of something that is not one op: a custom gradient, a recomputed block. */
export type Backward = (dys: Tensor[]) => readonly Grad[];

const NO_TENSORS: readonly Tensor[] = Object.freeze([]);

/** What an entry needs beyond its op's own rule: a user's handler with all it may ask for, or a block's backward pass. */
type Special =
  | { readonly kind: "block"; readonly type: string; readonly backward: Backward }
  /** `handler` is null where the user said that there is no gradient. */
  | {
      readonly kind: "handler";
      readonly handler: GradientHandler | null;
      readonly inputs: readonly Tensor[];
      readonly outputs: readonly Tensor[];
    };

export class TapeEntry implements GradContext, RecordedOp {
  // Declared, not defined: an entry is made for every op on a tape, and a defined field would be written twice.
  declare readonly op: Op | null;
  declare readonly attrs: Attrs;
  /** Where the tape keeps the inputs it knows; −1 for the others. */
  declare readonly inputSlots: readonly number[];
  declare readonly inputSpecs: readonly Spec[];
  /** Slot of the first output; the others follow. */
  declare readonly firstOutput: number;
  declare readonly outputSpecs: readonly Spec[];
  declare readonly createdAt: SourceLine | null;
  declare private readonly saved: Readonly<Record<string, Tensor>> | null;
  declare private readonly special: Special | null;

  constructor(
    what: Op | string,
    inputSlots: readonly number[],
    inputs: readonly Tensor[],
    attrs: Attrs,
    firstOutput: number,
    outputs: readonly Tensor[],
    block: Backward | null = null,
  ) {
    this.attrs = attrs;
    this.inputSlots = inputSlots;
    this.inputSpecs = specsOf(inputs);
    this.firstOutput = firstOutput;
    this.outputSpecs = specsOf(outputs);
    this.createdAt = currentLine();
    if (typeof what === "string") {
      this.op = null;
      this.special = { kind: "block", type: what, backward: block! };
      this.saved = null;
    } else {
      this.op = what;
      this.special = specialOf(what, inputs, outputs);
      this.saved = this.special === null && what.grad ? what.save(inputs, outputs) : null;
    }
  }

  get type(): string {
    return this.op === null ? (this.special as Special & { kind: "block" }).type : this.op.name;
  }

  /** Kept only for a user's handler. */
  get inputs(): readonly Tensor[] {
    return this.special?.kind === "handler" ? this.special.inputs : NO_TENSORS;
  }

  /** Kept only for a user's handler. */
  get outputs(): readonly Tensor[] {
    return this.special?.kind === "handler" ? this.special.outputs : NO_TENSORS;
  }

  shapeOf(input: string): Shape {
    return this.#specOf(input).shape;
  }

  dtypeOf(input: string): Spec["dtype"] {
    return this.#specOf(input).dtype;
  }

  outputShape(index = 0): Shape {
    return this.outputSpecs[index]!.shape;
  }

  get inputCount(): number {
    return this.inputSpecs.length;
  }

  shapeAt(i: number): Shape {
    return this.inputSpecs[i]!.shape;
  }

  #specOf(input: string): Spec {
    return this.inputSpecs[this.op!.inputs.indexOf(input)]!;
  }

  /** Whether a gradient has come to any of the outputs. */
  reached(grads: GradientTable): boolean {
    const first = this.firstOutput;
    const count = this.outputSpecs.length;
    for (let k = 0; k < count; k++) if (grads[first + k] !== undefined) return true;
    return false;
  }

  /** Whether the gradient of any input is wanted. */
  needs(wanted: readonly boolean[]): boolean {
    const slots = this.inputSlots;
    for (let i = 0; i < slots.length; i++) if (slots[i] !== -1 && wanted[slots[i]!]) return true;
    return false;
  }

  /**
   * Adds the gradients of the inputs to the table.
   *
   * @param grads   gradients by slot; outputs without one count as zeros
   * @param wanted  which slots' gradients are wanted; null for all
   */
  differentiate(grads: GradientTable, wanted: readonly boolean[] | null): void {
    const { special } = this;
    if (special === null) this.#applyRule(grads, wanted);
    else if (special.kind === "block") this.#addAll(grads, special.backward(this.#outputGradients(grads)));
    else if (special.handler !== null) {
      this.#addAll(grads, this.#callHandler(special.handler, this.#outputGradients(grads)));
    }
  }

  #outputGradients(grads: GradientTable): Tensor[] {
    return this.outputSpecs.map(
      (spec, k) => grads[this.firstOutput + k]?.asTensor() ?? engine.fill(spec.shape, 0, spec.dtype),
    );
  }

  #applyRule(grads: GradientTable, wanted: readonly boolean[] | null): void {
    const op = this.op!;
    if (op.grad === undefined) throw missingGradient(op.name);
    if (op.grad === null) return;
    const dy = op.partial
      ? this.outputSpecs.map((_, k) => grads[this.firstOutput + k]?.asTensor() ?? null)
      : op.multiple
        ? this.#outputGradients(grads)
        : grads[this.firstOutput]!.asTensor();
    const rule = op.grad(dy, this.saved!, this);
    const slots = this.inputSlots;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (slot === -1 || (wanted !== null && !wanted[slot])) continue;
      const lazy = op.variadic ? (rule[op.inputs[0]!] as unknown as LazyGrad[])[i]! : rule[op.inputs[i]!]!;
      const grad = typeof lazy === "function" ? lazy() : lazy;
      if (grad !== null && grad !== undefined) accumulate(grads, slot, this.#checked(grad, i));
    }
  }

  #addAll(table: GradientTable, grads: readonly Grad[]): void {
    this.inputSlots.forEach((slot, i) => {
      const grad = grads[i];
      if (slot !== -1 && grad !== null && grad !== undefined) accumulate(table, slot, this.#checked(grad, i));
    });
  }

  #callHandler(handler: GradientHandler, dys: Tensor[]): readonly Grad[] {
    const result = handler(this, ...dys);
    const grads = Array.isArray(result) ? (result as readonly Grad[]) : [result as Grad];
    const count = this.inputSpecs.length;
    if (grads.length === count) return grads;
    throw new GradientError(
      `Recorded operation '${this.type}' returned too ${grads.length < count ? "few" : "many"} gradients. ` +
        `Expected ${count} but received ${grads.length}`,
    );
  }

  /** A gradient has its input's dtype and shape; elementwise rules leave broadcasting to this. */
  #checked(grad: NonNullable<Grad>, i: number): NonNullable<Grad> {
    const spec = this.inputSpecs[i]!;
    if (grad instanceof Tensor && grad.spec === spec) return grad;
    if (grad.dtype !== spec.dtype) throw this.#wrong(i, `dtype ${grad.dtype}`, spec.dtype);
    if (sameShape(grad.shape, spec.shape)) return grad;
    if (this.op?.kind === "elementwise" && !(grad instanceof IndexedSlices))
      return engine.sumTo(grad, spec.shape);
    throw this.#wrong(i, `shape ${showShape(grad.shape)}`, showShape(spec.shape));
  }

  #wrong(i: number, got: string, expected: string): GradientError {
    const input = this.op?.variadic ? `${this.op.inputs[0]}[${i}]` : (this.op?.inputs[i] ?? String(i));
    return new GradientError(
      `the gradient of ${this.type} for input ${input} has ${got}; the input has ${expected}`,
    );
  }

  /** The rule of an elementwise op for one input, in the shape of dy: what forward mode is made of. */
  elementwiseGrad(dy: Tensor, i: number): Tensor | null {
    const rule = this.op!.grad!(dy, this.saved!, this);
    const grad = rule[this.op!.inputs[i]!];
    return (typeof grad === "function" ? grad() : grad)?.asTensor() ?? null;
  }

  /** `MatMul(float32[2, 3], float32[3, 4]) → float32[2, 4]`, with the line that made it. */
  toString(): string {
    const place = this.createdAt === null ? "" : `   ${this.createdAt.file}:${this.createdAt.line}`;
    return `${this.type}(${this.inputSpecs.join(", ")}) → ${this.outputSpecs.join(", ")}${place}`;
  }
}

function specialOf(op: Op, inputs: readonly Tensor[], outputs: readonly Tensor[]): Special | null {
  const handler = userHandler(op);
  if (handler === undefined) return null;
  const kept = handler === null ? NO_TENSORS : inputs.slice();
  return { kind: "handler", handler, inputs: kept, outputs: handler === null ? NO_TENSORS : outputs };
}

function specsOf(tensors: readonly Tensor[]): Spec[] {
  const specs = new Array<Spec>(tensors.length);
  for (let i = 0; i < specs.length; i++) specs[i] = tensors[i]!.spec;
  return specs;
}
