/**
 * @file Memory plans: what shares storage, and what must not.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { schedule } from "../../src/compile/fuseSchedule.js";
import { lower } from "../../src/compile/lower.js";
import { planMemory } from "../../src/compile/memory.js";
import { type Buffer, type KernelStep, type Program, readCount } from "../../src/compile/program.js";
import { type Build, graphOf } from "./graphs.js";

const ramp = (...shape: number[]): tf.Tensor =>
  tf.reshape(
    tf.range(
      0,
      shape.reduce((n, m) => n * m, 1),
    ),
    shape,
  );

const programFor = (build: Build, ...inputs: tf.Tensor[]): Program => lower(graphOf(build, inputs));

/** What the steps write, in order. */
const writtenBy = (program: Program): Buffer[] =>
  program.steps.map((step) => (step as KernelStep).arrays[readCount(step as KernelStep)]!);

/** Bytes of one array of n floats in an arena: whole cache lines, and one more. */
const bytes = (n: number): number => Math.ceil((4 * n) / 64) * 64 + 64;

test("a chain of maps runs in place, the input is left alone", () => {
  const program = programFor((x) => [tf.exp(tf.sin(tf.cos(x!)))], ramp(100));
  const { offsets, bytes: size, peakBytes } = planMemory(program);
  assert.deepEqual([...new Set(writtenBy(program).map((buffer) => offsets.get(buffer)))], [0]);
  assert.equal(offsets.get(program.inputs[0]!), undefined);
  assert.equal(size, bytes(100));
  assert.equal(peakBytes, bytes(100));
});

test("what is needed later, read elsewhere or of another size is not overwritten", () => {
  const disjoint = (build: Build, n: number): void => {
    const program = programFor(build, ramp(4, 4));
    assert.equal(planMemory(program).bytes, n * bytes(16));
  };
  disjoint((x) => {
    const y = tf.sin(x!);
    return [y, tf.exp(y)];
  }, 2);
  disjoint((x) => [tf.transpose(tf.sin(x!))], 2);
  disjoint((x) => {
    const y = tf.sin(x!);
    return [tf.add(y, tf.reverse(y, 0))];
  }, 2);
  const narrow = programFor((x) => [tf.cast(tf.cast(tf.sin(x!), "float64"), "float32")], ramp(16));
  assert.equal(planMemory(narrow).bytes, bytes(16) + bytes(32));
});

test("results that the caller places take no room", () => {
  const program = programFor((x) => [tf.exp(tf.sin(x!))], ramp(100));
  const external = new Set(program.outputs);
  const { offsets, bytes: size } = planMemory(program, { external });
  assert.equal(offsets.has(program.outputs[0]!), false);
  assert.equal(size, bytes(100));
});

test("freed storage is used again, in the smallest gap that fits", () => {
  const build: Build = (x, y) => {
    const [small, large] = [tf.reduceSum(tf.sin(x!)), tf.reduceSum(tf.cos(y!))];
    return [tf.add(small, large)];
  };
  const program = programFor(build, ramp(100), ramp(1000));
  assert.ok(planMemory(program).bytes <= bytes(1000) + 2 * bytes(1));
});

test("steps are ordered so that less memory is in use", () => {
  const build: Build = (x) => {
    const parts = [1, 2, 3, 4].map((n) => tf.sin(tf.multiply(x!, n)));
    return [tf.addN(parts.map((part) => tf.reduceSum(part)))];
  };
  const late: Build = (x) => {
    const waves = [1, 2, 3, 4].map((n) => tf.sin(tf.multiply(x!, n)));
    const sums = waves.map((wave) => tf.reduceSum(wave));
    return [tf.addN(sums)];
  };
  const [one, other] = [programFor(build, ramp(1000)), programFor(late, ramp(1000))];
  assert.ok(planMemory(other).peakBytes > 3 * bytes(1000), "as written, all waves wait for their sums");
  for (const program of [one, other])
    assert.ok(planMemory(schedule(program)).peakBytes < 2 * bytes(1000), "each wave is summed at once");
});
