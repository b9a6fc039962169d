/**
 * @file Loops and branches in traced functions: values, gradients and second gradients are those of the tape that sees every
 * round, whichever side of the function the tape is on.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertClose, checkTraced as check, type F, gradientOf } from "./support/traced.js";

const x = tf.constant(
  [
    [0.1, 0.5, -0.3],
    [0.7, -0.2, 0.4],
    [0.0, 0.9, -0.8],
    [0.3, 0.3, 0.6],
  ],
  "float64",
);
const w = tf.constant([0.5, -0.2, 0.9], "float64");

const rnn = (reverse: boolean) => (xs: tf.Tensor, weights: tf.Tensor) =>
  tf.scan((a: tf.Tensor, e: tf.Tensor) => tf.tanh(a.mul(weights).add(e)), xs, tf.zeros([3], "float64"), {
    reverse,
  }) as tf.Tensor;

test("scan", () => check(rnn(false), [x, w], 3));
test("scan in reverse", () => check(rnn(true), [x, w], 2));
test("scan without an initializer", () => {
  check((xs) => tf.scan((a: tf.Tensor, e: tf.Tensor) => a.mul(e).add(1), xs) as tf.Tensor, [x], 2);
  check(
    (xs) =>
      tf.scan((a: tf.Tensor, e: tf.Tensor) => a.mul(e).add(1), xs, null, { reverse: true }) as tf.Tensor,
    [x],
    2,
  );
});

test("scan over structures, with several accumulations", () => {
  const f: F = (xs, weights) => {
    const result = tf.scan(
      (a: { h: tf.Tensor; c: tf.Tensor }, e: tf.Tensor[]) => {
        const c = tf.sigmoid(a.h.mul(weights)).mul(a.c).add(e[0]!);
        return { h: tf.tanh(c).mul(e[1]!), c };
      },
      [xs, tf.sin(xs)] as tf.Tensor[],
      { h: tf.zeros([3], "float64"), c: tf.ones([3], "float64") },
    ) as { h: tf.Tensor; c: tf.Tensor };
    return result.h.add(result.c.mul(0.5));
  };
  check(f, [x, w], 2);
});

test("a scan inside a scan", () => {
  const f: F = (xs, weights) =>
    tf.scan(
      (a: tf.Tensor, e: tf.Tensor) =>
        a.add(
          tf.reduceSum(
            tf.scan((b: tf.Tensor, s: tf.Tensor) => b.mul(0.5).add(s), e.mul(weights)) as tf.Tensor,
          ),
        ),
      xs,
      tf.constant(0, "float64"),
    ) as tf.Tensor;
  check(f, [x, w], 1);
});

test("states that hand their values on, of which nobody collects the steps between", () => {
  const matrix = tf.reshape(tf.sin(tf.range(9, { dtype: "float64" })), [3, 3]);
  const column = (value: number): tf.Tensor => tf.fill([3, 1], value).cast("float64");
  const f: F = (xs) => {
    const first = {
      a: column(1),
      b: column(2),
      c: column(3),
      kept: column(4),
      sum: tf.constant(0, "float64"),
    };
    type State = typeof first;
    const result = tf.scan(
      ({ a, b, c, kept, sum }: State, e: tf.Tensor) => ({
        a: b,
        b: c,
        c: tf.matmul(matrix, a.add(c).mul(kept)).mul(tf.reduceSum(e)),
        kept,
        sum: sum.add(tf.reduceMean(a)),
      }),
      xs,
      first,
    ) as State;
    return result.sum;
  };
  check(f, [tf.tile(x, [3, 1])], 2);
});

test("a loop is one op, however many slices there are", () => {
  const f = tf.function(rnn(false));
  f(x, w);
  const few = f.graph.nodes.length;
  f(tf.tile(x, [50, 1]), w);
  assert.equal(f.graph.nodes.length, few);
});

test("whileLoop", () => {
  const f: F = (a) =>
    tf.whileLoop(
      (i: tf.Tensor) => tf.less(i, 5),
      (i: tf.Tensor, y: tf.Tensor) => [i.add(1), y.mul(a).add(1)],
      [tf.constant(0), tf.ones([3], "float64")] as tf.Tensor[],
    )[1] as tf.Tensor;
  check(f, [w], 1);
});

test("a whileLoop runs as often as its values say", () => {
  const halvings = tf.function(
    (a: tf.Tensor) =>
      tf.whileLoop(
        (y: tf.Tensor) => tf.greater(y, 1),
        (y: tf.Tensor, n: tf.Tensor) => [y.div(2), n.add(1)],
        [a, tf.constant(0)] as tf.Tensor[],
        { maximumIterations: 20 },
      )[1] as tf.Tensor,
  );
  assert.equal(halvings(tf.constant(100)).item(), 7);
  assert.equal(halvings(tf.constant(0.5)).item(), 0);
  assert.equal(halvings(tf.constant(1e30)).item(), 20);
  assert.equal(halvings.experimentalGetTracingCount(), 1);
});

test("cond takes the branch of the moment", () => {
  const k = tf.constant([3, 2, 1], "float64");
  const f: F = (a) =>
    tf.cond(
      tf.less(tf.reduceSum(a), 0),
      () => tf.square(a).neg(),
      () => a.mul(a).mul(k),
    ) as tf.Tensor;
  const compiled = tf.function(f) as unknown as F;
  check(f, [w], 2);
  check(f, [w.neg()], 2);
  // A tensor of the closure that a tape outside watches.
  assertClose(gradientOf((_) => compiled(w))(k), gradientOf((_) => f(w))(k), "closure");
  assertClose(compiled(w.neg()), f(w.neg()), "below");
  assertClose(compiled(w), f(w), "above");
});

test("what traced loops refuse says why", () => {
  const growing = tf.function((a: tf.Tensor) =>
    tf.whileLoop(
      (y: tf.Tensor) => tf.less(tf.reduceSum(y), 9),
      (y: tf.Tensor) => tf.concat([y, y], 0),
      [a],
    ),
  );
  assert.throws(() => growing(w), /whileLoop: the body makes float64\[6\] of value 0/);
});
