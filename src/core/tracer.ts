/**
 * @file Tracing: while it is on, ops are written into a graph instead of being run.
 */
import type { Graph, GraphNode, GraphValue } from "../ir/graph.js";
import { isOpen, type OpenSize } from "../ir/openSize.js";
import type { DType, TypedArray } from "./dtype.js";
import { engine } from "./engine.js";
import { ReadError } from "./errors.js";
import type { Attrs, Op, Runner } from "./op.js";
import { withoutRecording } from "./recorder.js";
import { SCALAR } from "./shape.js";
import { userLine } from "./sourceLine.js";
import { type Spec, specOf } from "./spec.js";
import { nextId, Tensor } from "./tensor.js";

/** What a trace needs of a variable. */
export interface TraceableVariable {
  readonly name: string;
  /** Its tensor as it is. */
  peek(): Tensor;
  put(tensor: Tensor): void;
}

let active: Tracer<any> | null = null;

/** Who is tracing now. */
export const activeTracer = (): Tracer<any> | null => active;

/** Runs a function with ops running at once, though a trace is being made: for initial values of variables. */
export function withoutTracing<T>(f: () => T): T {
  const held = active;
  active = null;
  try {
    return f();
  } finally {
    active = held;
  }
}

/** A tensor that will have values each time the traced program runs. */
export class TracedTensor extends Tensor {
  constructor(
    readonly tracer: Tracer<any>,
    readonly value: GraphValue,
    spec: Spec,
    id?: number,
  ) {
    super(0, spec, id);
  }

  override as(spec: Spec): Tensor {
    return new TracedTensor(this.tracer, this.value, spec);
  }

  override under(id: number): Tensor {
    return new TracedTensor(this.tracer, this.value, this.spec, id);
  }

  override get first(): number {
    throw unreadable(this.spec);
  }

  override get storage(): TypedArray {
    throw unreadable(this.spec);
  }

  override toString(): string {
    return `<traced ${this.spec}>`;
  }
}

function unreadable(spec: Spec): ReadError {
  const line = userLine();
  return new ReadError(
    `a tensor (${spec}) has no value yet while tf.function traces` +
      `${line === null ? "" : ` (${line.file}:${line.line})`}. ` +
      "Return it from the function and read it outside, or use tf.cond, tf.whileLoop or tf.where instead of if and for.",
  );
}

/** A variable in a trace: what it stood for before, and as what it was read first. */
interface Captured<V> {
  readonly variable: V;
  before: Tensor;
  readonly read: TracedTensor;
  /** What it was last read as, after it was assigned. */
  reread: Tensor;
}

/** A variable that a program reads, and what stands for its value. */
export interface Read<V> {
  readonly variable: V;
  readonly tensor: TracedTensor;
  readonly value: GraphValue;
}

/** A variable and the value that a program gives it. */
export interface Update<V> {
  readonly variable: V;
  readonly value: GraphValue;
}

/** What a trace has written down. */
export interface TraceResult<T, V> {
  readonly result: T;
  readonly nodes: readonly GraphNode<Op>[];
  /** Those of them that are new since the tracer stopped last. */
  readonly added: readonly GraphNode<Op>[];
  readonly constants: Graph<Op>["constants"];
  /** Variables that were read or assigned, with the inputs that stand for them. */
  readonly reads: readonly Read<V>[];
  /** Variables that were assigned, with their new values. */
  readonly updates: readonly Update<V>[];
}

/** Results of this size and below that depend on nothing traced are computed while tracing. */
const FOLDED = 4096;

const hasOpen = (list: readonly unknown[]): boolean =>
  list.some((item) => isOpen(item) || (Array.isArray(item) && hasOpen(item)));

/** What has open sizes is not, however small it may turn out to be. */
const isFoldable = ({ size, shape }: Spec): boolean =>
  typeof size === "number" && size <= FOLDED && !hasOpen(shape);

const newValue = ({ shape, dtype, size }: Spec): GraphValue => ({ shape, dtype, size });

/** Writes one graph, in one go or in several. */
export class Tracer<V extends TraceableVariable = TraceableVariable> {
  readonly #nodes: GraphNode<Op>[] = [];
  readonly #constants = new Map<GraphValue, number | TypedArray>();
  /** Constants by the tensor they come from. */
  readonly #known = new Map<Tensor, GraphValue>();
  readonly #variables = new Map<V, Captured<V>>();
  /** Tensors up to this identity were there before the trace. */
  readonly #lastOutside = nextId();
  /** Variables made while tracing. */
  readonly created: V[] = [];

  /** Tensors of the trace around this one that were used here, with the inputs that stand for them. */
  readonly imports = new Map<Tensor, GraphValue>();

  /**
   * @param captured  is told of every tensor from outside when it is first used: what stands for a variable, a constant
   * @param nested    tensors of the trace around this one may be used; each becomes an input
   */
  constructor(
    private readonly captured: (tensor: Tensor) => void,
    private readonly nested = false,
  ) {}

  /**
   * Runs a function and writes down what it does. Variables have their old values again when it ends, however it ends.
   * Called again, it goes on where it stopped, with variables as they were first read.
   */
  trace<T>(f: () => T): TraceResult<T, V> {
    const outer = active;
    const before = this.#nodes.length;
    for (const entry of this.#variables.values()) {
      entry.before = entry.variable.peek();
      entry.variable.put(entry.read);
    }
    active = this;
    try {
      const result = f();
      const { reads, updates } = this.#effects();
      const nodes = [...this.#nodes];
      return { result, nodes, added: nodes.slice(before), constants: this.#constants, reads, updates };
    } finally {
      active = outer;
      for (const { variable, before } of this.#variables.values()) variable.put(before);
    }
  }

  /** A new input of the program. */
  input(spec: Spec): TracedTensor {
    return new TracedTensor(this, newValue(spec), spec);
  }

  /** The value of a tensor in this graph; what is not traced becomes a constant. */
  valueOf(tensor: Tensor): GraphValue {
    if (tensor instanceof TracedTensor) {
      if (tensor.tracer === this) return tensor.value;
      if (this.nested) return this.#import(tensor);
      throw new ReadError(
        `a tensor (${tensor.spec}) of one traced function was used in another; return it from the function it belongs to`,
      );
    }
    // What was there before the trace may be watched by someone outside; numbers written in the function are not.
    if (this.nested && tensor.id < this.#lastOutside) return this.#import(tensor);
    let value = this.#known.get(tensor);
    if (value === undefined) {
      value = newValue(tensor.spec);
      this.#known.set(tensor, value);
      this.#constants.set(value, tensor.size === 1 ? tensor.first : tensor.storage);
      this.captured(tensor);
    }
    return value;
  }

  /** An open size, or what is computed of open sizes, as a tensor. */
  sizeTensor(size: number & OpenSize, dtype: DType): TracedTensor {
    const spec = specOf(SCALAR, dtype);
    const value = newValue(spec);
    this.#constants.set(value, size);
    return new TracedTensor(this, value, spec);
  }

  /** Tensors from outside whose values became constants. */
  get captures(): readonly Tensor[] {
    return [...this.#known.keys()];
  }

  #import(tensor: Tensor): GraphValue {
    let value = this.imports.get(tensor);
    if (value === undefined) {
      value = newValue(tensor.spec);
      this.imports.set(tensor, value);
      this.captured(tensor);
    }
    return value;
  }

  /** An op in place of its runner: a node, or its result where nothing traced goes in. */
  run(op: Op, runner: Runner, inputs: Tensor[], attrs: Attrs): Tensor | Tensor[] {
    if (op.kind === "composite") return runner(inputs, attrs);
    const traced = inputs.some((input) => input instanceof TracedTensor || this.#isCapture(input));
    const specs = op.infer(
      inputs.map((input) => input.spec),
      attrs,
    );
    const isKnown = !traced && !op.effect && specs.every(isFoldable) && !hasOpen(Object.values(attrs));
    if (isKnown) return withoutTracing(() => runner(inputs, attrs));
    const outputs = this.add(op, inputs, attrs, specs);
    return op.multiple ? outputs : outputs[0]!;
  }

  /** A tensor from outside that a tape of some later call may watch: what is computed of it has to stay in the graph. */
  #isCapture(tensor: Tensor): boolean {
    return tensor.spec.trainable && tensor.id <= this.#lastOutside;
  }

  /** Adds a node. */
  add(op: Op, inputs: readonly Tensor[], attrs: Attrs, specs: readonly Spec[]): TracedTensor[] {
    const line = userLine();
    const values = specs.map(newValue);
    this.#nodes.push({
      op,
      attrs,
      inputs: inputs.map((input) => this.valueOf(input)),
      outputs: values,
      line: line === null ? null : `${line.file}:${line.line}`,
    });
    return values.map((value, k) => new TracedTensor(this, value, specs[k]!));
  }

  /** A variable is read or assigned: from the first time on an input stands for its value. */
  capture(variable: V, before: Tensor): Tensor {
    const known = this.#variables.get(variable);
    if (known !== undefined) return this.#reread(known, before);
    const read = new TracedTensor(this, newValue(before.spec), before.spec, before.id);
    read.mark = before.mark;
    read.slot = before.slot;
    this.#variables.set(variable, { variable, before, read, reread: read });
    this.captured(read);
    return read;
  }

  /** What was assigned is the variable for tapes: also for those that see the graph when it is replayed. */
  #reread(entry: Captured<V>, now: Tensor): Tensor {
    if (now === entry.read || now === entry.reread) return now;
    const value = withoutRecording(() => engine.readVariable(now, entry.read)).under(now.id);
    value.mark = now.mark;
    value.slot = now.slot;
    entry.reread = value;
    return value;
  }

  /** Variables that have other values now than when they were first read. */
  get assigned(): V[] {
    const changed = [...this.#variables.values()].filter(
      ({ variable, read }) => this.valueOf(variable.peek()) !== read.value,
    );
    return changed.map(({ variable }) => variable);
  }

  #effects(): Pick<TraceResult<unknown, V>, "reads" | "updates"> {
    const all = [...this.#variables.values()];
    return {
      reads: all.map(({ variable, read }) => ({ variable, tensor: read, value: read.value })),
      updates: this.assigned.map((variable) => ({ variable, value: this.valueOf(variable.peek()) })),
    };
  }
}
