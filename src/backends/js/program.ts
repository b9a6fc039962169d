/**
 * @file Whole programs in JavaScript: kernel after kernel, over arrays that are made once. Where wasm is not allowed.
 */
import { planMemory } from "../../compile/memory.js";
import type { Buffer, HostStep, Program, Step } from "../../compile/program.js";
import { bindOp } from "../../core/device.js";
import { arrayConstructor, type TypedArray } from "../../core/dtype.js";
import type { Flat } from "../../core/op.js";
import { specOf } from "../../core/spec.js";
import { Tensor } from "../../core/tensor.js";
import type { ConstantData, GraphValue } from "../../ir/graph.js";
import { bindKernel, type KernelRunner, type KernelScratch } from "./kernel.js";
import { Scratch } from "./scratch.js";

/** The values of a buffer: one number where its size is 1. */
export type Values = number | TypedArray;

/**
 * Runs a program once. Arrays that go in are not written to; those that come out may be inputs or constants, and are not
 * written to by later runs.
 */
export type ProgramRunner = (inputs: readonly Values[]) => Values[];

/** Values as an array; one number stands for as many as there are. */
export function arrayOf(values: ConstantData, { dtype, size }: Buffer): TypedArray {
  const ArrayType = arrayConstructor(dtype);
  if (typeof values === "number") return new ArrayType(size).fill(values);
  return values instanceof ArrayType ? values : new ArrayType(values);
}

/** The runner of a program of any size. */
export function compileProgram(program: Program): ProgramRunner {
  const { inputs, outputs, constants } = program;
  const fresh = new Set(outputs.filter((buffer) => !inputs.includes(buffer) && !constants.has(buffer)));
  const scratch = { results: new Scratch(), elements: new Scratch() };
  const steps = program.steps.map((step) => ({ buffers: buffersOf(step), run: bindStep(step, scratch) }));
  const kept = arenaArrays(program, fresh);
  for (const [buffer, values] of constants) kept.set(buffer, arrayOf(values, buffer));
  return (values) => {
    const arrays = new Map(kept);
    inputs.forEach((buffer, k) => {
      arrays.set(buffer, arrayOf(values[k]!, buffer));
    });
    for (const buffer of fresh) arrays.set(buffer, new (arrayConstructor(buffer.dtype))(buffer.size));
    for (const { buffers, run } of steps) run(buffers.map((buffer) => arrays.get(buffer)!));
    return outputs.map((buffer) => {
      const array = arrays.get(buffer)!;
      return buffer.size === 1 ? array[0]! : array;
    });
  };
}

/** Arrays of the buffers that no one sees, where the memory plan puts them. */
function arenaArrays(program: Program, external: ReadonlySet<Buffer>): Map<Buffer, TypedArray> {
  const { offsets, bytes } = planMemory(program, { external });
  const arena = new ArrayBuffer(bytes);
  return new Map(
    [...offsets].map(([buffer, offset]) => {
      return [buffer, new (arrayConstructor(buffer.dtype))(arena, offset, buffer.size)];
    }),
  );
}

const buffersOf = (step: Step): readonly Buffer[] =>
  step.kind === "kernel" ? step.arrays : [...step.inputs, ...step.outputs];

const bindStep = (step: Step, scratch: KernelScratch): KernelRunner =>
  step.kind === "kernel" ? bindKernel(step.kernel, scratch) : bindHost(step);

/** An op that is no kernel: its own reference kernel, or else the device. */
function bindHost({ node, inputs }: HostStep): KernelRunner {
  const { op, attrs } = node;
  if (op.kind === "opaque") {
    return (arrays) => {
      const results = arrays.slice(inputs.length);
      for (const result of results) result.fill(0);
      op.kernel(flats(node.inputs, arrays), flats(node.outputs, results), attrs);
    };
  }
  const run = bindOp(op);
  return (arrays) => {
    const tensors = node.inputs.map(({ shape, dtype }, k) => new Tensor(arrays[k]!, specOf(shape, dtype)));
    const results = [run(tensors, attrs)].flat();
    results.forEach((result, k) => {
      arrays[inputs.length + k]!.set(result.storage);
    });
  };
}

const flats = (values: readonly GraphValue[], arrays: readonly TypedArray[]): Flat[] =>
  values.map(({ shape, dtype }, k) => ({ data: arrays[k]!, shape, dtype }));
