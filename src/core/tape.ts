/**
 * @file GradientTape: records ops as they run, and differentiates them.
 */
import { backpropagate, type GradientMap, sumGradients } from "./backprop.js";
import { toTensor } from "./convert.js";
import { isTrainable } from "./dtype.js";
import { engine } from "./engine.js";
import { GradientError, ShapeError, ValueError } from "./errors.js";
import { batchJacobianOf, jacobianOf } from "./jacobian.js";
import type { Attrs, Grad, Op } from "./op.js";
import { isInnermost, isRecording, pushRecorder, type Recorder, removeRecorder, type Watchable } from "./recorder.js";
import { sameShape, showShape } from "./shape.js";
import { type Backward, TapeEntry } from "./tapeEntry.js";
import { Operand, Tensor, type TensorLike } from "./tensor.js";
import { flattenTree, type MapTree, packTree, type Tree } from "./tree.js";
import { Variable } from "./variable.js";

/** What an unconnected source gives: null, or zeros. */
export const UnconnectedGradients = { NONE: "none", ZERO: "zero" } as const;
export type UnconnectedGradients = "none" | "zero";

export interface TapeOptions {
  /** The tape may be asked more than once; default false. */
  persistent?: boolean;
  /** Trainable variables are watched when they are read; default true. */
  watchAccessedVariables?: boolean;
}

export interface GradientOptions<U extends UnconnectedGradients> {
  /** Gradients of the targets, parallel to them; default ones. */
  outputGradients?: Tree<TensorLike | null>;
  /** `"none"` (as when it is left out): an unconnected source gives null; `"zero"`: zeros of its shape. */
  unconnectedGradients?: U;
}

/**
 * Gradients in the structure of the sources. Null is left out of the type, as `undefined` is for array elements, unless
 * `"none"` was asked for by name.
 */
export type GradientsOf<S, U> = MapTree<S, U extends "none" ? Tensor | null : Tensor>;

interface Trace {
  readonly entries: TapeEntry[];
  /** Identities of watched tensors and variables, and of everything computed from them. */
  readonly known: Set<number>;
}

/**
 * Records what happens to watched tensors and variables, for gradients.
 *
 * @example
 * const x = new tf.Variable(3);
 * const tape = new tf.GradientTape();
 * const y = tape.record(() => x.mul(x));
 * tape.gradient(y, x).item() // 6
 */
export class GradientTape implements Recorder {
  readonly persistent: boolean;
  readonly watchAccessedVariables: boolean;
  #trace: Trace | null = null;
  #watched = new Map<number, Variable>();
  #warned = false;

  constructor(options: TapeOptions = {}) {
    this.persistent = options.persistent ?? false;
    this.watchAccessedVariables = options.watchAccessedVariables ?? true;
  }

  /** A tape that is recording already, until disposed: `using tape = tf.GradientTape.start()`. */
  static start(options: TapeOptions = {}): GradientTape {
    const tape = new GradientTape(options);
    tape.#push();
    return tape;
  }

  /**
   * Runs a synchronous function and records it. Recording again goes on with the same trace.
   *
   * @throws {ValueError} the tape is recording already, or the function returned a promise
   */
  record<T>(f: () => T extends PromiseLike<unknown> ? never : T): T {
    this.#push();
    let result: T;
    try {
      result = f() as T;
    } finally {
      removeRecorder(this);
    }
    if (result !== null && typeof result === "object" && typeof (result as { then?: unknown }).then === "function") {
      throw new ValueError("GradientTape.record: the function returned a promise; a tape records synchronous code");
    }
    return result;
  }

  #push(): void {
    if (isRecording(this)) {
      throw new ValueError("Tape is still recording, This can happen if you try to re-enter an already-active tape.");
    }
    if (this.#trace === null) this.#clear();
    pushRecorder(this);
  }

  #clear(): Trace {
    this.#watched = new Map();
    this.#trace = { entries: [], known: new Set() };
    return this.#trace;
  }

  /**
   * Ends what `start()` began.
   *
   * @throws {GradientError} another tape started later is still recording
   */
  [Symbol.dispose](): void {
    if (!isRecording(this)) return;
    if (!isInnermost(this)) throw new GradientError("GradientTape: tapes must be closed in reverse order of their start");
    removeRecorder(this);
  }

  /**
   * Records what follows from these tensors or variables; a variable is watched even when it is not trainable.
   *
   * @throws {ValueError} something is neither
   */
  watch(tensors: Tree<Operand>): void {
    for (const leaf of flattenTree(tensors)) {
      if (!(leaf instanceof Operand)) {
        throw new ValueError(`Passed in object ${String(leaf)} of type '${typeName(leaf)}', not tf.Tensor or tf.Variable.`);
      }
      if (!isTrainable(leaf.dtype)) {
        console.warn(`The dtype of the watched tensor must be floating (e.g. tf.float32), got ${leaf.dtype}`);
      }
      if (this.#trace === null) throw new GradientError("GradientTape.watch: the tape is not recording");
      if (leaf instanceof Variable) this.#watched.set(leaf.id, leaf);
      this.#trace.known.add(leaf.id);
    }
  }

  variableRead(variable: Watchable): void {
    if (!this.watchAccessedVariables || !variable.trainable || this.#watched.has(variable.id)) return;
    this.#watched.set(variable.id, variable as Variable);
    this.#trace!.known.add(variable.id);
  }

  opRan(op: Op, inputs: readonly Tensor[], attrs: Attrs, outputs: readonly Tensor[]): void {
    const ids = this.#knownIds(inputs);
    if (ids !== null) this.#add(new TapeEntry(op, op.name, ids, inputs, attrs, outputs));
  }

  blockRan(type: string, inputs: readonly Tensor[], outputs: readonly Tensor[], backward: Backward): void {
    const ids = this.#knownIds(inputs);
    if (ids !== null) this.#add(new TapeEntry(null, type, ids, inputs, {}, outputs, backward));
  }

  /** Identities of the inputs that the tape knows, −1 for the rest; null if it knows none. */
  #knownIds(inputs: readonly Tensor[]): number[] | null {
    const { known } = this.#trace!;
    let ids: number[] | null = null;
    for (let i = 0; i < inputs.length; i++) {
      const input = inputs[i]!;
      if (!known.has(input.id) || !isTrainable(input.dtype)) continue;
      ids ??= new Array<number>(inputs.length).fill(-1);
      ids[i] = input.id;
    }
    return ids;
  }

  #add(entry: TapeEntry): void {
    const { entries, known } = this.#trace!;
    entries.push(entry);
    for (const id of entry.outputIds) known.add(id);
  }

  /**
   * Runs a function without recording it on this tape; other tapes go on.
   *
   * @throws {GradientError} the tape is not recording
   */
  stopRecording<T>(f: () => T): T {
    if (this.#trace === null) throw new GradientError("Trying to stop recording a tape which is not recording.");
    if (!isRecording(this)) throw new ValueError("Tape is not recording.");
    removeRecorder(this);
    try {
      return f();
    } finally {
      pushRecorder(this);
    }
  }

  /** Forgets everything recorded and watched so far, and goes on recording. */
  reset(): void {
    if (!isRecording(this)) throw new ValueError("Tape is not recording.");
    this.#clear();
  }

  /** The variables watched, in the order they were made. */
  watchedVariables(): Variable[] {
    return [...this.#watched.values()].sort((a, b) => a.id - b.id);
  }

  /**
   * Gradients of the sum of the targets' elements with respect to each source.
   *
   * @param target   a tensor or variable, or a structure of them
   * @param sources  the same; the result has this structure
   * @throws {GradientError} a tape that is not persistent was used before
   * @throws {ShapeError} an output gradient has another shape than its target
   */
  gradient<const S extends Tree<Operand>, U extends UnconnectedGradients = "zero">(
    target: Tree<Operand>,
    sources: S,
    options: GradientOptions<U> = {},
  ): GradientsOf<S, U> {
    if (target === null || target === undefined) {
      throw new TypeError(
        `Argument \`target\` should be a list or nested structure of Tensors or Variables to be differentiated, but received ${target}.`,
      );
    }
    const unconnected = checkUnconnected(options.unconnectedGradients);
    const trace = this.#use("gradient");
    const leaves = flattenTree(sources);
    const grads = differentiate(trace.entries, flattenTree(target), leaves, options.outputGradients);
    const filled = grads.map((grad, i) => grad ?? (unconnected === "zero" ? zerosLike(leaves[i]) : null));
    if (!this.persistent) this.#trace = null;
    return packTree(sources, filled) as GradientsOf<S, U>;
  }

  /** The trace, for one more use; the tape stops recording unless it is persistent. */
  #use(who: string): Trace {
    const trace = this.#trace;
    if (trace === null) throw new GradientError(USED_UP);
    if (isRecording(this)) {
      if (!this.persistent) removeRecorder(this);
      else if (!this.#warned) {
        this.#warned = true;
        console.warn(
          `Calling GradientTape.${who} on a persistent tape inside its context records the backward pass too, which ` +
            "costs time and memory; do it only for higher-order derivatives.",
        );
      }
    }
    return trace;
  }

  /**
   * Derivatives of each element of a target with respect to each element of the sources: shape target.shape +
   * source.shape.
   *
   * @throws {GradientError} a tape that is not persistent was used before
   */
  jacobian<const S extends Tree<Operand>, U extends UnconnectedGradients = "zero">(
    target: Operand,
    sources: S,
    options: JacobianOptions<U> = {},
  ): GradientsOf<S, U> {
    const unconnected = checkUnconnected(options.unconnectedGradients);
    this.#checkLoop("jacobian", options);
    const trace = this.#use("jacobian");
    const leaves = flattenTree(sources);
    const rows = jacobianOf(trace.entries, target, leaves);
    const grads = rows.map((row, i) => {
      if (row !== null || unconnected === "none") return row;
      const source = leaves[i] as Operand;
      return engine.fill([...target.shape, ...source.shape], 0, source.dtype);
    });
    if (!this.persistent) this.#trace = null;
    return packTree(sources, grads) as GradientsOf<S, U>;
  }

  /**
   * Per-example derivatives, for a target whose example i depends on example i of the source alone: shapes
   * [b, …t] and [b, …s] give [b, …t, …s]. Zeros where nothing is connected.
   *
   * @throws {ShapeError} rank below 2, or different batch sizes
   */
  batchJacobian(target: Operand, source: Operand, options: JacobianOptions<UnconnectedGradients> = {}): Tensor {
    for (const operand of [target, source]) {
      if (operand.rank < 2) throw new ShapeError(`batchJacobian: target and source must have rank at least 2, got ${showShape(operand.shape)}`);
    }
    if (target.shape[0] !== source.shape[0]) {
      throw new ShapeError(
        `Need first dimension of target shape (${showShape(target.shape)}) and source shape (${showShape(source.shape)}) to match.`,
      );
    }
    this.#checkLoop("batch_jacobian", options);
    const trace = this.#use("batchJacobian");
    const result = batchJacobianOf(trace.entries, target, source);
    if (!this.persistent) this.#trace = null;
    return result;
  }

  #checkLoop(who: string, options: JacobianOptions<UnconnectedGradients>): void {
    if (options.experimentalUsePfor === false && !this.persistent) {
      throw new GradientError(
        `GradientTape must be created with persistent=True to compute the ${who} with eager execution enabled and with  ` +
          "experimental_use_pfor set to False.",
      );
    }
  }

  /** What was recorded, an op a line: type, shapes, and the line that made it where it is known. */
  toString(): string {
    if (this.#trace === null) return "GradientTape(nothing recorded)";
    const lines = this.#trace.entries.map((entry, i) => `${String(i).padStart(4)}  ${entry}`);
    return [`GradientTape(${lines.length} ops)`, ...lines].join("\n");
  }

  /** The ops recorded so far, in order. */
  get recorded(): readonly TapeEntry[] {
    return this.#trace?.entries ?? [];
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

export interface JacobianOptions<U extends UnconnectedGradients> {
  unconnectedGradients?: U;
  /** Kept for TensorFlow's signature; every setting gives the same values. */
  experimentalUsePfor?: boolean;
  /** Kept for TensorFlow's signature; every setting gives the same values. */
  parallelIterations?: number;
}

const USED_UP = "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)";

function checkUnconnected(value: unknown): UnconnectedGradients {
  if (value === undefined) return "none";
  if (value !== "none" && value !== "zero") throw new ValueError(`Unknown value for unconnected_gradients: '${String(value)}'`);
  return value;
}

function typeName(x: unknown): string {
  return x === null ? "null" : typeof x === "object" ? (Object.getPrototypeOf(x)?.constructor?.name ?? "object") : typeof x;
}

const zerosLike = (leaf: unknown): Tensor => {
  const { shape, dtype } = leaf as Operand;
  return engine.fill(shape, 0, dtype);
};

/** Gradients of the sources, null where unconnected. */
function differentiate(
  entries: readonly TapeEntry[],
  targets: readonly unknown[],
  sources: readonly unknown[],
  outputGradients: Tree<TensorLike | null> | undefined,
): (Grad | null)[] {
  const given = outputGradients === undefined ? [] : outputGradientLeaves(outputGradients, targets.length);
  const seeds: GradientMap = new Map();
  targets.forEach((target, i) => {
    if (!(target instanceof Operand) || !isTrainable(target.dtype)) return;
    const seed = seedOf(target, given[i] ?? null);
    const previous = seeds.get(target.id);
    seeds.set(target.id, previous === undefined ? seed : sumGradients(previous, seed));
  });
  const ids = sources.map((source) => (source instanceof Operand && isTrainable(source.dtype) ? source.id : -1));
  const grads = backpropagate(entries, seeds, new Set(ids));
  return ids.map((id) => grads.get(id) ?? null);
}

/** Output gradients parallel to the targets: a single target's may be a plain list of numbers. */
function outputGradientLeaves(tree: Tree<TensorLike | null>, count: number): (TensorLike | null)[] {
  if (count === 1) {
    const bare = Array.isArray(tree) && tree.length === 1 && tree[0] instanceof Operand ? tree[0] : tree;
    return [bare as TensorLike | null];
  }
  const list = Array.isArray(tree) ? (tree as (TensorLike | null)[]) : (flattenTree(tree) as (TensorLike | null)[]);
  if (list.length === count) return list;
  const flat = flattenTree(tree) as (TensorLike | null)[];
  if (flat.length !== count) throw new ValueError(`gradient: ${count} targets but ${flat.length} output gradients`);
  return flat;
}

function seedOf(target: Operand, given: TensorLike | null): Tensor {
  if (given === null) return engine.fill(target.shape, 1, target.dtype);
  const seed = toTensor(given, target.dtype, "outputGradients");
  if (!sameShape(seed.shape, target.shape)) {
    throw new ShapeError(`gradient: the target has shape ${showShape(target.shape)}, its output gradient ${showShape(seed.shape)}`);
  }
  return seed;
}
