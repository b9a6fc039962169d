/**
 * @file tf.cond, tf.whileLoop and tf.scan: what they give, their gradients, and what they refuse. Values by closed forms.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

test("cond runs one branch only, and gives its structure", () => {
  const ran: string[] = [];
  const choose = (pred: tf.Predicate): unknown =>
    tf.cond(
      pred,
      () => {
        ran.push("true");
        return { a: tf.constant(1), b: [tf.constant(2)] };
      },
      () => {
        ran.push("false");
        return { a: tf.constant(3), b: [tf.constant(4)] };
      },
    );
  const values = (result: any): number[] => [result.a.item(), result.b[0].item()];
  assert.deepEqual(values(choose(tf.constant(true))), [1, 2]);
  assert.deepEqual(values(choose(false)), [3, 4]);
  assert.deepEqual(values(choose(tf.constant([[7]]))), [1, 2]);
  assert.deepEqual(values(choose(0)), [3, 4]);
  assert.deepEqual(ran, ["true", "false", "true", "false"]);
});

test("the gradient of cond is that of the branch that ran", () => {
  const slope = (at: number): number => {
    const x = tf.constant(at);
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(x);
      return tf.cond(
        tf.less(x, 0),
        () => tf.multiply(x, -3),
        () => tf.square(x),
      );
    });
    return tape.gradient(y, x).item();
  };
  assert.equal(slope(-2), -3);
  assert.equal(slope(5), 10);
});

test("whileLoop goes on while the condition holds", () => {
  const [i, power] = tf.whileLoop(
    (i) => tf.less(i, 10),
    (i, power) => [tf.add(i, 1), tf.multiply(power, 2)],
    [tf.constant(0, "int32"), tf.constant(1)],
  );
  assert.equal(i.item(), 10);
  assert.equal(i.dtype, "int32");
  assert.equal(power.item(), 1024);
});

test("whileLoop: structures, a single variable, a limit", () => {
  const [state] = tf.whileLoop(
    ({ left }) => tf.greater(left, 0),
    ({ left, sum }) => ({ left: tf.subtract(left, 1), sum: tf.add(sum, left) }),
    [{ left: tf.constant(4), sum: tf.constant(0) }],
  );
  assert.equal(state.sum.item(), 4 + 3 + 2 + 1);
  const always = (): boolean => true;
  const next = (i: tf.Tensor): tf.Tensor => tf.add(i, 1);
  assert.equal(tf.whileLoop(always, next, [0], { maximumIterations: 7 })[0].item(), 7);
  assert.equal(tf.whileLoop(always, next, [0], { maximumIterations: tf.constant(3, "int32") })[0].item(), 3);
  assert.equal(tf.whileLoop(() => false, next, [5])[0].item(), 5);
});

test("gradients come back through the rounds of a loop, to any order", () => {
  // x to the fifth power: 5 x⁴, 20 x³.
  const x = tf.constant(2, "float64");
  const outer = new tf.GradientTape();
  const first = outer.record(() => {
    outer.watch(x);
    const inner = new tf.GradientTape();
    const y = inner.record(() => {
      inner.watch(x);
      return tf.whileLoop(
        (i) => tf.less(i, 5),
        (i, p) => [tf.add(i, 1), tf.multiply(p, x)] as const,
        [tf.constant(0), tf.constant(1, "float64")],
      )[1];
    });
    return inner.gradient(y, x);
  });
  assert.equal(first.item(), 5 * 2 ** 4);
  assert.equal(outer.gradient(first, x).item(), 20 * 2 ** 3);
});

test("scan stacks what has been accumulated", () => {
  const x = tf.constant([1, 2, 3, 4]);
  const sum = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => tf.add(a, b);
  assert.deepEqual(tf.scan(sum, x).array(), [1, 3, 6, 10]);
  assert.deepEqual(tf.scan(sum, x, tf.constant(10)).array(), [11, 13, 16, 20]);
  assert.deepEqual(tf.scan(sum, x, null, { reverse: true }).array(), [10, 9, 7, 4]);
  assert.deepEqual(tf.scan(sum, x, tf.constant(10), { reverse: true }).array(), [20, 19, 17, 14]);
});

test("scan over structures, with an accumulator of another structure", () => {
  const elems = {
    x: tf.constant([
      [1, 2],
      [3, 4],
    ]),
    keep: tf.constant([true, false]),
  };
  const result = tf.scan(
    ({ total, steps }, { x, keep }) => ({
      total: tf.where(keep, tf.add(total, x), total),
      steps: [tf.add(steps[0]!, 1)],
    }),
    elems,
    { total: tf.zeros([2]), steps: [tf.constant(0, "int32")] },
  );
  // biome-ignore format: a matrix
  assert.deepEqual(result.total.array(), [[1, 2], [1, 2]]);
  assert.deepEqual(result.steps[0]!.array(), [1, 2]);
  assert.equal(result.steps[0]!.dtype, "int32");
});

test("the gradient of a scan reaches slices, initializer and captured variables", () => {
  // aₜ = w aₜ₋₁ + xₜ, from a: the sum of all three is w a + x₁ + w² a + w x₁ + x₂ + w³ a + w² x₁ + w x₂ + x₃.
  const [w, a] = [3, 5];
  const weight = new tf.Variable(w, { dtype: "float64" });
  const x = tf.constant([1, 2, 4], "float64");
  const start = tf.constant(a, "float64");
  const tape = new tf.GradientTape();
  const total = tape.record(() => {
    tape.watch([x, start]);
    return tf.reduceSum(tf.scan((state, slice) => tf.add(tf.multiply(state, weight), slice), x, start));
  });
  const [dx, dStart, dWeight] = tape.gradient(total, [x, start, weight] as const);
  assert.deepEqual(dx.array(), [1 + w + w * w, 1 + w, 1]);
  assert.equal(dStart.item(), w + w * w + w ** 3);
  assert.equal(dWeight.item(), a + 2 * w * a + 1 + 3 * w * w * a + 2 * w * 1 + 2);
});

test("what control flow refuses", () => {
  const one = tf.constant(1);
  assert.throws(
    () =>
      tf.cond(
        tf.constant([true, false]),
        () => one,
        () => one,
      ),
    { name: "ShapeError", message: "cond: expected one bool, got shape [2]" },
  );
  assert.throws(() => tf.cond(true, () => one, one as never), { name: "ValueError" });
  assert.throws(
    () =>
      tf.whileLoop(
        () => true,
        () => [],
        [],
      ),
    /at least one loop variable/,
  );
  assert.throws(
    () =>
      tf.whileLoop(
        () => true,
        (a: tf.Tensor) => [a] as never,
        [one, one],
      ),
    { name: "ValueError", message: "whileLoop: the body must give the structure that it gets" },
  );
  assert.throws(() => tf.scan((a) => a, one), { name: "ShapeError" });
  assert.throws(() => tf.scan((a) => a, tf.zeros([0, 2])), { name: "ShapeError" });
  assert.throws(() => tf.scan((a) => a, { x: tf.zeros([2]), y: tf.zeros([3]) }), /\[2\] and \[3\]/);
  assert.throws(
    () => tf.scan(() => [one] as never, tf.zeros([2])),
    /scan: the function must give the structure/,
  );
});
