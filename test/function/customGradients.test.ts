/**
 * @file Gradients of one's own inside and around traced functions: customGradient, gradPassThrough, recomputeGrad, overrides
 * and registered gradients.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

function slope(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor {
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  return tape.gradient(y, x);
}

/** The gradient by a tape outside and by one inside, which must agree. */
function slopes(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.NestedArray {
  const outside = slope(tf.function(f), x).array();
  assert.deepEqual(
    tf
      .function((at: tf.Tensor) => slope(f, at))(x)
      .array(),
    outside,
  );
  return outside;
}

test("customGradient inside: log(1 + eˣ) at 100", () => {
  const log1pexp = tf.customGradient((x: tf.Tensor) => {
    const e = tf.exp(x);
    return [
      tf.math.log(tf.add(e, 1)),
      (dy: tf.Tensor) => tf.multiply(dy, tf.subtract(1, tf.divide(1, tf.add(e, 1)))),
    ];
  });
  assert.equal(
    slopes((x) => log1pexp(x), tf.constant(100)),
    1,
  );
});

test("customGradient around a traced function", () => {
  const inner = tf.function((x: tf.Tensor) => tf.square(x));
  const f = tf.customGradient((x: tf.Tensor) => [inner(x), (dy: tf.Tensor) => tf.multiply(dy, 100)]);
  assert.equal(slope((x) => f(x), tf.constant(3)).item(), 100);
});

test("customGradient with variables inside: linear_poly of TensorFlow's documentation", () => {
  const weights = new tf.Variable([1, 1, 1]);
  const x = tf.constant([1, 2, 3]);
  const poly = tf.customGradient((at: tf.Tensor) => {
    const y = tf.add(tf.add(tf.multiply(weights.slice([1], [1]), at), weights.slice([0], [1])), 0);
    const grad = (dy: tf.Tensor): any => [
      tf.multiply(dy, weights.slice([1], [1])),
      [tf.stack([tf.reduceSum(tf.multiply(dy, at)), tf.reduceSum(dy), tf.constant(0)])],
    ];
    return [y, (dy: tf.Tensor, _: { variables: unknown }) => grad(dy)];
  });
  const f = tf.function((at: tf.Tensor) => poly(at));
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  assert.deepEqual(y.array(), [2, 3, 4]);
  assert.deepEqual(tape.gradient(y, x).array(), [1, 1, 1]);
  assert.deepEqual(tape.gradient(y, weights).array(), [6, 3, 0]);
});

test("the second derivative goes through the gradient function", () => {
  // The first derivative is said to be 5x², so the second is 10x.
  const f = tf.customGradient((x: tf.Tensor) => [
    tf.identity(x),
    (dy: tf.Tensor) => tf.multiply(dy, tf.multiply(tf.square(x), 5)),
  ]);
  const traced = tf.function((x: tf.Tensor) => f(x));
  const x = tf.constant(3);
  assert.equal(slope(traced, x).item(), 45);
  assert.equal(slope((at) => slope(traced, at), x).item(), 30);
  assert.equal(
    slopes((at) => slope((b) => f(b), at), x),
    30,
  );
});

test("a gradient function may read a variable that the function does not", () => {
  const scale = new tf.Variable(7);
  const f = tf.customGradient((x: tf.Tensor) => [tf.identity(x), (dy: tf.Tensor) => tf.multiply(dy, scale)]);
  const traced = tf.function((x: tf.Tensor) => f(x));
  assert.equal(slope(traced, tf.constant(2)).item(), 7);
  scale.assign(8);
  assert.equal(slope(traced, tf.constant(2)).item(), 8);
  assert.equal(slope((at) => slope((b) => tf.square(traced(b)), at), tf.constant(2)).item(), 128);
});

test("a gradient function that assigns a variable: by a tape inside, not by one outside", () => {
  const calls = new tf.Variable(0, { name: "calls", trainable: false });
  const f = tf.customGradient((x: tf.Tensor) => [
    tf.identity(x),
    (dy: tf.Tensor) => {
      calls.assignAdd(1);
      return dy;
    },
  ]);
  const inside = tf.function((x: tf.Tensor) => slope((at) => f(at), x));
  inside(tf.constant(1));
  inside(tf.constant(1));
  assert.equal(calls.item(), 2);
  const outside = tf.function((x: tf.Tensor) => f(x), { name: "outside" });
  assert.throws(() => slope(outside, tf.constant(1)), {
    name: "ValueError",
    message: /^outside: variable 'calls' is assigned in a gradient function/,
  });
  assert.equal(calls.item(), 2);
});

test("an error in a gradient function comes through", () => {
  const f = tf.customGradient((x: tf.Tensor) => [
    tf.identity(x),
    () => {
      throw new RangeError("mine");
    },
  ]);
  const traced = tf.function((x: tf.Tensor) => f(x));
  assert.equal(traced(tf.constant(1)).item(), 1);
  assert.throws(() => slope(traced, tf.constant(1)), { name: "RangeError", message: "mine" });
  assert.throws(() => tf.function((x: tf.Tensor) => slope((at) => f(at), x))(tf.constant(1)), {
    message: "mine",
  });
});

test("gradPassThrough and stopGradient inside", () => {
  const round = tf.gradPassThrough((x: tf.Tensor) => tf.round(x));
  assert.deepEqual(
    slopes((x) => tf.multiply(round(x), 3), tf.constant([1.4, 2.6])),
    [3, 3],
  );
  const straight = (x: tf.Tensor): tf.Tensor => tf.add(x, tf.stopGradient(tf.subtract(tf.round(x), x)));
  assert.deepEqual(
    slopes((x) => tf.square(straight(x)), tf.constant([1.4, 2.6])),
    [2, 6],
  );
});

test("recomputeGrad inside and around", () => {
  const v = new tf.Variable(2);
  const body = (x: tf.Tensor): tf.Tensor => tf.multiply(tf.exp(x), v);
  const inside = tf.function((x: tf.Tensor) => tf.recomputeGrad(body)(x));
  const around = tf.recomputeGrad(tf.function(body));
  for (const f of [inside, around]) {
    const x = tf.constant(0);
    const tape = new tf.GradientTape({ persistent: true });
    const y = tape.record(() => {
      tape.watch(x);
      return f(x);
    });
    assert.deepEqual([y.item(), tape.gradient(y, x).item(), tape.gradient(y, v).item()], [2, 2, 1]);
  }
});

test("an override is part of the signature: it holds for traces made under it, and no longer", () => {
  const f = tf.function((x: tf.Tensor) => slope((at) => tf.exp(at), x));
  const x = tf.constant(0);
  assert.equal(f(x).item(), 1);
  {
    using _scope = tf.overrideGradient("Exp", (_op, dy) => tf.multiply(dy!, 42));
    assert.equal(f(x).item(), 42);
    assert.equal(f.experimentalGetTracingCount(), 2);
    {
      using _inner = tf.overrideGradient("Exp", (_op, dy) => tf.multiply(dy!, 43));
      assert.equal(f(x).item(), 43);
    }
    assert.equal(f(x).item(), 42);
  }
  assert.equal(f(x).item(), 1);
  assert.equal(f.experimentalGetTracingCount(), 3);
});

test("an override around a call with a tape outside", () => {
  const f = tf.function((x: tf.Tensor) => tf.exp(x));
  const x = tf.constant(0);
  assert.equal(slope(f, x).item(), 1);
  {
    using _scope = tf.overrideGradient("Exp", (_op, dy) => tf.multiply(dy!, 42));
    assert.equal(slope(f, x).item(), 42);
  }
  assert.equal(slope(f, x).item(), 1);
});

test("an override inside a function holds for the ops of its scope", () => {
  const f = tf.function((x: tf.Tensor) => {
    using _scope = tf.overrideGradient("Exp", (op, dy) => tf.multiply(dy!, tf.multiply(op.outputs[0]!, 10)));
    return tf.exp(x);
  });
  assert.equal(slope(f, tf.constant(0)).item(), 10);
  assert.equal(slope((x) => tf.exp(x), tf.constant(0)).item(), 1);
});

test("a handler is told of the traced op: type, inputs, outputs, line", () => {
  let seen: tf.RecordedOp | null = null;
  const f = tf.function((x: tf.Tensor) => {
    using _scope = tf.overrideGradient("Exp", (op, dy) => {
      seen = op;
      return tf.multiply(dy!, op.inputs[0]!);
    });
    return tf.exp(x);
  });
  assert.equal(slope(f, tf.constant(5)).item(), 5);
  const op = seen as tf.RecordedOp | null;
  assert.deepEqual([op!.type, op!.inputs.length, op!.outputs.length], ["Exp", 1, 1]);
});

test("a registered gradient of a user's op", () => {
  const { lane } = tf;
  const op = tf.elementwise({ name: "TwiceOfFunctionTest", inputs: ["x"], lane: ({ x }) => lane.add(x, x) });
  tf.registerGradient("TwiceOfFunctionTest", (_op, dy) => tf.multiply(dy!, 20));
  const f = (x: tf.Tensor): tf.Tensor => tf.apply(op, [x]);
  assert.equal(tf.function(f)(tf.constant(3)).item(), 6);
  assert.equal(slopes(f, tf.constant(3)), 20);
});
