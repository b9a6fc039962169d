/**
 * @file Runs programs the slow and obvious way, to test the passes that make them: kernels as nested loops, one element at
 * a time.
 */
import { laneClosure } from "../../src/backends/js/renderLane.js";
import {
  type Buffer,
  type HostStep,
  type KernelStep,
  type Program,
  readCount,
} from "../../src/compile/program.js";
import { arrayConstructor, type DType, type TypedArray } from "../../src/core/dtype.js";
import type { ContractKernel, MapKernel, ReduceKernel, StateLanes } from "../../src/ir/kernel.js";
import type { TypedLane } from "../../src/ir/typedLane.js";

type Values = Record<string, number>;

/** Gives every buffer its storage. */
export type Allocate = (buffer: Buffer) => TypedArray;

/** Fresh arrays that hold nonsense, so that nothing passes that reads what it has not written. */
export const nonsense: Allocate = ({ dtype, size }) =>
  new (arrayConstructor(dtype))(size).fill(dtype.startsWith("float") ? Number.NaN : 77);

/**
 * The values of a program's outputs.
 *
 * @param inputs    one array per input
 * @param allocate  storage of the buffers that the program writes
 */
export function interpret(
  program: Program,
  inputs: readonly TypedArray[],
  allocate: Allocate = nonsense,
): TypedArray[] {
  const arrays = new Map<Buffer, TypedArray>();
  const at = (buffer: Buffer): TypedArray => {
    if (!arrays.has(buffer)) arrays.set(buffer, allocate(buffer));
    return arrays.get(buffer)!;
  };
  program.inputs.forEach((buffer, i) => void arrays.set(buffer, inputs[i]!));
  for (const [buffer, data] of program.constants) {
    const values = typeof data === "number" ? [data] : data;
    arrays.set(buffer, new (arrayConstructor(buffer.dtype))(values));
  }
  for (const step of program.steps) {
    if (step.kind === "host") runHost(step, at);
    else runKernel(step, step.arrays.map(at));
  }
  return program.outputs.map((buffer) => at(buffer).slice());
}

function runHost({ node, inputs, outputs }: HostStep, at: Allocate): void {
  const { op, attrs } = node;
  if (op.kind !== "opaque") throw new Error(`the host has no kernel for ${op.name}`);
  const flat = (buffers: readonly Buffer[], values: readonly { shape: readonly number[]; dtype: DType }[]) =>
    buffers.map((buffer, i) => ({ data: at(buffer), shape: values[i]!.shape, dtype: values[i]!.dtype }));
  for (const output of outputs) at(output).fill(0);
  op.kernel(flat(inputs, node.inputs), flat(outputs, node.outputs), attrs);
}

function runKernel(step: KernelStep, arrays: readonly TypedArray[]): void {
  const { kernel } = step;
  if (kernel.kind === "map") runMap(kernel, arrays);
  else if (kernel.kind === "reduce") runReduce(kernel, arrays);
  else runContract(kernel, arrays, readCount(step));
}

/** Calls `visit` with every index of some loops, the last loop fastest. */
function eachIndex(sizes: readonly number[], visit: (index: readonly number[]) => void): void {
  const walk = (index: number[]): void => {
    if (index.length === sizes.length) visit(index);
    else for (let i = 0; i < sizes[index.length]!; i++) walk([...index, i]);
  };
  walk([]);
}

const place = (offset: number, strides: readonly number[], index: readonly number[]): number =>
  strides.reduce((sum, stride, i) => sum + stride * index[i]!, offset);

/** Computes some lanes together: a node that is used twice is computed once. */
function evaluator(lanes: readonly TypedLane[], attrs: Values): (inputs: Values) => number[] {
  type Compute = (inputs: Values, results: number[]) => number;
  const steps: Compute[] = [];
  const numbers = new Map<TypedLane, number>();
  const visit = (node: TypedLane): number => {
    const known = numbers.get(node);
    if (known !== undefined) return known;
    const args = node.kind === "call" ? node.args : node.kind === "cast" ? [node.x] : [];
    const all = node.kind === "select" ? [node.condition, node.yes, node.no] : args;
    const from = all.map(visit);
    const element = laneClosure(onInputs(node));
    steps.push((inputs, results) => {
      const own = all.length === 0 ? inputs : Object.fromEntries(from.map((n, i) => [`#${i}`, results[n]!]));
      return element({ inputs: own, attrs });
    });
    numbers.set(node, steps.length - 1);
    return steps.length - 1;
  };
  const wanted = lanes.map(visit);
  return (inputs) => {
    const results: number[] = [];
    for (const step of steps) results.push(step(inputs, results));
    return wanted.map((n) => results[n]!);
  };
}

/** A node whose arguments are inputs "#0", "#1" … */
function onInputs(node: TypedLane): TypedLane {
  const input = ({ dtype }: TypedLane, i: number): TypedLane => ({ kind: "input", name: `#${i}`, dtype });
  if (node.kind === "call") return { ...node, args: node.args.map(input) };
  if (node.kind === "cast") return { ...node, x: input(node.x, 0) };
  if (node.kind !== "select") return node;
  return { ...node, condition: input(node.condition, 0), yes: input(node.yes, 1), no: input(node.no, 2) };
}

type Walks = readonly { readonly offset: number; readonly strides: readonly number[] }[];

/** The elements of named arrays at an index. */
const readAt = (
  sources: readonly (Walks[number] & { readonly name: string })[],
  arrays: readonly TypedArray[],
  index: readonly number[],
): Values =>
  Object.fromEntries(sources.map((s, i) => [s.name, arrays[i]![place(s.offset, s.strides, index)]!]));

function write(
  targets: Walks,
  arrays: readonly TypedArray[],
  index: readonly number[],
  values: number[],
): void {
  targets.forEach(({ offset, strides }, i) => {
    const at = place(offset, strides, index);
    if (at < 0 || at >= arrays[i]!.length)
      throw new RangeError(`writes element ${at} of ${arrays[i]!.length}`);
    arrays[i]![at] = values[i]!;
  });
}

function runMap({ shape, sources, targets, params }: MapKernel, arrays: readonly TypedArray[]): void {
  const lanes = evaluator(
    targets.map((target) => target.lane),
    params,
  );
  const outputs = arrays.slice(sources.length);
  eachIndex(shape, (index) => write(targets, outputs, index, lanes(readAt(sources, arrays, index))));
}

/** Pairs of neighbours, then pairs of pairs: the last of an odd number waits. */
function inPairs<S>(states: readonly S[], combine: (a: S, b: S) => S): S {
  if (states.length === 1) return states[0]!;
  const half = 2 ** Math.ceil(Math.log2(states.length) - 1);
  return combine(inPairs(states.slice(0, half), combine), inPairs(states.slice(half), combine));
}

/** The fixed tree of reductions: blocks of 256, in each eight interleaved runs unless it is short, joined in pairs. */
function fold<S>(states: readonly S[], combine: (a: S, b: S) => S): S {
  const blocks: S[] = [];
  for (let start = 0; start < states.length; start += 256) {
    const block = states.slice(start, start + 256);
    const width = block.length < 16 ? 1 : 8;
    const runs = Array.from({ length: width }, (_, j) =>
      block.filter((_state, i) => i % width === j).reduce(combine),
    );
    blocks.push(inPairs(runs, combine));
  }
  return inPairs(blocks, combine);
}

function runReduce(kernel: ReduceKernel, arrays: readonly TypedArray[]): void {
  const { shape, reduced, sources, extras, targets, params } = kernel;
  const names = Object.keys(kernel.states);
  const all = (lanes: StateLanes) =>
    evaluator(
      names.map((name) => lanes[name]!),
      params,
    );
  const [element, combine] = [all(kernel.element), all(kernel.combine)];
  const x = evaluator([kernel.x], params);
  const finish = evaluator([kernel.finish], params);
  const lanes = evaluator(
    targets.map((target) => target.lane),
    params,
  );
  const named = (prefix: string, state: number[]): Values =>
    Object.fromEntries(names.map((name, i) => [prefix + name, state[i]!]));
  const inner: (readonly number[])[] = [];
  eachIndex(reduced, (index) => void inner.push(index));
  const beside = arrays.slice(sources.length, sources.length + extras.length);
  const outputs = arrays.slice(sources.length + extras.length);
  eachIndex(shape, (index) => {
    const state =
      inner.length === 0
        ? all(kernel.identity!)({})
        : fold(
            inner.map((at, i) => element({ x: x(readAt(sources, arrays, [...index, ...at]))[0]!, index: i })),
            (a, b) => combine({ ...named("a_", a), ...named("b_", b) }),
          );
    const result = finish(named("", state))[0]!;
    write(targets, outputs, index, lanes({ result, ...readAt(extras, beside, index) }));
  });
}

function runContract(kernel: ContractKernel, arrays: readonly TypedArray[], reads: number): void {
  const { loops, sources, targets, params } = kernel;
  const lanes = evaluator(
    targets.map((target) => target.lane),
    params,
  );
  const kept = loops.map((loop) => (loop.role === "k" ? 1 : loop.size));
  const summed = loops.map((loop) => (loop.role === "k" ? loop.size : 1));
  const [a, b] = [loops.map((loop) => loop.a), loops.map((loop) => loop.b)];
  const integer = kernel.dtype === "int32" || kernel.dtype === "uint8";
  const rounded = new (arrayConstructor(kernel.dtype))(1);
  eachIndex(kept, (index) => {
    let total = 0;
    eachIndex(summed, (k) => {
      const at = index.map((n, i) => n + k[i]!);
      const [x, y] = [arrays[0]![place(kernel.a.offset, a, at)]!, arrays[1]![place(kernel.b.offset, b, at)]!];
      total = integer ? (total + Math.imul(x, y)) | 0 : total + x * y;
    });
    rounded[0] = total;
    const sum = rounded[0]!;
    write(targets, arrays.slice(reads), index, lanes({ sum, ...readAt(sources, arrays.slice(2), index) }));
  });
}
