import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { cumprod } from "../../src/ops/cumulative.js";
import { countNonzero, reduceEuclideanNorm, reduceStd, reduceVariance } from "../../src/ops/statistics.js";
import { checkGradients, ramp } from "./ramp.js";

const INF = Number.POSITIVE_INFINITY;

test("the gradient of a product is right with no, one, two and three zeros, to second order", () => {
  const x = tf.constant(
    [
      [2, 3, 4, 5],
      [0, 3, 4, 5],
      [0, 3, 0, 5],
      [0, 0, 0, 5],
    ],
    "float64",
  );
  checkGradients((t) => tf.reduceProd(t!, 1), x);
  checkGradients((t) => tf.reduceProd(t!, 0), x);
  checkGradients((t) => tf.reduceProd(t!, { axis: [0, 2], keepdims: true }), ramp([2, 3, 2]));
  checkGradients((t) => tf.reduceProd(t!), tf.constant([1.5, 0, -2], "float64"));
});

test("the gradient of running products is right with zeros, every way", () => {
  const x = tf.constant(
    [
      [2, 0, -1],
      [0.5, 3, 0],
      [0, 0, 4],
    ],
    "float64",
  );
  for (const axis of [0, -1]) {
    for (const exclusive of [false, true]) {
      for (const reverse of [false, true]) {
        checkGradients((t) => cumprod(t!, { axis, exclusive, reverse }), x);
        checkGradients((t) => tf.square(tf.cumsum(t!, { axis, exclusive, reverse })), x);
      }
    }
  }
});

test("gradients of the other reductions", () => {
  const x = ramp([2, 3, 4]);
  for (const axis of [undefined, 0, [0, -1]]) {
    checkGradients((t) => tf.reduceLogsumexp(t!, axis), x);
    checkGradients((t) => reduceVariance(t!, axis), x);
    checkGradients((t) => reduceStd(t!, axis), x);
    checkGradients((t) => reduceEuclideanNorm(t!, axis), x);
    checkGradients((t) => tf.square(tf.reduceMean(t!, axis)), x);
  }
});

test("equal extremes share the gradient", () => {
  const x = tf.constant([
    [1, 3, 3],
    [2, 2, 2],
  ]);
  const tape = new tf.GradientTape({ persistent: true });
  const [high, low] = tape.record(() => {
    tape.watch(x);
    return [tf.reduceMax(x, 1), tf.reduceMin(x, 1)];
  });
  const third = Math.fround(1 / 3);
  assert.deepEqual(tape.gradient(high!, x).array(), [
    [0, 0.5, 0.5],
    [third, third, third],
  ]);
  assert.deepEqual(tape.gradient(low!, x).array(), [
    [1, 0, 0],
    [third, third, third],
  ]);
});

test("positions: the first of equals in long runs, NaN never, along every axis", () => {
  const long = new Float32Array(1000);
  for (const place of [3, 256, 700, 999]) {
    long.fill(0);
    long[place] = 1;
    if (place < 999) long[999] = 1;
    assert.equal(tf.argmax(long).item(), place);
    assert.equal(tf.argmin(long.map((v) => -v)).item(), place);
  }
  assert.equal(tf.argmax([Number.NaN, 1, Number.NaN, 3]).item(), 3);
  assert.equal(tf.argmin([1, Number.NaN, -3]).item(), 2);
  assert.equal(tf.argmax([Number.NaN, Number.NaN]).item(), 0);
  assert.deepEqual(
    tf
      .argmax(
        [
          [
            [1, 4],
            [3, 2],
          ],
        ],
        1,
      )
      .array(),
    [[1, 0]],
  );
  assert.deepEqual(tf.argmax([[1, 4]], -1, { keepdims: true, outputType: "float32" }).array(), [[1]]);
  assert.equal(tf.argmax(tf.constant([-5, -3], "int32")).item(), 1);
  assert.deepEqual(tf.argmax(tf.zeros([2, 0])).shape, [0]);
});

test("reducing nothing gives the neutral value", () => {
  const empty = tf.zeros([0, 2]);
  assert.deepEqual(tf.reduceSum(empty, 0).array(), [0, 0]);
  assert.deepEqual(tf.reduceProd(empty, 0).array(), [1, 1]);
  assert.deepEqual(tf.reduceMax(empty, 0).array(), [-INF, -INF]);
  assert.deepEqual(tf.reduceMin(empty, 0).array(), [INF, INF]);
  assert.deepEqual(tf.reduceLogsumexp(empty, 0).array(), [-INF, -INF]);
  assert.deepEqual(tf.reduceMean(empty, 0).array(), [Number.NaN, Number.NaN]);
  assert.deepEqual(tf.reduceSum(empty, 1).shape, [0]);
  assert.equal(tf.reduceMax(tf.constant([], "int32")).item(), -2147483648);
  assert.equal(tf.reduceMin(tf.constant(new Uint8Array(0))).item(), 255);
  assert.throws(() => tf.argmax(empty), { name: "ValueError", message: /nothing to reduce/ });
});

test("scalars reduce to themselves, over no axes", () => {
  for (const f of [
    tf.reduceSum,
    tf.reduceMean,
    tf.reduceProd,
    tf.reduceMax,
    tf.reduceMin,
    reduceEuclideanNorm,
  ]) {
    assert.equal(f(7).item(), 7);
    assert.deepEqual(f([[7]], { axis: [] }).array(), [[7]]);
  }
  assert.throws(() => tf.argmax(7), { name: "ShapeError", message: /scalar/ });
});

test("logarithms of sums of exponentials neither overflow nor lose infinities", () => {
  assert.ok(
    Math.abs(tf.reduceLogsumexp(tf.constant([1000, 1000], "float64")).item() - (1000 + Math.LN2)) < 1e-12,
  );
  assert.ok(
    Math.abs(tf.reduceLogsumexp(tf.constant([-1000, -1000], "float64")).item() - (Math.LN2 - 1000)) < 1e-12,
  );
  assert.equal(tf.reduceLogsumexp([-INF, -INF]).item(), -INF);
  assert.equal(tf.reduceLogsumexp([INF, 1]).item(), INF);
  assert.equal(tf.reduceLogsumexp([-INF, 2]).item(), 2);
  assert.ok(Number.isNaN(tf.reduceLogsumexp([Number.NaN, 2]).item()));
  assert.equal(tf.reduceLogsumexp([[0], [0]], 0, true).rank, 2);
});

test("booleans, counts and norms", () => {
  assert.deepEqual(
    tf
      .reduceAny(
        [
          [false, true],
          [false, false],
        ],
        1,
      )
      .array(),
    [true, false],
  );
  assert.deepEqual(
    tf
      .reduceAll(
        [
          [false, true],
          [true, true],
        ],
        { axis: 1, keepdims: true },
      )
      .array(),
    [[false], [true]],
  );
  assert.throws(() => tf.reduceAll([1, 0]), tf.DtypeError);
  assert.deepEqual(
    countNonzero(
      [
        [0, 2, Number.NaN],
        [0, 0, 1],
      ],
      0,
    ).array(),
    [0, 1, 2],
  );
  assert.equal(countNonzero([true, false, true]).item(), 2);
  assert.equal(
    tf
      .norm(
        [
          [1, -2],
          [3, 4],
        ],
        { ord: 1, axis: [0, 1] },
      )
      .item(),
    6,
  );
  assert.equal(
    tf
      .norm(
        [
          [1, -2],
          [3, 4],
        ],
        { ord: INF, axis: [-2, -1] },
      )
      .item(),
    7,
  );
  assert.ok(Math.abs(tf.norm([1, 2], { ord: 3 }).item() - 9 ** (1 / 3)) < 1e-6);
  assert.throws(() => tf.norm([1], { ord: -1 }), { name: "ValueError", message: /positive number/ });
  assert.throws(() => tf.norm([[1]], { ord: 2, axis: [0, 1] }), {
    name: "ValueError",
    message: /ord of a matrix/,
  });
});

test("ranges stop where TensorFlow's do", () => {
  assert.equal(tf.range(3).dtype, "int32");
  assert.deepEqual(tf.range(3, { dtype: "float64" }).dtype, "float64");
  assert.deepEqual(tf.range(1, 4, "float32").array(), [1, 2, 3]);
  assert.deepEqual(tf.range(10, 0, -3).array(), [10, 7, 4, 1]);
  assert.deepEqual(tf.range(2, 2).shape, [0]);
  assert.equal(tf.range(0, 0.3, 0.1).size, 3);
  assert.equal(tf.range(0, tf.constant(2.5)).size, 3);
  assert.throws(() => tf.range(3, 0), { name: "ValueError", message: /away from 0/ });
  assert.throws(() => tf.range(0, 3, 0), { name: "ValueError", message: /other than 0/ });
  assert.throws(() => tf.range(0, INF), { name: "ValueError", message: /finite/ });
});

test("linspace has its ends exactly", () => {
  const points = tf.linspace(0.1, 0.7, 7).data();
  assert.equal(points[0], Math.fround(0.1));
  assert.equal(points[6], Math.fround(0.7));
  assert.deepEqual(tf.linspace([0, 10], [1, 20], 3, { axis: -1 }).array(), [
    [0, 0.5, 1],
    [10, 15, 20],
  ]);
  assert.deepEqual(tf.linspace(0, 10, 3, "float64").dtype, "float64");
  assert.deepEqual(tf.linspace(2, 9, 1).array(), [2]);
  assert.deepEqual(tf.linspace(2, 9, 0).shape, [0]);
  assert.throws(() => tf.linspace(0, 1, -1), tf.ValueError);
});
