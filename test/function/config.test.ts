/** @file tf.config: functions that run op by op, and the number of threads. */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { processPool } from "../../src/backends/wasm/pool.js";
import { hardwareThreads } from "../../src/backends/wasm/poolHost.js";

test("functions run eagerly while that is asked for, and as programs again afterwards", () => {
  let runs = 0;
  const f = tf.function((x: tf.Tensor) => {
    runs++;
    return x.mul(2);
  });
  f(tf.constant(1));
  f(tf.constant(2));
  assert.equal(runs, 1);
  tf.config.runFunctionsEagerly(true);
  try {
    assert.equal(tf.config.functionsRunEagerly(), true);
    const x = new tf.Variable(3);
    const tape = new tf.GradientTape();
    const y = tape.record(() => f(x.mul(1)));
    assert.deepEqual([y.item(), tape.gradient(y, x).item()], [6, 2]);
    const read = tf.function((value: tf.Tensor) => value.item() + 1);
    assert.equal(read(tf.constant(4)), 5);
    assert.equal(runs, 2);
  } finally {
    tf.config.runFunctionsEagerly(false);
  }
  f(tf.constant(3));
  assert.equal(runs, 2);
  assert.equal(f.experimentalGetTracingCount(), 1);
  assert.throws(() => tf.config.runFunctionsEagerly(1 as never), tf.ValueError);
});

test("a program gives the same results with one thread and with all", () => {
  const { threading } = tf.config;
  const x = tf.random.normal([300, 300], { seed: 1 });
  const f = tf.function((a: tf.Tensor) => tf.reduceSum(tf.matmul(a, a).exp(), 1));
  const all = f(x).array();
  threading.setIntraOpParallelismThreads(1);
  try {
    assert.deepEqual([threading.getIntraOpParallelismThreads(), processPool().threads], [1, 1]);
    assert.deepEqual(f(x).array(), all);
    threading.setIntraOpParallelismThreads(3);
    assert.equal(processPool().threads, 3);
    assert.deepEqual(f(x).array(), all);
  } finally {
    threading.setIntraOpParallelismThreads(0);
  }
  assert.equal(threading.getIntraOpParallelismThreads(), 0);
  assert.equal(processPool().threads, Math.min(hardwareThreads(), 16));
  for (const wrong of [-1, 1.5, Number.NaN, "2"]) {
    assert.throws(() => threading.setIntraOpParallelismThreads(wrong as number), tf.ValueError);
  }
});
