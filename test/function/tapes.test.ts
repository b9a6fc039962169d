/**
 * @file Tapes inside and outside of traced functions. Values by closed forms.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";

const cube = tf.function((x: tf.Tensor) => tf.multiply(tf.square(x), x), { name: "cube" });

/** The gradient of f at x by a tape around it. */
function slope(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor): tf.Tensor {
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  return tape.gradient(y, x);
}

test("a tape inside: its gradient is part of the program", () => {
  const gradient = tf.function((x: tf.Tensor) => slope((at) => tf.multiply(tf.square(at), at), x));
  assert.deepEqual(gradient(tf.constant([2, -3])).array(), [12, 27]);
  assert.deepEqual(gradient(tf.constant([1, 4])).array(), [3, 48]);
});

test("a tape inside and variables: gradient descent on (w − 3)²", () => {
  const w = new tf.Variable(0);
  const step = tf.function(() => {
    const tape = new tf.GradientTape();
    const loss = tape.record(() => tf.square(tf.subtract(w, 3)));
    w.assignSub(tf.multiply(tape.gradient(loss, w), 0.25));
    return loss;
  });
  assert.deepEqual([step().item(), step().item(), step().item()], [9, 2.25, 0.5625]);
  assert.equal(w.item(), 2.625);
});

test("a tape outside: first, second and third derivative of x³", () => {
  const x = tf.constant([2, -1]);
  assert.deepEqual(slope(cube, x).array(), [12, 3]);
  assert.deepEqual(slope((at) => slope(cube, at), x).array(), [12, -6]);
  assert.deepEqual(slope((at) => slope((b) => slope(cube, b), at), x).array(), [6, 6]);
});

test("derivatives of a function that is itself a traced derivative", () => {
  const derivative = tf.function((x: tf.Tensor) => slope(cube, x));
  const second = tf.function((x: tf.Tensor) => slope(derivative, x));
  const x = tf.constant(5);
  assert.deepEqual([derivative(x).item(), second(x).item(), slope(second, x).item()], [75, 30, 6]);
});

test("the program is one block on the tape", () => {
  const x = new tf.Variable(2);
  const tape = new tf.GradientTape();
  tape.record(() => cube(x.readValue()));
  assert.deepEqual(
    tape.recorded.map(({ type }) => type),
    ["Identity", "Function cube"],
  );
});

test("variables read inside are watched by the tape outside, in every call", () => {
  const w = new tf.Variable(3);
  const f = tf.function((x: tf.Tensor) => tf.multiply(tf.square(w), x));
  for (const [value, expected] of [
    [3, 12],
    [5, 20],
  ] as const) {
    w.assign(value);
    const tape = new tf.GradientTape();
    const y = tape.record(() => f(tf.constant(2)));
    assert.deepEqual(tape.watchedVariables(), [w]);
    assert.equal(tape.gradient(y, w).item(), expected);
  }
});

test("a variable that the function assigns: the gradient is at the value read, none through the assignment", () => {
  const w = new tf.Variable(3);
  const f = tf.function(() => {
    const y = tf.square(w);
    w.assign(tf.multiply(w, 10));
    return tf.add(y, tf.multiply(w, 2));
  });
  const eager = new tf.Variable(3);
  const expected = new tf.GradientTape();
  const target = expected.record(() => {
    const y = tf.square(eager);
    eager.assign(tf.multiply(eager, 10));
    return tf.add(y, tf.multiply(eager, 2));
  });
  const tape = new tf.GradientTape();
  const y = tape.record(() => f());
  assert.equal(y.item(), 69);
  // Both reads count: 2·3 from before the assignment and 2 from after it.
  assert.equal(expected.gradient(target, eager).item(), 8);
  assert.equal(tape.gradient(y, w).item(), 8);
  assert.equal(w.item(), 30);
});

test("an assignment stops gradients of any order, whichever side the tapes are on", () => {
  const start = 2;
  const f = (w: tf.Variable) => () => {
    const y = tf.pow(w, 3);
    w.assign(tf.multiply(w, 10));
    w.assignAdd(1);
    return tf.add(y, tf.pow(w, 3));
  };
  const derivatives = (w: tf.Variable, g: () => tf.Tensor): number[] => {
    const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
    const first = outer.record(() => inner.gradient(inner.record(g), w));
    return [first.item(), outer.gradient(first, w).item()];
  };
  // Both reads are of w, the second at 10 w + 1: 3 w² + 3 (10 w + 1)², 6 w + 6 (10 w + 1).
  const expected = [3 * start ** 2 + 3 * 21 ** 2, 6 * start + 6 * 21];
  const [eager, traced, both] = [new tf.Variable(start), new tf.Variable(start), new tf.Variable(start)];
  assert.deepEqual(derivatives(eager, f(eager)), expected);
  assert.deepEqual(derivatives(traced, tf.function(f(traced))), expected);
  const inside = tf.function(() => {
    const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
    const first = outer.record(() => inner.gradient(inner.record(f(both)), both));
    return [first, outer.gradient(first, both)];
  });
  assert.deepEqual(
    inside().map((y) => y.item()),
    expected,
  );
});

test("a frozen variable has a gradient when a tape watches it, and none otherwise", () => {
  const frozen = new tf.Variable(3, { trainable: false });
  const f = tf.function((x: tf.Tensor) => tf.multiply(tf.square(frozen), x));
  const x = tf.constant(2);
  const gradient = (watches: boolean): tf.Tensor | null => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      if (watches) tape.watch(frozen);
      tape.watch(x);
      return f(x);
    });
    return tape.gradient(y, frozen, { unconnectedGradients: "none" });
  };
  assert.equal(gradient(true)!.item(), 12);
  assert.equal(gradient(false), null);
  assert.equal(gradient(true)!.item(), 12);
});

test("watchAccessedVariables: false holds for variables of the function too", () => {
  const w = new tf.Variable(3);
  const f = tf.function((x: tf.Tensor) => tf.multiply(w, x));
  const x = tf.constant(2);
  const tape = new tf.GradientTape({ persistent: true, watchAccessedVariables: false });
  const y = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  assert.equal(tape.gradient(y, x).item(), 3);
  assert.equal(tape.gradient(y, w, { unconnectedGradients: "none" }), null);
});

test("a tensor of the closure that a tape outside watches", () => {
  const c = tf.constant([2, 3]);
  const f = tf.function((x: tf.Tensor) => tf.multiply(tf.square(c), x));
  const x = tf.constant([10, 100]);
  for (let round = 0; round < 2; round++) {
    const tape = new tf.GradientTape({ persistent: true });
    const y = tape.record(() => {
      tape.watch([c, x]);
      return f(x);
    });
    assert.deepEqual(tape.gradient(y, c).array(), [40, 600]);
    assert.deepEqual(tape.gradient(y, x).array(), [4, 9]);
  }
  const unwatched = new tf.GradientTape();
  const y = unwatched.record(() => {
    unwatched.watch(x);
    return f(x);
  });
  assert.equal(unwatched.gradient(y, c, { unconnectedGradients: "none" }), null);
});

test("second derivative with respect to a tensor of the closure", () => {
  const c = tf.constant(2);
  const f = tf.function((x: tf.Tensor) => tf.multiply(tf.multiply(tf.square(c), c), x));
  const at = (tensor: tf.Tensor): tf.Tensor => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(tensor);
      return f(tf.constant(5));
    });
    return tape.gradient(y, tensor);
  };
  const outer = new tf.GradientTape();
  const first = outer.record(() => {
    outer.watch(c);
    return at(c);
  });
  assert.equal(first.item(), 60);
  assert.equal(outer.gradient(first, c).item(), 60);
});

test("a tensor of the closure that was computed on the tape", () => {
  const v = new tf.Variable(2);
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    const inner = tf.square(v);
    return tf.function((x: tf.Tensor) => tf.multiply(inner, x))(tf.constant(3));
  });
  assert.equal(y.item(), 12);
  assert.equal(tape.gradient(y, v).item(), 12);
});

test("a persistent tape outside gives several gradients of one call", () => {
  const w = new tf.Variable([1, 2]);
  const f = tf.function((x: tf.Tensor) => ({ product: tf.multiply(w, x), sum: tf.reduceSum(tf.square(w)) }));
  const x = tf.constant([5, 6]);
  const tape = new tf.GradientTape({ persistent: true });
  const { product, sum } = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  assert.deepEqual(
    tape.gradient(product, [w, x]).map((g) => g.array()),
    [
      [5, 6],
      [1, 2],
    ],
  );
  assert.deepEqual(tape.gradient(sum, w).array(), [2, 4]);
  // As in TensorFlow: the program is one op, and its gradient for x exists.
  assert.deepEqual(tape.gradient(sum, x).array(), [0, 0]);
  assert.deepEqual(tape.gradient([product, sum], w).array(), [7, 10]);
  assert.deepEqual(tape.gradient(product, w, { outputGradients: tf.constant([10, 100]) }).array(), [50, 600]);
});

test("several calls of one function on one tape add up", () => {
  const x = tf.constant(3);
  assert.equal(slope((at) => tf.add(cube(at), cube(tf.multiply(at, 2))), x).item(), 27 + 8 * 27);
});

test("jacobian and batchJacobian through a function", () => {
  const f = tf.function((x: tf.Tensor) =>
    tf.stack([tf.multiply(x.slice([0], [1]), x.slice([1], [1])), tf.square(x.slice([1], [1]))]),
  );
  const x = tf.constant([3, 5]);
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.record(() => {
    tape.watch(x);
    return tf.reshape(f(x), [2]);
  });
  assert.deepEqual(tape.jacobian(y, x).array(), [
    [5, 3],
    [0, 10],
  ]);
  const rows = tf.constant([
    [1, 2],
    [3, 4],
  ]);
  const batch = new tf.GradientTape();
  const squares = batch.record(() => {
    batch.watch(rows);
    return tf.function((each: tf.Tensor) => tf.square(each))(rows);
  });
  assert.deepEqual(batch.batchJacobian(squares, rows).array(), [
    [
      [2, 0],
      [0, 4],
    ],
    [
      [6, 0],
      [0, 8],
    ],
  ]);
});

test("jacobian inside a function", () => {
  const f = tf.function((x: tf.Tensor) => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(x);
      return tf.square(x);
    });
    return tape.jacobian(y, x);
  });
  assert.deepEqual(f(tf.constant([2, 3])).array(), [
    [4, 0],
    [0, 6],
  ]);
});

test("ForwardAccumulator through a function, and inside one", () => {
  const x = tf.constant([2, 3]);
  const accumulator = new tf.ForwardAccumulator(x, tf.constant([1, 10]));
  const y = accumulator.record(() => cube(x));
  assert.deepEqual(y.array(), [8, 27]);
  assert.deepEqual(accumulator.jvp(y).array(), [12, 270]);
  const inside = tf.function((at: tf.Tensor) => {
    const own = new tf.ForwardAccumulator(at, tf.onesLike(at));
    const z = own.record(() => tf.square(at));
    return own.jvp(z);
  });
  assert.deepEqual(inside(x).array(), [4, 6]);
});

test("forward over reverse through a function: Hessian times vector of Σ x³", () => {
  const x = tf.constant([2, 3]);
  const accumulator = new tf.ForwardAccumulator(x, tf.constant([1, 10]));
  const gradient = accumulator.record(() => slope(cube, x));
  assert.deepEqual(accumulator.jvp(gradient).array(), [12, 180]);
});

test("arguments that nothing depends on have no gradient", () => {
  const w = new tf.Variable(1);
  const f = tf.function((x: tf.Tensor) => [
    tf.argmax(x, 0),
    tf.stopGradient(tf.square(x)),
    tf.constant(1),
    tf.exp(w),
  ]);
  const x = tf.constant([1, 4]);
  const tape = new tf.GradientTape({ persistent: true });
  const results = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  for (const result of results) {
    assert.equal(tape.gradient(result, x, { unconnectedGradients: "none" }), null);
    assert.deepEqual(tape.gradient(result, x, { unconnectedGradients: "zero" }).array(), [0, 0]);
  }
});

test("results without a gradient beside one that has it give zeros, as in TensorFlow", () => {
  const f = tf.function((x: tf.Tensor) => [tf.stopGradient(tf.square(x)), tf.constant(1), tf.square(x)]);
  const x = tf.constant([1, 4]);
  const tape = new tf.GradientTape({ persistent: true });
  const results = tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  assert.deepEqual(
    results.map((result) => tape.gradient(result, x).array()),
    [
      [0, 0],
      [0, 0],
      [2, 8],
    ],
  );
});

test("stopGradient inside takes its part out of a sum", () => {
  const f = tf.function((x: tf.Tensor) => tf.multiply(x, tf.stopGradient(tf.square(x))));
  assert.equal(slope(f, tf.constant(3)).item(), 9);
});

test("an integer argument and a float one", () => {
  const f = tf.function((x: tf.Tensor, i: tf.Tensor) => tf.gather(tf.square(x), i));
  const x = tf.constant([1, 2, 3]);
  assert.deepEqual(slope((at) => f(at, tf.constant([2, 0, 2], "int32")), x).array(), [2, 0, 12]);
});

test("gather's gradient of a variable: rows that occur twice count twice, inside and outside", () => {
  const table = new tf.Variable([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const ids = tf.constant([2, 0, 2], "int32");
  const expected = [
    [1, 1],
    [0, 0],
    [2, 2],
  ];
  const look = tf.function((rows: tf.Tensor) => tf.reduceSum(tf.gather(table, rows)));
  const tape = new tf.GradientTape();
  const y = tape.record(() => look(ids));
  assert.deepEqual(tf.convertToTensor(tape.gradient(y, table)).array(), expected);
  const inside = tf.function((rows: tf.Tensor) => {
    const own = new tf.GradientTape();
    const sum = own.record(() => tf.reduceSum(tf.gather(table, rows)));
    return tf.convertToTensor(own.gradient(sum, table));
  });
  assert.deepEqual(inside(ids).array(), expected);
});

test("IndexedSlices can be returned from a function", () => {
  const table = new tf.Variable([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const f = tf.function((rows: tf.Tensor) => {
    const tape = new tf.GradientTape();
    const sum = tape.record(() => tf.reduceSum(tf.gather(table, rows)));
    return tape.gradient(sum, table);
  });
  const gradient = f(tf.constant([2, 0, 2], "int32"));
  assert.deepEqual(tf.convertToTensor(gradient).array(), [
    [1, 1],
    [0, 0],
    [2, 2],
  ]);
});

test("a tape that is recording while a function is traced for the first time sees the block only", () => {
  const f = tf.function((x: tf.Tensor) => tf.exp(tf.square(x)), { name: "f" });
  const x = tf.constant(1);
  const tape = new tf.GradientTape();
  tape.record(() => {
    tape.watch(x);
    return f(x);
  });
  assert.deepEqual(
    tape.recorded.map(({ type }) => type),
    ["Function f"],
  );
});

test("stopRecording around a call hides it", () => {
  const x = tf.constant(2);
  const tape = new tf.GradientTape({ persistent: true });
  const [seen, hidden] = tape.record(() => {
    tape.watch(x);
    return [cube(x), tape.stopRecording(() => cube(x))] as const;
  });
  assert.equal(tape.gradient(seen, x).item(), 12);
  assert.equal(tape.gradient(hidden, x, { unconnectedGradients: "none" }), null);
});

test("gradients of large arrays, by the program of WebAssembly", () => {
  const size = 200_000;
  const x = tf.divide(tf.range(size), size);
  const f = tf.function((at: tf.Tensor) => tf.multiply(tf.exp(at), at));
  const gradient = slope(f, x).data();
  for (const i of [0, 1, 777, size - 1]) {
    const at = i / size;
    assert.ok(Math.abs(gradient[i]! - Math.exp(at) * (1 + at)) < 1e-5, `at ${at}`);
  }
});

test("cond, whileLoop and scan inside, with a tape outside", () => {
  const f = tf.function((x: tf.Tensor) =>
    tf.cond(
      tf.less(x, 0),
      () => tf.multiply(x, -3),
      () => tf.square(x),
    ),
  );
  assert.deepEqual([slope(f, tf.constant(-2)).item(), slope(f, tf.constant(5)).item()], [-3, 10]);
  const power = tf.function((x: tf.Tensor) =>
    tf.scan((a, _) => tf.multiply(a, x), tf.zeros([3]), tf.constant(1)),
  );
  assert.deepEqual(power(tf.constant(2)).array(), [2, 4, 8]);
  // 1 + 2x + 3x²
  assert.equal(slope(power, tf.constant(2)).item(), 17);
});

const kinds: Record<string, () => tf.Operand> = {
  "a tensor of the closure": () => tf.constant(2),
  "a variable": () => new tf.Variable(2),
  "a frozen variable": () => new tf.Variable(2, { trainable: false }),
};

for (const [kind, make] of Object.entries(kinds)) {
  test(`bodies of loops and branches may use ${kind} that a tape outside watches`, () => {
    const c = make();
    const forms: [expected: number, f: (x: tf.Tensor) => tf.Tensor][] = [
      // c + 1, c² + c + 2, c³ + c² + 2c + 3
      [24, (x) => tf.scan((a, slice) => tf.add(tf.multiply(a, c), slice), x, tf.constant(1))],
      // c³ Σ x
      [
        72,
        (x) =>
          tf.whileLoop(
            (i) => tf.less(i, 3),
            (i, a) => [tf.add(i, 1), tf.multiply(a, c)],
            [tf.constant(0, "int32"), x],
          )[1],
      ],
      [
        6,
        (x) =>
          tf.cond(
            tf.less(tf.reduceSum(x), 100),
            () => tf.multiply(x, c),
            () => x,
          ),
      ],
    ];
    for (const [expected, f] of forms) {
      const tape = new tf.GradientTape();
      const y = tape.record(() => {
        tape.watch(c);
        return tf.function(f)(tf.constant([1, 2, 3]));
      });
      assert.equal(tape.gradient(y, c).item(), expected);
    }
  });
}
