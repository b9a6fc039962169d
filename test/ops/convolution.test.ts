/** @file Convolutions and pools against TensorFlow's values and gradients (scripts/golden/conv.py), and at their edges. */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAllclose } from "nabla/testing";
import { type GoldenTensor, goldenTensor, readGolden } from "../support/golden.js";
import { callGolden } from "../support/goldenCalls.js";
import { checkGradients, ramp } from "./ramp.js";

interface Case {
  name: string;
  /** Shapes; the numbers are those of `filled`. */
  inputs: number[][];
  attrs: Record<string, unknown>;
}

interface Results extends Case {
  output: GoldenTensor[];
  /** Gradients of the first output's sum with the weights of `filled`. */
  grads: GoldenTensor[];
  /** Gradients of the sum of the squares of `grads`, where TensorFlow has them. */
  second?: (GoldenTensor | null)[];
}

const golden = readGolden<{ cases: Results[]; errors: Case[] }>("conv.json");

/** The numbers that scripts/golden/conv.py makes of a shape. */
function filled(shape: readonly number[], dtype: tf.DType, offset: number): tf.Tensor {
  const size = shape.reduce((n, d) => n * d, 1);
  const values = Float64Array.from({ length: size }, (_, i) =>
    shape.length === 5 ? (((37 * i + offset) % 127) - 63) / 4 : (((i * i + 5 * i + 2 + offset) % 13) - 6) / 4,
  );
  return tf.constant(values, { dtype, shape });
}

const inputsOf = ({ inputs }: Case, dtype: tf.DType): tf.Tensor[] =>
  inputs.map((shape, i) => filled(shape, dtype, i));

const outputsOf = (name: string, inputs: tf.Tensor[], attrs: Case["attrs"]): tf.Tensor[] =>
  callGolden(name, inputs, attrs).flatMap((result) =>
    result instanceof tf.Tensor ? [result] : Object.values(result as Record<string, tf.Tensor>),
  );

/** TensorFlow has zeros where we have no gradient: places of largest elements do not depend on anything. */
function agree(actual: tf.Tensor | null, expected: GoldenTensor | null, dtype: tf.DType): void {
  if (actual === null || expected === null) {
    const values = actual?.data() ?? expected?.data ?? [];
    assert.ok([...values].every((value) => value === 0));
    return;
  }
  assert.deepEqual([...actual.shape], expected.shape);
  // Over three axes TensorFlow's pools are float32 alone.
  const tolerance = dtype === "float64" && expected.dtype !== "float32" ? 1e-12 : 1e-5;
  const wanted = tf.cast(goldenTensor({ ...expected, dtype: "float64" }), actual.dtype);
  assertAllclose(actual, wanted, { rtol: tolerance, atol: tolerance });
}

const agreeAll = (
  actual: readonly (tf.Tensor | null)[],
  expected: readonly (GoldenTensor | null)[],
  dtype: tf.DType,
): void => {
  assert.equal(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) agree(actual[i]!, expected[i]!, dtype);
};

function check({ name, attrs, ...expected }: Results, dtype: tf.DType): void {
  const inputs = inputsOf({ name, attrs, ...expected }, dtype);
  const options = { unconnectedGradients: "none" } as const;
  const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
  const [first, squares] = outer.record(() => {
    outer.watch(inputs);
    const total = inner.record(() => {
      inner.watch(inputs);
      const outputs = outputsOf(name, inputs, attrs);
      agreeAll(outputs, expected.output, dtype);
      assert.equal(outputs[0]!.dtype, dtype);
      return tf.reduceSum(outputs[0]!.mul(filled(outputs[0]!.shape, dtype, 5)));
    });
    const grads = inner.gradient(total, inputs, options);
    return [grads, tf.addN(grads.map((g) => tf.reduceSum(tf.square(g!.asTensor()))))] as const;
  });
  agreeAll(
    first.map((g) => g!.asTensor()),
    expected.grads,
    dtype,
  );
  if (expected.second === undefined) return;
  const second = outer.gradient(squares, inputs, options);
  agreeAll(
    second.map((g) => g?.asTensor() ?? null),
    expected.second,
    dtype,
  );
}

for (const one of golden.cases) {
  const title = `${one.name} ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attrs)}`;
  for (const dtype of ["float64", "float32"] as const) test(`${title} ${dtype}`, () => check(one, dtype));
}

for (const one of golden.errors) {
  test(`${one.name} refuses what TensorFlow refuses: ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attrs)}`, () => {
    assert.throws(() => outputsOf(one.name, inputsOf(one, "float32"), one.attrs), tf.NablaError);
  });
}

test("settings go by place, by name, or some of each", () => {
  const [x, filter] = [filled([1, 6, 5, 2], "float64", 0), filled([2, 3, 2, 3], "float64", 1)];
  const expected = tf.nn.conv2d(x, filter, 2, "SAME").array();
  assert.deepEqual(tf.nn.conv2d(x, filter, 2, { padding: "same" }).array(), expected);
  assert.deepEqual(tf.nn.conv2d(x, filter, { strides: [1, 2, 2, 1], padding: "SAME" }).array(), expected);
  assert.deepEqual(tf.nn.convolution(x, filter, [2, 2], "SAME", { dataFormat: "NHWC" }).array(), expected);
  const back = tf.nn.conv2dTranspose(tf.constant(expected), filter, [1, 6, 5, 2], 2).array();
  assert.deepEqual(tf.nn.convTranspose(expected, filter, [1, 6, 5, 2], { strides: 2 }).array(), back);
  const most = tf.nn.maxPool(x, 2, 2, "VALID").array();
  assert.deepEqual(tf.nn.maxPool2d(x, 2, { strides: 2, padding: "valid" }).array(), most);
  assert.deepEqual(tf.nn.pool(x, 2, "MAX", { strides: 2 }).array(), most);
});

test("nothing in, nothing out: empty batches, channels, images and results", () => {
  const filter = tf.ones([2, 2, 1, 3]);
  assert.deepEqual(tf.nn.conv2d(tf.zeros([0, 4, 4, 1]), filter, 1, "VALID").shape, [0, 3, 3, 3]);
  assert.deepEqual(tf.nn.conv2d(tf.zeros([1, 0, 4, 1]), filter, 1, "SAME").shape, [1, 0, 4, 3]);
  assert.deepEqual(
    tf.nn.conv2d(tf.zeros([1, 2, 2, 1]), tf.zeros([1, 1, 1, 0]), 1, "SAME").shape,
    [1, 2, 2, 0],
  );
  const none = tf.nn.conv2d(tf.zeros([1, 2, 2, 0]), tf.zeros([1, 1, 0, 2]), 1, "SAME");
  assert.deepEqual(none.array(), tf.zeros([1, 2, 2, 2]).array());
  assert.deepEqual(
    tf.nn.conv2d(tf.zeros([1, 2, 2, 1]), tf.ones([3, 3, 1, 1]), 1, "VALID").shape,
    [1, 0, 0, 1],
  );
  assert.deepEqual(tf.nn.maxPool(tf.zeros([0, 4, 4, 1]), 2, 2, "SAME").shape, [0, 2, 2, 1]);
  assert.deepEqual(tf.nn.avgPool(tf.zeros([2, 0, 4, 1]), 2, 2, "SAME").shape, [2, 0, 2, 1]);
  checkGradients((x, w) => tf.nn.conv2d(x!, w!, 1, "VALID"), ramp([1, 1, 2, 1]), ramp([2, 1, 1, 1]));
  checkGradients((x, w) => tf.nn.conv2d(x!, w!, 1, "VALID"), ramp([0, 2, 2, 1]), ramp([2, 1, 1, 2]));
});

test("gradients through strides, padding, groups, layouts and transposes, to second order", () => {
  const settings = { strides: [2, 1], padding: "SAME", dilations: [1, 2], dataFormat: "NCHW" } as const;
  checkGradients((x, w) => tf.nn.conv2d(x!, w!, settings), ramp([1, 4, 4, 3]), ramp([2, 2, 2, 2]));
  checkGradients((x, w) => tf.nn.depthwiseConv2d(x!, w!, 2, "SAME"), ramp([1, 3, 3, 2]), ramp([2, 2, 2, 2]));
  checkGradients(
    (x, w) => tf.nn.conv1dTranspose(x!, w!, [1, 1, 5], 2, "VALID", { dataFormat: "NCW" }),
    ramp([1, 2, 2]),
    ramp([2, 1, 2]),
  );
});

test("the third derivative of a cubic convolution is the closed form's", () => {
  // y = w · x with both equal to t gives t², and its product with t gives t³.
  const t = new tf.Variable(tf.constant(2, "float64"));
  let y: () => tf.Tensor = () =>
    tf.reduceSum(tf.nn.conv1d(tf.reshape(t, [1, 1, 1]), tf.reshape(t, [1, 1, 1]), 1, "SAME")).mul(t);
  for (const expected of [12, 12, 6]) {
    const inner = y;
    y = () => {
      const tape = new tf.GradientTape();
      const value = tape.record(inner);
      return tape.gradient(value, t).asTensor();
    };
    assert.equal(y().item(), expected);
  }
});

test("integers convolve and wrap as their dtype does", () => {
  const x = tf.constant([65536, 3], { dtype: "int32", shape: [1, 2, 1] });
  const filter = tf.constant([65536, 5], { dtype: "int32", shape: [2, 1, 1] });
  const y = tf.nn.conv1d(x, filter, 1, "VALID");
  assert.deepEqual([y.dtype, y.array()], ["int32", [[[15]]]]);
  assert.deepEqual(tf.nn.maxPool(x, 2, 1, "VALID").array(), [[[65536]]]);
});

test("the largest of a window with NaN is NaN, wherever it stands", () => {
  const y = tf.nn.maxPool1d([[[Number.NaN], [1], [2], [Number.NaN], [3], [4]]], 2, 2, "VALID");
  assert.deepEqual([...y.data()], [Number.NaN, Number.NaN, 4]);
});

test("lists take the dtype of the tensor beside them", () => {
  const filter = tf.constant([[[0.1]]], "float64");
  assert.equal(tf.nn.conv1d([[[0.1]]], filter, 1, "SAME").item(), 0.1 * 0.1);
});

test("op types are TensorFlow's", () => {
  const [x, filter] = [new tf.Variable(tf.ones([1, 2, 2, 1])), new tf.Variable(tf.ones([1, 1, 1, 1]))];
  const outer = new tf.GradientTape();
  outer.record(() => {
    const inner = new tf.GradientTape();
    const y = inner.record(() => tf.nn.maxPool(tf.nn.conv2d(x, filter, 1, "SAME"), 2, 2, "VALID"));
    inner.gradient(y, [x, filter]);
  });
  assert.match(
    outer.toString(),
    / Conv2D\(.* MaxPool\(.* MaxPoolGrad\(.* Conv2DBackpropInput\(.* Conv2DBackpropFilter\(/s,
  );
});
