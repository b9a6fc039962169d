/**
 * @file One op on a tape: what the backward pass needs of it, and how it is differentiated.
 */
import { GradientError } from "./errors.js";
import { engine } from "./engine.js";
import { IndexedSlices } from "./indexedSlices.js";
import type { Attrs, Grad, GradContext, Op } from "./op.js";
import { type GradientHandler, missingGradient, type RecordedOp, userHandler } from "./registry.js";
import { type Shape, sameShape, showShape } from "./shape.js";
import { currentLine, type SourceLine } from "./sourceLine.js";
import type { Spec } from "./spec.js";
import type { Tensor } from "./tensor.js";

/** The backward pass of something that is not one op: a custom gradient, a recomputed block. */
export type Backward = (dys: Tensor[]) => readonly Grad[];

export class TapeEntry implements GradContext, RecordedOp {
  readonly op: Op | null;
  readonly type: string;
  readonly attrs: Attrs;
  /** Identities of the inputs the tape knows, −1 for the others. */
  readonly inputIds: readonly number[];
  readonly inputSpecs: readonly Spec[];
  readonly outputIds: readonly number[];
  readonly outputSpecs: readonly Spec[];
  readonly createdAt: SourceLine | null;
  readonly #saved: Readonly<Record<string, Tensor>> | null;
  readonly #handler: GradientHandler | undefined;
  readonly #backward: Backward | null;
  /** Kept only for a user's handler. */
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];

  constructor(
    op: Op | null,
    type: string,
    inputIds: readonly number[],
    inputs: readonly Tensor[],
    attrs: Attrs,
    outputs: readonly Tensor[],
    backward: Backward | null = null,
  ) {
    this.op = op;
    this.type = type;
    this.attrs = attrs;
    this.inputIds = inputIds;
    const specs = new Array<Spec>(inputs.length);
    for (let i = 0; i < inputs.length; i++) specs[i] = inputs[i]!.spec;
    this.inputSpecs = specs;
    this.createdAt = currentLine();
    this.#backward = backward;
    this.#handler = op === null ? undefined : userHandler(op);
    const keep = this.#handler !== undefined;
    this.inputs = keep ? inputs.slice() : NO_TENSORS;
    this.outputs = keep ? outputs : NO_TENSORS;
    this.#saved = keep || op === null || !op.grad ? null : op.save(inputs, outputs);
    const count = outputs.length;
    const ids = new Array<number>(count);
    const outSpecs = new Array<Spec>(count);
    for (let i = 0; i < count; i++) {
      ids[i] = outputs[i]!.id;
      outSpecs[i] = outputs[i]!.spec;
    }
    this.outputIds = ids;
    this.outputSpecs = outSpecs;
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

  /**
   * Gradients of the inputs from gradients of the outputs.
   *
   * @param dys    one per output, zeros where nothing came
   * @param needs  whether the gradient of input i is wanted
   */
  backward(dys: Tensor[], needs: (i: number) => boolean): readonly Grad[] {
    if (this.#backward !== null) return this.#backward(dys);
    if (this.#handler !== undefined) return this.#callHandler(this.#handler, dys);
    const op = this.op!;
    if (op.grad === undefined) throw missingGradient(op.name);
    if (op.grad === null) return this.inputIds.map(() => null);
    const rule = op.grad(op.multiple ? dys : dys[0], this.#saved!, this);
    const grads = new Array<Grad>(this.inputIds.length);
    for (let i = 0; i < grads.length; i++) {
      grads[i] = null;
      if (!needs(i)) continue;
      let grad = op.variadic ? (rule[op.inputs[0]!] as unknown as Grad[])[i]! : rule[op.inputs[i]!];
      if (typeof grad === "function") grad = grad();
      grads[i] = grad === null || grad === undefined ? null : this.#checked(grad, i);
    }
    return grads;
  }

  #callHandler(handler: GradientHandler, dys: Tensor[]): readonly Grad[] {
    const result = handler(this, ...dys);
    const grads = Array.isArray(result) ? (result as readonly Grad[]) : [result as Grad];
    if (grads.length !== this.inputIds.length) {
      throw new GradientError(
        `Recorded operation '${this.type}' returned too ${grads.length < this.inputIds.length ? "few" : "many"} gradients. ` +
          `Expected ${this.inputIds.length} but received ${grads.length}`,
      );
    }
    return grads.map((grad, i) => (grad === null || grad === undefined ? null : this.#checked(grad, i)));
  }

  /** A gradient has its input's dtype and shape; elementwise rules leave broadcasting to this. */
  #checked(grad: NonNullable<Grad>, i: number): Grad {
    const spec = this.inputSpecs[i]!;
    if (grad.dtype !== spec.dtype) throw this.#wrong(i, `dtype ${grad.dtype}`, spec.dtype);
    if (sameShape(grad.shape, spec.shape)) return grad;
    if (this.op?.kind === "elementwise" && !(grad instanceof IndexedSlices)) return engine.sumTo(grad, spec.shape);
    throw this.#wrong(i, `shape ${showShape(grad.shape)}`, showShape(spec.shape));
  }

  #wrong(i: number, got: string, expected: string): GradientError {
    const input = this.op?.variadic ? `${this.op.inputs[0]}[${i}]` : (this.op?.inputs[i] ?? String(i));
    return new GradientError(`the gradient of ${this.type} for input ${input} has ${got}; the input has ${expected}`);
  }

  /** `MatMul(float32[2, 3], float32[3, 4]) → float32[2, 4]`, with the line that made it. */
  toString(): string {
    const place = this.createdAt === null ? "" : `   ${this.createdAt.file}:${this.createdAt.line}`;
    return `${this.type}(${this.inputSpecs.join(", ")}) → ${this.outputSpecs.join(", ")}${place}`;
  }
}

const NO_TENSORS: readonly Tensor[] = Object.freeze([]);
