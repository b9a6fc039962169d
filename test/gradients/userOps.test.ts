import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees, gradientAt, plain } from "./golden.js";

const { lane } = tf;

/** Value, first and second derivative in reverse mode, first and second in forward mode, at a float64 point. */
function derivatives(f: (x: tf.Tensor) => tf.Tensor, point: number): number[] {
  const x = tf.constant(point, "float64");
  const [value, first] = [f(x), tf.grad(f)(x)];
  const [forward, forwardTwice] = [
    tf.jvp(f, [x], [1])[1],
    tf.jvp((t) => tf.jvp(f, [t], [1])[1], [x], [1])[1],
  ];
  return [value, first, tf.grad(tf.grad(f))(x), forward, forwardTwice].map((t) => t.item());
}

test("elementwise op with a lane and its own gradient", () => {
  const cubeOp = tf.elementwise({
    name: "TestCube",
    inputs: ["x"],
    saves: ["x"],
    lane: ({ x }) => lane.mul(x, lane.mul(x, x)),
    grad: (dy, { x }) => ({ x: () => dy.mul(x.square()).mul(3) }),
  });
  const cube = (x: tf.TensorLike) => tf.apply(cubeOp, [x]);
  assert.deepEqual(cube([1, 2, -3]).array(), [1, 8, -27]);
  assertAgrees(derivatives(cube, 2), [8, 12, 12, 12, 12], 1e-12);
});

test("elementwise op of two broadcast inputs whose gradient comes from the registry", () => {
  // x · e^y
  const scaleOp = tf.elementwise({
    name: "TestScaleByExp",
    inputs: ["x", "y"],
    lane: ({ x, y }) => lane.mul(x, lane.exp(y)),
  });
  const scale = (x: tf.TensorLike, y: tf.TensorLike) => tf.apply(scaleOp, [x, y]);
  assert.throws(() => gradientAt(scale, [1, 0]), {
    name: "LookupError",
    message: "gradient registry has no entry for: TestScaleByExp",
  });
  assert.throws(() => tf.jvp(scale, [1, 0], [1, 0]), { name: "LookupError" });
  tf.registerGradient("TestScaleByExp", (op, dy) => {
    const [x, y] = op.inputs as [tf.Tensor, tf.Tensor];
    return [dy!.mul(tf.exp(y)), dy!.mul(x).mul(tf.exp(y))];
  });
  const [x, y] = [tf.constant([[1], [2]], "float64"), tf.constant([0, 1, 2], "float64")];
  const [dx, dy] = tf.grad(scale, { argnums: [0, 1] })(x, y) as tf.Tensor[];
  const e = [1, Math.E, Math.E ** 2];
  const sum = e[0]! + e[1]! + e[2]!;
  assertAgrees(plain(dx), [[sum], [sum]], 1e-12);
  assertAgrees(
    plain(dy),
    e.map((value) => 3 * value),
    1e-12,
  );
  const exponential = (t: tf.Tensor) => scale(tf.constant(2, "float64"), t);
  assertAgrees(
    derivatives(exponential, 1),
    [2, 2, 2, 2, 2].map((n) => n * Math.E),
    1e-12,
  );
});

test("composite op with a gradient of its own", () => {
  // x / √(1 + x²), whose derivative is (1 + x²)^(−3/2).
  const op = tf.composite({
    name: "TestSquash",
    inputs: ["x"],
    accepts: "float",
    saves: ["x"],
    infer: ([x]) => x!,
    body: ([x]) => x!.div(tf.sqrt(x!.square().add(1))),
    grad: (dy, { x }) => ({ x: () => dy.mul(x.square().add(1).pow(-1.5)) }),
  });
  const squash = (x: tf.TensorLike) => tf.apply(op, [x]);
  const x = 0.7;
  const first = (1 + x * x) ** -1.5;
  const second = -3 * x * (1 + x * x) ** -2.5;
  assertAgrees(derivatives(squash, x), [x / Math.sqrt(1 + x * x), first, second, first, second], 1e-12);
  const tape = new tf.GradientTape();
  tape.record(() => {
    const point = tf.constant([1, 2]);
    tape.watch(point);
    squash(point);
  });
  assert.deepEqual(
    tape.recorded.map((entry) => entry.type),
    ["TestSquash"],
  );
});

test("opaque op: a kernel of its own, gradients with respect to one of two inputs", () => {
  // Each row's element at a place: rows [n, k] and whole places [n] give [n].
  const pickOp = tf.opaque({
    name: "TestPick",
    inputs: ["rows", "at"],
    roles: { at: "index" },
    saves: ["at"],
    infer: ([rows, at]) => ({ shape: at!.shape, dtype: rows!.dtype }),
    kernel: ([rows, at], [y]) => {
      const width = rows!.shape[1]!;
      for (let i = 0; i < at!.data.length; i++) y!.data[i] = rows!.data[i * width + at!.data[i]!]!;
    },
    grad: (dy: tf.Tensor, { at }, context) => ({
      rows: () => tf.oneHot(at, context.shapeOf("rows")[1]!, { dtype: dy.dtype }).mul(dy.expandDims(1)),
      at: null,
    }),
  });
  const pick = (rows: tf.TensorLike, at: tf.TensorLike) => tf.apply(pickOp, [rows, at]);
  const rows = tf.constant([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(pick(rows, [1, 0]).array(), [2, 3]);
  const f = (x: tf.Tensor) => tf.reduceSum(pick(x, [1, 0]).pow(3));
  assertAgrees(plain(tf.grad(f)(rows)), [
    [0, 12],
    [27, 0],
  ]);
  assertAgrees(plain(tf.hvp(f, rows, tf.onesLike(rows))), [
    [0, 12],
    [18, 0],
  ]);
  assertAgrees(
    plain(
      tf.jvp(
        (x) => pick(x, [1, 0]),
        [rows],
        [
          [
            [5, 6],
            [7, 8],
          ],
        ],
      )[1],
    ),
    [6, 7],
  );
});

test("an op marked with noGradient gives its inputs none", () => {
  const op = tf.elementwise({ name: "TestMarked", inputs: ["x"], lane: ({ x }) => lane.mul(x, 2) });
  tf.noGradient("TestMarked");
  const f = (x: tf.TensorLike) => tf.apply(op, [x]);
  assert.deepEqual(gradientAt(f, [3]), [null]);
  const accumulator = new tf.ForwardAccumulator(tf.constant(3), 1);
  assert.equal(
    accumulator.jvp(
      accumulator.record(() => f(3)),
      { unconnectedGradients: "none" },
    ),
    null,
  );
  using _scope = tf.overrideGradient("TestMarked", (_op, dy) => dy!.mul(5));
  assert.deepEqual(plain(gradientAt(f, [3])), [5]);
});

test("a saved name that is neither input nor output is an error when the op is made", () => {
  assert.throws(
    () =>
      tf.elementwise({
        name: "TestTypo",
        inputs: ["x"],
        saves: ["z"] as never,
        lane: ({ x }) => x,
        grad: (dy) => ({ x: dy }),
      }),
    { name: "ValueError", message: 'op TestTypo: saves "z", which is neither an input nor an output' },
  );
});
