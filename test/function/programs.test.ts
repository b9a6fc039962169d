/**
 * @file Traced functions as programs: tiny ones in JavaScript and large ones in WebAssembly, random numbers, functions of the
 * host, memory.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import * as tf from "nabla";
import { assertAllclose } from "nabla/testing";

/** An expression of many kinds of ops: elementwise, reduction, contraction, view. */
function mixture(x: tf.Tensor): tf.Tensor[] {
  const columns = tf.reshape(x, [-1, 5]);
  const gram = tf.matmul(columns, columns, { transposeA: true });
  const centred = tf.subtract(columns, tf.reduceMean(columns, 0));
  return [
    gram,
    tf.nn.softmax(centred),
    tf.cumsum(x, 0),
    tf.transpose(tf.sin(columns)),
    tf.reduceMax(tf.abs(x)),
  ];
}

for (const size of [5, 10, 1_000, 200_000]) {
  test(`${size} elements: compiled gives what eager gives, call after call`, () => {
    const f = tf.function(mixture);
    for (const phase of [0, 1]) {
      const x = tf.sin(tf.add(tf.divide(tf.range(size), 3), phase));
      const expected = mixture(x);
      f(x).forEach((actual, i) => {
        assert.deepEqual(actual.shape, expected[i]!.shape);
        assertAllclose(actual, expected[i]!, { rtol: 1e-4, atol: size * 1e-7 });
      });
    }
    assert.equal(f.experimentalGetTracingCount(), 1);
  });
}

test("a scalar program and a large one share a variable", () => {
  const total = new tf.Variable(0);
  const count = tf.function(() => total.assignAdd(1).readValue());
  const add = tf.function((x: tf.Tensor) => total.assignAdd(tf.reduceSum(x)).readValue());
  assert.equal(count().item(), 1);
  assert.equal(add(tf.ones([200_000])).item(), 200_001);
  assert.equal(count().item(), 200_002);
});

test("random numbers: the same traced as eager for the same seed, and other ones in each call", () => {
  const draw = (): tf.Tensor[] => [
    tf.random.uniform([3], { dtype: "int32", maxval: 1000 }),
    tf.random.uniform([3]),
    tf.random.shuffle([1, 2, 3, 4, 5]),
    tf.random.normal([4]),
    tf.random.truncatedNormal([2]),
    tf.random.normal([2], { seed: 4 }),
  ];
  const twice = (f: () => tf.Tensor[]): tf.Tensor[] => {
    tf.random.setSeed(5);
    return [...f(), ...f()];
  };
  const eager = twice(draw);
  const f = tf.function(draw);
  for (let round = 0; round < 2; round++) {
    twice(f).forEach((actual, i) => {
      // Bits are the same; a logarithm or an error function may differ in its last digit.
      if (i % 6 < 3) assert.deepEqual(actual.array(), eager[i]!.array());
      else assertAllclose(actual, eager[i]!, { rtol: 1e-5 });
    });
  }
  for (let i = 0; i < 6; i++) assert.notDeepEqual(eager[i]!.array(), eager[i + 6]!.array());
  assert.equal(f.experimentalGetTracingCount(), 1);
});

test("random numbers: derivatives are of the numbers that were drawn", () => {
  const noisy = (x: tf.Tensor): tf.Tensor =>
    tf.multiply(tf.multiply(tf.square(x), x), tf.random.uniform([2]));
  const derivatives = (f: (x: tf.Tensor) => tf.Tensor): tf.Tensor[] => {
    tf.random.setSeed(9);
    const x = tf.constant([2, 3]);
    const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
    const [y, first] = outer.record(() => {
      outer.watch(x);
      const result = inner.record(() => {
        inner.watch(x);
        return f(x);
      });
      return [result, inner.gradient(result, x)] as const;
    });
    return [y, first, outer.gradient(first, x)];
  };
  const [y, first, second] = derivatives(tf.function(noisy));
  // c x³, 3 c x², 6 c x
  assertAllclose(first!, tf.divide(tf.multiply(y!, 3), [2, 3]), { rtol: 1e-6 });
  assertAllclose(second!, tf.divide(tf.multiply(first!, 2), [2, 3]), { rtol: 1e-6 });
  derivatives(noisy).forEach((expected, i) => {
    assertAllclose([y!, first!, second!][i]!, expected, { rtol: 1e-6 });
  });
});

test("random numbers: a later trace may be the first to draw", () => {
  const f = tf.function((x: tf.Tensor, noisy: boolean) =>
    noisy ? tf.add(x, tf.multiply(tf.random.uniform([], { seed: 991 }), 0)) : x,
  );
  assert.equal(f(tf.constant(1), false).item(), 1);
  assert.equal(f(tf.constant(2), true).item(), 2);
});

test("random numbers: eager draws and traced ones go through one sequence", () => {
  const f = tf.function(() => tf.random.uniform([2]));
  const sequence = (...draws: (() => tf.Tensor)[]): tf.NestedArray[] => {
    tf.random.setSeed(11);
    return draws.map((draw) => draw().array());
  };
  const eager = (): tf.Tensor => tf.random.uniform([2]);
  const expected = sequence(eager, eager, eager);
  assert.deepEqual(sequence(f, eager, f), expected);
  assert.deepEqual(sequence(eager, f, eager), expected);
});

test("random numbers: a generator's state is a variable of the program", () => {
  const [eager, traced] = [tf.random.Generator.fromSeed(3), tf.random.Generator.fromSeed(3)];
  const f = tf.function(() => traced.uniform([3]));
  for (let i = 0; i < 3; i++) assert.deepEqual(f().array(), eager.uniform([3]).array());
  assert.deepEqual(traced.state.array(), eager.state.array());
});

test("a program that fails has not drawn", () => {
  const f = tf.function((x: tf.Tensor) => tf.add(tf.random.uniform([2]), tf.debugging.checkNumerics(x, "x")));
  const zero = tf.constant(0);
  tf.random.setSeed(2);
  const expected = f(zero).array();
  tf.random.setSeed(2);
  assert.throws(() => f(tf.constant(Number.NaN)), { name: "ValueError" });
  assert.deepEqual(f(zero).array(), expected);
});

test("pyFunction runs with values in each call", () => {
  const seen: number[] = [];
  const f = tf.function((x: tf.Tensor) =>
    tf.pyFunction(
      (value) => {
        seen.push(value!.item());
        return value!.item() * 2;
      },
      [tf.add(x, 1)],
      new tf.TensorSpec([]),
    ),
  );
  assert.deepEqual([f(tf.constant(1)).item(), f(tf.constant(5)).item()], [4, 12]);
  assert.deepEqual(seen, [2, 6]);
});

test("pyFunction of constants runs in each call too", () => {
  let calls = 0;
  const f = tf.function(() => tf.pyFunction(() => ++calls, [tf.constant(1)], new tf.TensorSpec([])));
  assert.deepEqual([f().item(), f().item(), f().item()], [1, 2, 3]);
});

test("pyFunction runs although nobody uses its result", () => {
  let calls = 0;
  const f = tf.function((x: tf.Tensor) => {
    tf.pyFunction(() => ++calls, [x], new tf.TensorSpec([]));
    return tf.square(x);
  });
  f(tf.constant(1));
  f(tf.constant(1));
  assert.equal(calls, 2);
});

for (const size of [3, 200_000]) {
  test(`a traced function called by pyFunction of another, ${size} elements`, () => {
    const total = new tf.Variable(0);
    const inner = tf.function((x: tf.Tensor) => {
      total.assignAdd(tf.reduceSum(x));
      return tf.multiply(x, 2);
    });
    const outer = tf.function((x: tf.Tensor) => {
      const before = tf.add(x, 1);
      const between = tf.pyFunction((value) => inner(value!), [before], new tf.TensorSpec([size]));
      return tf.add(before, between);
    });
    for (let call = 1; call <= 3; call++) {
      const result = outer(tf.fill([size], call));
      assert.deepEqual([result.data()[0], result.data()[size - 1]], [3 * (call + 1), 3 * (call + 1)]);
    }
    assert.equal(total.item(), size * (2 + 3 + 4));
  });

  test(`a traced function that calls its own program through pyFunction is an error, ${size} elements`, () => {
    let again = true;
    const f: (x: tf.Tensor) => tf.Tensor = tf.function(
      (x: tf.Tensor) => tf.pyFunction((v) => (again ? f(v!) : v!), [tf.add(x, 1)], new tf.TensorSpec([size])),
      { name: "f" },
    );
    assert.throws(() => f(tf.ones([size])), {
      name: "ValueError",
      message: /^f: .*called the program it is part of/,
    });
    again = false;
    assert.equal(f(tf.ones([size])).data()[size - 1], 2);
  });
}

test("checkNumerics inside says what and where, and runs although nobody uses its result", () => {
  const f = tf.function((x: tf.Tensor) => {
    tf.debugging.checkNumerics(tf.math.log(x), "logarithm");
    return x;
  });
  assert.deepEqual(f(tf.constant([1, 2])).array(), [1, 2]);
  assert.throws(() => f(tf.constant([1, -1])), {
    name: "ValueError",
    message: /^logarithm : Tensor had NaN at element 1/,
  });
  assert.deepEqual(f(tf.constant([3, 4])).array(), [3, 4]);
});

test("every dtype goes in and comes out", () => {
  const casts = (x: tf.Tensor): tf.Tensor[] => [
    tf.identity(x),
    tf.cast(x, "float64"),
    tf.cast(x, "int32"),
    tf.cast(x, "bool"),
  ];
  const f = tf.function(casts, { reduceRetracing: true });
  for (const dtype of ["float32", "float64", "int32", "uint8", "bool"] as const) {
    const results = f(tf.cast(tf.constant([0, 1, 1, 0, 1]), dtype));
    assert.deepEqual(
      results.map((result) => result.dtype),
      [dtype, "float64", "int32", "bool"],
    );
    for (const result of results) assert.deepEqual([...result.data()], [0, 1, 1, 0, 1], dtype);
  }
});

test("empty tensors", () => {
  const f = tf.function((x: tf.Tensor) => [tf.reduceSum(x), tf.add(x, 1), tf.concat([x, x], 0)]);
  const [sum, more, both] = f(tf.zeros([0, 3]));
  assert.equal(sum!.item(), 0);
  assert.deepEqual(
    [more!.shape, both!.shape],
    [
      [0, 3],
      [0, 3],
    ],
  );
});

/** Runs code in a process of its own and gives its peak of resident memory in megabytes. */
function peakOf(body: string): number {
  const code = `import * as tf from "nabla"; ${body}; console.log(process.resourceUsage().maxRSS / 1024);`;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=nabla-source", "--import=tsx", "--input-type=module", "--eval", code],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

test("3 000 calls with results of 4 MB in one synchronous loop stay below 500 MB", () => {
  const peak = peakOf(`
    const v = new tf.Variable(tf.zeros([2 ** 20]));
    const f = tf.function((x) => { v.assignAdd(x); return tf.negative(v); });
    let y = tf.ones([2 ** 20]);
    const one = y;
    for (let i = 0; i < 3_000; i++) y = f(one);
    if (y.data()[5] !== -3000) throw new Error("wrong: " + y.data()[5]);
  `);
  assert.ok(peak < 500, `${peak.toFixed(0)} MB`);
});

test("1 000 calls with a tape outside, results of 4 MB, stay below 700 MB", () => {
  const peak = peakOf(`
    const v = new tf.Variable(tf.ones([2 ** 20]));
    const f = tf.function((x) => tf.exp(tf.multiply(v, x)));
    const zero = tf.constant(0);
    let g;
    for (let i = 0; i < 1_000; i++) {
      const tape = new tf.GradientTape();
      const y = tape.record(() => { tape.watch(zero); return f(zero); });
      g = tape.gradient(y, zero);
    }
    if (g.item() !== 2 ** 20) throw new Error("wrong: " + g.item());
  `);
  assert.ok(peak < 700, `${peak.toFixed(0)} MB`);
});
