/**
 * @file Variables: a named place whose tensor can be replaced.
 */

import { defaultDtype, tensorFrom, toTensor, typedArrayDtype } from "./convert.js";
import { type DType, standardizeDtype, type TypedArray } from "./dtype.js";
import { engine } from "./engine.js";
import { DtypeError, ShapeError, ValueError } from "./errors.js";
import { formatVariable } from "./format.js";
import { resumeRecording, suspendRecording, watchVariable } from "./recorder.js";
import { type Shape, sameShape, showShape } from "./shape.js";
import { type NestedNumbers, nextId, Operand, type Tensor, type TensorLike } from "./tensor.js";
import { activeTracer, TracedTensor, withoutTracing } from "./tracer.js";

export interface VariableOptions {
  /** Element type; default that of the initial value. */
  dtype?: DType;
  /** Whether tapes watch it on their own when it is read; default true. */
  trainable?: boolean;
  /** Name in printouts; default "Variable". */
  name?: string;
}

/**
 * A tensor that can be replaced. Tapes watch trainable variables on their own when they are read.
 *
 * @example
 * const w = new tf.Variable([1, 2], { name: "w" });
 * w.assignAdd([10, 10]);
 * w.array() // [ 11, 12 ]
 */
export class Variable extends Operand {
  /** Identity of the variable, shared by the tensors that reading it gives. */
  readonly id: number;
  readonly trainable: boolean;
  readonly name: string;
  #current: Tensor = null as unknown as Tensor;

  /**
   * @param initialValue  any tensor-like value, or a function that makes it; copied
   * @throws {DtypeError} the value has no numbers, or not of the dtype asked for
   */
  constructor(initialValue: TensorLike | (() => TensorLike), options: VariableOptions = {}) {
    super();
    const value =
      typeof initialValue === "function"
        ? withoutTracing(initialValue as () => TensorLike)
        : untraced(initialValue, options.name);
    activeTracer()?.created.push(this);
    this.id = nextId();
    this.trainable = options.trainable ?? true;
    this.name = options.name ?? "Variable";
    this.#current = withoutTracing(() => this.#own(initialTensor(value, options.dtype)));
  }

  /** A tensor's values under the variable's identity, which tapes go on knowing. Values are never overwritten. */
  #own(tensor: Tensor): Tensor {
    const own = tensor.under(this.id);
    if (this.#current !== null) {
      own.mark = this.#current.mark;
      own.slot = this.#current.slot;
    }
    return own;
  }

  /** The tensor to compute with: its values, or while a trace is made, what stands for them. */
  #now(): Tensor {
    const tracer = activeTracer();
    if (tracer === null) return this.#current.settled();
    this.#current = tracer.capture(this, this.#current);
    return this.#current;
  }

  get shape(): Shape {
    return this.#current.shape;
  }

  get dtype(): DType {
    return this.#current.dtype;
  }

  override get size(): number {
    return this.#current.size;
  }

  get storage(): TypedArray {
    return this.#now().storage;
  }

  /** For ops: the current tensor under the variable's own identity; active tapes start to watch. */
  asTensor(): Tensor {
    const tensor = this.#now();
    watchVariable(this, tensor);
    return tensor;
  }

  current(): Tensor {
    return this.#now();
  }

  /** The current tensor as it is, for programs: its values may still be where a program left them. */
  peek(): Tensor {
    return this.#current;
  }

  /** Puts a tensor of the variable's identity, shape and dtype in place: for traces and programs. */
  put(tensor: Tensor): void {
    this.#current = tensor;
  }

  /** The current value as a tensor with an identity of its own. Gradients flow through it to the variable. */
  readValue(): Tensor {
    return engine.identity(this.asTensor());
  }

  /** The same as `readValue()`. */
  value(): Tensor {
    return this.readValue();
  }

  /**
   * Replaces the value.
   *
   * @throws {ShapeError} another shape
   * @throws {DtypeError} a tensor of another dtype
   */
  assign(value: TensorLike): this {
    const tensor = this.#operand(value, "assign");
    this.#now();
    this.#current = this.#own(tensor);
    return this;
  }

  /**
   * Adds to the value.
   *
   * @throws {ShapeError} another shape
   * @throws {DtypeError} a tensor of another dtype
   */
  assignAdd(delta: TensorLike): this {
    return this.#update(engine.add, delta, "assignAdd");
  }

  /**
   * Subtracts from the value.
   *
   * @throws {ShapeError} another shape
   * @throws {DtypeError} a tensor of another dtype, or null
   */
  assignSub(delta: TensorLike): this {
    return this.#update(engine.sub, delta, "assignSub");
  }

  /** The new value is state, not a result: no tape records how it came about. */
  #update(op: (a: Tensor, b: Tensor) => Tensor, delta: TensorLike, who: string): this {
    const change = this.#operand(delta, who);
    const held = suspendRecording();
    try {
      this.#current = this.#own(op(this.#now(), change));
    } finally {
      resumeRecording(held);
    }
    return this;
  }

  /** A value in the variable's own shape and dtype: a broadcast update would hide a mistake. */
  #operand(value: TensorLike, who: string): Tensor {
    if (value === null || value === undefined) {
      throw new DtypeError(
        `${who}: variable '${this.name}' was given ${value}; a gradient is null when the target does not depend on the variable`,
      );
    }
    const tensor =
      value instanceof Operand ? value.asTensor() : toTensor(value, this.dtype, `${who} of '${this.name}'`);
    if (tensor.spec === this.#current.spec) return tensor;
    if (tensor.dtype !== this.dtype) {
      throw new DtypeError(`${who}: variable '${this.name}' is ${this.dtype}, got ${tensor.dtype}`);
    }
    if (!sameShape(tensor.shape, this.shape)) {
      throw new ShapeError(
        `${who}: variable '${this.name}' has shape ${showShape(this.shape)}, got ${showShape(tensor.shape)}`,
      );
    }
    return tensor;
  }

  override toString(): string {
    return formatVariable(this);
  }
}

/** A variable outlives the trace that made it, and so must its first value. */
function untraced(value: TensorLike, name = "Variable"): TensorLike {
  if (!(value instanceof TracedTensor)) return value;
  throw new ValueError(
    `Variable '${name}': the initial value is computed in a traced function; give a function that makes it instead`,
  );
}

function initialTensor(value: TensorLike, dtype: DType | undefined): Tensor {
  const wanted = dtype === undefined ? undefined : standardizeDtype(dtype, "Variable");
  if (value instanceof Operand) {
    const tensor = value.asTensor();
    return wanted === undefined || wanted === tensor.dtype ? tensor : engine.cast(tensor, wanted);
  }
  if (typedArrayDtype(value) !== null || !Array.isArray(value)) {
    const plain = value as NestedNumbers | TypedArray;
    return tensorFrom(plain, wanted ?? defaultDtype(plain), "Variable");
  }
  return toTensor(value, wanted, "Variable");
}
