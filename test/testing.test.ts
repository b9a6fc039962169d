/**
 * The checks of nabla/testing find what they are for.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { allclose, assertAllclose, gradcheck } from "nabla/testing";

const withGradient = (gradient: (dy: tf.Tensor, x: tf.Tensor) => tf.Tensor) =>
  tf.customGradient((x: tf.Tensor) => [tf.square(x), (dy: tf.Tensor) => gradient(dy, x)]);

test("gradcheck accepts a right gradient of any order it is asked for", () => {
  gradcheck((x, y) => tf.sin(x).mul(tf.exp(y)), [[0.3, 1.2], 0.5]);
  gradcheck((x) => [x.square(), tf.constant(1, "int32"), x.sum()], [[1, 2]]);
});

test("gradcheck finds a wrong gradient, and says where", () => {
  const wrong = withGradient((dy, x) => dy.mul(x).mul([2, 3]));
  assert.throws(() => gradcheck(wrong, [[1, 2]], { order: 1 }), {
    name: "GradientError",
    message: /the gradient for input 0, element 1, is 9; central differences give (5\.999|6)/,
  });
});

test("gradcheck finds a missing gradient", () => {
  assert.throws(() => gradcheck((x) => tf.stopGradient(x).square(), [3]), tf.GradientError);
  assert.throws(() => gradcheck((x, y) => x.mul(tf.stopGradient(y)), [2, 3]), tf.GradientError);
  gradcheck((x, y) => x.mul(tf.stopGradient(y)), [2, 3], { wrt: [0] });
});

test("gradcheck finds a gradient that is right but does not go on", () => {
  const once = withGradient((dy, x) => dy.mul(tf.stopGradient(x)).mul(2));
  gradcheck(once, [[1, 2]], { order: 1 });
  assert.throws(() => gradcheck(once, [[1, 2]]), { message: /second gradient/ });
});

test("gradcheck works in float64 whatever it is given", () => {
  const seen = new Set<tf.DType>();
  const f = (x: tf.Tensor, n: tf.Tensor): tf.Tensor => {
    seen.add(x.dtype);
    return x.mul(tf.cast(n, x.dtype));
  };
  gradcheck(f, [tf.constant([1, 2], "float32"), tf.constant([3, 4], "int32")]);
  assert.deepEqual([...seen], ["float64"]);
});

test("allclose compares shapes, and numbers within the tolerance", () => {
  assert.equal(allclose([1, 2], [1, 2 + 1e-7]), true);
  assert.equal(allclose([1, 2], [1, 2.1]), false);
  assert.equal(allclose([1, 2], [1, 2.1], { rtol: 0.1 }), true);
  assert.equal(allclose([1, 2], [1, 2.1], { atol: 0.11, rtol: 0 }), true);
  assert.equal(allclose([1, 2], [[1, 2]]), false);
  assert.equal(allclose([Number.NaN, Infinity, -Infinity], [Number.NaN, Infinity, -Infinity]), true);
  assert.equal(allclose([Infinity], [-Infinity]), false);
  assert.equal(allclose([Infinity], [1]), false);
  assert.equal(allclose([1], [Infinity]), false);
  assert.equal(allclose([0], [Number.NaN]), false);
  assert.equal(allclose([], []), true);
});

test("assertAllclose says what differs", () => {
  assertAllclose([1, 2], [1, 2]);
  assert.throws(() => assertAllclose([1, 2], [1, 3]), {
    name: "ValueError",
    message: /element 1 is 2, expected 3/,
  });
  assert.throws(() => assertAllclose([1], [1, 2]), {
    name: "ValueError",
    message: /shape \[1\], expected \[2\]/,
  });
});
