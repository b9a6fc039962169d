/**
 * @file Control flow whose choices depend on tensors: a branch, a loop, a scan over slices.
 *
 * Each function puts its arguments in order and hands them to one function that runs them. In a traced function that one
 * traces the bodies and adds an op. A variable that a body assigns is one more value that goes through the op, and is assigned
 * behind it.
 */
import { containsOperand, toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { sameShape, showShape } from "../core/shape.js";
import { type Spec, specOf, specOfValue } from "../core/spec.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { activeTracer, TracedTensor } from "../core/tracer.js";
import { flattenLike, flattenTree, isPlainObject, type MapTree, packTree } from "../core/tree.js";
import type { Variable } from "../core/variable.js";
import { sameSize } from "../ir/openSize.js";
import { applyCond } from "./condOp.js";
import { gather } from "./gather.js";
import { concat, stack, unstack } from "./join.js";
import { Body } from "./loopBody.js";
import { applyScan } from "./scanLoop.js";
import { slice } from "./slice.js";
import { expandDims } from "./views.js";
import { applyWhile } from "./whileOp.js";

/** A tensor of one bool (or number, where anything but 0 is true), or a plain boolean. */
export type Predicate = Operand | boolean | number;

export interface WhileLoopOptions {
  /** Stops after so many rounds, whatever the condition says; default never. */
  maximumIterations?: number | Operand | null;
}

export interface ScanOptions {
  /** Goes through the slices from the last to the first; default false. */
  reverse?: boolean;
}

/**
 * Runs one of two functions: y = trueFn() where the predicate holds, else falseFn().
 *
 * @param pred     one bool, any shape of size 1
 * @param trueFn   what runs if it is true
 * @param falseFn  what runs if it is false; gives the same structure
 * @returns        what the function gave
 * @throws {ShapeError} the predicate has more than one element; in a traced function, results of different shapes or dtypes
 * In a traced function both are traced and one runs; a variable changes if the one that runs assigns it.
 * Gradient: that of the function that ran, to any order; none for the predicate.
 * @example
 * const x = tf.constant(-3);
 * tf.cond(tf.less(x, 0), () => tf.negative(x), () => x).array() // 3
 * @example
 * const skipped = new tf.Variable(0);
 * const safe = tf.function((x: tf.Tensor) =>
 *   tf.cond(tf.equal(x, 0), () => (skipped.assignAdd(1), x), () => tf.divide(1, x)),
 * );
 * [safe(tf.constant(0)).item(), safe(tf.constant(4)).item(), skipped.item()] // [ 0, 0.25, 1 ]
 */
export function cond<T, F = T>(pred: Predicate, trueFn: () => T, falseFn: () => F): T | F {
  if (typeof trueFn !== "function" || typeof falseFn !== "function")
    throw new ValueError("cond: expected two functions after the predicate");
  return runCond(pred, trueFn, falseFn);
}

function runCond<T, F>(pred: Predicate, trueFn: () => T, falseFn: () => F): T | F {
  const tensor = oneBool(pred, "cond");
  if (!(tensor instanceof TracedTensor)) return tensor.first !== 0 ? trueFn() : falseFn();
  return traceCond(tensor, trueFn, falseFn) as T;
}

/** In a traced function the choice is one op, made when it runs. */
function traceCond(pred: Tensor, trueFn: () => unknown, falseFn: () => unknown): unknown {
  const yes = new Body([], () => {
    const given = trueFn();
    const leaves = flattenTree(given).map((leaf) =>
      isNothing(leaf) ? leaf : toTensor(leaf as TensorLike, undefined, "cond: trueFn"),
    );
    return packTree(given, leaves);
  });
  const structure = yes.result;
  const no = new Body([], () => alike(falseFn(), structure, "cond: falseFn", "trueFn gives"));
  // What one branch assigns goes through the other as it was.
  const variables = [...new Set([...yes.assigned, ...no.assigned])];
  for (const branch of [yes, no]) branch.arrange([], variables);
  const [expected, other] = [yes, no].map(({ graph }) =>
    graph.outputs.slice(variables.length).map(specOfValue),
  );
  checkSpecs("cond: falseFn", expected!, other!);
  const results = applyCond(pred, yes, no);
  assignAll(variables, results.splice(0, variables.length));
  const leaves = flattenTree(structure).map((leaf) => (isNothing(leaf) ? leaf : results.shift()));
  return packTree(structure, leaves);
}

/** What a branch gives that only assigns variables. */
const isNothing = (leaf: unknown): leaf is null | undefined => leaf === null || leaf === undefined;

const valuesNow = (variables: readonly Variable[]): Tensor[] =>
  variables.map((variable) => variable.current());

/** The variables that an op's bodies assign have their values after it. */
function assignAll(variables: readonly Variable[], values: readonly Tensor[]): void {
  for (const [i, variable] of variables.entries()) variable.assign(values[i]!);
}

/** The predicate as a tensor of one element. */
function oneBool(pred: Predicate, who: string): Tensor {
  const tensor = toTensor(pred, undefined, who);
  if (tensor.size === 1) return tensor;
  throw new ShapeError(`${who}: expected one bool, got shape ${showShape(tensor.shape)}`);
}

/**
 * Repeats a function on variables of a loop while a condition holds: vars = body(...vars).
 *
 * @param cond      gets the variables and gives one bool
 * @param body      gets the variables and gives their next values as a list, or alone if there is one
 * @param loopVars  the first values: a list of tensors or structures of tensors
 * @param options   `maximumIterations`
 * @returns         the last values
 * @throws {ValueError} no loop variables, or the body gives another structure; in a traced function, the condition assigns a
 *                      `tf.Variable`
 * @throws {ShapeError} in a traced function, the body gives another shape or dtype
 * The body may assign variables, also in a traced function.
 * Gradient: back through the rounds that ran, to any order.
 * @example tf.whileLoop((i) => tf.less(i, 5), (i) => [tf.add(i, 2)], [tf.constant(0)])[0].array() // 6
 * @example
 * const rounds = new tf.Variable(0);
 * const halve = tf.function((x: tf.Tensor) =>
 *   tf.whileLoop((y) => tf.greater(y, 1), (y) => (rounds.assignAdd(1), [tf.divide(y, 2)]), [x])[0],
 * );
 * [halve(tf.constant(12)).item(), rounds.item()] // [ 0.75, 4 ]
 */
export function whileLoop<const V extends readonly unknown[]>(
  cond: (...loopVars: LoopValues<V>) => Predicate,
  body: (...loopVars: LoopValues<V>) => Readonly<LoopValues<V>> | LoopValues<V>[0],
  loopVars: V,
  options: WhileLoopOptions = {},
): LoopValues<V> {
  if (!Array.isArray(loopVars) || loopVars.length === 0)
    throw new ValueError("whileLoop: expected a list of at least one loop variable");
  const first = tensorsOf(loopVars, "whileLoop");
  const next = (values: unknown[]): unknown[] => nextValues(body(...(values as LoopValues<V>)), values);
  const test = (values: unknown[]): Predicate => cond(...(values as LoopValues<V>));
  return runWhile(test, next, first, iterationLimit(options.maximumIterations)) as LoopValues<V>;
}

/** The variables of a loop as its functions get them. */
export type LoopValues<V extends readonly unknown[]> = { -readonly [K in keyof V]: TensorsOf<V[K]> };

function runWhile(
  cond: (values: unknown[]) => Predicate,
  body: (values: unknown[]) => unknown[],
  first: unknown[],
  limit: number,
): unknown[] {
  if (activeTracer() !== null) return traceWhile(cond, body, first, limit);
  let values = first;
  for (let round = 0; round < limit && oneBool(cond(values), "whileLoop").first !== 0; round++) {
    values = body(values);
  }
  return values;
}

/** In a traced function the loop is one op, whose rounds are counted when it runs. */
function traceWhile(
  cond: (values: unknown[]) => Predicate,
  body: (values: unknown[]) => unknown[],
  first: unknown[],
  limit: number,
): unknown[] {
  const states = flattenTree(first) as Tensor[];
  const specs = states.map(({ spec }) => spec);
  const valuesOf = (given: readonly Tensor[]): unknown[] => packTree(first, given) as unknown[];
  const step = new Body(specs, (given) => body(valuesOf(given)));
  const test = new Body(specs, (given) => oneBool(cond(valuesOf(given)), "whileLoop"));
  checkSpecs("whileLoop: the body", specs, step.graph.outputs.map(specOfValue));
  if (test.assigned.length > 0) {
    throw new ValueError(
      `whileLoop: variable '${test.assigned[0]!.name}' is assigned in the condition of a traced loop, which runs once more ` +
        "than the body; assign it in the body, and let the condition read a loop variable",
    );
  }
  const variables = step.assigned;
  test.arrange(variables, []);
  const last = applyWhile(test, step, [...states, ...valuesNow(variables)], limit);
  assignAll(variables, last.splice(states.length));
  return valuesOf(last);
}

/** In a program what goes from round to round, or comes of either branch, has one shape and dtype. */
function checkSpecs(who: string, expected: readonly Spec[], given: readonly Spec[]): void {
  for (const [i, spec] of expected.entries()) {
    const { shape, dtype } = given[i]!;
    if (dtype === spec.dtype && sameShape(shape, spec.shape)) continue;
    throw new ShapeError(`${who} makes ${given[i]} of value ${i}, which is ${spec}`);
  }
}

function iterationLimit(given: number | Operand | null | undefined): number {
  if (given === null || given === undefined) return Number.POSITIVE_INFINITY;
  return given instanceof Operand ? given.item() : given;
}

/** What the body gave as a list of tensors; a single variable may come without its list. */
function nextValues(given: unknown, before: readonly unknown[]): unknown[] {
  const list = before.length === 1 && !(Array.isArray(given) && given.length === 1) ? [given] : given;
  return alike(list, before, "whileLoop: the body") as unknown[];
}

/** A structure in which every number is a tensor. */
export type TensorsOf<S> = S extends number | boolean ? Tensor : MapTree<S, Tensor>;

/**
 * Accumulates over the slices of tensors along their first axis: aₜ = fn(aₜ₋₁, xₜ), all aₜ stacked.
 *
 * @param fn           gets what has been accumulated and the next slice, gives the next accumulation
 * @param elems        a tensor or a structure of tensors that agree in the size of the first axis
 * @param initializer  what is accumulated before the first slice; without one the first slice itself, which is also the
 *                     first result
 * @param options      `reverse`: from the last slice to the first; results stay with their slices
 * @returns            the structure of the accumulator, with the slices' axis first
 * @throws {ShapeError} first axes that differ, or no slices
 * @throws {ValueError} `fn` gives another structure
 * The function may assign variables, also in a traced function.
 * Gradient: back through the steps, to the slices and the initializer, to any order.
 * @example tf.scan((a, x) => tf.add(a, x), tf.constant([1, 2, 3])).array() // [ 1, 3, 6 ]
 * @example tf.scan((a, x) => tf.multiply(a, x), tf.constant([1, 2, 3]), 10).array() // [ 10, 20, 60 ]
 */
export function scan<E, A = E>(
  fn: (accumulated: TensorsOf<A>, slice: TensorsOf<E>) => A | TensorsOf<A>,
  elems: E,
  initializer?: A | null,
  options: ScanOptions = {},
): TensorsOf<A> {
  const tensors = tensorsOf(elems, "scan");
  const count = sliceCount(flattenTree(tensors) as Tensor[]);
  const given = initializer === null || initializer === undefined ? null : tensorsOf(initializer, "scan");
  const step = (accumulated: unknown, slice: unknown, structure: unknown): unknown =>
    alike(fn(accumulated as TensorsOf<A>, slice as TensorsOf<E>), structure, "scan: the function");
  return runScan(step, tensors, given, count, options.reverse ?? false) as TensorsOf<A>;
}

/** One step of a scan; the structure is the one that its result must have. */
type ScanStep = (accumulated: unknown, slice: unknown, structure: unknown) => unknown;

function runScan(
  step: ScanStep,
  elems: unknown,
  initializer: unknown,
  count: number,
  reverse: boolean,
): unknown {
  if (activeTracer() !== null) return traceScan(step, elems, initializer, count, reverse);
  const columns = (flattenTree(elems) as Tensor[]).map((tensor) => unstack(tensor));
  const sliceAt = (place: number): unknown =>
    packTree(
      elems,
      columns.map((column) => column[place]!),
    );
  const places = Array.from({ length: count }, (_, i) => (reverse ? count - 1 - i : i));
  const structure = initializer ?? elems;
  const results: unknown[][] = [];
  let accumulated = initializer;
  for (const place of places) {
    const slice = sliceAt(place);
    accumulated = accumulated === null ? slice : step(accumulated, slice, structure);
    results[place] = flattenTree(accumulated);
  }
  return packTree(
    structure,
    flattenTree(structure).map((_, i) => stack(results.map((leaves) => leaves[i] as Tensor))),
  );
}

/** In a traced function the loop is one op with one body, however many slices there are. */
function traceScan(
  step: ScanStep,
  elems: unknown,
  initializer: unknown,
  count: number,
  reverse: boolean,
): unknown {
  const arrays = flattenTree(elems) as Tensor[];
  if (initializer === null) {
    // The first slice is the first result: the loop goes over the others.
    const first = reverse ? count - 1 : 0;
    const own = packTree(
      elems,
      arrays.map((array) => gather(array, first)),
    );
    if (count === 1) return packTree(elems, arrays);
    const rest = packTree(
      elems,
      arrays.map((array) => part(array, reverse ? 0 : 1, count - 1)),
    );
    const others = traceScan(step, rest, own, count - 1, reverse);
    const ends = [flattenTree(own).map((tensor) => expandDims(tensor as Tensor, 0)), flattenTree(others)];
    const [head, tail] = reverse ? [ends[1]!, ends[0]!] : [ends[0]!, ends[1]!];
    return packTree(
      elems,
      head.map((tensor, i) => concat([tensor as Tensor, tail[i] as Tensor], 0)),
    );
  }
  const states = flattenTree(initializer) as Tensor[];
  const specs = states.map(({ spec }) => spec);
  const slices = arrays.map(({ spec }) => specOf(spec.shape.slice(1), spec.dtype));
  const accumulate = (given: readonly Tensor[]): unknown[] => {
    const accumulated = packTree(initializer, given.slice(0, states.length));
    const results = flattenTree(step(accumulated, packTree(elems, given.slice(states.length)), initializer));
    // The accumulation goes on to the next round, and it is collected.
    return [...results, ...results];
  };
  const body = new Body([...specs, ...slices], accumulate, { states: states.length });
  checkSpecs("scan: the function", specs, body.graph.outputs.map(specOfValue));
  const variables = body.assigned;
  const first = [...states, ...valuesNow(variables)];
  const layout = { states: first.length, sliced: arrays.length, count, reverse };
  const results = applyScan(body, layout, [...first, ...arrays, ...body.captured]);
  assignAll(variables, results.slice(states.length, first.length));
  return packTree(initializer, results.slice(first.length, first.length + states.length));
}

const part = (array: Tensor, begin: number, size: number): Tensor =>
  slice(array, [begin, ...array.shape.slice(1).map(() => 0)], [size, ...array.shape.slice(1)]);

/** How many slices there are. */
function sliceCount(elems: readonly Tensor[]): number {
  const count = elems[0]?.shape[0];
  if (count === undefined || count === 0)
    throw new ShapeError("scan: expected elems with at least one slice along their first axis");
  const odd = elems.find(({ shape }) => !sameSize(shape[0]!, count));
  if (odd === undefined) return count;
  throw new ShapeError(
    `scan: elems differ in the size of their first axis: ${showShape(elems[0]!.shape)} and ${showShape(odd.shape)}`,
  );
}

/** A structure with every leaf a tensor. */
function tensorsOf<S>(structure: S, who: string): any {
  return packTree(
    structure,
    flattenTree(structure).map((leaf) => toTensor(leaf as TensorLike, undefined, who)),
  );
}

/** A list of numbers is one tensor; one with tensors in it is a structure. */
const isListOfTensors = (part: unknown): boolean => Array.isArray(part) && containsOperand(part);

/**
 * What a user's function gave, as tensors in the structure it has to have; numbers take the dtype of what they replace.
 *
 * @throws {ValueError} another structure
 */
function alike(given: unknown, structure: unknown, who: string, whose = "it gets"): unknown {
  const parts = flattenLike(structure, given);
  const before = flattenTree(structure) as (Tensor | null | undefined)[];
  const fits = (part: unknown, i: number): boolean =>
    isNothing(part) === isNothing(before[i]) && !isPlainObject(part) && !isListOfTensors(part);
  if (parts === null || !parts.every(fits))
    throw new ValueError(`${who} must give the structure that ${whose}`);
  return packTree(
    structure,
    parts.map((part, i) => (isNothing(part) ? part : toTensor(part as TensorLike, before[i]!.dtype, who))),
  );
}
