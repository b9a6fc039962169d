import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import {
  scatterNd,
  tensorScatterNdAdd,
  tensorScatterNdUpdate,
  unsortedSegmentSum,
} from "../../src/ops/scatter.js";
import { argsort, sort, topK } from "../../src/ops/sort.js";
import { checkGradients, ramp } from "./ramp.js";

function gradientOf(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor | tf.IndexedSlices {
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  return tape.gradient(y, x) as unknown as tf.Tensor | tf.IndexedSlices;
}

test("the gradient of gather along the first axis is rows, not merged", () => {
  const x = tf.constant([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const grad = gradientOf(
    (t) =>
      tf.gather(t, [
        [2, 0],
        [2, 2],
      ]),
    x,
  );
  assert.ok(grad instanceof tf.IndexedSlices);
  assert.deepEqual(grad.indices.array(), [2, 0, 2, 2]);
  assert.deepEqual(grad.values.array(), [
    [1, 1],
    [1, 1],
    [1, 1],
    [1, 1],
  ]);
  assert.deepEqual(grad.denseShape, [3, 2]);
  assert.deepEqual(grad.dense().array(), [
    [1, 1],
    [0, 0],
    [3, 3],
  ]);
});

test("rows of two gathers stay rows; with a dense gradient they become dense", () => {
  const x = tf.constant([1, 2, 3]);
  const rows = gradientOf((t) => tf.add(tf.gather(t, [0]), tf.gather(t, [2])), x);
  assert.ok(rows instanceof tf.IndexedSlices);
  assert.deepEqual(rows.indices.array(), [0, 2]);
  const dense = gradientOf((t) => tf.add(tf.reduceSum(t), tf.reduceSum(tf.gather(t, [2]))), x);
  assert.ok(dense instanceof tf.Tensor);
  assert.deepEqual(dense.array(), [1, 1, 2]);
});

test("along other axes, and in batches, the gradient is dense", () => {
  const x = tf.constant([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const second = gradientOf((t) => tf.gather(t, [2, 2], 1), x);
  assert.deepEqual((second as tf.Tensor).array(), [
    [0, 0, 2],
    [0, 0, 2],
  ]);
  const batched = gradientOf(
    (t) =>
      tf.gather(
        t,
        [
          [0, 0],
          [2, 1],
        ],
        { batchDims: 1 },
      ),
    x,
  );
  assert.deepEqual((batched as tf.Tensor).array(), [
    [2, 0, 0],
    [0, 1, 1],
  ]);
});

test("gradients of gather and scatter, to second order", () => {
  const cube = ramp([2, 3, 4]);
  checkGradients((t) => tf.square(tf.gather(t!, [1, 0, 1])), cube);
  checkGradients(
    (t) =>
      tf.square(
        tf.gather(
          t!,
          [
            [3, 0],
            [1, 1],
          ],
          -1,
        ),
      ),
    cube,
  );
  checkGradients(
    (t) =>
      tf.square(
        tf.gather(
          t!,
          [
            [2, 0],
            [1, 1],
          ],
          { batchDims: 1 },
        ),
      ),
    cube,
  );
  checkGradients(
    (t) =>
      tf.square(
        tf.gather(
          t!,
          [
            [3, 0],
            [1, 1],
          ],
          { axis: 2, batchDims: 1 },
        ),
      ),
    cube,
  );
  checkGradients(
    (t) =>
      tf.square(
        tf.gatherNd(t!, [
          [1, 2],
          [0, 0],
          [1, 2],
        ]),
      ),
    cube,
  );
  checkGradients((t) => tf.square(tf.gatherNd(t!, [1, 1, 1])), cube);
  checkGradients((t) => tf.square(scatterNd([[1], [0], [1]], t!, [3, 2])), ramp([3, 2]));
  checkGradients((t) => tf.square(unsortedSegmentSum(t!, [1, -1, 1], 3)), ramp([3, 2]));
  checkGradients((t) => tf.square(unsortedSegmentSum(t!, 1, 2)), ramp([2]));
  const update = (t?: tf.Tensor, u?: tf.Tensor) => tf.square(tensorScatterNdUpdate(t!, [[1], [0], [1]], u!));
  checkGradients(update, ramp([3, 2]), ramp([3, 2], "float64", 5));
  const addition = (t?: tf.Tensor, u?: tf.Tensor) => tf.square(tensorScatterNdAdd(t!, [[1], [0], [1]], u!));
  checkGradients(addition, ramp([3, 2]), ramp([3, 2], "float64", 5));
});

test("updates: the last of two counts, additions meet", () => {
  assert.deepEqual(tensorScatterNdUpdate([1, 2, 3], [[1], [1]], [8, 9]).array(), [1, 9, 3]);
  assert.deepEqual(tensorScatterNdUpdate(tf.constant([true, true]), [[0]], [false]).array(), [false, true]);
  assert.deepEqual(
    tensorScatterNdAdd(tf.constant([1, 2, 3], "int32"), [[1], [1]], [8, 9]).array(),
    [1, 19, 3],
  );
  assert.deepEqual(
    scatterNd(
      [
        [0, 1],
        [1, 0],
      ],
      [5, 6],
      [2, 2],
    ).array(),
    [
      [0, 5],
      [6, 0],
    ],
  );
});

test("many small terms in one float32 segment are not lost", () => {
  const sum = unsortedSegmentSum(tf.fill([1_000_000], 0.1), new Int32Array(1_000_000), 1).item();
  assert.ok(Math.abs(sum - 100_000) < 0.01, String(sum));
});

test("indices without elements, and tables without rows", () => {
  assert.deepEqual(tf.gather([[1, 2]], []).shape, [0, 2]);
  assert.deepEqual(tf.gather(tf.zeros([0, 3]), []).shape, [0, 3]);
  assert.deepEqual(
    gradientOf((t) => tf.gather(t, []), tf.constant([[1, 2]]))
      .asTensor()
      .array(),
    [[0, 0]],
  );
});

test("one-hot vectors", () => {
  assert.deepEqual(tf.oneHot([1, -1, 9], 2).array(), [
    [0, 1],
    [0, 0],
    [0, 0],
  ]);
  assert.deepEqual(tf.oneHot([[0, 1]], 3, { axis: 1 }).shape, [1, 3, 2]);
  assert.equal(tf.oneHot(1, 2, { onValue: true, offValue: false }).dtype, "bool");
  assert.deepEqual(tf.oneHot([], 3).shape, [0, 3]);
});

test("sorting, with equal elements and NaN", () => {
  const x = tf.constant([
    [3, Number.NaN, 1, 3],
    [0, -1, 5, 2],
  ]);
  assert.deepEqual(sort(x).array(), [
    [1, 3, 3, Number.NaN],
    [-1, 0, 2, 5],
  ]);
  assert.deepEqual(argsort(x).array(), [
    [2, 0, 3, 1],
    [1, 0, 3, 2],
  ]);
  assert.deepEqual(argsort(x, { direction: "DESCENDING" }).array(), [
    [0, 3, 2, 1],
    [2, 3, 0, 1],
  ]);
  assert.deepEqual(
    sort(
      [
        [2, 1],
        [1, 3],
      ],
      { axis: 0 },
    ).array(),
    [
      [1, 1],
      [2, 3],
    ],
  );
  assert.deepEqual(sort(tf.constant([3, 1], "int32")).dtype, "int32");
  assert.deepEqual(topK([1, 3, 3, 2], 2).indices.array(), [1, 2]);
  assert.deepEqual(
    topK([
      [1, 3],
      [5, 2],
    ]).values.array(),
    [[3], [5]],
  );
  checkGradients((t) => tf.square(sort(t!, { axis: 0 })), ramp([4, 3]));
  checkGradients((t) => tf.square(topK(t!, 2).values), ramp([3, 4]));
});

test("calls that do not fit say so", () => {
  const refused = (f: () => unknown, name: string, message: RegExp): void =>
    assert.throws(f, { name, message });
  refused(() => tf.gather([1, 2], [2]), "ValueError", /index 2 is out of range for axis 0 of size 2/);
  refused(() => tf.gather([1, 2], [-1]), "ValueError", /index -1/);
  refused(() => tf.gather([1, 2], [0.5]), "DtypeError", /whole numbers/);
  refused(() => tf.gather([1, 2], tf.constant([0])), "DtypeError", /integers, got float32/);
  refused(() => tf.gather([[1, 2]], [[0], [1]], { batchDims: 1 }), "ShapeError", /first 1 sizes must agree/);
  refused(
    () => tf.gather([[1, 2]], [0], { axis: 0, batchDims: 1 }),
    "ShapeError",
    /batchDims must be between/,
  );
  refused(() => tf.gather(1, [0]), "ShapeError", /axis 0 is out of range/);
  refused(() => tf.gatherNd([1, 2], [[2]]), "ValueError", /index 2 is out of range for axis 0/);
  refused(() => tf.gatherNd([1, 2], [[0, 0]]), "ShapeError", /must end in at most 1 numbers/);
  refused(() => scatterNd([[0]], [[1]], [2]), "ShapeError", /updates are \[1, 1\], expected \[1\]/);
  refused(() => unsortedSegmentSum([1], [3], 2), "ValueError", /id 3 is out of range for 2 segments/);
  refused(() => unsortedSegmentSum([1, 2], [0], 2), "ShapeError", /does not begin with/);
  refused(() => tf.oneHot([0.5], 2), "DtypeError", /whole numbers, got \[0\.5\]/);
  refused(() => tf.oneHot(tf.constant([1]), 2), "DtypeError", /integers, got float32/);
  refused(() => tf.oneHot([0], -1), "ValueError", /depth/);
  refused(() => topK([1, 2], 3), "ValueError", /from 0 to 2/);
  refused(() => sort(1), "ShapeError", /scalar/);
});
