import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees, plain } from "./golden.js";

const float64 = (value: tf.TensorLike) => tf.constant(value, "float64");

/** x₀² · x₁ + sin x₁: gradient (2x₀x₁, x₀² + cos x₁), Hessian ((2x₁, 2x₀), (2x₀, −sin x₁)). */
const f = (x: tf.Tensor) =>
  x
    .at(0)
    .square()
    .mul(x.at(1))
    .add(tf.sin(x.at(1)));
const [a, b] = [1.5, 0.5];
const point = float64([a, b]);
const gradientOfF = [2 * a * b, a * a + Math.cos(b)];
const hessianOfF = [
  [2 * b, 2 * a],
  [2 * a, -Math.sin(b)],
];

const agrees = (actual: unknown, expected: unknown) => assertAgrees(plain(actual), expected, 1e-12);

test("grad and valueAndGrad", () => {
  agrees(tf.grad(f)(point), gradientOfF);
  const { value, grad } = tf.valueAndGrad(f)(point);
  agrees([value, grad], [a * a * b + Math.sin(b), gradientOfF]);
});

test("argnums: one of several arguments, or a list of them", () => {
  const product = (x: tf.Tensor, y: tf.Tensor, z: tf.Tensor) => x.mul(y).mul(z);
  agrees(tf.grad(product)(2, 3, 5), 15);
  agrees(tf.grad(product, { argnums: 2 })(2, 3, 5), 6);
  agrees(tf.grad(product, { argnums: [0, 1] })(2, 3, 5), [15, 10]);
  assert.throws(() => tf.grad(product, { argnums: 3 })(2, 3, 5), {
    name: "ValueError",
    message: "grad: there is no argument 3; 3 were given",
  });
});

test("a function whose result does not depend on the argument has a gradient of zeros", () => {
  agrees(tf.grad(() => tf.constant(1))([1, 2]), [0, 0]);
  agrees(tf.jvp(() => tf.constant(1), [[1, 2]], [[1, 1]])[1], 0);
  agrees(tf.jacobian(() => tf.constant([1, 2]))([1, 2]), [
    [0, 0],
    [0, 0],
  ]);
});

test("a function that gives back its argument", () => {
  agrees(tf.grad((x: tf.Tensor) => x)(3), 1);
  agrees(tf.jvp((x: tf.Tensor) => x, [3], [7])[1], 7);
});

test("a function that gives back no tensor is an error", () => {
  assert.throws(() => tf.grad((() => 3) as never)(1), {
    name: "ValueError",
    message: "grad: the function must return a tensor, got 3",
  });
});

test("one argument given twice counts as two", () => {
  const x = tf.constant(3);
  agrees(tf.grad((p: tf.Tensor, q: tf.Tensor) => p.mul(p).mul(q), { argnums: [0, 1] })(x, x), [18, 9]);
});

test("vjp may be pulled more than once, and is linear", () => {
  const [y, pull] = tf.vjp((x: tf.Tensor, w: tf.Tensor) => tf.matmul(x, w), [[1, 2]], [[3], [4]]);
  agrees(y, [[11]]);
  agrees(pull([[1]]), [[[3, 4]], [[1], [2]]]);
  agrees(pull([[10]]), [[[30, 40]], [[10], [20]]]);
});

test("jvp, with numbers, lists and tensors as directions", () => {
  const [y, tangent] = tf.jvp(f, [point], [[1, -2]]);
  agrees([y, tangent], [a * a * b + Math.sin(b), gradientOfF[0]! - 2 * gradientOfF[1]!]);
});

test("jacobian and hessian", () => {
  agrees(tf.jacobian((x: tf.Tensor) => tf.stack([f(x), x.at(0)]))(point), [gradientOfF, [1, 0]]);
  agrees(tf.hessian(f)(point), hessianOfF);
});

test("hvp is the Hessian times the vector", () => {
  const v = [0.3, -2];
  agrees(
    tf.hvp(f, point, v),
    hessianOfF.map(([p, q]) => p! * v[0]! + q! * v[1]!),
  );
});

test("derivatives of derivatives: reverse and forward in any order", () => {
  const quartic = (x: tf.Tensor) => x.pow(4);
  const along = (g: (x: tf.Tensor) => tf.Tensor) => (x: tf.Tensor) => tf.jvp(g, [x], [1])[1];
  const x = float64(2);
  for (const outer of [tf.grad, along]) {
    for (const inner of [tf.grad, along]) agrees(outer(inner(quartic))(x), 48);
    agrees(outer(outer(outer(outer(quartic))))(x), 24);
  }
});

test("the functional forms leave tapes outside alone, and are seen by them", () => {
  const x = new tf.Variable(2);
  const tape = new tf.GradientTape();
  const first = tape.record(() => tf.grad((t: tf.Tensor) => t.pow(3))(x));
  agrees(tape.gradient(first, x), 12);
});

test("variables read inside are constants to grad, yet differentiable outside", () => {
  const w = new tf.Variable(5);
  const tape = new tf.GradientTape();
  const slope = tape.record(() => tf.grad((x: tf.Tensor) => x.square().mul(w))(3));
  agrees([slope, tape.gradient(slope, w)], [30, 6]);
});
