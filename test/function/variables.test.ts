/**
 * @file Variables in traced functions: read live, updated by each run that succeeds, made on the first call only.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

test("variables are read live", () => {
  const w = new tf.Variable([1, 2]);
  const f = tf.function((x: tf.Tensor) => tf.multiply(w, x));
  assert.deepEqual(f(tf.constant(10)).array(), [10, 20]);
  w.assign([3, 4]);
  assert.deepEqual(f(tf.constant(10)).array(), [30, 40]);
  assert.equal(f.experimentalGetTracingCount(), 1);
});

test("variables are updated by each call, in the order of the function's lines", () => {
  const v = new tf.Variable(1);
  const f = tf.function(() => {
    const before = v.readValue();
    v.assignAdd(2);
    const between = v.readValue();
    v.assign(tf.multiply(v, 10));
    v.assignSub(1);
    return [before, between, v.readValue()];
  });
  const values = (): number[] => f().map((tensor) => tensor.item());
  assert.deepEqual(values(), [1, 3, 29]);
  assert.equal(v.item(), 29);
  assert.deepEqual(values(), [29, 31, 309]);
  assert.equal(v.item(), 309);
});

test("a swap uses the values from before", () => {
  const [a, b] = [new tf.Variable([1, 2]), new tf.Variable([3, 4])];
  const swap = tf.function(() => {
    const held = a.readValue();
    a.assign(b.readValue());
    b.assign(held);
  });
  swap();
  assert.deepEqual(
    [a.array(), b.array()],
    [
      [3, 4],
      [1, 2],
    ],
  );
  swap();
  assert.deepEqual(
    [a.array(), b.array()],
    [
      [1, 2],
      [3, 4],
    ],
  );
});

test("swaps and shifts of large variables: programs that write in place keep what is still needed", () => {
  const size = 150_000;
  const a = new tf.Variable(tf.ones([size]));
  const b = new tf.Variable(tf.fill([size], 2));
  const mix = tf.function(() => {
    const [x, y] = [a.readValue(), b.readValue()];
    a.assign(tf.add(y, tf.reverse(x, 0)));
    b.assign(x);
    return tf.subtract(x, y);
  });
  const ends = (tensor: tf.Operand): number[] => [0, size - 1].map((i) => tensor.data()[i]!);
  assert.deepEqual(ends(mix()), [-1, -1]);
  assert.deepEqual(
    [ends(a), ends(b)],
    [
      [3, 3],
      [1, 1],
    ],
  );
  assert.deepEqual(ends(mix()), [2, 2]);
  assert.deepEqual(
    [ends(a), ends(b)],
    [
      [4, 4],
      [3, 3],
    ],
  );
});

test("a result that was given stays as it was when the variable goes on", () => {
  for (const size of [1, 3, 150_000]) {
    const v = new tf.Variable(tf.zeros([size]));
    const f = tf.function(() => {
      v.assignAdd(tf.ones([size]));
      return v.readValue();
    });
    const first = f();
    const read = v.readValue();
    f();
    assert.deepEqual([first.data()[0], read.data()[0], v.data()[0]], [1, 1, 2]);
  }
});

test("two functions and the eager world share a variable", () => {
  const v = new tf.Variable(tf.ones([150_000]));
  const double = tf.function(() => void v.assign(tf.multiply(v, 2)));
  const sum = tf.function(() => tf.reduceSum(v));
  double();
  assert.equal(sum().item(), 300_000);
  v.assignAdd(tf.ones([150_000]));
  double();
  assert.equal(sum().item(), 900_000);
  assert.equal(tf.reduceMax(v).item(), 6);
});

test("tracing leaves variables alone: only a run changes them", () => {
  const v = new tf.Variable(5);
  const f = tf.function(() => v.assignAdd(1).readValue());
  f.getConcreteFunction();
  assert.equal(v.item(), 5);
  assert.equal(f().item(), 6);
});

test("a function that throws while it is traced leaves variables and the tracer as they were", () => {
  const v = new tf.Variable(5);
  const f = tf.function(() => {
    v.assignAdd(1);
    throw new RangeError("mine");
  });
  assert.throws(f, { name: "RangeError", message: "mine" });
  assert.equal(v.item(), 5);
  assert.equal(tf.add(v, 1).item(), 6);
  assert.equal(f.experimentalGetTracingCount(), 0);
});

test("a variable that is returned stands for its value after the call", () => {
  const v = new tf.Variable(1);
  const result = tf.function(() => v.assignAdd(1))();
  assert.ok(result instanceof tf.Tensor);
  assert.equal((result as tf.Tensor).item(), 2);
  v.assign(9);
  assert.equal((result as tf.Tensor).item(), 2);
});

test("variables can be made on the first call", () => {
  let v: tf.Variable | null = null;
  const f = tf.function((x: tf.Tensor) => {
    v ??= new tf.Variable(10);
    v.assignAdd(x);
    return v.readValue();
  });
  assert.equal(f(tf.constant(1)).item(), 11);
  assert.equal(f(tf.constant(2)).item(), 13);
  assert.equal(v!.item(), 13);
});

test("a variable made on a later call is an error in TensorFlow's words", () => {
  const made: tf.Variable[] = [];
  const f = tf.function(
    (x: tf.Tensor) => {
      const v = new tf.Variable(1, { name: "fresh" });
      made.push(v);
      return tf.add(x, v);
    },
    { name: "f" },
  );
  assert.equal(f(tf.constant(1)).item(), 2);
  assert.throws(() => f(tf.constant([1])), {
    name: "ValueError",
    message:
      /^tf\.function only supports singleton tf\.Variables created on the first call\..*f made 'fresh'/s,
  });
});

test("an initial value that depends on arguments has to come from a function of its own", () => {
  const f = tf.function((x: tf.Tensor) => new tf.Variable(tf.square(x), { name: "v" }).readValue());
  assert.throws(() => f(tf.constant(2)), {
    name: "ValueError",
    message:
      "Variable 'v': the initial value is computed in a traced function; give a function that makes it instead",
  });
});

test("initial values are computed once, not traced", () => {
  let v: tf.Variable | null = null;
  const f = tf.function(() => {
    v ??= new tf.Variable(() => tf.random.normal([3]));
    return v.readValue();
  });
  assert.deepEqual(f().array(), f().array());
});

for (const size of [1, 4, 150_000]) {
  test(`commit on success: a check that fails leaves variables of ${size} as they were`, () => {
    const [a, b] = [new tf.Variable(tf.ones([size])), new tf.Variable(tf.ones([size]))];
    const step = tf.function((x: tf.Tensor) => {
      a.assign(tf.multiply(a, 2));
      const checked = tf.debugging.checkNumerics(tf.divide(1, x), "reciprocal");
      b.assign(tf.add(b, checked));
      return checked;
    });
    const values = (): number[] => [a.data()[0]!, a.data()[size - 1]!, b.data()[0]!, b.data()[size - 1]!];
    step(tf.constant(1));
    assert.deepEqual(values(), [2, 2, 2, 2]);
    assert.throws(() => step(tf.constant(0)), {
      name: "ValueError",
      message: /^reciprocal : Tensor had Infinity/,
    });
    assert.deepEqual(values(), [2, 2, 2, 2]);
    step(tf.constant(0.5));
    assert.deepEqual(values(), [4, 4, 4, 4]);
  });

  test(`commit on success: a host function that throws leaves variables of ${size} as they were`, () => {
    const v = new tf.Variable(tf.ones([size]));
    let fails = false;
    const host = (x: tf.Tensor): tf.Tensor => {
      if (fails) throw new RangeError("host");
      return x;
    };
    const step = tf.function(() => {
      v.assignAdd(tf.ones([size]));
      const passed = tf.pyFunction(host as tf.HostFunction, [tf.reduceSum(v)], new tf.TensorSpec([]));
      v.assign(tf.add(v, tf.multiply(passed, 0)));
    });
    step();
    fails = true;
    assert.throws(() => step(), { name: "RangeError", message: "host" });
    assert.deepEqual([v.data()[0], v.data()[size - 1]], [2, 2]);
    fails = false;
    step();
    assert.deepEqual([v.data()[0], v.data()[size - 1]], [3, 3]);
  });
}
