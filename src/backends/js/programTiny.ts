/**
 * @file Programs of a few numbers in JavaScript: one function without loops, with a local variable for every element.
 */
import { type Buffer, type KernelStep, type Program, readCount } from "../../compile/program.js";
import { mayCompile } from "../../core/compileText.js";
import { sizeOf } from "../../core/shape.js";
import type { Access, ContractKernel, Kernel, MapKernel, ReduceKernel, Source } from "../../ir/kernel.js";
import type { TypedLane } from "../../ir/typedLane.js";
import type { ProgramRunner } from "./program.js";
import { combineInTree, type States } from "./reductionKernel.js";
import { functionFor, type LaneWords, wrapText } from "./renderLane.js";
import { operationsOf, sharedText } from "./sharedLanes.js";
import { StraightLine } from "./straightLine.js";

/** Elements of the largest buffer. */
const ELEMENTS = 64;
/** Operations on elements in the whole function: engines do not optimise longer ones. */
const OPERATIONS = 2000;

/**
 * The runner of a tiny program.
 *
 * @returns null where the program is too large, needs the host, or the page does not let text become code
 */
export function compileTiny(program: Program): ProgramRunner | null {
  if (!mayCompile() || !isTiny(program)) return null;
  const line = new StraightLine(program);
  for (const step of program.steps) if (step.kind === "kernel") writeStep(line, step);
  return line.compile(program.outputs);
}

function isTiny({ inputs, constants, steps, outputs }: Program): boolean {
  const isShort = ({ size }: Buffer): boolean => size <= ELEMENTS;
  if (![...inputs, ...constants.keys(), ...outputs].every(isShort)) return false;
  let operations = 0;
  for (const step of steps) {
    if (step.kind === "host" || !step.arrays.every(isShort)) return false;
    operations += operationsIn(step.kernel);
  }
  return operations <= OPERATIONS;
}

/** How many operations a kernel does on elements. */
function operationsIn(kernel: Kernel): number {
  const epilogue = operationsOf(kernel.targets.map(({ lane }) => lane));
  switch (kernel.kind) {
    case "map":
      return sizeOf(kernel.shape) * epilogue;
    case "reduce": {
      const { x, element, combine, finish } = kernel;
      const each = operationsOf([x, ...Object.values(element), ...Object.values(combine)]);
      return sizeOf(kernel.shape) * (sizeOf(kernel.reduced) * each + operationsOf([finish]) + epilogue);
    }
    case "contract": {
      const kept = kernel.loops.filter(({ role }) => role !== "k");
      const products = sizeOf(kernel.loops.map(({ size }) => size));
      return 2 * products + sizeOf(kept.map(({ size }) => size)) * epilogue;
    }
  }
}

/** A kernel as it is written down. */
interface Work<K extends Kernel> {
  readonly line: StraightLine;
  readonly kernel: K;
  /** The buffers of the step that it reads and writes. */
  readonly sources: readonly Buffer[];
  readonly targets: readonly Buffer[];
}

function writeStep(line: StraightLine, step: KernelStep): void {
  const { kernel, arrays } = step;
  const reads = readCount(step);
  const [sources, targets] = [arrays.slice(0, reads), arrays.slice(reads)];
  if (kernel.kind === "map") writeMap({ line, kernel, sources, targets });
  else if (kernel.kind === "reduce") writeReduce({ line, kernel, sources, targets });
  else writeContract({ line, kernel, sources, targets });
}

/** Where loops stand: one number for each. */
type Index = readonly number[];

/** Every position of some loops, in row-major order. */
const positionsOf = (shape: readonly number[]): Index[] =>
  shape.reduce<Index[]>(
    (outer, n) => outer.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );

const offsetAt = ({ offset, strides }: Omit<Access, "dtype">, index: Index): number =>
  strides.reduce((sum, stride, loop) => sum + stride * index[loop]!, offset);

type Input = LaneWords["input"];

/** Lanes' inputs: arrays at one position. */
const inputsAt =
  (line: StraightLine, sources: readonly Source[], arrays: readonly Buffer[], index: Index): Input =>
  (input) => {
    const k = sources.findIndex(({ name }) => name === input);
    return line.read(arrays[k]!, offsetAt(sources[k]!, index));
  };

/** Gets lanes ready to be computed, any number of times: the names of their values. */
function laneWriter(
  line: StraightLine,
  lanes: readonly TypedLane[],
  params: Readonly<Record<string, number>>,
): (input: Input) => string[] {
  const text = sharedText(lanes);
  const assign = (value: string): string => line.assign(value);
  return (input) => text({ input, attr: (name) => params[name]!, helpers: line.helpers }, assign).map(assign);
}

/** Gets the targets of a kernel ready to be written at any position. */
function targetWriter({ line, kernel, targets: arrays }: Work<Kernel>): (index: Index, input: Input) => void {
  const { targets, params } = kernel;
  const values = laneWriter(
    line,
    targets.map(({ lane }) => lane),
    params,
  );
  return (index, input) => {
    values(input).forEach((value, k) => {
      line.write(arrays[k]!, offsetAt(targets[k]!, index), value);
    });
  };
}

function writeMap(work: Work<MapKernel>): void {
  const { line, kernel, sources } = work;
  const write = targetWriter(work);
  for (const index of positionsOf(kernel.shape)) write(index, inputsAt(line, kernel.sources, sources, index));
}

function writeReduce(work: Work<ReduceKernel>): void {
  const { line, kernel, sources } = work;
  const write = targetWriter(work);
  const reduced = reducer(work);
  const extras = sources.slice(kernel.sources.length);
  for (const index of positionsOf(kernel.shape)) {
    const result = reduced(index);
    const input = inputsAt(line, kernel.extras, extras, index);
    write(index, (name) => (name === "result" ? result : input(name)));
  }
}

/** Gives the name of a reduction's result at a position, by the fixed tree. */
function reducer({ line, kernel, sources }: Work<ReduceKernel>): (index: Index) => string {
  const { params } = kernel;
  const names = Object.keys(kernel.states);
  const inner = positionsOf(kernel.reduced);
  const stateWriter = (lanes: States<TypedLane>): ((input: Input) => States<string>) => {
    const write = laneWriter(
      line,
      names.map((name) => lanes[name]!),
      params,
    );
    return (input) => Object.fromEntries(write(input).map((value, k) => [names[k]!, value]));
  };
  const [element, combine] = [stateWriter(kernel.element), stateWriter(kernel.combine)];
  const x = laneWriter(line, [kernel.x], params);
  const finish = laneWriter(line, [kernel.finish], { count: inner.length });
  const both = (a: States<string>, b: States<string>): States<string> =>
    combine((name) => (name.startsWith("a_") ? a : b)[name.slice(2)]!);
  return (index) => {
    const elementAt = (i: number): States<string> => {
      const value = x(inputsAt(line, kernel.sources, sources, [...index, ...inner[i]!]))[0]!;
      return element((name) => (name === "x" ? value : String(i)));
    };
    const state =
      inner.length === 0
        ? stateWriter(kernel.identity!)((name) => name)
        : combineInTree(inner.length, elementAt, both);
    return finish((name) => state[name]!)[0]!;
  };
}

function writeContract(work: Work<ContractKernel>): void {
  const { line, kernel, sources } = work;
  const { a, b, loops } = kernel;
  const write = targetWriter(work);
  const along = (summed: boolean): Index[] =>
    positionsOf(loops.map(({ role, size }) => ((role === "k") === summed ? size : 1)));
  const offsets = (side: "a" | "b", offset: number, indices: readonly Index[]): number[] =>
    indices.map((index) => offsetAt({ offset, strides: loops.map((loop) => loop[side]) }, index));
  const [outer, inner] = [along(false), along(true)];
  const [alongA, alongB] = [offsets("a", 0, inner), offsets("b", 0, inner)];
  const [fromA, fromB] = [offsets("a", a.offset, outer), offsets("b", b.offset, outer)];
  outer.forEach((index, i) => {
    const factors = inner.map((_, k): [string, string] => [
      line.read(sources[0]!, fromA[i]! + alongA[k]!),
      line.read(sources[1]!, fromB[i]! + alongB[k]!),
    ]);
    const sum = line.assign(sumText(line, kernel, factors));
    const input = inputsAt(line, kernel.sources, sources.slice(2), index);
    write(index, (name) => (name === "sum" ? sum : input(name)));
  });
}

/** A sum of products in order, from 0: floats in float64 and rounded once, integers wrapping. */
function sumText(
  { helpers }: StraightLine,
  { dtype }: ContractKernel,
  factors: readonly (readonly [string, string])[],
): string {
  if (dtype === "float32" || dtype === "float64")
    return wrapText(["0", ...factors.map(([a, b]) => `${a} * ${b}`)].join(" + "), dtype);
  helpers.set("mulInt", functionFor("mul", dtype));
  return wrapText(
    factors.reduce((sum, [a, b]) => `(${sum} + h_mulInt(${a}, ${b}) | 0)`, "0"),
    dtype,
  );
}
