/**
 * @file Graphs for the compiler's tests, and what their programs must compute.
 */
import assert from "node:assert/strict";
import type * as tf from "nabla";
import { fuse } from "../../src/compile/fuse.js";
import { lower } from "../../src/compile/lower.js";
import { planMemory } from "../../src/compile/memory.js";
import type { Buffer, OpGraph, Program } from "../../src/compile/program.js";
import { arrayConstructor, type TypedArray } from "../../src/core/dtype.js";
import { Tracer } from "../../src/core/tracer.js";
import { interpret } from "../support/interpretProgram.js";

export type Build = (...xs: tf.Tensor[]) => readonly tf.Tensor[];

/** The graph of a function of tensors like these. */
export function graphOf(build: Build, inputs: readonly tf.Tensor[]): OpGraph {
  const tracer = new Tracer(() => {});
  const args = inputs.map((input) => tracer.input(input.spec));
  const { result, nodes, constants } = tracer.trace(() => build(...args));
  const outputs = result.map((tensor) => tracer.valueOf(tensor));
  return { inputs: args.map((arg) => arg.value), constants, nodes, outputs };
}

/** The lowered program of a function of tensors like these. */
export const programOf = (build: Build, inputs: readonly tf.Tensor[]): Program =>
  lower(graphOf(build, inputs));

/** Runs a program inside one arena, every buffer at its planned place. */
export function interpretInArena(program: Program, inputs: readonly TypedArray[]): TypedArray[] {
  const { offsets, bytes, peakBytes } = planMemory(program);
  assert.ok(peakBytes <= bytes, `${peakBytes} in use in an arena of ${bytes}`);
  const arena = new ArrayBuffer(bytes);
  new Uint8Array(arena).fill(0xff);
  return interpret(program, inputs, (buffer: Buffer) => {
    const offset = offsets.get(buffer);
    assert.ok(offset !== undefined, "a buffer has no place");
    assert.equal(offset % 64, 0, "alignment");
    const Constructor = arrayConstructor(buffer.dtype) as unknown as new (
      b: ArrayBuffer,
      offset: number,
      length: number,
    ) => TypedArray;
    return new Constructor(arena, offset, buffer.size);
  });
}

/** Asserts that two lists of arrays hold the same numbers, to the bit but for the sign and payload of NaN. */
export function assertSame(
  actual: readonly TypedArray[],
  expected: readonly TypedArray[],
  what: string,
): void {
  assert.equal(actual.length, expected.length, what);
  expected.forEach((array, k) => {
    assert.equal(actual[k]!.length, array.length, `${what}: size of output ${k}`);
    array.forEach((value, i) => {
      if (!Object.is(actual[k]![i], value))
        assert.fail(`${what}: output ${k}[${i}] is ${actual[k]![i]}, eager ${value}`);
    });
  });
}

/** Asserts that a function computes the same eagerly, lowered, fused, and in an arena; gives the fused program. */
export function checkProgram(build: Build, inputs: readonly tf.Tensor[]): Program {
  const expected = build(...inputs).map((tensor) => tensor.storage);
  const arrays = inputs.map((input) => input.storage);
  const lowered = programOf(build, inputs);
  const fused = fuse(lowered);
  assertSame(interpret(lowered, arrays), expected, "lowered");
  assertSame(interpretInArena(lowered, arrays), expected, "lowered, in an arena");
  assertSame(interpret(fused, arrays), expected, "fused");
  assertSame(interpretInArena(fused, arrays), expected, "fused, in an arena");
  return fused;
}
