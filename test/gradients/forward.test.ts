import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees, plain, ResultTable, watching } from "./golden.js";

const table = new ResultTable("forward");

/** The derivative of a function at some points along some directions. */
function along(
  f: (...xs: tf.Tensor[]) => tf.Tensor,
  points: tf.TensorLike[],
  directions: tf.TensorLike[],
): tf.Tensor {
  const primals = points.map((point) => tf.constant(point));
  const tangents = directions.map((direction) => tf.constant(direction));
  const accumulator = new tf.ForwardAccumulator(primals, tangents);
  return accumulator.jvp(accumulator.record(() => f(...primals)));
}

table.gives("Add", () => along((x, y) => x!.add(y!), [1, 3], [1, 5]));
table.gives("Multiply", () => along((x, y) => x!.mul(y!), [4, 5], [2, 3]));
table.gives("Sin", () => along(tf.sin, [0.1], [0.2]));

table.gives("ReEnter", () => {
  const x = tf.constant(-2);
  const accumulator = new tf.ForwardAccumulator(x, 1.5);
  const y = accumulator.record(() => x.mul(4));
  const first = accumulator.jvp(y);
  return [first, accumulator.jvp(accumulator.record(() => y.mul(y)))];
});

table.gives("HigherOrder", () => {
  const x = tf.constant(1.1);
  const [third, second, first] = [1, 2, 3].map(() => new tf.ForwardAccumulator(x, 1)) as [any, any, any];
  return third.record(() =>
    second.record(() =>
      first.record(() => {
        const d1 = first.jvp(x.pow(3.5));
        const d2 = second.jvp(d1);
        return [d1, d2, third.jvp(d2)];
      }),
    ),
  );
});

table.gives("NestingIsStrict", () => {
  const x = tf.constant(3);
  const [outer, inner] = [new tf.ForwardAccumulator(x, 1), new tf.ForwardAccumulator(x, 1)];
  return outer.record(() =>
    inner.record(() => {
      const y = x.mul(x);
      return [outer.jvp(inner.jvp(y)), inner.jvp(outer.jvp(y))];
    }),
  );
});

table.gives("Structure", () => {
  const v = tf.constant([1, 2, 3]);
  const accumulator = new tf.ForwardAccumulator(v, [0.1, -0.2, 0.3]);
  const outputs = accumulator.record(() => ({ a: v.mul(v), b: [v.add(v), tf.constant(1)] }));
  return accumulator.jvp(outputs);
});

table.gives("Unconnected", () => {
  const [x, other] = [tf.constant(3), tf.constant([1, 2])];
  const accumulator = new tf.ForwardAccumulator(x, 1);
  const zeros = accumulator.record(() => tf.zerosLike(x));
  return [
    accumulator.jvp(other),
    accumulator.jvp(other, { unconnectedGradients: "zero" }),
    accumulator.jvp(zeros),
  ];
});

table.gives("HessianVectorProduct", () => {
  const v = tf.constant([1, 2]);
  const accumulator = new tf.ForwardAccumulator(v, [1, 0]);
  const backward = accumulator.record(() => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(v);
      return tf.reduceSum(v.pow(3));
    });
    return tape.gradient(y, v);
  });
  return [backward, accumulator.jvp(backward)];
});

table.gives("ReverseOverForward", () => {
  const tape = new tf.GradientTape();
  const [c, forward] = tape.record(() => {
    const point = watching(tape, 1);
    const accumulator = new tf.ForwardAccumulator(point, 0.1);
    return [point, accumulator.jvp(accumulator.record(() => tf.cos(point)))] as const;
  });
  return [tape.gradient(forward, c), -0.1 * Math.cos(1)];
});

table.gives("Variables", () => {
  const [v, w] = [new tf.Variable(3), new tf.Variable(4)];
  const accumulator = new tf.ForwardAccumulator([v, w], [11, 2]);
  const y = accumulator.record(() => v.mul(w));
  return [accumulator.jvp(y), accumulator.jvp(v)];
});

table.gives("Loop", () =>
  along(
    (y) => {
      let sum = tf.constant(0);
      for (let i = 0; i < 5; i++) sum = sum.add(y!.mul(i));
      return sum;
    },
    [1],
    [1],
  ),
);

table.gives("Reductions", () =>
  [
    (x: tf.Tensor) => tf.reduceSum(x),
    (x: tf.Tensor) => tf.reduceProd(x),
    (x: tf.Tensor) => tf.reduceMax(x),
    (x: tf.Tensor) => tf.nn.softmax(x),
    (x: tf.Tensor) => tf.reduceLogsumexp(x),
  ].map((f) => along(f as (...xs: tf.Tensor[]) => tf.Tensor, [[1, 2, 3]], [[1, 0, 2]])),
);

table.gives("Matmul", () =>
  along(
    (a, b) => tf.matmul(a!, b!),
    [
      [
        [1, 2],
        [3, 4],
      ],
      [[5], [6]],
    ],
    [
      [
        [1, 0],
        [0, 1],
      ],
      [[1], [-1]],
    ],
  ),
);

table.gives("CustomGradientOpaque", () => {
  const sine = tf.customGradient((x: tf.Tensor) => {
    return [tf.constant(Math.sin(x.item())), (dy: tf.Tensor) => dy.mul(tf.cos(x)).mul(2)] as const;
  });
  return along(sine, [1], [1]);
});

table.differs("CustomGradientTransparent", "forward mode uses the custom gradient too", ({ result }) => {
  const oddSquare = tf.customGradient((x: tf.Tensor) => {
    return [x.mul(x), (dy: tf.Tensor) => dy.mul(3).mul(x)] as const;
  });
  assert.equal(result, 4);
  assert.equal(along(oddSquare, [2], [1]).item(), 6);
});

table.gives("StopGradient", () => along((x) => tf.stopGradient(x!).mul(x!), [3], [1]));

table.everyRow();

test("forward mode of recomputeGrad, to second order", () => {
  const cube = tf.recomputeGrad((x: tf.Tensor) => x.pow(3));
  assert.equal(along(cube, [2], [1]).item(), 12);
  const x = tf.constant(2);
  const [outer, inner] = [new tf.ForwardAccumulator(x, 1), new tf.ForwardAccumulator(x, 1)];
  const second = outer.record(() => inner.record(() => outer.jvp(inner.jvp(cube(x)))));
  assert.equal(second.item(), 12);
});

test("primals and tangents in any structure; a tangent may be a plain list", () => {
  const [a, b] = [tf.constant([1, 2]), tf.constant(3)];
  const accumulator = new tf.ForwardAccumulator({ a, rest: [b] }, { a: [1, 0], rest: [10] });
  const y = accumulator.record(() => a.mul(b));
  assert.deepEqual(accumulator.jvp(y).array(), [13, 20]);
  const single = new tf.ForwardAccumulator([a], [[0, 1]]);
  assert.deepEqual(single.jvp(single.record(() => a.mul(a))).array(), [0, 4]);
});

test("primals and tangents of different structure or shape are errors", () => {
  const a = tf.constant([1, 2]);
  assert.throws(() => new tf.ForwardAccumulator([a, tf.constant(1)], [[1, 0]]), tf.ValueError);
  assert.throws(() => new tf.ForwardAccumulator(a, [1, 0, 0]), {
    name: "ShapeError",
    message: "ForwardAccumulator: primal [2] but tangent [3]",
  });
});

test("record of an async function throws", () => {
  const accumulator = new tf.ForwardAccumulator(tf.constant(1), 1);
  const record = accumulator.record.bind(accumulator) as (f: () => unknown) => unknown;
  assert.throws(() => record(async () => 1), /ForwardAccumulator.record: the function returned a promise/);
});

// TensorFlow 2.21 gives [0, 1, 1, 0] and None, None.
test("what is added beside the input has no derivative; integers have none", () => {
  const padded = along((x) => tf.pad(x!, [[1, 1]], { constantValues: 3 }), [[1, 2]], [[1, 1]]);
  assert.deepEqual(padded.array(), [0, 1, 1, 0]);
  const x = tf.constant(2.5);
  const accumulator = new tf.ForwardAccumulator(x, 1);
  const [whole, back] = accumulator.record(() => {
    const int = x.cast("int32");
    return [int, int.cast("float32")];
  });
  assert.deepEqual(accumulator.jvp([whole!, back!], { unconnectedGradients: "none" }), [null, null]);
});

test("forward mode agrees with reverse mode: direction by Jacobian", () => {
  const points: tf.TensorLike[] = [
    [0.3, -1.2, 2],
    [1.5, 0.2, -0.7],
  ];
  const functions: Record<string, (x: tf.Tensor, y: tf.Tensor) => tf.Tensor> = {
    "broadcast product": (x, y) => x.reshape([3, 1]).mul(y),
    gather: (x, y) => tf.gather(x.mul(y), [2, 0, 2]),
    concat: (x, y) => tf.concat([x, y.square(), x], 0),
    stack: (x, y) => tf.stack([x, y.mul(x)], 1),
    split: (x, y) => tf.split(tf.concat([x, y], 0).square(), 2)[1]!.mul(x),
    transpose: (x, y) => x.reshape([3, 1]).mul(y).transpose(),
    "strided slice": (x, y) => x.mul(y).at([null, null, -2]),
    matmul: (x, y) => x.reshape([3, 1]).matmul(y.reshape([1, 3])),
    mean: (x, y) => tf.reduceMean(x.mul(y).mul(x)),
    where: (x, y) => tf.where(x.greater(y), x.mul(y), y.sin()),
    maximum: (x, y) => x.maximum(y).exp(),
    clip: (x, y) => x.mul(y).clip(-0.5, 0.5),
  };
  const directions = [tf.constant([0.4, 1, -2], "float64"), tf.constant([-1, 0.3, 0.6], "float64")];
  for (const [name, f] of Object.entries(functions)) {
    const [x, y] = points.map((point) => tf.constant(point, "float64")) as [tf.Tensor, tf.Tensor];
    const accumulator = new tf.ForwardAccumulator([x, y], directions);
    const tangent = accumulator.jvp(accumulator.record(() => f(x, y)));
    const tape = new tf.GradientTape();
    const value = tape.record(() => {
      tape.watch([x, y]);
      return f(x, y);
    });
    const jacobians = tape.jacobian(value, [x, y], { unconnectedGradients: "zero" });
    const expected = jacobians.map((jacobian, i) => {
      const products = jacobian.mul(directions[i]!);
      return tf.reduceSum(products, products.rank - 1);
    });
    assertAgrees(plain(tangent), plain(expected[0]!.add(expected[1]!)), 1e-12, name);
  }
});
