/** @file Large results that stay in the heap: whoever reads them, in whatever order, finds what was computed. */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { Arena } from "../../src/backends/wasm/arena.js";
import { processHeap } from "../../src/backends/wasm/heap.js";
import { MemoryError } from "../../src/core/errors.js";

const SIZE = 2 ** 20;
const double = tf.function((x: tf.Tensor) => tf.multiply(x, 2));
const addOne = tf.function((x: tf.Tensor) => tf.add(x, 1));
const ramp = (): tf.Tensor => tf.range(SIZE).cast("float32");

/** That a tensor is factor · index + term. */
function assertRamp(tensor: tf.Tensor, factor: number, term: number): void {
  const data = tensor.data();
  for (const i of [0, 1, 77, SIZE - 1]) assert.equal(data[i], factor * i + term, `element ${i}`);
}

test("a result goes from program to program, and is read afterwards", () => {
  const x = ramp();
  const y = double(x);
  const z = addOne(y);
  assertRamp(z, 2, 1);
  assertRamp(y, 2, 0);
  assertRamp(tf.add(y, z), 4, 1);
  assertRamp(double(y), 4, 0);
  assertRamp(tf.reshape(double(x), [2, -1]).reshape([-1]), 2, 0);
});

test("results that are not read at once keep their values, however many follow", () => {
  const x = tf.ones([SIZE]);
  const add = tf.function((x: tf.Tensor, k: tf.Tensor) => tf.add(x, k));
  const before = processHeap().bytesInUse;
  const results = Array.from({ length: 100 }, (_, k) => add(x, tf.constant(k)));
  assert.ok(processHeap().bytesInUse - before < 300 * 2 ** 20, "the heap holds a part of them");
  for (const [k, result] of results.entries()) {
    const data = result.data();
    assert.deepEqual([data[0], data[SIZE - 1]], [1 + k, 1 + k]);
  }
});

test("reading a result gives its block back", () => {
  const x = ramp();
  // The second time shows that the argument comes again, and gives it a place of its own.
  for (let i = 0; i < 2; i++) double(x).data();
  const before = processHeap().bytesInUse;
  for (let i = 0; i < 20; i++) double(x).data();
  assert.equal(processHeap().bytesInUse, before);
});

test("a program that fails gives the blocks of its results back", () => {
  const fails = tf.function((x: tf.Tensor) => {
    const checked = tf.pyFunction(
      () => {
        throw new RangeError("no");
      },
      [x],
      new tf.TensorSpec([SIZE]),
    );
    return tf.multiply(x, checked);
  });
  const x = tf.ones([SIZE]);
  assert.throws(() => fails(x), /no/);
  const before = processHeap().bytesInUse;
  assert.throws(() => fails(x), /no/);
  assert.throws(() => fails(x), /no/);
  assert.ok(processHeap().bytesInUse - before <= SIZE * 4 + 256, "only the argument's copy is new");
});

test("a run that finds no room changes nothing, and the next one is right", (context) => {
  const triple = tf.function((x: tf.Tensor) => tf.multiply(x, 3));
  const [x, y] = [ramp(), tf.ones([SIZE])];
  const held = triple(x);
  const ensure = context.mock.method(Arena.prototype, "ensure", () => {
    throw new MemoryError("full");
  });
  assert.throws(() => triple(x), MemoryError);
  ensure.mock.restore();
  assert.equal(triple(y).data()[5], 3);
  assertRamp(held, 3, 0);
});

test("a function of the host reads the arguments of the program that calls it, and runs another program", () => {
  const x = double(ramp());
  const both = tf.function((x: tf.Tensor) => {
    const more = tf.pyFunction(
      (given: tf.Tensor) => addOne(tf.subtract(x0, given)),
      [x],
      new tf.TensorSpec([SIZE]),
    );
    return [tf.add(x, more), x];
  });
  const x0 = x;
  const [sum, same] = both(x) as [tf.Tensor, tf.Tensor];
  assertRamp(sum, 2, 1);
  assertRamp(same, 2, 0);
});

test("a tape around a program keeps what the backward pass needs", () => {
  const x = ramp();
  const square = tf.function((x: tf.Tensor) => tf.multiply(x, tf.multiply(x, 0.5)));
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(x);
    return square(square(x));
  });
  for (let i = 0; i < 80; i++) double(x);
  // y = x⁴/8, y′ = x³/2
  const gradient = tape.gradient(y, x)!.data();
  for (const i of [0, 1, 10, 100]) assert.equal(gradient[i], i ** 3 / 2);
});

test("a variable takes a result, and one result serves two variables", () => {
  const y = double(ramp());
  const [a, b] = [new tf.Variable(y), new tf.Variable(y)];
  const step = tf.function(() => {
    a.assignAdd(tf.ones([SIZE]));
    return tf.add(a, b);
  });
  assertRamp(step(), 4, 1);
  assertRamp(a.asTensor(), 2, 1);
  assertRamp(b.asTensor(), 2, 0);
  assertRamp(y, 2, 0);
});

test("results are given back some time after they are gone", async () => {
  const x = ramp();
  for (let i = 0; i < 10; i++) double(x);
  const held = processHeap().bytesInUse;
  const waste: unknown[] = [];
  for (let i = 0; i < 400 && processHeap().bytesInUse > held - 10 * SIZE * 4; i++) {
    // Arrays that come and go are what makes the collector run.
    waste[i % 4] = new Float64Array(2 ** 21).fill(i);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  assert.ok(processHeap().bytesInUse <= held - 10 * SIZE * 4, `${processHeap().bytesInUse} of ${held}`);
});
