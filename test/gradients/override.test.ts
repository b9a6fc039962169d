import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees, gradientAt, plain } from "./golden.js";

const times =
  (factor: number): tf.GradientHandler =>
  (_op, dy) =>
    dy!.mul(factor);

test("overrideGradient holds until it is disposed", () => {
  {
    using _scope = tf.overrideGradient("Sin", times(10));
    assert.deepEqual(plain(gradientAt(tf.sin, [0])), [10]);
  }
  assert.deepEqual(plain(gradientAt(tf.sin, [0])), [1]);
});

test("the handler is the one in force when the op was recorded", () => {
  const tape = new tf.GradientTape();
  const x = tf.constant(0);
  let y: tf.Tensor;
  {
    using _scope = tf.overrideGradient("Sin", times(10));
    y = tape.record(() => {
      tape.watch(x);
      return tf.sin(x);
    });
  }
  assert.equal(tape.gradient(y, x).item(), 10);

  const later = new tf.GradientTape();
  const z = later.record(() => {
    later.watch(x);
    return tf.sin(x);
  });
  using _scope = tf.overrideGradient("Sin", times(10));
  assert.equal(later.gradient(z, x).item(), 1);
});

test("overrides nest; the registry shows the innermost", () => {
  const builtIn = tf.gradientRegistry.get("Sin");
  const [outer, inner] = [times(10), times(100)];
  {
    using _outer = tf.overrideGradient("Sin", outer);
    {
      using _inner = tf.overrideGradient("Sin", inner);
      assert.equal(tf.gradientRegistry.get("Sin"), inner);
      assert.deepEqual(plain(gradientAt(tf.sin, [0])), [100]);
    }
    assert.equal(tf.gradientRegistry.get("Sin"), outer);
    assert.deepEqual(plain(gradientAt(tf.sin, [0])), [10]);
  }
  assert.equal(tf.gradientRegistry.get("Sin"), builtIn);
});

test("overrides must be closed in reverse order, also with one handler twice; closing again does nothing", () => {
  const handler = times(10);
  const outer = tf.overrideGradient("Sin", handler);
  const inner = tf.overrideGradient("Sin", handler);
  assert.throws(() => outer[Symbol.dispose](), tf.GradientError);
  inner[Symbol.dispose]();
  inner[Symbol.dispose]();
  assert.equal(tf.gradientRegistry.get("Sin"), handler);
  outer[Symbol.dispose]();
  assert.deepEqual(plain(gradientAt(tf.sin, [0])), [1]);
});

test("overriding an op that is not there is an error, and so is a handler that is no function", () => {
  assert.throws(() => tf.overrideGradient("TestNoSuchOp", times(1)), {
    name: "LookupError",
    message: "gradient registry has no entry for: TestNoSuchOp",
  });
  assert.throws(() => tf.overrideGradient("Sin", null as never), TypeError);
});

test("guided backpropagation: ReLU that lets only positive gradients through", () => {
  const guided: tf.GradientHandler = (op, dy) => {
    const open = op.outputs[0]!.greater(0).cast("float32");
    return dy!.mul(open).mul(dy!.greater(0).cast("float32"));
  };
  const f = (x: tf.Tensor) => tf.reduceSum(tf.nn.relu(x).mul([1, -1, 1, -1]));
  const point = [[2, 3, -4, -5]];
  assertAgrees(plain(gradientAt(f, point)), [[1, -1, 0, 0]]);
  using _scope = tf.overrideGradient("Relu", guided);
  assertAgrees(plain(gradientAt(f, point)), [[1, 0, 0, 0]]);
});

test("a handler is told type, inputs, outputs, attributes and line of the op", () => {
  let seen: tf.RecordedOp | undefined;
  using _scope = tf.overrideGradient("Sum", (op, dy) => {
    seen = op;
    return tf.broadcastTo(tf.expandDims(dy!, 1), op.inputs[0]!.shape);
  });
  const gradient = gradientAt(
    (x) => tf.reduceSum(x, 1),
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  );
  assert.deepEqual(plain(gradient), [
    [
      [1, 1],
      [1, 1],
    ],
  ]);
  assert.equal(seen?.type, "Sum");
  assert.deepEqual(plain(seen?.inputs), [
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  assert.deepEqual(plain(seen?.outputs), [[3, 7]]);
  assert.deepEqual(seen?.attrs["axes"], [1]);
  assert.equal(seen?.createdAt, null);
});

test("a handler may give one gradient bare, several as a list, and null", () => {
  using _scope = tf.overrideGradient("Mul", (_op, dy) => [dy!.add(100), null]);
  assert.deepEqual(
    gradientAt((x, y) => x.mul(y), [2, 3]).map((g: tf.Tensor | null) => g?.item() ?? null),
    [101, null],
  );
});

test("a handler with the wrong number of gradients, or a wrong shape or dtype, is an error", () => {
  const product = (x: tf.Tensor, y: tf.Tensor) => x.mul(y);
  {
    using _scope = tf.overrideGradient("Mul", (_op, dy) => dy!);
    assert.throws(() => gradientAt(product, [2, 3]), {
      name: "GradientError",
      message: "Recorded operation 'Mul' returned too few gradients. Expected 2 but received 1",
    });
  }
  {
    using _scope = tf.overrideGradient("MatMul", (op, _dy) => [tf.ones([1, 1]), op.inputs[1]!]);
    assert.throws(() => gradientAt((a, b) => tf.matmul(a, b), [[[1, 2]], [[1], [2]]]), {
      name: "GradientError",
      message: "the gradient of MatMul for input a has shape [1, 1]; the input has [1, 2]",
    });
  }
  using _scope = tf.overrideGradient("Sin", (_op, dy) => dy!.cast("float64"));
  assert.throws(() => gradientAt(tf.sin, [1]), {
    name: "GradientError",
    message: "the gradient of Sin for input x has dtype float64; the input has float32",
  });
});

test("an overridden gradient is differentiated itself, and used in forward mode", () => {
  using _scope = tf.overrideGradient("Sin", (op, dy) => dy!.mul(op.inputs[0]!.pow(3)));
  const x = new tf.Variable(2);
  const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
  const first = outer.record(() =>
    inner.gradient(
      inner.record(() => tf.sin(x)),
      x,
    ),
  );
  assert.deepEqual([first.item(), outer.gradient(first, x).item()], [8, 12]);
  assert.equal(tf.jvp(tf.sin, [2], [1])[1].item(), 8);
});

test("what a handler throws comes out unchanged", () => {
  const thrown = new RangeError("on purpose");
  using _scope = tf.overrideGradient("Sin", () => {
    throw thrown;
  });
  assert.throws(
    () => gradientAt(tf.sin, [1]),
    (error) => error === thrown,
  );
});
