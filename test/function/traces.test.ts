/**
 * @file How often tf.function traces: once per signature, where tensors count by dtype and shape, plain values by value and
 * objects by identity.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

/** A traced function that counts its traces in two ways: by the function's own count and by its side effect. */
function counted(body: (...args: any[]) => unknown = () => tf.constant(0)) {
  let runs = 0;
  const traced = (...args: any[]): unknown => {
    runs++;
    return body(...args);
  };
  const f = tf.function(traced, { reduceRetracing: true });
  return (...args: any[]): number => {
    f(...args);
    assert.equal(f.experimentalGetTracingCount(), runs);
    return runs;
  };
}

test("tensors count by dtype and shape, not by value or identity", () => {
  const traces = counted((x: tf.Tensor) => tf.add(x, x));
  assert.equal(traces(tf.constant([1, 2])), 1);
  assert.equal(traces(tf.constant([3, 4])), 1);
  assert.equal(traces(tf.constant([1, 2, 3])), 2);
  assert.equal(traces(tf.constant([[1, 2]])), 3);
  assert.equal(traces(tf.constant([1, 2], "float64")), 4);
  assert.equal(traces(tf.constant([5, 6])), 4);
  assert.equal(traces(tf.constant([7, 8], "float64")), 4);
});

test("calls one after the other with another dtype of the same shape", () => {
  const f = tf.function((x: tf.Tensor) => tf.add(x, x));
  for (const dtype of ["float32", "float64", "int32", "float32"] as const) {
    const result = f(tf.constant([1, 2], dtype));
    assert.deepEqual([result.dtype, result.array()], [dtype, [2, 4]]);
  }
});

test("a scalar, a vector of one and an empty tensor are three shapes", () => {
  const traces = counted((x: tf.Tensor) => tf.add(x, 1));
  assert.deepEqual(
    [1, [1], []].map((value) => traces(tf.constant(value))),
    [1, 2, 3],
  );
});

test("typed arrays count as tensors", () => {
  const f = tf.function((x: any) => tf.reduceSum(x));
  assert.equal((f(Float32Array.of(1, 2)) as tf.Tensor).item(), 3);
  assert.equal((f(Float32Array.of(3, 4)) as tf.Tensor).item(), 7);
  assert.equal((f(tf.constant([5, 6])) as tf.Tensor).item(), 11);
  assert.equal(f.experimentalGetTracingCount(), 1);
  assert.equal((f(Float64Array.of(3, 4)) as tf.Tensor).dtype, "float64");
  assert.equal(f.experimentalGetTracingCount(), 2);
});

test("numbers, strings, booleans and nothing count by value", () => {
  const values = [
    1,
    2,
    0,
    -0,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    "1",
    "",
    "a b",
    true,
    false,
    null,
    undefined,
    1n,
  ];
  const traces = counted();
  values.forEach((value, i) => {
    assert.equal(traces(value), i + 1, `first ${String(value)}`);
  });
  for (const value of values) assert.equal(traces(value), values.length, `again ${String(value)}`);
});

test("a number is a plain value inside: the function may branch on it", () => {
  const f = tf.function((x: tf.Tensor, n: number) => {
    let y = x;
    for (let i = 0; i < n; i++) y = tf.multiply(y, x);
    return y;
  });
  assert.equal(f(tf.constant(3), 1).item(), 9);
  assert.equal(f(tf.constant(3), 3).item(), 81);
  assert.equal(f(tf.constant(2), 3).item(), 16);
  assert.equal(f.experimentalGetTracingCount(), 2);
});

test("strings cannot be mistaken for other arguments or for their limits", () => {
  const traces = counted();
  const lists: unknown[][] = [
    ["a", "b"],
    ['a" "b'],
    ["a b"],
    ["n1"],
    [1],
    ["[", "]"],
    [[]],
    [{}],
    ["{:", "}"],
  ];
  lists.forEach((args, i) => {
    assert.equal(traces(...args), i + 1, JSON.stringify(args));
  });
});

test("keys of objects cannot be mistaken for their limits either", () => {
  const traces = counted();
  assert.equal(traces({ a: 1 }, { b: 2 }), 1);
  assert.equal(traces({ "a: n1 } {b": 2 }), 2);
  assert.equal(traces({ "a,b": 1 }), 3);
});

test("an argument that is missing is another signature than one that is undefined", () => {
  const traces = counted((...args: unknown[]) => tf.constant(args.length));
  assert.equal(traces(), 1);
  assert.equal(traces(undefined), 2);
});

test("objects, functions and variables count by identity", () => {
  class Settings {
    constructor(public rate: number) {}
  }
  const [one, other] = [new Settings(1), new Settings(1)];
  const traces = counted();
  assert.equal(traces(one), 1);
  one.rate = 5;
  assert.equal(traces(one), 1);
  assert.equal(traces(other), 2);
  const callback = (): number => 1;
  assert.equal(traces(callback), 3);
  assert.equal(traces(callback), 3);
  assert.equal(
    traces(() => 1),
    4,
  );
  const [v, w] = [new tf.Variable(1), new tf.Variable(1)];
  assert.equal(traces(v), 5);
  assert.equal(traces(w), 6);
  assert.equal(traces(v), 6);
});

test("a variable as an argument is read live and can be assigned", () => {
  const f = tf.function((v: tf.Variable) => tf.multiply(v.assignAdd(1), 10));
  const v = new tf.Variable(1);
  assert.deepEqual([f(v).item(), f(v).item(), v.item()], [20, 30, 3]);
  const w = new tf.Variable(7);
  assert.deepEqual([f(w).item(), w.item(), v.item()], [80, 8, 3]);
});

test("lists and plain objects count by their structure, whatever the order of the keys", () => {
  const traces = counted((tree: any) => tf.add(tree.a?.[0] ?? 0, 1));
  const [x, y] = [tf.constant(1), tf.constant(2)];
  assert.equal(traces({ a: [x, y], b: { c: 3 } }), 1);
  assert.equal(traces({ b: { c: 3 }, a: [y, x] }), 1);
  assert.equal(traces({ a: [x, y], b: { c: 4 } }), 2);
  assert.equal(traces({ a: [x, [y]], b: { c: 3 } }), 3);
  assert.equal(traces({ a: [x], b: { c: 3 } }), 4);
  assert.equal(traces({ a: [x, y], b: { d: 3 } }), 5);
});

test("tensors of a structure reach their own places", () => {
  const f = tf.function(({ z, a }: { z: tf.Tensor; a: readonly tf.Tensor[] }) =>
    tf.add(tf.multiply(z, 100), tf.add(tf.multiply(a[0]!, 10), a[1]!)),
  );
  const [one, two, three] = [1, 2, 3].map((value) => tf.constant(value)) as [tf.Tensor, tf.Tensor, tf.Tensor];
  assert.equal(f({ z: one, a: [two, three] }).item(), 123);
  assert.equal(f({ a: [three, one], z: two }).item(), 231);
  assert.equal(f.experimentalGetTracingCount(), 1);
});

test("two tf.functions of one function share no traces", () => {
  let runs = 0;
  const body = (x: tf.Tensor): tf.Tensor => {
    runs++;
    return tf.square(x);
  };
  const [f, g] = [tf.function(body), tf.function(body)];
  f(tf.constant(2));
  g(tf.constant(2));
  assert.equal(runs, 2);
  assert.equal(f.pythonFunction, body);
  assert.equal(f.pythonFunction(tf.constant(3)).item(), 9);
  assert.equal(runs, 3);
});

test("side effects happen while tracing only, and plain values of the closure are frozen", () => {
  const seen: string[] = [];
  let factor = 2;
  const f = tf.function((x: tf.Tensor) => {
    seen.push(String(x.shape));
    return tf.multiply(x, factor);
  });
  assert.equal(f(tf.constant(5)).item(), 10);
  factor = 3;
  assert.equal(f(tf.constant(5)).item(), 10);
  assert.deepEqual(f(tf.constant([5])).array(), [15]);
  assert.deepEqual(seen, ["", "1"]);
});

test("a tensor of the closure keeps its value", () => {
  const small = tf.constant([1, 2, 3]);
  const large = tf.range(200_000);
  const f = tf.function((x: tf.Tensor) => [tf.add(small, x), tf.reduceMax(tf.add(large, x))] as const);
  const [a, b] = f(tf.constant(10));
  assert.deepEqual(a.array(), [11, 12, 13]);
  assert.equal(b.item(), 200_009);
});

test("methods have their own object, and traces of their own for each", () => {
  class Scale {
    traced = 0;
    constructor(readonly factor: number) {}
    apply = tf.function(function (this: Scale, x: tf.Tensor) {
      this.traced++;
      return tf.multiply(x, this.factor);
    });
  }
  const shared = { apply: new Scale(0).apply };
  const [two, three] = [new Scale(2), new Scale(3)];
  for (const scale of [two, three]) scale.apply = shared.apply;
  for (let i = 0; i < 2; i++) {
    assert.equal(two.apply(tf.constant(5)).item(), 10);
    assert.equal(three.apply(tf.constant(5)).item(), 15);
  }
  assert.deepEqual([two.traced, three.traced], [1, 1]);
});

test("an inner tf.function becomes part of the outer program", () => {
  let inner = 0;
  const square = tf.function((x: tf.Tensor) => {
    inner++;
    return tf.square(x);
  });
  const outer = tf.function((x: tf.Tensor) => tf.add(square(x), square(tf.add(x, 1))));
  assert.equal(outer(tf.constant(3)).item(), 25);
  assert.equal(outer(tf.constant(4)).item(), 41);
  assert.equal(inner, 2);
  assert.deepEqual(
    outer.graph.nodes.map(({ op }) => op.name),
    ["Square", "Add", "Square", "Add"],
  );
});

test("a tf.function used only inside others has no traces of its own", () => {
  const square = tf.function((x: tf.Tensor) => tf.square(x), { name: "square" });
  tf.function((x: tf.Tensor) => square(x))(tf.constant(3));
  assert.equal(square.experimentalGetTracingCount(), 0);
  assert.throws(() => square.graph, {
    name: "ValueError",
    message: "square has not been traced: call it first",
  });
});

test("a traced function's name is that of the function, or the one given", () => {
  const parabola = (x: tf.Tensor): tf.Tensor => tf.square(x);
  assert.equal(tf.function(parabola).name, "parabola");
  assert.equal(tf.function(parabola, { name: "other" }).name, "other");
  assert.equal(
    tf.function(
      (
        () => (x: tf.Tensor) =>
          x
      )(),
    ).name,
    "anonymous",
  );
});

test("what is no function is refused", () => {
  assert.throws(() => tf.function(3 as never), {
    name: "ValueError",
    message: "tf.function: expected a function, got number",
  });
});
