/**
 * @file Traces with open sizes: how often a function is traced, what it gives for each size, and what happens where a number is needed.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertAllclose } from "nabla/testing";

const rows = (count: number, columns = 2): tf.Tensor =>
  tf.reshape(tf.range(count * columns, { dtype: "float32" }), [count, columns]);

const open = (...shapes: (number | null)[][]): { inputSignature: tf.TensorSpec[] } => ({
  inputSignature: shapes.map((shape) => new tf.TensorSpec(shape)),
});

/** A function and the sizes of its first argument that it was traced for. */
function counted<A extends tf.Tensor[], R>(f: (...args: A) => R): { f: (...args: A) => R; seen: string[] } {
  const seen: string[] = [];
  return {
    seen,
    f: (...args) => {
      seen.push(`${args[0]!.spec}`);
      return f(...args);
    },
  };
}

test("with a signature one trace serves all sizes, side effects come once", () => {
  const { f, seen } = counted((x: tf.Tensor) => tf.reduceMean(tf.square(x), 0));
  const g = tf.function(f, open([null, 2]));
  for (const count of [3, 5, 2, 100, 3]) assert.deepEqual(g(rows(count)).array(), f(rows(count)).array());
  assert.equal(seen[0], "float32[null, 2]");
  assert.equal(seen.filter((spec) => spec.includes("null")).length, 1);
  assert.equal(g.experimentalGetTracingCount(), 1);
});

test("several open sizes may be equal, or not", () => {
  const { f, seen } = counted((x: tf.Tensor, y: tf.Tensor) => [
    tf.matmul(x, y, { transposeB: true }),
    tf.reduceSum(y),
  ]);
  const g = tf.function(f, open([null, 2], [null, 2]));
  for (const [m, n] of [
    [3, 3],
    [3, 5],
    [4, 2],
  ] as const)
    assert.deepEqual(
      g(rows(m), rows(n)).map((t) => t.array()),
      f(rows(m), rows(n)).map((t) => t.array()),
    );
  assert.equal(seen.filter((spec) => spec.includes("null")).length, 1);
});

test("sizes that have to be equal are taken to be so", () => {
  const { f, seen } = counted((x: tf.Tensor, y: tf.Tensor) => tf.reduceMean(tf.square(x.sub(y))));
  const g = tf.function(f, open([null, 2], [null, 2]));
  assert.equal(g(rows(3), tf.zeros([3, 2])).item(), f(rows(3), tf.zeros([3, 2])).item());
  assert.equal(g(rows(7), tf.zeros([7, 2])).item(), f(rows(7), tf.zeros([7, 2])).item());
  assert.equal(g.experimentalGetTracingCount(), 1);
  // Where they are not, the function is traced for the sizes as they are: its own error, or what repetition makes.
  assert.throws(() => g(rows(3), rows(4)), {
    name: "ShapeError",
    message: /do not broadcast: \[3, 2\] and \[4, 2\]/,
  });
  assert.equal(g(rows(3), rows(1)).item(), f(rows(3), rows(1)).item());
  assert.equal(seen.filter((spec) => spec === "float32[null, 2]").length, 3);
});

test("sizes 0 and 1 have traces of their own", () => {
  const { f, seen } = counted((x: tf.Tensor) => tf.squeeze(tf.reduceSum(x, 1, true)));
  const g = tf.function(f, open([null, 2]));
  assert.deepEqual(g(rows(3)).shape, [3]);
  assert.deepEqual(g(rows(1)).shape, []);
  assert.deepEqual(g(rows(0)).shape, [0]);
  assert.deepEqual(g(rows(4)).shape, [4]);
  assert.deepEqual(seen, ["float32[null, 2]", "float32[1, 2]", "float32[0, 2]"]);
  assert.equal(g.experimentalGetTracingCount(), 3);
});

test("an axis of 1 beside an open one leaves that open", () => {
  const { f, seen } = counted((x: tf.Tensor) => tf.reduceSum(x));
  const g = tf.function(f, open([null, null]));
  for (const columns of [4, 5, 6])
    assert.equal(g(rows(1, columns)).item(), tf.reduceSum(rows(1, columns)).item());
  for (const columns of [4, 5, 6])
    assert.equal(g(rows(2, columns)).item(), tf.reduceSum(rows(2, columns)).item());
  assert.deepEqual(seen, ["float32[1, null]", "float32[null, null]"]);
});

test("reduceRetracing leaves open what differs from the second shape on", () => {
  const { f, seen } = counted((x: tf.Tensor) => tf.reduceSum(x, 1));
  const g = tf.function(f, { reduceRetracing: true });
  for (const count of [3, 4, 5, 6, 3])
    assert.deepEqual(g(rows(count)).array(), tf.reduceSum(rows(count), 1).array());
  assert.deepEqual(seen, ["float32[3, 2]", "float32[null, 2]"]);
  assert.equal(g.experimentalGetTracingCount(), 2);
  g(rows(5, 7));
  g(rows(5, 8));
  assert.deepEqual(seen.slice(2), ["float32[null, null]"]);
});

test("without either each size has its trace", () => {
  const { f, seen } = counted((x: tf.Tensor) => tf.reduceSum(x));
  const g = tf.function(f);
  for (const count of [3, 4, 5]) g(rows(count));
  assert.deepEqual(seen, ["float32[3, 2]", "float32[4, 2]", "float32[5, 2]"]);
});

test("other arguments and dtypes are groups of their own", () => {
  let runs = 0;
  const g = tf.function(
    (x: tf.Tensor, power: number) => {
      runs++;
      return tf.pow(x, power);
    },
    { reduceRetracing: true },
  );
  for (const count of [2, 3, 4, 5]) assert.equal(g(tf.fill([count], 3), 2).array()[count - 1], 9);
  assert.equal(runs, 2);
  assert.equal(g(tf.fill([2], 3), 3).array()[1], 27);
  assert.equal(g(tf.fill([6], 3), 3).array()[5], 27);
  assert.equal(g(tf.fill([7], 3), 3).array()[6], 27);
  assert.equal(runs, 4);
});

test("a concrete function with open sizes takes every size that fits", () => {
  const { f, seen } = counted((x: tf.Tensor) => tf.matmul(x, tf.ones([2, 3])));
  const g = tf.function(f, { name: "g" });
  const concrete = g.getConcreteFunction(new tf.TensorSpec([null, 2]));
  assert.deepEqual(seen, ["float32[null, 2]"]);
  assert.throws(() => concrete.graph.compiled(), { name: "ValueError", message: /call it first/ });
  assert.deepEqual(concrete(rows(3)).shape, [3, 3]);
  assert.deepEqual(
    concrete([
      [1, 2],
      [3, 4],
    ]).array(),
    [
      [3, 3, 3],
      [7, 7, 7],
    ],
  );
  assert.deepEqual(g(rows(5)).shape, [5, 3]);
  assert.equal(seen.length, 1);
  const lines = String(concrete.graph).split("\n");
  assert.equal(lines[0], "g(x0: float32[null, 2]) {");
  assert.match(lines[1]!, /^ {2}%0: float32\[null, 3\] = MatMul\(x0, /);
  assert.match(concrete.graph.compiled(), /^program/);
  assert.throws(() => concrete(rows(3, 4)), {
    name: "ShapeError",
    message: "g: argument 0 is float32[3, 4], the function was traced for float32[null, 2]",
  });
  assert.throws(() => concrete(tf.cast(rows(3), "int32")), { name: "DtypeError" });
  assert.deepEqual(concrete(rows(1)).shape, [1, 3]);
  assert.equal(g.getConcreteFunction(new tf.TensorSpec([null, 2]))(rows(9)).shape[0], 9);
  assert.deepEqual(seen, ["float32[null, 2]", "float32[1, 2]"]);
});

test("a concrete function of the signature itself", () => {
  const g = tf.function((x: tf.Tensor) => x.mul(2), open([null]));
  const concrete = (g.getConcreteFunction as unknown as () => (x: tf.Tensor) => tf.Tensor)();
  assert.deepEqual(concrete(tf.constant([1, 2])).array(), [2, 4]);
  assert.equal(g.experimentalGetTracingCount(), 1);
});

test("a concrete function cannot leave open what the function needs", () => {
  const g = tf.function((x: tf.Tensor) => x.mul(x.shape[0]! + 1), { name: "g" });
  assert.throws(() => g.getConcreteFunction(new tf.TensorSpec([null])), {
    name: "ShapeError",
    message: /^g: \[null\] leaves sizes open whose numbers the function needs while it is traced/,
  });
  const wrong = tf.function((x: tf.Tensor) => tf.matmul(x, tf.ones([3, 3])));
  assert.throws(() => wrong.getConcreteFunction(new tf.TensorSpec([null, 2])), {
    name: "ShapeError",
    message: "matmul: inner sizes differ: a is [null, 2], b is [3, 3]",
  });
});

test("sizes can be used where the library takes sizes, and print as null", () => {
  const shown: string[] = [];
  const g = tf.function(
    (x: tf.Tensor) => {
      shown.push(`${x}`);
      const [n] = x.shape as [number, number];
      return {
        flat: tf.reshape(x, [n, -1]),
        zeros: tf.zeros([n, 4]),
        share: tf.divide(x, n),
        n,
        half: [n, 0.5],
      };
    },
    open([null, 2]),
  );
  for (const count of [3, 8]) {
    const result = g(rows(count));
    assert.deepEqual(result.flat.array(), rows(count).array());
    assert.deepEqual(result.zeros.shape, [count, 4]);
    assert.deepEqual(result.share.array(), tf.divide(rows(count), count).array());
    assert.deepEqual([result.n, result.half], [count, [count, 0.5]]);
  }
  assert.deepEqual(shown, ["<traced float32[null, 2]>"]);
  assert.match(String(g.graph), /RealDiv\(x0, null\)/);
});

test("arithmetic on a size is traced size by size, and the failed trace leaves no marks", () => {
  const total = new tf.Variable(0);
  const generator = tf.random.Generator.fromSeed(1);
  const { f, seen } = counted((x: tf.Tensor) => {
    total.assignAdd(tf.reduceSum(x));
    const noise = generator.uniform([2]);
    return x.mul(x.shape[0]! / 2).add(noise);
  });
  const g = tf.function(f, open([null, 2]));
  const plain = tf.random.Generator.fromSeed(1);
  for (const count of [3, 4, 3]) {
    const expected = rows(count)
      .mul(count / 2)
      .add(plain.uniform([2]));
    assert.deepEqual(g(rows(count)).array(), expected.array());
  }
  assert.equal(total.item(), 15 + 28 + 15);
  // Once in vain, then for each size.
  assert.deepEqual(seen, ["float32[null, 2]", "float32[3, 2]", "float32[4, 2]"]);
  assert.equal(g.experimentalGetTracingCount(), 2);
});

test("a caught error does not hide that a number was needed", () => {
  const g = tf.function(
    (x: tf.Tensor) => {
      try {
        return x.mul(x.shape[0]! * 2);
      } catch {
        return x;
      }
    },
    open([null]),
  );
  assert.deepEqual(g(tf.constant([1, 2, 3])).array(), [6, 12, 18]);
});

test("a call that is a mistake does not close the sizes of others", () => {
  const { f, seen } = counted((x: tf.Tensor, y: tf.Tensor) => x.add(y));
  const g = tf.function(f, open([null], [null]));
  assert.throws(() => g(tf.ones([2]), tf.ones([3])), { name: "ShapeError", message: /\[2\] and \[3\]/ });
  for (const count of [2, 3, 4]) assert.deepEqual(g(tf.ones([count]), tf.ones([count])).shape, [count]);
  assert.deepEqual(seen, ["float32[null]", "float32[2]", "float32[null]"]);
  assert.equal(g.experimentalGetTracingCount(), 1);
});

test("mistakes keep their messages", () => {
  const g = tf.function((x: tf.Tensor) => tf.matmul(x, tf.ones([3, 3])), open([null, 2]));
  assert.throws(() => g(rows(4)), {
    name: "ShapeError",
    message: "matmul: inner sizes differ: a is [4, 2], b is [3, 3]",
  });
  const reads = tf.function((x: tf.Tensor) => x.item(), open([null]));
  assert.throws(() => reads(tf.constant([1, 2])), { name: "ReadError", message: /float32\[2\]/ });
});

test("variables made on the first call, and assigned on every one", () => {
  let w: tf.Variable | null = null;
  const steps = new tf.Variable(0);
  const g = tf.function(
    (x: tf.Tensor) => {
      w ??= new tf.Variable(() => tf.ones([2, 1]));
      steps.assignAdd(1);
      return tf.matmul(x, w);
    },
    open([null, 2]),
  );
  assert.deepEqual(g(rows(3)).array(), [[1], [5], [9]]);
  w!.assign([[2], [0]]);
  assert.deepEqual(g(rows(2)).array(), [[0], [4]]);
  assert.equal(steps.item(), 2);
  const always = tf.function((x: tf.Tensor) => new tf.Variable(1).mul(x), { reduceRetracing: true });
  always(rows(3));
  assert.throws(() => always(rows(4)), { name: "ValueError", message: /singleton tf.Variables/ });
});

test("tapes outside differentiate every size, to any order", () => {
  const w = new tf.Variable([[0.5], [-0.25]]);
  const loss = (x: tf.Tensor): tf.Tensor => tf.reduceMean(tf.exp(tf.matmul(tf.square(x), w)));
  const { f, seen } = counted(loss);
  const g = tf.function(f, open([null, 2]));
  for (const count of [2, 3, 4]) {
    const x = rows(count).div(4);
    const derivatives = (h: (x: tf.Tensor) => tf.Tensor): unknown => {
      const outer = new tf.GradientTape({ persistent: true });
      const [first, sum] = outer.record(() => {
        outer.watch(x);
        const inner = new tf.GradientTape();
        const y = inner.record(() => {
          inner.watch(x);
          return h(x);
        });
        const grads = inner.gradient(y, [x, w]);
        return [grads, tf.reduceSum(grads[0]).add(tf.reduceSum(grads[1]))] as const;
      });
      const second = outer.gradient(sum, [x, w]);
      return [...first, ...second].map((grad) => grad.array());
    };
    assert.deepEqual(derivatives(g), derivatives(loss));
  }
  assert.equal(seen.filter((spec) => spec.includes("null")).length, 1);
  assert.equal(g.experimentalGetTracingCount(), 1);
});

test("a gradient that needs a number is traced for the size", () => {
  const half = tf.customGradient((x: tf.Tensor) => [x.mul(1), (dy: tf.Tensor) => dy.mul(x.shape[0]! / 2)]);
  let runs = 0;
  const g = tf.function(
    (x: tf.Tensor) => {
      runs++;
      return half(x);
    },
    open([null]),
  );
  for (const count of [2, 6]) {
    const x = tf.ones([count]);
    assert.deepEqual(g(x).array(), x.array());
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(x);
      return g(x);
    });
    assert.deepEqual(tape.gradient(y, x).array(), tf.fill([count], count / 2).array());
  }
  assert.equal(runs, 3);
});

test("a function that is another for numbers than for open sizes is traced for each size", () => {
  const unheard: Record<string, (x: tf.Tensor) => tf.Tensor> = {
    equality: (x) => (x.shape[0] === 4 ? x.mul(10) : x),
    constants: (x) => x.add(x.shape[0] === 4 ? 10 : 0),
    attributes: (x) => tf.reduceSum(x, { keepdims: x.shape[0] === 4 }),
    lists: (x) => tf.addN(new Array(x.shape[0]!).fill(x)),
    integers: (x) => (Number.isInteger(x.shape[0]) ? x.neg() : x),
  };
  for (const [name, body] of Object.entries(unheard)) {
    const g = tf.function(body, { reduceRetracing: true });
    for (const size of [4, 3, 5]) {
      const x = tf.range(size).add(1);
      assert.deepEqual(g(x).array(), body(x).array(), `${name} of ${size}`);
    }
    assert.equal(g.experimentalGetTracingCount(), 3);
  }
});

/** Results and gradients of the first two orders, for several sizes, are those of the function itself. */
function checkGradients(body: (x: tf.Tensor) => tf.Tensor): void {
  const g = tf.function(body, open([null, 2]));
  for (const count of [2, 3, 5]) {
    const x = rows(count).div(9);
    const gradient = (h: (x: tf.Tensor) => tf.Tensor, order: number): tf.Tensor => {
      const inner = (z: tf.Tensor): tf.Tensor => tf.grad((u: tf.Tensor) => tf.reduceSum(h(u)))(z);
      return order === 1 ? inner(x) : tf.grad((z: tf.Tensor) => tf.reduceSum(inner(z)))(x);
    };
    assertAllclose(g(x), body(x));
    assertAllclose(gradient(g, 1), gradient(body, 1));
    assertAllclose(gradient(g, 2), gradient(body, 2));
  }
  assert.equal(g.experimentalGetTracingCount(), 1);
}

test("loops with a condition and open sizes inside, with their gradients and variables", () => {
  const factor = new tf.Variable(1.5);
  const rounds = new tf.Variable(0);
  checkGradients((x) => {
    const [, y] = tf.whileLoop(
      (i: tf.Tensor) => tf.less(i, 3),
      (i: tf.Tensor, y: tf.Tensor) => {
        rounds.assignAdd(1);
        return [i.add(1), tf.sin(y.mul(x)).mul(factor)];
      },
      [tf.constant(0), x],
    );
    return y as tf.Tensor;
  });
  assert.equal((rounds.item() as number) % 3, 0);
});

test("loops and branches with open sizes inside, with their gradients", () => {
  checkGradients((x) => {
    const scanned = tf.scan(
      (a: tf.Tensor, row: tf.Tensor) => tf.tanh(a.add(row)),
      tf.transpose(x),
      tf.zeros([x.shape[0]!]),
    );
    return tf.cond(
      tf.greater(tf.reduceSum(x), 0),
      () => scanned.mul(2),
      () => scanned,
    );
  });
});

test("a host function is called for the size as it is", () => {
  const g = tf.function(
    (x: tf.Tensor) => tf.pyFunction((v) => v!.data().length * x.shape[0]!, [x], new tf.TensorSpec([])),
    open([null]),
  );
  assert.equal(g(tf.ones([3])).item(), 9);
  assert.equal(g(tf.ones([4])).item(), 16);
});

test("a size that outlives its trace is of no use", () => {
  let kept = 0;
  const g = tf.function(
    (x: tf.Tensor) => {
      kept = x.shape[0]!;
      return x;
    },
    open([null]),
  );
  g(tf.ones([3]));
  assert.throws(() => kept + 1, { name: "EscapeError", message: /open/ });
  assert.throws(() => tf.ones([2]).mul(kept), { name: "EscapeError" });
  assert.throws(() => tf.zeros([kept, 2]), { name: "EscapeError" });
});

test("fit traces twice however the batches end; evaluate and predict too", async () => {
  let runs = 0;
  class Counted extends keras.Model {
    dense = new keras.layers.Dense(3);
    drop = new keras.layers.Dropout(0.5);
    override call(x: tf.Tensor): tf.Tensor {
      runs++;
      return this.drop(this.dense(x));
    }
  }
  const model = new Counted();
  const loss = new keras.losses.SparseCategoricalCrossentropy({ fromLogits: true });
  model.compile({ optimizer: "adam", loss, metrics: ["accuracy"] });
  const data = (count: number) =>
    [rows(count).div(count), tf.cast(tf.floormod(tf.range(count), 3), "float32")] as const;
  await model.fit(...data(10), { batchSize: 4, epochs: 2, verbose: 0 });
  // The dry run that builds the model, the first shape, the open one.
  assert.equal(runs, 3);
  for (const count of [11, 15, 7]) await model.fit(...data(count), { batchSize: 4, verbose: 0 });
  // 11 ends in 3, 7 in 3; 1 would have a trace of its own.
  assert.equal(runs, 3);
  runs = 0;
  for (const count of [8, 10, 11]) await model.evaluate(...data(count), { batchSize: 4, verbose: 0 });
  assert.equal(runs, 2);
  runs = 0;
  for (const count of [8, 10, 11])
    assert.deepEqual((await model.predict(data(count)[0], { batchSize: 4, verbose: 0 })).shape, [count, 3]);
  assert.equal(runs, 2);
});
