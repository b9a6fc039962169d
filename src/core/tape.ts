/**
 * @file GradientTape: records ops as they run, and differentiates them.
 */
import { backpropagate } from "./backprop.js";
import { toTensor } from "./convert.js";
import { isTrainable } from "./dtype.js";
import { engine } from "./engine.js";
import { GradientError, ShapeError, ValueError } from "./errors.js";
import { accumulate, gradientTable } from "./gradientTable.js";
import { batchJacobianOf, jacobianOf } from "./jacobian.js";
import type { Attrs, Grad, Op } from "./op.js";
import {
  checkSynchronous,
  isInnermost,
  isRecording,
  pushRecorder,
  type Recorder,
  removeRecorder,
  type Watchable,
  withoutRecorder,
} from "./recorder.js";
import { sameShape, showShape } from "./shape.js";
import type { Backward, TapeEntry } from "./tapeEntry.js";
import { Operand, type Tensor, type TensorLike } from "./tensor.js";
import { SlotFinder, Trace } from "./trace.js";
import { flattenLike, flattenTree, isOperandList, type MapTree, packTree, type Tree } from "./tree.js";
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
  #watched: Variable[] = [];
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
    checkSynchronous(result, "GradientTape.record");
    return result;
  }

  #push(): void {
    if (isRecording(this)) {
      throw new ValueError(
        "Tape is still recording, This can happen if you try to re-enter an already-active tape.",
      );
    }
    if (this.#trace === null) this.#clear();
    pushRecorder(this);
  }

  #clear(): void {
    this.#watched = [];
    this.#trace = new Trace();
  }

  /**
   * Ends what `start()` began.
   *
   * @throws {GradientError} another tape started later is still recording
   */
  [Symbol.dispose](): void {
    if (!isRecording(this)) return;
    if (!isInnermost(this))
      throw new GradientError("GradientTape: tapes must be closed in reverse order of their start");
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
        throw new ValueError(
          `Passed in object ${String(leaf)} of type '${typeName(leaf)}', not tf.Tensor or tf.Variable.`,
        );
      }
      if (!isTrainable(leaf.dtype)) {
        console.warn(`The dtype of the watched tensor must be floating (e.g. tf.float32), got ${leaf.dtype}`);
      }
      if (this.#trace === null) throw new GradientError("GradientTape.watch: the tape is not recording");
      if (leaf instanceof Variable) this.#watched.push(leaf);
      this.#trace.watch(leaf.current());
    }
  }

  knows(tensor: Tensor): boolean {
    return this.#trace !== null && this.#trace.slotOf(tensor) !== -1;
  }

  variableRead(variable: Watchable, value: Tensor): void {
    if (!this.watchAccessedVariables || !variable.trainable || this.#trace!.slotOf(value) !== -1) return;
    this.#watched.push(variable as Variable);
    this.#trace!.watch(value);
  }

  opRan(op: Op, inputs: readonly Tensor[], attrs: Attrs, outputs: readonly Tensor[]): void {
    this.#trace!.add(op, inputs, attrs, outputs, null);
  }

  blockRan(type: string, inputs: readonly Tensor[], outputs: readonly Tensor[], backward: Backward): void {
    this.#trace!.add(type, inputs, {}, outputs, backward);
  }

  /**
   * Runs a function without recording it on this tape; other tapes go on.
   *
   * @throws {GradientError} the tape is not recording
   */
  stopRecording<T>(f: () => T): T {
    if (this.#trace === null)
      throw new GradientError("Trying to stop recording a tape which is not recording.");
    if (!isRecording(this)) throw new ValueError("Tape is not recording.");
    return withoutRecorder(this, () => {
      try {
        return f();
      } finally {
        // A gradient taken meanwhile used the trace up; recording goes on with a new one.
        if (this.#trace === null) this.#clear();
      }
    });
  }

  /** Forgets everything recorded and watched so far, and goes on recording. */
  reset(): void {
    if (!isRecording(this)) throw new ValueError("Tape is not recording.");
    this.#clear();
  }

  /** The variables watched, in the order they were made. */
  watchedVariables(): Variable[] {
    return [...new Set(this.#watched)].sort((a, b) => a.id - b.id);
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
    const leaves = operandLeaves(sources, "source");
    const trace = this.#use("gradient");
    const grads = differentiate(trace, target, leaves, options.outputGradients);
    if (unconnected === "zero") for (let i = 0; i < grads.length; i++) grads[i] ??= zerosLike(leaves[i]!);
    this.#release(trace);
    return packTree(sources, grads) as GradientsOf<S, U>;
  }

  /** A tape that is not persistent forgets after one use. */
  #release(trace: Trace): void {
    if (this.persistent) return;
    trace.close();
    this.#trace = null;
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
    const leaves = operandLeaves(sources, "source");
    const trace = this.#use("jacobian");
    const rows = jacobianOf(trace, target, leaves);
    const grads = rows.map((row, i) => {
      if (row !== null || unconnected === "none") return row;
      const source = leaves[i]!;
      return engine.fill([...target.shape, ...source.shape], 0, source.dtype);
    });
    this.#release(trace);
    return packTree(sources, grads) as GradientsOf<S, U>;
  }

  /**
   * Per-example derivatives, for a target whose example i depends on example i of the source alone: shapes
   * [b, …t] and [b, …s] give [b, …t, …s]. Zeros where nothing is connected.
   *
   * @throws {ShapeError} rank below 2, or different batch sizes
   */
  batchJacobian(
    target: Operand,
    source: Operand,
    options: JacobianOptions<UnconnectedGradients> = {},
  ): Tensor {
    for (const operand of [target, source]) {
      if (operand.rank < 2)
        throw new ShapeError(
          `batchJacobian: target and source must have rank at least 2, got ${showShape(operand.shape)}`,
        );
    }
    if (target.shape[0] !== source.shape[0]) {
      throw new ShapeError(
        `Need first dimension of target shape (${showShape(target.shape)}) and source shape (${showShape(source.shape)}) to match.`,
      );
    }
    this.#checkLoop("batch_jacobian", options);
    const trace = this.#use("batchJacobian");
    const result = batchJacobianOf(trace, target, source);
    this.#release(trace);
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

  /** Where the tape keeps a tensor or variable, as its entries number them; −1 if it does not know it. */
  slotOf(operand: Operand): number {
    return this.#trace?.slotOf(operand.current()) ?? -1;
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

const USED_UP =
  "A non-persistent GradientTape can only be used to compute one set of gradients (or jacobians)";

function checkUnconnected(value: unknown): UnconnectedGradients {
  if (value === undefined) return "none";
  if (value !== "none" && value !== "zero")
    throw new ValueError(`Unknown value for unconnected_gradients: '${String(value)}'`);
  return value;
}

function typeName(x: unknown): string {
  return x === null
    ? "null"
    : typeof x === "object"
      ? (Object.getPrototypeOf(x)?.constructor?.name ?? "object")
      : typeof x;
}

const zerosLike = ({ shape, dtype }: Operand): Tensor => engine.fill(shape, 0, dtype);

/** The tensors and variables of a structure that may hold nothing else. */
function operandLeaves(tree: unknown, what: "target" | "source"): Operand[] {
  if (tree instanceof Operand) return [tree];
  if (isOperandList(tree)) return tree;
  const leaves = flattenTree(tree);
  const odd = leaves.findIndex((leaf) => !(leaf instanceof Operand));
  if (odd === -1) return leaves as Operand[];
  throw new ValueError(
    `a ${what} of derivatives must be a tensor or variable, got ${typeName(leaves[odd])} ${leaves[odd]}`,
  );
}

/** Gradients of the sources, null where unconnected. */
function differentiate(
  trace: Trace,
  target: Tree<Operand>,
  sources: readonly Operand[],
  outputGradients: Tree<TensorLike | null> | undefined,
): Grad[] {
  const targets = operandLeaves(target, "target");
  const given = outputGradients === undefined ? null : outputGradientLeaves(outputGradients, target, targets);
  const slots = new SlotFinder(trace);
  const sourceSlots = new Array<number>(sources.length);
  for (let i = 0; i < sources.length; i++) sourceSlots[i] = slots.of(sources[i]!);
  const grads = gradientTable(trace.count + targets.length);
  for (let i = 0; i < targets.length; i++) {
    const slot = slots.of(targets[i]!);
    if (slot !== -1) accumulate(grads, slot, seedOf(targets[i]!, given?.[i] ?? null));
  }
  backpropagate(trace, grads, sourceSlots);
  const result = new Array<Grad>(sources.length);
  for (let i = 0; i < result.length; i++) result[i] = grads[sourceSlots[i]!] ?? null;
  return result;
}

/** Output gradients parallel to the targets: in their structure, or as one flat list. */
function outputGradientLeaves(
  given: Tree<TensorLike | null>,
  target: Tree<Operand>,
  targets: readonly Operand[],
): (TensorLike | null)[] {
  const only = Array.isArray(given) && given.length === 1 ? given[0] : null;
  if (target instanceof Operand && only instanceof Operand && sameShape(only.shape, target.shape))
    return [only];
  const leaves = (flattenLike(target, given) ?? flattenTree(given)) as (TensorLike | null)[];
  if (leaves.length === targets.length) return leaves;
  throw new ValueError(`gradient: ${targets.length} targets but ${leaves.length} output gradients`);
}

function seedOf(target: Operand, given: TensorLike | null): Tensor {
  if (given === null) return engine.fill(target.shape, 1, target.dtype);
  const seed = toTensor(given, target.dtype, "outputGradients");
  if (!sameShape(seed.shape, target.shape)) {
    throw new ShapeError(
      `gradient: the target has shape ${showShape(target.shape)}, its output gradient ${showShape(seed.shape)}`,
    );
  }
  return seed;
}
