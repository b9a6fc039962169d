/**
 * @file ForwardAccumulator: derivatives along a direction, computed beside the ops as they run.
 */

import { apply, applyMany } from "./apply.js";
import { toTensor } from "./convert.js";
import { isTrainable } from "./dtype.js";
import { engine } from "./engine.js";
import { ShapeError, ValueError } from "./errors.js";
import type { GradientTable } from "./gradientTable.js";
import type { Attrs, Grad, Op } from "./op.js";
import {
  activeRecorders,
  checkSynchronous,
  isRecording,
  pushRecorder,
  type Recorder,
  removeRecorder,
  withRecorders,
} from "./recorder.js";
import { missingGradient, userHandler } from "./registry.js";
import { sameShape, showShape } from "./shape.js";
import { type GradientsOf, GradientTape, type UnconnectedGradients } from "./tape.js";
import { type Backward, TapeEntry } from "./tapeEntry.js";
import type { Operand, Tensor, TensorLike } from "./tensor.js";
import { flattenLike, flattenTree, packTree, type Tree } from "./tree.js";

/**
 * Jacobian–vector products, forward: give the direction first, run the function, ask for the derivative.
 *
 * @example
 * const x = tf.constant(3);
 * const acc = new tf.ForwardAccumulator(x, 1);
 * const y = acc.record(() => tf.square(x));
 * acc.jvp(y).item() // 6
 */
export class ForwardAccumulator implements Recorder {
  /** Tangents by the identity of their tensor. */
  readonly #tangents = new Map<number, Tensor>();

  /**
   * @param primals   tensors or variables, in any structure
   * @param tangents  the direction, in the same structure
   * @throws {ValueError} a primal occurs twice, or the structures differ
   */
  constructor(primals: Tree<Operand>, tangents: Tree<TensorLike>) {
    const points = flattenTree(primals) as Operand[];
    const directions = flattenLike(primals, tangents);
    if (directions === null)
      throw new ValueError("ForwardAccumulator: the tangents have another structure than the primals");
    points.forEach((primal, i) => {
      if (this.#tangents.has(primal.id)) {
        throw new ValueError(
          `Tensor ${primal} was specified as a primal multiple times. This may indicate an error. If it was intended, ` +
            "please sum the corresponding tangents.",
        );
      }
      const tangent = toTensor(directions[i] as TensorLike, primal.dtype, "ForwardAccumulator");
      if (!sameShape(tangent.shape, primal.shape)) {
        throw new ShapeError(
          `ForwardAccumulator: primal ${showShape(primal.shape)} but tangent ${showShape(tangent.shape)}`,
        );
      }
      this.#tangents.set(primal.id, tangent);
    });
  }

  /** Runs a synchronous function and follows the direction through it. May be called again later. */
  record<T>(f: () => T extends PromiseLike<unknown> ? never : T): T {
    if (isRecording(this)) throw new ValueError("Accumulator is already recording.");
    pushRecorder(this);
    let result: T;
    try {
      result = f() as T;
    } finally {
      removeRecorder(this);
    }
    checkSynchronous(result, "ForwardAccumulator.record");
    return result;
  }

  /**
   * The derivative of a result along the direction; null where it does not depend on the primals.
   *
   * @param targets  tensors or variables, in any structure; the result has it too
   */
  jvp<const S extends Tree<Operand>, U extends UnconnectedGradients = "zero">(
    targets: S,
    options: { unconnectedGradients?: U } = {},
  ): GradientsOf<S, U> {
    const leaves = flattenTree(targets).map((leaf) => {
      const { id, shape, dtype } = leaf as Operand;
      return (
        this.#tangents.get(id) ??
        (options.unconnectedGradients === "zero" ? engine.fill(shape, 0, dtype) : null)
      );
    });
    return packTree(targets, leaves) as GradientsOf<S, U>;
  }

  variableRead(): void {}

  knows(tensor: Tensor): boolean {
    return this.#tangents.has(tensor.id);
  }

  opRan(op: Op, inputs: readonly Tensor[], attrs: Attrs, outputs: readonly Tensor[]): void {
    const tangents = this.#tangentsOf(inputs);
    if (tangents === null) return;
    const handler = userHandler(op);
    if (handler === null || (handler === undefined && op.grad === null)) return;
    if (handler === undefined && op.grad === undefined) throw missingGradient(op.name);
    this.#quietly(() => {
      if (handler !== undefined)
        this.#transposed(entryOf(op, inputs, attrs, outputs), inputs, outputs, tangents);
      else if (op.linear) this.#linear(op, inputs, attrs, outputs, tangents);
      else if (op.kind === "elementwise") this.#elementwise(op, inputs, attrs, outputs, tangents);
      else this.#transposed(entryOf(op, inputs, attrs, outputs), inputs, outputs, tangents);
    });
  }

  blockRan(type: string, inputs: readonly Tensor[], outputs: readonly Tensor[], backward: Backward): void {
    const tangents = this.#tangentsOf(inputs);
    if (tangents === null) return;
    const entry = new TapeEntry(type, places(inputs), inputs, {}, inputs.length, outputs, backward);
    this.#quietly(() => this.#transposed(entry, inputs, outputs, tangents));
  }

  #tangentsOf(inputs: readonly Tensor[]): (Tensor | null)[] | null {
    const tangents = inputs.map((x) => (isTrainable(x.dtype) ? (this.#tangents.get(x.id) ?? null) : null));
    return tangents.every((t) => t === null) ? null : tangents;
  }

  /** Derivatives are computed for those who listen from outside; those inside do not see them. */
  #quietly(f: () => void): void {
    const all = activeRecorders();
    withRecorders(all.slice(0, all.indexOf(this)), f);
  }

  #set(output: Tensor, tangent: Grad): void {
    if (tangent !== null && isTrainable(output.dtype)) this.#tangents.set(output.id, tangent.asTensor());
  }

  /** A linear op maps tangents as it maps values; indices and the like stay what they are. */
  #linear(
    op: Op,
    inputs: readonly Tensor[],
    attrs: Attrs,
    outputs: readonly Tensor[],
    tangents: (Tensor | null)[],
  ): void {
    const filled = tangents.map((tangent, i) => {
      const input = inputs[i]!;
      return tangent ?? (isTrainable(input.dtype) ? engine.fill(input.shape, 0, input.dtype) : input);
    });
    const results = op.multiple ? applyMany(op, filled, attrs) : [apply(op, filled, attrs)];
    for (let k = 0; k < outputs.length; k++) this.#set(outputs[k]!, results[k]!);
  }

  /** An elementwise op's Jacobian is diagonal, so its gradient rule is also its forward rule. */
  #elementwise(
    op: Op,
    inputs: readonly Tensor[],
    attrs: Attrs,
    outputs: readonly Tensor[],
    tangents: (Tensor | null)[],
  ): void {
    const entry = entryOf(op, inputs, attrs, outputs);
    const output = outputs[0]!;
    let sum: Tensor | null = null;
    tangents.forEach((tangent, i) => {
      if (tangent === null) return;
      const dy = sameShape(tangent.shape, output.shape) ? tangent : engine.broadcastTo(tangent, output.shape);
      const part = entry.elementwiseGrad(dy, i);
      if (part !== null) sum = sum === null ? part : engine.add(sum, part);
    });
    if (sum !== null) this.#set(output, engine.broadcastTo(sum, output.shape));
  }

  /** Any other op: its gradient is linear in dy, and the gradient of that along the tangents is the derivative. */
  #transposed(
    entry: TapeEntry,
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    tangents: (Tensor | null)[],
  ): void {
    const dys = outputs.map((y) => engine.fill(y.shape, 0, y.dtype));
    const tape = new GradientTape();
    const grads: (Tensor | null)[] = inputs.map(() => null);
    tape.record(() => {
      tape.watch(dys.filter((dy) => isTrainable(dy.dtype)));
      const wanted = tangents.map((tangent) => tangent !== null);
      // The entry's slots are its inputs' places, and its outputs' behind them.
      const table: GradientTable = [...inputs.map(() => undefined), ...dys];
      entry.differentiate(table, wanted);
      for (let i = 0; i < inputs.length; i++) grads[i] = table[i]?.asTensor() ?? null;
    });
    const used = inputs.map((_, i) => i).filter((i) => tangents[i] !== null && grads[i] !== null);
    if (used.length === 0) return;
    const result = tape.gradient(
      used.map((i) => grads[i]!),
      dys,
      { outputGradients: used.map((i) => tangents[i]!), unconnectedGradients: "zero" },
    ) as Tensor[];
    for (let k = 0; k < outputs.length; k++) this.#set(outputs[k]!, result[k]!);
  }
}

/** Inputs are their own slots: an entry of no tape. */
const places = (inputs: readonly Tensor[]): number[] => inputs.map((_, i) => i);

const entryOf = (op: Op, inputs: readonly Tensor[], attrs: Attrs, outputs: readonly Tensor[]): TapeEntry =>
  new TapeEntry(op, places(inputs), inputs, attrs, inputs.length, outputs);
