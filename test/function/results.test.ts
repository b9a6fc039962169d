/**
 * @file What traced functions may return, and what they may not do: structures, promises, reading values.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

test("results keep their structure: lists, objects, plain values, nothing", () => {
  const f = tf.function((x: tf.Tensor) => ({
    b: [tf.add(x, 1), { c: tf.add(x, 2) }],
    a: tf.add(x, 3),
    text: "plain",
    none: null,
    empty: [],
  }));
  const result = f(tf.constant(10)) as any;
  assert.deepEqual(Object.keys(result), ["b", "a", "text", "none", "empty"]);
  assert.deepEqual([result.b[0].item(), result.b[1].c.item(), result.a.item()], [11, 12, 13]);
  assert.deepEqual([result.text, result.none, result.empty], ["plain", null, []]);
  assert.equal(tf.function(() => undefined)(), undefined);
  assert.equal(tf.function(() => 7)(), 7);
  assert.deepEqual(tf.function(() => [])(), []);
});

test("a list of tensors is a new list for each call", () => {
  const f = tf.function((x: tf.Tensor) => [x, tf.negative(x)]);
  const [first, second] = [f(tf.constant(1)), f(tf.constant(2))];
  assert.deepEqual(
    first.map((tensor) => tensor.item()),
    [1, -1],
  );
  assert.deepEqual(
    second.map((tensor) => tensor.item()),
    [2, -2],
  );
});

test("a list that mixes tensors and plain values", () => {
  const f = tf.function((x: tf.Tensor) => [1, tf.negative(x), "s"] as const);
  const [one, tensor, text] = f(tf.constant(3));
  assert.deepEqual([one, tensor.item(), text], [1, -3, "s"]);
});

test("one tensor may be returned several times, as may arguments and constants", () => {
  const constant = tf.constant([7]);
  const f = tf.function((x: tf.Tensor) => {
    const y = tf.square(x);
    return [y, y, x, constant, tf.constant(5)];
  });
  assert.deepEqual(
    f(tf.constant([3])).map((tensor) => tensor.array()),
    [[9], [9], [3], [7], 5],
  );
});

test("results are tensors of their own: an argument that comes back has another identity", () => {
  const f = tf.function((x: tf.Tensor) => x);
  const x = tf.constant([1, 2]);
  const y = f(x);
  assert.notEqual(y, x);
  assert.deepEqual(y.array(), [1, 2]);
});

test("dtypes and shapes of results are those of the function", () => {
  const f = tf.function((x: tf.Tensor) => [
    tf.greater(x, 1),
    tf.argmax(x, 0),
    tf.cast(x, "float64"),
    tf.zeros([0, 2]),
  ]);
  const results = f(tf.constant([1, 3, 2]));
  assert.deepEqual(
    results.map(({ dtype, shape }) => [dtype, [...shape]]),
    [
      ["bool", [3]],
      ["int32", []],
      ["float64", [3]],
      ["float32", [0, 2]],
    ],
  );
  assert.deepEqual(results[0]!.array(), [false, true, true]);
  assert.equal(results[1]!.item(), 1);
});

test("a promise is refused", () => {
  const f = tf.function(async (x: tf.Tensor) => x, { name: "slow" });
  assert.throws(() => f(tf.constant(1)), {
    name: "ValueError",
    message: "tf.function slow: the function returned a promise; only synchronous code is recorded",
  });
});

const reads: Record<string, (x: tf.Tensor) => unknown> = {
  item: (x) => x.item(),
  array: (x) => x.array(),
  data: (x) => x.data(),
};

for (const [name, read] of Object.entries(reads)) {
  test(`reading a traced value is an error with the user's line: ${name}`, () => {
    const f = tf.function((x: tf.Tensor) => read(tf.add(x, 1)));
    assert.throws(
      () => f(tf.constant(1)),
      (error: Error) => {
        assert.equal(error.name, "ReadError");
        assert.match(
          error.message,
          /^a tensor \(float32\[\]\) has no value yet while tf\.function traces \(.*results\.test\.ts:\d+\)\./,
        );
        assert.match(error.message, /tf\.cond, tf\.whileLoop or tf\.where/);
        return true;
      },
    );
  });
}

test("reading a variable's value while tracing is an error too", () => {
  const v = new tf.Variable([1, 2]);
  const f = tf.function(() => v.array());
  assert.throws(f, { name: "ReadError" });
  assert.deepEqual(v.array(), [1, 2]);
});

test("the line of the error is the one that reads", () => {
  const here = Number(/:(\d+):\d+\)?$/.exec(new Error().stack!.split("\n")[1]!)![1]);
  const f = tf.function((x: tf.Tensor) => {
    const y = tf.add(x, 1);
    return y.item();
  });
  assert.throws(() => f(tf.constant(1)), { message: new RegExp(`results\\.test\\.ts:${here + 3}\\)`) });
});

test("a traced tensor prints as what it is", () => {
  let text = "";
  tf.function((x: tf.Tensor) => {
    text = `${x}`;
    return x;
  })(tf.constant([1, 2]));
  assert.equal(text, "<traced float32[2]>");
});

test("a traced tensor that escaped cannot be read or used in another function", () => {
  let escaped: tf.Tensor | null = null;
  const f = tf.function((x: tf.Tensor) => {
    escaped = tf.square(x);
    return escaped;
  });
  f(tf.constant(3));
  assert.throws(() => escaped!.item(), { name: "ReadError" });
  assert.throws(() => tf.add(escaped!, 1), { name: "ReadError" });
  assert.throws(() => tf.function((x: tf.Tensor) => tf.add(x, escaped!))(tf.constant(1)), {
    name: "ReadError",
    message: /of one traced function was used in another/,
  });
});

test("what depends on nothing traced is a constant that can be read", () => {
  const f = tf.function((x: tf.Tensor) => {
    const count = tf.add(tf.constant(2), 1).item();
    return tf.multiply(x, count);
  });
  assert.equal(f(tf.constant(5)).item(), 15);
});

test("shapes are known while tracing", () => {
  const f = tf.function((x: tf.Tensor) => tf.divide(tf.reduceSum(x), x.size + x.rank + x.shape[0]!));
  assert.equal(f(tf.ones([2, 3])).item(), Math.fround(6 / 10));
});
