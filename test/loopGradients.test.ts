/**
 * @file Derivatives of tf.whileLoop in traced functions, to any order: against closed forms, central differences, and the loop run
 * op by op under nested tapes.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";
import * as tf from "nabla";
import { gradcheck } from "nabla/testing";
import { assertClose, checkTraced, type F, times, zero } from "./support/traced.js";

const w = tf.constant([0.5, -0.2, 0.9], "float64");
const scalar = (x: number): tf.Tensor => tf.constant(x, "float64");
/** f(x), f′(x), f″(x) … with all tapes on one side of a traced function. */
function derivatives(f: F, x: tf.Tensor, orders: number, side: "inside" | "outside"): number[] {
  const derive =
    (g: F): F =>
    (at) => {
      const tape = new tf.GradientTape();
      const y = tape.record(() => {
        tape.watch(at!);
        return g(at!);
      });
      return tape.gradient(y, at!);
    };
  let g: F = side === "outside" ? (tf.function(f) as unknown as F) : f;
  const values: number[] = [];
  for (let order = 0; order <= orders; order++, g = derive(g)) {
    const traced = side === "outside" ? g : (tf.function(g) as unknown as F);
    values.push(traced(x).item());
  }
  return values;
}

for (const side of ["inside", "outside"] as const) {
  test(`x to the 2ⁿ by squaring, four derivatives, tapes ${side}`, () => {
    const x = 1.5;
    const power = (a: tf.Tensor): tf.Tensor => times(3, (y) => tf.square(y), a);
    const expected = [1, 8, 8 * 7, 8 * 7 * 6, 8 * 7 * 6 * 5].map(
      (factor, order) => factor * x ** (8 - order),
    );
    const given = derivatives(power as F, scalar(x), 4, side);
    given.forEach((value, order) => {
      assert.ok(Math.abs(value - expected[order]!) <= 1e-13 * expected[order]!, `order ${order}: ${value}`);
    });
  });

  test(`Newton's square root: as many rounds as the values need, three derivatives, tapes ${side}`, () => {
    const a = 7;
    const root: F = (x) =>
      tf.whileLoop(
        (y: tf.Tensor) => tf.greater(tf.abs(tf.subtract(tf.square(y), x!)), 1e-25),
        (y: tf.Tensor) => [tf.multiply(tf.add(y, tf.divide(x!, y)), 0.5)],
        [scalar(1)] as tf.Tensor[],
        { maximumIterations: 12 },
      )[0] as tf.Tensor;
    const expected = [a ** 0.5, 0.5 * a ** -0.5, -0.25 * a ** -1.5, 0.375 * a ** -2.5];
    const given = derivatives(root, scalar(a), 3, side);
    given.forEach((value, order) => {
      assert.ok(Math.abs(value - expected[order]!) <= 1e-12, `order ${order}: ${value}`);
    });
  });
}

const linear: F = (a) => times(5, (y) => y.mul(a!).add(1), tf.ones([3], "float64"));
test("three orders against the loop op by op", () => checkTraced(linear, [w], 3));

test("no rounds at all", () => {
  checkTraced((a) => times(0, (y) => y.mul(a!), tf.square(a!)), [w], 2);
});

test("how often it runs is a value: one trace for many counts", () => {
  const power: F = (a, n) => times(n!, (y) => y.mul(a!), scalar(1));
  const second = tf.function((a: tf.Tensor, n: tf.Tensor) => {
    const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
    const slope = outer.record(() => {
      outer.watch(a);
      const y = inner.record(() => {
        inner.watch(a);
        return power(a, n);
      });
      return inner.gradient(y, a);
    });
    return outer.gradient(slope, a);
  });
  for (const n of [0, 1, 2, 3, 7]) {
    assert.equal(second(scalar(2), tf.constant(n, "int32")).item(), n < 2 ? 0 : n * (n - 1) * 2 ** (n - 2));
  }
  assert.equal(second.experimentalGetTracingCount(), 1);
});

test("maximumIterations cuts derivatives off too", () => {
  const f: F = (a) =>
    tf.whileLoop(
      () => tf.constant(true),
      (y: tf.Tensor) => tf.sin(y.mul(a!)),
      [tf.ones([3], "float64")],
      { maximumIterations: 4 },
    )[0] as tf.Tensor;
  checkTraced(f, [w], 3);
});

test("integer and bool states beside float ones", () => {
  const f: F = (a) => {
    const [, , y, z] = tf.whileLoop(
      (i: tf.Tensor, on: tf.Tensor) => tf.logicalOr(tf.less(i, 4), on),
      (i: tf.Tensor, on: tf.Tensor, y: tf.Tensor, z: tf.Tensor) => [
        tf.add(i, 1),
        tf.logicalNot(on),
        tf.where(on, y.mul(a!), tf.sin(z)),
        z.add(y.mul(tf.cast(i, "float64"))),
      ],
      [zero(), tf.constant(true), a!, tf.square(a!)] as tf.Tensor[],
    ) as tf.Tensor[];
    return tf.add(y!, z!);
  };
  checkTraced(f, [w], 3);
});

test("a float state that nothing differentiable goes into", () => {
  const f: F = (a) =>
    tf.whileLoop(
      (t: tf.Tensor) => tf.less(t, 3),
      (t: tf.Tensor, y: tf.Tensor) => [tf.add(t, 1), y.mul(a!).mul(tf.stopGradient(t))],
      [scalar(1), a!] as tf.Tensor[],
    )[1] as tf.Tensor;
  checkTraced(f, [w], 2);
});

test("a loop in a loop, with a bound of its own in each round", () => {
  const f: F = (a, b) =>
    times(
      3,
      (y, i) => times(tf.add(i, 1), (z) => tf.sin(z.mul(b!)).add(y), y).mul(a!),
      tf.ones([3], "float64"),
    );
  checkTraced(f, [w, tf.constant([0.3, 0.8, -0.4], "float64")], 2);
});

test("a branch in a loop, a loop in a branch", () => {
  const f: F = (a) =>
    times(
      5,
      (y) =>
        tf.cond(
          tf.greater(tf.reduceSum(y), 0.7),
          () => tf.sin(y).mul(a!),
          () => times(2, (z) => z.add(tf.square(a!)), y),
        ) as tf.Tensor,
      tf.square(a!),
    );
  checkTraced(f, [w], 3);
  checkTraced(f, [w.neg()], 2);
});

test("a scan in a loop, a loop in a scan", () => {
  const slices = tf.constant([0.2, -0.7, 0.4], "float64");
  const f: F = (a, xs) => {
    const collected = times(
      2,
      (y) =>
        tf
          .scan((s: tf.Tensor, e: tf.Tensor) => s.mul(e).add(a!), xs!, y)
          .slice([2, 0], [1, 3])
          .reshape([3]),
      a!,
    );
    return tf.scan(
      (s: tf.Tensor, e: tf.Tensor) => times(2, (z) => tf.tanh(z.mul(e).add(collected)), s),
      xs!,
      a!,
    ) as tf.Tensor;
  };
  checkTraced(f, [w, slices], 2);
});

test("products of matrices: ops with shapes in the body", () => {
  const matrix = tf.constant(
    [
      [0.4, -0.3],
      [0.6, 0.2],
    ],
    "float64",
  );
  const f: F = (m) => times(4, (y) => tf.tanh(tf.matmul(m!, y)), tf.ones([2, 1], "float64"));
  checkTraced(f, [matrix], 3);
});

test("central differences: gradients, gradients of gradients, and forward mode", () => {
  const f: F = (a, b) =>
    times(
      3,
      (y) =>
        tf.cond(
          tf.less(tf.reduceSum(y), 0.3),
          () => y.mul(b!).add(a!),
          () => tf.sin(y).mul(a!),
        ) as tf.Tensor,
      tf.square(a!),
    );
  const inputs = [w, tf.constant([0.3, 0.8, -0.4], "float64")];
  gradcheck(tf.function(f), inputs);
  // Second derivatives, differentiated again.
  const gradient: F = (a, b) => tf.grad((at: tf.Tensor) => tf.reduceSum(f(at, b!)))(a!);
  gradcheck(tf.function(gradient), inputs);
});

for (const kind of ["a tensor", "a variable"] as const) {
  test(`${kind} of the closure`, () => {
    const c = kind === "a tensor" ? scalar(2) : new tf.Variable(2, { dtype: "float64" });
    // x c³: 3 x c², 6 x c, 6 x
    const f = tf.function((x: tf.Tensor) => times(3, (y) => tf.multiply(y, c), x));
    const tapes = [0, 1, 2].map(() => new tf.GradientTape());
    const under = (depth: number): tf.Tensor => {
      if (depth === 3) return f(scalar(5));
      const y = tapes[depth]!.record(() => {
        tapes[depth]!.watch(c);
        return under(depth + 1);
      });
      if (depth === 0) return y;
      return tapes[depth]!.gradient(y, c);
    };
    const second = under(0);
    assert.equal(second.item(), 5 * 6 * 2);
    assert.equal(tapes[0]!.gradient(second, c).item(), 5 * 6);
  });
}

test("Hessians, Hessian times vector, Jacobians of a traced loop", () => {
  const f = tf.function((x: tf.Tensor) => tf.reduceSum(times(2, (y) => y.mul(x), x)));
  const x = tf.constant([1, -2], "float64");
  // Σ x³
  const [six, twelve] = [6, -12];
  assert.deepEqual(tf.hessian(f)(x).array(), [
    [six, 0],
    [0, twelve],
  ]);
  assert.deepEqual(tf.hvp(f, x, tf.constant([1, 10], "float64")).array(), [six, 10 * twelve]);
});

test("a gradient step inside each round, differentiated from outside", () => {
  // Three steps of descent on (y − a)² with rate 1/4 from 0: y = a (1 − 1/8).
  const descend: F = (a) =>
    times(
      3,
      (y) => {
        const slope = tf.grad((at: tf.Tensor) => tf.square(at.sub(a!)))(y);
        return y.sub(slope.mul(0.25));
      },
      scalar(0),
    );
  const a = scalar(2);
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(a);
    return (tf.function(descend) as unknown as F)(a);
  });
  assert.equal(y.item(), 2 * (1 - 1 / 8));
  assert.equal(tape.gradient(y, a).item(), 1 - 1 / 8);
  checkTraced(descend, [a], 2);
});

test("large states: programs within programs share the heap", () => {
  const size = 50_000;
  const x = tf.divide(tf.range(size, { dtype: "float64" }), size);
  const f: F = (a) => times(3, (y) => tf.sin(y).mul(a!), a!);
  const second = (g: F): tf.Tensor => tf.hvp((at: tf.Tensor) => tf.reduceSum(g(at)), x, tf.onesLike(x));
  assertClose(second(tf.function(f) as unknown as F), second(f), "Hessian times ones");
});

test("a heap that no thread shares, which grows while the host runs rounds: its views are taken anew", () => {
  const code = `
    delete globalThis.SharedArrayBuffer;
    const tf = await import("nabla");
    const x = tf.divide(tf.range(400_000), 400_000);
    const loop = (a) =>
      tf.whileLoop((i) => tf.less(i, 3), (i, y) => [i.add(1), tf.sin(y).mul(a)], [tf.constant(0), a])[1];
    const both = (a) => [loop(a), tf.grad((b) => tf.reduceSum(loop(b)))(a)];
    const [given, expected] = [tf.function(both)(x), both(x)];
    console.log(given.map((y, k) => tf.reduceMax(tf.abs(y.sub(expected[k]))).item() < 1e-5));
  `;
  const flags = ["--conditions=nabla-source", "--import=tsx", "--input-type=module", "--eval", code];
  const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8" });
  assert.equal(stdout, "[ true, true ]\n", stderr);
});

test("what has no gradient says so while the function is traced", () => {
  const secret = tf.elementwise({ name: "Secret", inputs: ["x"], lane: ({ x }) => tf.lane.mul(x, x) });
  const slope = tf.function((a: tf.Tensor) =>
    tf.grad((at: tf.Tensor) => times(2, (y) => tf.apply(secret, [y]), at))(a),
  );
  assert.throws(() => slope.getConcreteFunction(new tf.TensorSpec([])), { name: "LookupError" });
});
