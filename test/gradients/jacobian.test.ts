import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { ResultTable, watching } from "./golden.js";

const table = new ResultTable("jacobian");

const matrix = [
  [1, 2],
  [3, 4],
];

table.gives("Jacobian", () => {
  const tape = new tf.GradientTape();
  const [x, y, z] = tape.record(() => {
    const [a, b] = [watching(tape, [1, 2]), watching(tape, [3, 4])];
    return [a, b, a.mul(a).mul(b)] as const;
  });
  return tape.jacobian(z, [x, y]);
});

table.gives("JacobianShapes", () => {
  const [a, v, s] = [new tf.Variable(tf.ones([2, 2])), new tf.Variable([1, 2]), new tf.Variable(2)];
  const tape = new tf.GradientTape({ persistent: true });
  const [product, total, scaled] = tape.record(
    () => [tf.matmul(a, tf.ones([2, 3])), tf.reduceSum(v), s.mul([1, 2])] as const,
  );
  const found = [tape.jacobian(product, a), tape.jacobian(total, v), tape.jacobian(scaled, s)];
  return found.map((jacobian) => [...jacobian.shape]);
});

table.gives("JacobianOfMatmul", () => {
  const a = new tf.Variable(matrix);
  const tape = new tf.GradientTape();
  const y = tape.record(() =>
    tf.matmul(a, [
      [5, 6],
      [7, 8],
    ]),
  );
  return tape.jacobian(y, a);
});

table.gives("JacobianUnconnected", () => {
  const [x, v] = [new tf.Variable([1, 2]), new tf.Variable(3)];
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.record(() => x.mul(x));
  return [tape.jacobian(y, v), tape.jacobian(y, v, { unconnectedGradients: "zero" })];
});

table.gives("JacobianInsideGradientTapeScope", () => {
  const tape = new tf.GradientTape();
  return tape.record(() => {
    const x = watching(tape, 3);
    const y = x.mul(x);
    return tape.jacobian(y.mul(y), x);
  });
});

table.gives("BatchJacobianInsideGradientTapeScope", () => {
  const tape = new tf.GradientTape();
  return tape.record(() => {
    const x = watching(tape, [[3]]);
    const y = x.mul(x);
    return tape.batchJacobian(y.mul(y), x);
  });
});

table.gives("IndexedSlicesJacobian", () => {
  const params = new tf.Variable(matrix);
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.gather(params, [0, 1, 0]));
  return tape.jacobian(y, params);
});

table.gives("NestedJacobian", () => {
  const hessianAt = (f: (x: tf.Variable) => tf.Tensor, point: number[]) => {
    const x = new tf.Variable(point);
    const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
    const first = outer.record(() =>
      inner.gradient(
        inner.record(() => f(x)),
        x,
      ),
    );
    return outer.jacobian(first, x);
  };
  return [
    hessianAt((x) => tf.reduceSum(x.mul(x)), [1, 2]),
    hessianAt((x) => x.at(0).pow(2).mul(x.at(1)), [2, 3]),
  ];
});

table.gives("BatchJacobian", () => {
  const tape = new tf.GradientTape();
  const [x, z] = tape.record(() => {
    const [a, b] = [
      watching(tape, matrix),
      watching(tape, [
        [3, 4],
        [5, 6],
      ]),
    ];
    return [a, a.mul(a).mul(b)] as const;
  });
  return tape.batchJacobian(z, x);
});

table.gives("BatchJacobianDegenerateShape", () => {
  const tape = new tf.GradientTape();
  const [x, y] = tape.record(() => {
    const empty = watching(tape, tf.zeros([1, 0]));
    return [empty, empty.pow(2)] as const;
  });
  return [...tape.batchJacobian(y, x).shape];
});

table.gives("BatchJacobianUnconnected", () =>
  (["float32", "float64"] as const).map((dtype) => {
    const tape = new tf.GradientTape();
    const [x, y] = tape.record(() => {
      const source = tf.constant([[2]], dtype);
      tape.watch(source);
      return [source, tf.constant([[1]], dtype)] as const;
    });
    const jacobian = tape.batchJacobian(y, x);
    return [jacobian, jacobian.dtype];
  }),
);

table.gives("JacobianOfSoftmax", () => {
  const x = new tf.Variable([0, 1, 2]);
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.nn.softmax(x));
  return tape.jacobian(y, x);
});

table.gives("JacobianThroughStridedSlice", () => {
  const x = new tf.Variable(matrix);
  const tape = new tf.GradientTape();
  const y = tape.record(() => x.at([], [null, null, -1]).mul([1, 2]));
  return tape.batchJacobian(y, x);
});

table.everyRow();

// Not in the file: TensorFlow 2.21 gives shape (0, 2, 0, 2) for the first and None for the second.
test("jacobian of an empty target: empty where it is connected, null where it is not", () => {
  const [x, other] = [new tf.Variable(tf.zeros([0, 2])), new tf.Variable(1)];
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.record(() => x.mul(x));
  assert.deepEqual(tape.jacobian(y, x).shape, [0, 2, 0, 2]);
  assert.equal(tape.jacobian(y, other), null);
});

test("parallelIterations and experimentalUsePfor do not change a jacobian", () => {
  const x = new tf.Variable(matrix);
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.record(() => tf.matmul(x, x));
  const usual = tape.jacobian(y, x).array();
  assert.deepEqual(tape.jacobian(y, x, { parallelIterations: 2 }).array(), usual);
  assert.deepEqual(tape.jacobian(y, x, { experimentalUsePfor: false }).array(), usual);
  // d(x·x)₀₀ by x: [[2·x₀₀, x₁₀], [x₀₁, 0]].
  assert.deepEqual(usual[0][0], [
    [2, 3],
    [2, 0],
  ]);
});
