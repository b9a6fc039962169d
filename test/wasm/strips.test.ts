/**
 * @file Large elementwise ops whose attributes change at every call: what they leave in the heap is bounded.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { processHeap } from "../../src/backends/wasm/heap.js";

test("kernels for attributes that came long ago give their memory back", () => {
  const x = tf.linspace(-1, 1, 50_000);
  /** The sum over half of the numbers is −12 500·alpha, of the other half 12 500. */
  const use = (from: number, to: number): number => {
    for (let i = from; i < to; i++) {
      const alpha = i / 1000;
      const expected = 12_500.25 * (1 - alpha);
      const actual = tf.reduceSum(tf.nn.leakyRelu(x, alpha)).item();
      assert.ok(Math.abs(actual - expected) < 1, `${actual} for ${alpha}, expected ${expected}`);
    }
    return processHeap().bytesInUse;
  };
  const before = use(0, 20);
  // Code stays: the kernels are one and the same, whatever the attributes.
  assert.equal(use(20, 60), before);
});
