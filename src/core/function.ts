/**
 * @file tf.function: a function that is traced once for each signature, compiled, and run as one program.
 */
import { isOpen } from "../ir/openSize.js";
import type { ConcreteFunction } from "./concreteFunction.js";
import { toTensor } from "./convert.js";
import { DtypeError, ShapeError, ValueError } from "./errors.js";
import type { OpenFunction } from "./openTraces.js";
import type { Spec } from "./spec.js";
import type { Tensor, TensorLike } from "./tensor.js";
import type { TensorSpec } from "./tensorSpec.js";
import { type FunctionOptions, TraceCache } from "./traceCache.js";
import { activeTracer } from "./tracer.js";

/** What `tf.function` gives: it is called like the function itself. */
export interface CompiledFunction<A extends readonly any[] = any[], R = any> {
  (...args: A): R;
  /** The function as it was given, which runs op by op. */
  readonly pythonFunction: (...args: A) => R;
  /**
   * The program for arguments like these (or `TensorSpec`s, whose null sizes it leaves open), traced now if need be; without
   * arguments for the input signature.
   */
  getConcreteFunction(...args: { [K in keyof A]: A[K] | TensorSpec }): ConcreteCall<R>;
  /** The last trace. `String(f.graph)` is its program as text. */
  readonly graph: TracedGraph;
  /** How often the function has been traced. */
  experimentalGetTracingCount(): number;
}

/** One trace of a function, called with its tensors. */
export interface ConcreteCall<R = any> {
  (...tensors: TensorLike[]): R;
  readonly graph: TracedGraph;
}

/** A traced program, for those who look at it. */
export class TracedGraph {
  constructor(readonly concrete: ConcreteFunction | OpenFunction) {}

  /** The ops, in the order in which they run. */
  get nodes(): ConcreteFunction["graph"]["nodes"] {
    return this.concrete.graph.nodes;
  }

  /** The program as it was traced: one line an op. */
  toString(): string {
    return this.concrete.describe();
  }

  /** The program as it runs, after all passes. */
  compiled(): string {
    return this.concrete.executable.describe();
  }

  /** Bytes of scratch memory that a run needs at most. */
  get peakBytes(): number {
    return this.concrete.executable.peakBytes;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

let eagerly = false;

/**
 * Whether traced functions run op by op instead, every line of them at each call: to read values and to set breakpoints inside.
 *
 * @param flag  true: functions run as they are written; false, the default: as programs
 * @throws {ValueError} the flag is neither
 * @example
 * tf.config.runFunctionsEagerly(true);
 * const f = tf.function((x: tf.Tensor) => (x.item() > 0 ? x : x.neg()));
 * f(tf.constant(-2)).item() // 2
 * tf.config.runFunctionsEagerly(false);
 */
export function runFunctionsEagerly(flag: boolean): void {
  if (typeof flag !== "boolean")
    throw new ValueError(`runFunctionsEagerly: expected true or false, got ${String(flag)}`);
  eagerly = flag;
}

/**
 * Whether traced functions run op by op.
 *
 * @example tf.config.functionsRunEagerly() // false
 */
export const functionsRunEagerly = (): boolean => eagerly;

/**
 * Makes a function run as one compiled program. It is called once for each signature, to write down its ops: tensors count
 * by dtype and shape, numbers and strings by value, other objects by identity. Sizes may be left open, by `inputSignature` or
 * `reduceRetracing`: one trace serves them all, but for 0 and 1, as long as nothing needs their numbers. Variables are read
 * and assigned each time the program runs; other side effects happen only while tracing. Variables may be made on the first
 * call alone.
 *
 * @param f        a synchronous function of tensors, variables, plain values and structures of them
 * @param options  `inputSignature`, `reduceRetracing`, `name`
 * @throws {ReadError}   when traced: a value is read, as by `item()`; JavaScript's `if` and `for` cannot see values that are
 *                       not there yet, `tf.cond`, `tf.whileLoop` and `tf.scan` can
 * @throws {ValueError}  when traced: a promise is returned, or a variable is made on a later call
 * @throws {ShapeError}  a call does not fit `inputSignature`
 * Gradient: the program is one op for tapes outside, to any order.
 * @example
 * const w = new tf.Variable(3);
 * const step = tf.function((x: tf.Tensor) => w.mul(x).add(1));
 * step(tf.constant(2)).item() // 7
 */
export function tfFunction<A extends readonly any[], R>(
  f: (...args: A) => R,
  options: FunctionOptions = {},
): CompiledFunction<A, R> {
  if (typeof f !== "function") throw new ValueError(`tf.function: expected a function, got ${typeof f}`);
  const name = options.name ?? (f.name === "" ? "anonymous" : f.name);
  const free = new TraceCache(f, name, options);
  /** A method has its own traces for each object. */
  const bound = new WeakMap<object, TraceCache>();
  let used = free;
  const cacheOf = (self: unknown): TraceCache => {
    if (typeof self !== "object" || self === null) return free;
    let cache = bound.get(self);
    if (cache === undefined)
      bound.set(self, (cache = new TraceCache(f.bind(self) as typeof f, name, options)));
    return cache;
  };
  const latest = (): ConcreteFunction | OpenFunction => {
    if (used.latest === null) throw new ValueError(`${name} has not been traced: call it first`);
    return used.latest;
  };
  function compiled(this: unknown, ...args: A): R {
    // Inside another trace the ops go straight into that one.
    if (eagerly || activeTracer() !== null) return f.apply(this, args as unknown as any[] as never);
    used = cacheOf(this);
    return used.call(args) as R;
  }
  Object.defineProperty(compiled, "name", { value: name });
  return Object.defineProperties(compiled, {
    pythonFunction: { value: f },
    getConcreteFunction: { value: (...args: unknown[]) => concreteCall(used.functionFor(args)) },
    graph: { get: () => new TracedGraph(latest()) },
    experimentalGetTracingCount: { value: () => used.size },
  }) as unknown as CompiledFunction<A, R>;
}

function concreteCall(concrete: ConcreteFunction | OpenFunction): ConcreteCall {
  const call = (...given: TensorLike[]): unknown => {
    const specs = concrete.inputSpecs;
    const tensors = given.map((value, i) => toTensor(value, specs[i]?.dtype, concrete.name));
    checkArguments(concrete.name, specs, tensors);
    return concrete.call(tensors);
  };
  return Object.defineProperty(call, "graph", { value: new TracedGraph(concrete) }) as ConcreteCall;
}

/** That tensors are what a function was traced for. */
function checkArguments(name: string, specs: readonly Spec[], tensors: readonly Tensor[]): void {
  if (tensors.length !== specs.length)
    throw new ValueError(`${name}: expected ${specs.length} tensors, got ${tensors.length}`);
  tensors.forEach((tensor, i) => {
    const { dtype, shape } = specs[i]!;
    const isFit =
      tensor.rank === shape.length &&
      shape.every((size, axis) => isOpen(size) || size === tensor.shape[axis]);
    if (tensor.dtype === dtype && isFit) return;
    const Wrong = tensor.dtype === dtype ? ShapeError : DtypeError;
    throw new Wrong(`${name}: argument ${i} is ${tensor.spec}, the function was traced for ${specs[i]}`);
  });
}
