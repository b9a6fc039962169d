import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { readGolden } from "./golden.js";

const golden = readGolden("tape.json");
const { gradients, not_differentiable: notDifferentiable, op_types: opTypes } = golden.registry;

/** TensorFlow's names without version suffix: AddV2 is our Add. */
const withoutVersion = (name: string): string => name.replace(/V\d+$/, "");
const theirs = new Set<string>([...gradients, ...notDifferentiable].map(withoutVersion));

test("tape.json has the sections that these tests read, and no other", () => {
  const sections = Object.keys(golden).filter((key) => key !== "made_with" && key !== "script");
  const read = ["tape", "none_or_zero", "jacobian", "custom_gradient", "forward", "errors", "registry"];
  assert.deepEqual(sections, read);
});

test("built-in ops that TensorFlow has too are spelled as there", () => {
  const spelling = new Map([...theirs].map((name) => [name.toLowerCase(), name]));
  const names = tf.gradientRegistry.keys();
  assert.ok(names.filter((name) => theirs.has(name)).length > 60);
  const misspelled = names.filter((name) => !theirs.has(name) && spelling.has(name.toLowerCase()));
  assert.deepEqual(misspelled, []);
});

test("what TensorFlow marks as not differentiable has no handler here either", () => {
  const differing = tf.gradientRegistry.keys().filter((name) => {
    return notDifferentiable.includes(name) && tf.gradientRegistry.get(name) !== null;
  });
  assert.deepEqual(differing, []);
});

test("common functions record the op types of TensorFlow", () => {
  const x = tf.constant([
    [0.1, 0.2],
    [0.3, 0.4],
  ]);
  const calls: Record<string, () => unknown> = {
    add: () => tf.add(x, x),
    subtract: () => tf.subtract(x, x),
    multiply: () => tf.multiply(x, x),
    divide: () => tf.divide(x, x),
    negative: () => tf.negative(x),
    pow: () => tf.pow(x, x),
    abs: () => tf.abs(x),
    sign: () => tf.sign(x),
    square: () => tf.square(x),
    sqrt: () => tf.sqrt(x),
    rsqrt: () => tf.math.rsqrt(x),
    reciprocal: () => tf.math.reciprocal(x),
    exp: () => tf.exp(x),
    expm1: () => tf.math.expm1(x),
    log: () => tf.math.log(x),
    log1p: () => tf.math.log1p(x),
    sigmoid: () => tf.sigmoid(x),
    sin: () => tf.sin(x),
    cos: () => tf.cos(x),
    tan: () => tf.tan(x),
    asin: () => tf.asin(x),
    acos: () => tf.acos(x),
    atan: () => tf.atan(x),
    atan2: () => tf.atan2(x, x),
    sinh: () => tf.sinh(x),
    cosh: () => tf.cosh(x),
    tanh: () => tf.tanh(x),
    asinh: () => tf.asinh(x),
    acosh: () => tf.acosh(x),
    atanh: () => tf.atanh(x),
    erf: () => tf.math.erf(x),
    erfc: () => tf.math.erfc(x),
    floor: () => tf.floor(x),
    ceil: () => tf.math.ceil(x),
    round: () => tf.round(x),
    rint: () => tf.math.rint(x),
    maximum: () => tf.maximum(x, x),
    minimum: () => tf.minimum(x, x),
    squared_difference: () => tf.math.squaredDifference(x, x),
    floordiv: () => tf.floordiv(x, x),
    floormod: () => tf.floormod(x, x),
    truncatemod: () => tf.truncatemod(x, x),
    divide_no_nan: () => tf.math.divideNoNan(x, x),
    multiply_no_nan: () => tf.math.multiplyNoNan(x, x),
    xlogy: () => tf.math.xlogy(x, x),
    xdivy: () => tf.math.xdivy(x, x),
    xlog1py: () => tf.math.xlog1py(x, x),
    equal: () => tf.equal(x, x),
    not_equal: () => tf.notEqual(x, x),
    less: () => tf.less(x, x),
    less_equal: () => tf.lessEqual(x, x),
    greater: () => tf.greater(x, x),
    greater_equal: () => tf.greaterEqual(x, x),
    where: () => tf.where([true, false], x, x),
    cast: () => tf.cast(x, "int32"),
    identity: () => tf.identity(x),
    stop_gradient: () => tf.stopGradient(x),
    is_nan: () => tf.math.isNan(x),
    is_inf: () => tf.math.isInf(x),
    is_finite: () => tf.math.isFinite(x),
    reduce_sum: () => tf.reduceSum(x),
    reduce_mean: () => tf.reduceMean(x),
    reduce_prod: () => tf.reduceProd(x),
    reduce_max: () => tf.reduceMax(x),
    reduce_min: () => tf.reduceMin(x),
    argmax: () => tf.argmax(x),
    argmin: () => tf.argmin(x),
    cumsum: () => tf.cumsum(x),
    cumprod: () => tf.math.cumprod(x),
    reshape: () => tf.reshape(x, [4]),
    transpose: () => tf.transpose(x, [1, 0]),
    expand_dims: () => tf.expandDims(x, 0),
    squeeze: () => tf.squeeze(x),
    broadcast_to: () => tf.broadcastTo(x, [2, 2, 2]),
    slice: () => tf.slice(x, [0, 0], [1, 1]),
    strided_slice: () => x.at(0),
    concat: () => tf.concat([x, x], 0),
    stack: () => tf.stack([x, x]),
    unstack: () => tf.unstack(x),
    split: () => tf.split(x, 2),
    pad: () =>
      tf.pad(x, [
        [1, 1],
        [0, 0],
      ]),
    tile: () => tf.tile(x, [2, 1]),
    reverse: () => tf.reverse(x, [0]),
    gather: () => tf.gather(x, [1, 0]),
    gather_nd: () => tf.gatherNd(x, [[0, 1]]),
    matmul: () => tf.matmul(x, x),
    relu: () => tf.nn.relu(x),
    relu6: () => tf.nn.relu6(x),
    leaky_relu: () => tf.nn.leakyRelu(x),
    elu: () => tf.nn.elu(x),
    selu: () => tf.nn.selu(x),
    softplus: () => tf.nn.softplus(x),
    softsign: () => tf.nn.softsign(x),
    softmax: () => tf.nn.softmax(x),
    log_softmax: () => tf.nn.logSoftmax(x),
  };
  const recorded = Object.entries(calls).map(([name, call]) => {
    const tape = new tf.GradientTape();
    tape.record(() => {
      tape.watch(x);
      call();
    });
    return [name, tape.recorded.at(-1)?.type];
  });
  const expected = Object.keys(calls).map((name) => [name, withoutVersion(opTypes[name])]);
  assert.deepEqual(recorded, expected);
});

test("the registry lists built-in ops first, and what users add behind them", () => {
  const before = tf.gradientRegistry.keys();
  assert.equal(tf.gradientRegistry.size, before.length);
  assert.ok(before.includes("Sin") && before.includes("MatMul"));
  const handler: tf.GradientHandler = (_op, dy) => dy;
  assert.equal(tf.registerGradient("TestListed", handler), handler);
  tf.noGradient("TestListedNone");
  assert.deepEqual(tf.gradientRegistry.keys(), [...before, "TestListed", "TestListedNone"]);
  assert.deepEqual([...tf.gradientRegistry], tf.gradientRegistry.keys());
  assert.equal(tf.gradientRegistry.get("TestListed"), handler);
  assert.equal(tf.gradientRegistry.get("TestListedNone"), null);
  assert.equal(tf.gradientRegistry.has("TestListedNone"), true);
  assert.equal(tf.gradientRegistry.has("TestNeverListed"), false);
});

test("a built-in handler can be called with an op and the gradient of its output", () => {
  const x = tf.constant([0, 1]);
  const op: tf.RecordedOp = { type: "Sin", inputs: [x], outputs: [tf.sin(x)], attrs: {}, createdAt: null };
  const [dx] = tf.gradientRegistry.get("Sin")!(op, tf.constant([2, 2])) as tf.Tensor[];
  assert.deepEqual(dx!.array(), [2, Math.fround(2 * Math.fround(Math.cos(1)))]);
  // Broadcasting is undone, as on a tape.
  const inputs = [tf.ones([2, 3]), tf.constant(5)];
  const multiply = { type: "Mul", inputs, outputs: [tf.multiply(inputs[0]!, 5)], attrs: {}, createdAt: null };
  const [da, db] = tf.gradientRegistry.get("Mul")!(multiply, tf.ones([2, 3])) as tf.Tensor[];
  assert.deepEqual([da!.shape, db!.shape, db!.item()], [[2, 3], [], 6]);
});

test("registering a name twice says where it was registered first", () => {
  tf.registerGradient("TestTwice", (_op, dy) => dy);
  assert.throws(() => tf.registerGradient("TestTwice", (_op, dy) => dy), {
    name: "KeyError",
    message:
      /^Registering two gradients with name 'TestTwice'! \(Previous registration was in .*registry\.test\.ts:\d+\)$/,
  });
  assert.throws(() => tf.noGradient("TestTwice"), tf.KeyError);
  assert.throws(() => tf.registerGradient("TestNotAFunction", 5 as never), TypeError);
});
