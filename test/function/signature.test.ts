/**
 * @file Signatures that are given: inputSignature, getConcreteFunction, TensorSpec.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

const sumOf = (x: tf.Tensor): tf.Tensor => tf.reduceSum(x, 0);
const rows = (count: number, columns = 2): tf.Tensor => tf.ones([count, columns]);

test("TensorSpec: shape, dtype, what fits it, how it prints", () => {
  const spec = new tf.TensorSpec([null, 2]);
  assert.deepEqual([spec.shape, spec.dtype, spec.name], [[null, 2], "float32", null]);
  assert.equal(String(spec), "TensorSpec(shape=[null, 2], dtype=float32)");
  assert.equal(spec.isCompatibleWith(rows(7)), true);
  assert.equal(spec.isCompatibleWith(rows(7, 3)), false);
  assert.equal(spec.isCompatibleWith(tf.ones([2])), false);
  assert.equal(spec.isCompatibleWith(tf.ones([1, 2], "float64")), false);
  for (const shape of [[-1], [1.5], [Number.NaN]])
    assert.throws(() => new tf.TensorSpec(shape), { name: "ShapeError", message: /expected sizes or null/ });
});

test("a signature with an open size takes every size there, and nothing else", () => {
  const f = tf.function(sumOf, { name: "sumOf", inputSignature: [new tf.TensorSpec([null, 2])] });
  assert.deepEqual(f(rows(3)).array(), [3, 3]);
  assert.deepEqual(f(rows(5)).array(), [5, 5]);
  assert.deepEqual(f(rows(0)).array(), [0, 0]);
  assert.throws(() => f(rows(3, 4)), {
    name: "ShapeError",
    message:
      "sumOf: argument 0 is float32[3, 4], inputSignature has TensorSpec(shape=[null, 2], dtype=float32)",
  });
  assert.throws(() => f(tf.ones([2])), { name: "ShapeError" });
  assert.throws(() => f(tf.ones([3, 2], "float64")), { name: "DtypeError", message: /float64/ });
  assert.throws(() => (f as (...args: tf.Tensor[]) => unknown)(rows(1), rows(1)), {
    name: "ValueError",
    message: "sumOf: inputSignature has 1 arguments, got 2",
  });
});

test("with a signature numbers and lists become tensors of its dtype, and one trace serves all", () => {
  let runs = 0;
  const f = tf.function(
    (x: tf.TensorLike) => {
      runs++;
      return tf.multiply(x, 2);
    },
    { inputSignature: [new tf.TensorSpec([], "float64")] },
  );
  assert.deepEqual([f(1).item(), f(2).item(), f(0.1).item()], [2, 4, 0.2]);
  assert.equal(f(0.1).dtype, "float64");
  assert.equal(runs, 1);
  const g = tf.function((x: tf.TensorLike) => tf.multiply(x, 2), {
    inputSignature: [new tf.TensorSpec([3], "int32")],
  });
  assert.deepEqual(g([1, 2, 3]).array(), [2, 4, 6]);
  assert.equal(g([1, 2, 3]).dtype, "int32");
});

test("with a signature a variable is taken by its value", () => {
  const f = tf.function(sumOf, { inputSignature: [new tf.TensorSpec([null])] });
  const v = new tf.Variable([1, 2]);
  assert.equal(f(v as never).item(), 3);
  v.assign([3, 4]);
  assert.equal(f(v as never).item(), 7);
});

test("getConcreteFunction traces without running, and its program takes tensors of that kind only", () => {
  const v = new tf.Variable(0);
  let runs = 0;
  const f = tf.function(
    (x: tf.Tensor) => {
      runs++;
      v.assignAdd(1);
      return tf.square(x);
    },
    { name: "f" },
  );
  const concrete = f.getConcreteFunction(new tf.TensorSpec([2], "float32"));
  assert.deepEqual([runs, v.item()], [1, 0]);
  assert.deepEqual(concrete(tf.constant([2, 3])).array(), [4, 9]);
  assert.deepEqual(concrete([4, 5]).array(), [16, 25]);
  assert.deepEqual([runs, v.item()], [1, 2]);
  assert.deepEqual(f(tf.constant([1, 1])).array(), [1, 1]);
  assert.equal(runs, 1);
  assert.throws(() => concrete(tf.constant([1, 2, 3])), {
    name: "ShapeError",
    message: "f: argument 0 is float32[3], the function was traced for float32[2]",
  });
  assert.throws(() => concrete(tf.constant([1, 2], "float64")), {
    name: "DtypeError",
    message: /float64\[2\]/,
  });
  assert.throws(() => concrete(), { name: "ValueError", message: "f: expected 1 tensors, got 0" });
});

test("getConcreteFunction takes plain values and tensors as examples", () => {
  const f = tf.function((x: tf.Tensor, power: number) => tf.pow(x, power));
  const cube = f.getConcreteFunction(tf.constant(0), 3);
  assert.equal(cube(tf.constant(2)).item(), 8);
  assert.equal(f.getConcreteFunction(new tf.TensorSpec([]), 2)(5).item(), 25);
  assert.equal(f.experimentalGetTracingCount(), 2);
});

test("the printed graph has a line for every op, with types and the user's line", () => {
  const w = new tf.Variable([[1], [2]], { name: "w" });
  const f = tf.function((x: tf.Tensor) => tf.add(tf.matmul(x, w), 0.5), { name: "line" });
  f(rows(3));
  const lines = String(f.graph).split("\n");
  assert.equal(lines[0], "line(x0: float32[3, 2], w: float32[2, 1]) {");
  assert.match(lines[1]!, /^ {2}%0: float32\[3, 1\] = MatMul\(x0, w.*\) {2}\/\/ .*signature\.test\.ts:\d+$/);
  assert.match(lines[2]!, /^ {2}%1: float32\[3, 1\] = Add\(%0, 0\.5\) {2}\/\//);
  assert.deepEqual(lines.slice(3), ["  return %1", "}"]);
  assert.equal(String(f.getConcreteFunction(rows(3)).graph), String(f.graph));
  assert.match(f.graph.compiled(), /^program \(%0 float32×6, %1 float32×2\)\n/);
  assert.equal(typeof f.graph.peakBytes, "number");
});
