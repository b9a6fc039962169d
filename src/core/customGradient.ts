/**
 * @file Gradients that a function brings with it, and blocks whose forward pass is run again when they are needed.
 */
import { toTensor } from "./convert.js";
import { isTrainable } from "./dtype.js";
import { engine } from "./engine.js";
import { GradientError, ValueError } from "./errors.js";
import type { Grad } from "./op.js";
import { activeRecorders, listenToReads, type Watchable, withoutRecording } from "./recorder.js";
import { GradientTape } from "./tape.js";
import type { Backward } from "./tapeEntry.js";
import { Operand, type Tensor, type TensorLike } from "./tensor.js";
import { flattenTree, isPlainObject, packTree, type Tree } from "./tree.js";
import type { Variable } from "./variable.js";

/** One gradient per (flattened) argument; a single one may be bare. */
type ArgumentGrads = Tree<Grad | Operand>;

/**
 * The gradient function of a custom gradient: one gradient per flattened output, then `{ variables }` if the function
 * reads trainable variables that are not arguments. With variables it returns `[grads, gradsOfVariables]`.
 */
export type CustomGrad = (
  ...dysAndVariables: any[]
) => ArgumentGrads | readonly [ArgumentGrads, ArgumentGrads];

/** Numbers, lists of numbers and typed arrays among the arguments become tensors; everything else stays. */
const withTensors = <A extends readonly unknown[]>(args: A): A => args.map(withTensorLeaves) as unknown as A;

function withTensorLeaves(arg: unknown): unknown {
  if (isNumbers(arg)) return toTensor(arg as TensorLike);
  if (Array.isArray(arg)) return arg.map(withTensorLeaves);
  if (!isPlainObject(arg)) return arg;
  return Object.fromEntries(Object.entries(arg).map(([key, item]) => [key, withTensorLeaves(item)]));
}

const isNumbers = (x: unknown): boolean =>
  typeof x === "number" || ArrayBuffer.isView(x) || (Array.isArray(x) && x.length > 0 && x.every(isNumbers));

const operandsOf = (tree: unknown): Operand[] => flattenTree(tree).filter((leaf) => leaf instanceof Operand);

/** The same values under new identities, so that a gradient can only come through what is recorded with them. */
function fresh<T>(tree: T): T {
  const leaves = flattenTree(tree).map((leaf) => {
    if (!(leaf instanceof Operand)) return leaf;
    const tensor = leaf.asTensor();
    return tensor.as(tensor.spec);
  });
  return packTree(tree, leaves) as T;
}

/** Runs a function and collects the trainable variables it read, without those in `except`. */
function readVariables<T>(except: readonly Operand[], f: () => T): { result: T; variables: Variable[] } {
  const seen = new Map<number, Variable>();
  const passed = new Set(except.map((operand) => operand.id));
  const listener = (variable: Watchable): void => {
    if (variable.trainable && !passed.has(variable.id)) seen.set(variable.id, variable as Variable);
  };
  const result = listenToReads(listener, f);
  return { result, variables: [...seen.values()] };
}

/** Records a block on everyone who listens. */
function recordBlock(
  type: string,
  inputs: readonly Operand[],
  outputs: readonly Operand[],
  backward: Backward,
): void {
  const tensors = inputs.map((input) => input.asTensor());
  const results = outputs.map((output) => output.asTensor());
  for (const recorder of activeRecorders()) recorder.blockRan(type, tensors, results, backward);
}

/**
 * A function with a gradient of its own.
 *
 * @param f  returns `[y, grad]`: the result (a tensor or a structure of them) and the gradient function, which takes one
 *           gradient per output and returns one per argument (null for none). A function that reads trainable variables
 *           which are not its arguments needs a gradient function that takes `{ variables }` after the output gradients
 *           and returns `[gradients of arguments, gradients of variables]`.
 * @returns  the function; its results are new tensors. A second derivative differentiates through `grad`.
 * @throws {TypeError} variables are read but `grad` does not take them
 * @throws {ValueError} when differentiated: the number of gradients is wrong
 * @example
 * const log1pexp = tf.customGradient((x: tf.Tensor) => {
 *   const e = tf.exp(x);
 *   return [tf.math.log(e.add(1)), (dy: tf.Tensor) => dy.mul(tf.subtract(1, tf.divide(1, e.add(1))))];
 * });
 * const x = new tf.Variable(100);
 * const tape = new tf.GradientTape();
 * const y = tape.record(() => log1pexp(x));
 * tape.gradient(y, x).item() // 1
 */
export function customGradient<A extends readonly any[], Y>(
  f: (...args: A) => readonly [Y, CustomGrad],
): (...args: { [K in keyof A]: A[K] extends Tensor ? TensorLike : A[K] }) => Y {
  return (...given) => {
    const args = withTensors(given as unknown as A);
    const inputs = operandsOf(args);
    const { result, variables } = readVariables(inputs, () => f(...args));
    const [y, grad] = checkPair(result);
    const outputs = fresh(y);
    const flat = operandsOf(outputs);
    if (variables.length > 0) checkTakesVariables(grad, flat.length, variables);
    // Named for those who print a stack inside `grad`.
    const customGradientOf: Backward = (dys) => callGradient(grad, dys, inputs.length, variables);
    recordBlock("CustomGradient", [...inputs, ...variables], flat, customGradientOf);
    return outputs;
  };
}

function checkPair<Y>(result: readonly [Y, CustomGrad]): readonly [Y, CustomGrad] {
  if (!Array.isArray(result) || result.length !== 2 || typeof result[1] !== "function") {
    throw new TypeError("customGradient: the function must return [y, grad] with grad a function");
  }
  return result;
}

function checkTakesVariables(grad: CustomGrad, outputs: number, variables: readonly Variable[]): void {
  // A rest parameter counts as zero declared ones: it takes everything.
  if (grad.length > outputs || grad.length === 0) return;
  const names = variables.map((variable) => variable.name).join(", ");
  throw new TypeError(
    `customGradient: grad must take a last argument { variables }, since the function uses variables: [${names}]`,
  );
}

function callGradient(
  grad: CustomGrad,
  dys: readonly Tensor[],
  inputs: number,
  variables: readonly Variable[],
): readonly Grad[] {
  const result = variables.length > 0 ? grad(...dys, { variables }) : grad(...dys);
  if (variables.length === 0) return checkedCount(result as ArgumentGrads, inputs);
  if (!Array.isArray(result) || result.length !== 2) {
    throw new ValueError(
      "customGradient: with variables, grad must return [gradients of arguments, gradients of variables]",
    );
  }
  const ofVariables = gradLeaves(result[1]);
  if (ofVariables.length !== variables.length) {
    throw new ValueError("Must return gradient for each variable from @custom_gradient grad_fn.");
  }
  return [...checkedCount(result[0] as ArgumentGrads, inputs), ...ofVariables];
}

function checkedCount(result: ArgumentGrads, inputs: number): Grad[] {
  const grads = result === undefined ? [] : gradLeaves(result);
  if (grads.length !== inputs) {
    throw new ValueError(
      `custom_gradient function expected to return ${inputs} gradients, but returned ${grads.length} instead.`,
    );
  }
  return grads;
}

const gradLeaves = (tree: unknown): Grad[] =>
  flattenTree(tree).map((leaf) =>
    leaf === null || leaf === undefined ? null : (toTensor(leaf as TensorLike) as Grad),
  );

/**
 * A function whose gradient is the incoming one, unchanged: for functions that have none, such as rounding. Variables
 * read inside get none.
 *
 * @param f  takes and returns tensors of the same structure
 * @example
 * const round = tf.gradPassThrough((x: tf.Tensor) => tf.round(x));
 * const x = new tf.Variable(1.7);
 * const tape = new tf.GradientTape();
 * const y = tape.record(() => round(x));
 * tape.gradient(y, x).item() // 1
 */
export function gradPassThrough<A extends readonly any[], Y>(
  f: (...args: A) => Y,
): (...args: { [K in keyof A]: A[K] extends Tensor ? TensorLike : A[K] }) => Y {
  return (...given) => {
    const args = withTensors(given as unknown as A);
    const inputs = operandsOf(args);
    const outputs = fresh(f(...args));
    const flat = operandsOf(outputs);
    recordBlock("PassThrough", inputs, flat, (dys) => {
      if (dys.length !== inputs.length) {
        throw new GradientError(`gradPassThrough: ${inputs.length} arguments but ${dys.length} outputs`);
      }
      return dys;
    });
    return outputs;
  };
}

/**
 * A function that keeps nothing for its gradient: the forward pass is run again when the gradient is asked for. Time is
 * traded for memory.
 *
 * @param f  a function of tensors
 * @example
 * const f = tf.recomputeGrad((x: tf.Tensor) => tf.exp(x));
 * const x = new tf.Variable(0);
 * const tape = new tf.GradientTape();
 * const y = tape.record(() => f(x));
 * tape.gradient(y, x).item() // 1
 */
export function recomputeGrad<A extends readonly any[], Y>(
  f: (...args: A) => Y,
): ((...args: { [K in keyof A]: A[K] extends Tensor ? TensorLike : A[K] }) => Y) & {
  readonly wrapped: (...args: A) => Y;
} {
  const recomputing = (...given: readonly unknown[]): Y => {
    const args = withTensors(given as unknown as A);
    const inputs = operandsOf(args);
    const { result, variables } = readVariables(inputs, () => withoutRecording(() => f(...args)));
    const outputs = fresh(result);
    const recomputedGradientOf: Backward = (dys) => gradientByRerun(f, args, variables, dys);
    recordBlock("RecomputeGrad", [...inputs, ...variables], operandsOf(outputs), recomputedGradientOf);
    return outputs;
  };
  return Object.assign(recomputing, { wrapped: f });
}

/** Runs the block again under a tape and differentiates it; what is unconnected gets zeros. */
function gradientByRerun<A extends readonly any[]>(
  f: (...args: A) => unknown,
  args: A,
  variables: readonly Variable[],
  dys: readonly Tensor[],
): readonly Grad[] {
  const tape = new GradientTape();
  const copies = flattenTree(args).map((leaf) =>
    leaf instanceof Operand ? engine.identity(leaf.asTensor()) : leaf,
  );
  const watched = copies.filter((leaf) => leaf instanceof Operand);
  const outputs = tape.record(() => {
    tape.watch(watched.filter((x) => isTrainable(x.dtype)));
    return operandsOf(f(...(packTree(args, copies) as unknown as A))) as never;
  }) as unknown as Operand[];
  return tape.gradient(outputs, [...watched, ...variables], {
    outputGradients: dys,
    unconnectedGradients: "zero",
  }) as readonly Grad[];
}
