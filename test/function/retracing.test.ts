/**
 * @file The warning about functions that trace again and again: TensorFlow's text, threshold and limit.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { warningsOf } from "../keras/support/golden.js";

const identity = (x: tf.Tensor, _key?: unknown): tf.Tensor => tf.identity(x);
const vector = (size: number): tf.Tensor => tf.zeros([size]);

test("five traces among the last calls are warned of, twice at most", async () => {
  const named = tf.function(identity, { name: "step" });
  const warnings = await warningsOf(() => {
    for (let size = 1; size <= 4; size++) named(vector(size));
  });
  assert.deepEqual(warnings, []);
  const more = await warningsOf(() => {
    for (let size = 5; size <= 30; size++) named(vector(size));
  });
  assert.equal(more.length, 2);
  assert.match(
    more[0]!,
    /^5 out of the last 5 calls to step triggered tf\.function retracing\. Tracing is expensive/,
  );
  assert.match(
    more[1]!,
    /^6 out of the last 6 calls to step triggered tf\.function retracing\. Tracing is expensive/,
  );
});

test("only the last ten calls count", async () => {
  const f = tf.function(identity);
  const warnings = await warningsOf(() => {
    for (let size = 1; size <= 12; size++) {
      f(vector(size));
      f(vector(size));
      f(vector(size));
    }
  });
  assert.deepEqual(warnings, []);
});

test("five traces among ten calls name the ten", async () => {
  const f = tf.function(identity, { name: "f" });
  const warnings = await warningsOf(() => {
    for (let i = 0; i < 20; i++) f(vector(1));
    for (let size = 2; size <= 6; size++) {
      f(vector(size));
      f(vector(size));
    }
  });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /^5 out of the last 10 calls to f /);
});

test("numbers that change are warned of too", async () => {
  const f = tf.function(identity);
  const warnings = await warningsOf(() => {
    for (let i = 0; i < 5; i++) f(vector(1), i);
  });
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /pass tf\.constant\(n\) instead of n/);
});

test("no warning with reduceRetracing or an input signature, nor for calls that find their trace", async () => {
  const warnings = await warningsOf(() => {
    const reduced = tf.function(identity, { reduceRetracing: true });
    const signed = tf.function(identity, { inputSignature: [new tf.TensorSpec([null])] });
    const steady = tf.function(identity);
    for (let size = 1; size <= 12; size++) {
      reduced(vector(size));
      signed(vector(size));
      steady(vector(3));
    }
  });
  assert.deepEqual(warnings, []);
});
