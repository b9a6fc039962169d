/**
 * @file Traces with open sizes: which of them fits a call, which sizes the next one leaves open, and what it gives for a call.
 */
import { SizeScope } from "../ir/openSize.js";
import { ConcreteFunction, describeTask } from "./concreteFunction.js";
import { ValueError } from "./errors.js";
import { FunctionTrace } from "./functionTrace.js";
import { graphText } from "./graphText.js";
import { withoutRecording } from "./recorder.js";
import { sameShape } from "./shape.js";
import { Sizes } from "./sizes.js";
import { specOf } from "./spec.js";
import type { Tensor } from "./tensor.js";

/** The shapes of a call's tensors; null for what is open. */
export type OpenShapes = readonly (readonly (number | null)[])[];

/** Calls a function with tensors in the places of its own. */
export type CallWith = (tensors: readonly Tensor[]) => unknown;

const hasOpen = (shapes: OpenShapes): boolean => shapes.some((shape) => shape.includes(null));

/** Traces of a group of signatures kept; functions that need more go by the sizes as they are. */
const MOST = 8;

/** A trace with open sizes. */
export class OpenTrace {
  private constructor(
    readonly trace: FunctionTrace,
    readonly scope: SizeScope,
    readonly shapes: OpenShapes,
  ) {}

  /**
   * Traces a function.
   *
   * @param tensors   of a call: what is asked of the open sizes is answered as for theirs
   * @param callWith  calls the function
   * @returns         the trace, or why there is none: most often a number was needed
   */
  static of(
    name: string,
    shapes: OpenShapes,
    tensors: readonly Tensor[],
    callWith: CallWith,
  ): OpenTrace | { failure: unknown } {
    const scope = new SizeScope();
    const specs = tensors.map(({ shape, dtype }, i) => {
      const sizes = shapes[i]!.map((size, axis) => (size === null ? scope.open(shape[axis]!) : size));
      return specOf(sizes, dtype);
    });
    const trace = scope.attempt(() => new FunctionTrace(name, specs, callWith, scope));
    return trace === null ? { failure: scope.failure } : new OpenTrace(trace, scope, shapes);
  }

  /** The numbers of the open sizes, in order; null if the trace is not for such tensors. */
  sizesOf(tensors: readonly Pick<Tensor, "shape">[]): readonly number[] | null {
    const sizes: number[] = [];
    for (const [i, shape] of this.shapes.entries()) {
      for (const [axis, size] of shape.entries()) {
        const given = tensors[i]!.shape[axis]!;
        if (size === null) sizes.push(given);
        else if (size !== given) return null;
      }
    }
    return this.scope.holds(sizes) ? sizes : null;
  }

  /** The function for such sizes. */
  filled(
    tensors: readonly Tensor[],
    sizes: readonly number[],
    retrace: () => ConcreteFunction,
  ): ConcreteFunction {
    return new ConcreteFunction(
      this.trace,
      tensors.map(({ spec }) => spec),
      { sizes: new Sizes(sizes), holds: () => this.scope.holds(sizes), retrace },
    );
  }
}

/** What of a trace decides whether another is the same. */
type Witness = Pick<ConcreteFunction, "inputSpecs" | "graph">;

/** The traces with open sizes for signatures that differ in sizes alone. */
export class OpenTraces {
  readonly #traces: OpenTrace[] = [];
  readonly #failed = new Set<string>();
  #common: OpenShapes | null = null;
  /** The first trace for sizes as they are. */
  #witness: Witness | null = null;

  /** A trace that fits, and the sizes. */
  find(tensors: readonly Tensor[]): { trace: OpenTrace; sizes: readonly number[] } | null {
    for (const trace of this.#traces) {
      const sizes = trace.sizesOf(tensors);
      if (sizes !== null) return { trace, sizes };
    }
    return null;
  }

  /** The trace for just these shapes. */
  for(shapes: OpenShapes): OpenTrace | undefined {
    return this.#traces.find((trace) => sameOpenShapes(trace.shapes, shapes));
  }

  /** Takes in a trace for sizes as they are. */
  testify(witness: Witness): void {
    this.#witness ??= witness;
  }

  /**
   * Whether a trace, with the first one's sizes in the places of its open ones, is that one. A function may ask of a size what cannot be
   * heard (`size === 32`, `new Array(size)`), and be another for numbers.
   */
  agrees(open: OpenTrace): boolean {
    const witness = this.#witness;
    const sizes = witness && open.sizesOf(witness.inputSpecs);
    if (!sizes) return true;
    const filled = new Sizes(sizes).task(open.trace.task).graph;
    return withoutRecording(() => graphText(filled) === graphText(witness!.graph));
  }

  add(trace: OpenTrace): void {
    this.#traces.push(trace);
  }

  /** There is no such trace. */
  fail(shapes: OpenShapes): void {
    this.#failed.add(JSON.stringify(shapes));
  }

  /** Takes in the shapes of a call; gives what all calls so far have in common. */
  inCommon(tensors: readonly Tensor[]): OpenShapes {
    this.#common = tensors.map(({ shape }, i) => {
      const before = this.#common?.[i] ?? shape;
      return shape.map((size, axis) => (before[axis] === size ? size : null));
    });
    return this.#common;
  }

  /** What a new trace for a call leaves open of the sizes that may be: not 0 or 1. Null if it is of no use to try. */
  shapesFor(tensors: readonly Tensor[], mayBeOpen: OpenShapes): OpenShapes | null {
    const shapes = tensors.map(({ shape }, i) =>
      shape.map((size, axis) => (mayBeOpen[i]![axis] === null && size >= 2 ? null : size)),
    );
    const isTried = this.#failed.has(JSON.stringify(shapes)) || this.#traces.length >= MOST;
    return hasOpen(shapes) && !isTried ? shapes : null;
  }
}

const sameOpenShapes = (a: OpenShapes, b: OpenShapes): boolean =>
  a.every((shape, i) => sameShape(shape as readonly number[], b[i] as readonly number[]));

/** A trace with open sizes that is called with tensors of any that fit. */
export class OpenFunction {
  readonly name: string;
  readonly inputSpecs: FunctionTrace["inputSpecs"];
  readonly graph: FunctionTrace["task"]["graph"];
  readonly variables: FunctionTrace["task"]["variables"];
  readonly updated: FunctionTrace["task"]["updated"];
  #last: ConcreteFunction | null = null;

  /** @param find  the function for the sizes of tensors */
  constructor(
    private readonly trace: FunctionTrace,
    private readonly find: (tensors: readonly Tensor[]) => ConcreteFunction,
  ) {
    const { graph, variables, updated } = trace.task;
    this.name = trace.name;
    this.inputSpecs = trace.inputSpecs;
    this.graph = graph;
    this.variables = variables;
    this.updated = updated;
  }

  call(tensors: readonly Tensor[]): unknown {
    this.#last = this.find(tensors);
    return this.#last.call(tensors);
  }

  /** The program of the last call: each size has its own. */
  get executable(): ConcreteFunction["executable"] {
    if (this.#last !== null) return this.#last.executable;
    throw new ValueError(`${this.name}: sizes are open, and programs are compiled for sizes: call it first`);
  }

  describe(): string {
    return describeTask(this.trace.task);
  }
}
