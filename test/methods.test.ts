/**
 * Methods of tensors and variables, and their part in operators.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

const x = tf.constant(
  [
    [1, -2],
    [3, 4],
  ],
  "float64",
);
const y = tf.constant(
  [
    [2, 5],
    [-1, 4],
  ],
  "float64",
);
const flags = tf.constant([true, false]);

/** Each method beside the function it stands for. */
const pairs: Record<keyof tf.TensorMethods, [tf.Tensor, tf.Tensor]> = {
  add: [x.add(y), tf.add(x, y)],
  sub: [x.sub(y), tf.subtract(x, y)],
  mul: [x.mul(y), tf.multiply(x, y)],
  div: [x.div(y), tf.divide(x, y)],
  pow: [x.pow(2), tf.pow(x, 2)],
  mod: [x.mod(y), tf.floormod(x, y)],
  floordiv: [x.floordiv(y), tf.floordiv(x, y)],
  neg: [x.neg(), tf.negative(x)],
  matmul: [x.matmul(y, { transposeB: true }), tf.matmul(x, y, { transposeB: true })],
  maximum: [x.maximum(y), tf.maximum(x, y)],
  minimum: [x.minimum(y), tf.minimum(x, y)],
  abs: [x.abs(), tf.abs(x)],
  sign: [x.sign(), tf.sign(x)],
  square: [x.square(), tf.square(x)],
  sqrt: [y.abs().sqrt(), tf.sqrt(tf.abs(y))],
  exp: [x.exp(), tf.exp(x)],
  log: [y.abs().log(), tf.log(tf.abs(y))],
  sin: [x.sin(), tf.sin(x)],
  cos: [x.cos(), tf.cos(x)],
  tanh: [x.tanh(), tf.tanh(x)],
  sigmoid: [x.sigmoid(), tf.sigmoid(x)],
  relu: [x.relu(), tf.nn.relu(x)],
  softmax: [x.softmax(0), tf.nn.softmax(x, 0)],
  clip: [x.clip(0, 3), tf.clipByValue(x, 0, 3)],
  equal: [x.equal(y), tf.equal(x, y)],
  notEqual: [x.notEqual(y), tf.notEqual(x, y)],
  less: [x.less(y), tf.less(x, y)],
  lessEqual: [x.lessEqual(y), tf.lessEqual(x, y)],
  greater: [x.greater(y), tf.greater(x, y)],
  greaterEqual: [x.greaterEqual(y), tf.greaterEqual(x, y)],
  sum: [x.sum(0, true), tf.reduceSum(x, 0, true)],
  mean: [x.mean({ axis: 1 }), tf.reduceMean(x, { axis: 1 })],
  prod: [x.prod(1), tf.reduceProd(x, 1)],
  max: [x.max(0), tf.reduceMax(x, 0)],
  min: [x.min(), tf.reduceMin(x)],
  any: [flags.any(), tf.reduceAny(flags)],
  all: [flags.all(0, true), tf.reduceAll(flags, 0, true)],
  argmax: [x.argmax(1), tf.argmax(x, 1)],
  argmin: [x.argmin(), tf.argmin(x, 0)],
  reshape: [x.reshape([-1]), tf.reshape(x, [-1])],
  transpose: [x.transpose([0, 1]), tf.transpose(x, [0, 1])],
  broadcastTo: [x.broadcastTo([2, 2, 2]), tf.broadcastTo(x, [2, 2, 2])],
  expandDims: [x.expandDims(1), tf.expandDims(x, 1)],
  squeeze: [x.expandDims(0).squeeze(0), x],
  slice: [x.slice([0, 1], [2, 1]), tf.slice(x, [0, 1], [2, 1])],
  at: [x.at([0, 1], "...", null, -1), tf.getItem(x, [[0, 1], "...", null, -1])],
  cast: [x.cast("int32"), tf.cast(x, "int32")],
};

for (const [name, [method, called]] of Object.entries(pairs)) {
  test(`x.${name}() is the function of its meaning`, () => {
    assert.equal(String(method.spec), String(called.spec));
    assert.deepEqual(method.array(), called.array());
  });
}

test("methods are all there, on variables too, and none shows up in a loop", () => {
  const variable = new tf.Variable([1, 2]);
  for (const name of Object.keys(pairs)) {
    const method = (variable as unknown as Record<string, unknown>)[name];
    assert.equal(typeof method, "function", name);
  }
  assert.deepEqual(variable.mul(2).array(), [2, 4]);
  for (const key in x) assert.ok(!(key in pairs), key);
});

type Table = Record<string, (a: unknown, b?: unknown) => unknown>;
const operators = (x as unknown as Record<symbol, Table>)[Symbol.for("nabla.operators")]!;
const two = tf.constant(2);

test("operators take a tensor on either side", () => {
  const values = { add: 5, sub: 1, mul: 6, div: 1.5, pow: 9 };
  for (const [name, expected] of Object.entries(values)) {
    assert.equal((operators[name]!(3, two) as tf.Tensor).item(), expected, name);
  }
  assert.equal((operators["neg"]!(two) as tf.Tensor).item(), -2);
  assert.deepEqual((operators["matmul"]!(x, y) as tf.Tensor).array(), x.matmul(y).array());
});

test("comparisons of scalars give plain booleans", () => {
  assert.equal(operators["lt"]!(two, 3), true);
  assert.equal(operators["le"]!(2, two), true);
  assert.equal(operators["gt"]!(two, 2), false);
  assert.equal(operators["ge"]!(two, Number.NaN), false);
});

test("comparisons of more than scalars, and %, say what to write instead", () => {
  assert.throws(() => operators["lt"]!(x, 0), { name: "ShapeError", message: /\[2, 2\].*tf\.less\(a, b\)/ });
  assert.throws(() => operators["mod"]!(x, 2), { message: /tf\.floormod.*tf\.truncatemod/ });
});
