/**
 * @file Variables that bodies of traced loops and branches assign: values and gradients are those of the loop run op by op.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertClose, times, zero } from "./support/traced.js";

type F = (x: tf.Tensor) => tf.Tensor;
type Made = { readonly variables: readonly tf.Variable[]; readonly f: F };

const x = tf.constant([0.5, -0.2, 0.9], "float64");
/** The gradients, of one order after the other, of what f gives at x: for x and the variables, one behind the other. */
function gradients({ variables, f }: Made, orders: number): tf.Tensor[] {
  const tapes = Array.from({ length: orders }, () => new tf.GradientTape({ persistent: true }));
  const results: tf.Tensor[] = [];
  const under = (order: number): tf.Tensor => {
    if (order === 0) return f(x);
    const tape = tapes[order - 1]!;
    const y = tape.record(() => {
      tape.watch(x);
      return tf.reduceSum(tf.square(under(order - 1)));
    });
    const grads = tape.gradient(y, [x, ...variables], { unconnectedGradients: "zero" });
    const flat = tf.concat(
      grads.map((grad) => tf.reshape(tf.cast(grad.asTensor(), "float64"), [-1])),
      0,
    );
    results.push(flat);
    return flat;
  };
  under(orders);
  return results;
}

/** A function with variables of its own: op by op, as a program, differentiated outside and inside. */
function check(make: () => Made, orders = 2): void {
  const eager = make();
  const traced = make();
  const f = tf.function(traced.f);
  const sameVariables = (other: Made, when: string): void => {
    for (const [i, variable] of eager.variables.entries())
      assertClose(other.variables[i]!.readValue(), variable.readValue(), `variable ${i} ${when}`);
  };
  for (const call of ["first", "second"]) {
    assertClose(f(x), eager.f(x), `the ${call} call`);
    sameVariables(traced, `after the ${call} call`);
  }
  const expected = gradients(eager, orders);
  const outside = gradients({ ...traced, f }, orders);
  for (const [i, grad] of outside.entries())
    assertClose(grad, expected[i]!, `gradient ${i + 1}, tapes outside`);
  sameVariables(traced, "after tapes outside");
  const fresh = [make(), make()] as const;
  const inside = tf.function(() => gradients(fresh[1], orders))();
  const again = gradients(fresh[0], orders);
  for (const [i, grad] of inside.entries()) assertClose(grad, again[i]!, `gradient ${i + 1}, tapes inside`);
}

const float = (value: tf.TensorLike, name = "v"): tf.Variable =>
  new tf.Variable(value, { dtype: "float64", name });

test("whileLoop: a counter, and a read in every round sees the latest value", () => {
  check(() => {
    const [count, v] = [new tf.Variable(0, { dtype: "int32" }), float(1.5)];
    const f: F = (a) =>
      times(
        4,
        (y) => {
          count.assignAdd(1);
          const before = tf.multiply(y, v);
          v.assignAdd(tf.cast(count, "float64"));
          return tf.sin(before.add(v));
        },
        a,
      );
    return { variables: [count, v], f };
  });
});

test("scan: the variable goes from slice to slice, in both directions", () => {
  for (const reverse of [false, true]) {
    check(() => {
      const v = float(2);
      const f: F = (a) =>
        tf.scan(
          (s: tf.Tensor, e: tf.Tensor) => {
            const next = s.mul(v).add(e);
            v.assign(tf.multiply(v, 0.5));
            return next;
          },
          a,
          tf.constant(1, "float64"),
          { reverse },
        ) as tf.Tensor;
      return { variables: [v], f };
    });
  }
});

test("scan without an initializer, over one slice and over several", () => {
  for (const slices of [1, 3]) {
    check(() => {
      const v = float(2);
      const f: F = (a) =>
        tf.scan(
          (s: tf.Tensor, e: tf.Tensor) => {
            v.assignAdd(1);
            return s.mul(v).add(e);
          },
          a.slice([0], [slices]),
        ) as tf.Tensor;
      return { variables: [v], f };
    });
  }
});

test("cond: either branch, both, and a variable that only one assigns", () => {
  for (const sign of [1, -1]) {
    check(() => {
      const [a, b, c] = [float(1, "a"), float([2, 3, 4], "b"), float(5, "c")];
      const f: F = (at) => {
        const y = tf.cond(
          tf.greater(tf.reduceSum(at).mul(sign), 0),
          () => {
            a.assignAdd(tf.reduceSum(at));
            c.assign(tf.multiply(c, a));
            return tf.multiply(at, c);
          },
          () => {
            b.assign(tf.multiply(at, b));
            c.assignSub(1);
            return tf.add(b, at).mul(c);
          },
        ) as tf.Tensor;
        return y.add(tf.multiply(a, b)).mul(c);
      };
      return { variables: [a, b, c], f };
    });
  }
});

test("cond: branches that only assign, that give the variable, that give numbers", () => {
  const v = float(1);
  const count = tf.function((a: tf.Tensor) => {
    const nothing = tf.cond(
      tf.greater(a, 0),
      () => {
        v.assignAdd(a);
      },
      () => {},
    );
    assert.equal(nothing, undefined);
    const changed = tf.cond<tf.Operand>(
      tf.greater(a, 1),
      () => v.assign(tf.multiply(v, 10)),
      () => v,
    );
    const sign = tf.cond<tf.Operand | number>(
      tf.greater(a, 0),
      () => 1,
      () => -1,
    );
    return [changed, sign, v.readValue()] as tf.Operand[];
  });
  const results = (a: number): number[] =>
    count(tf.constant(a, "float64")).map((y) => (y as tf.Tensor).item());
  assert.deepEqual(results(2), [30, 1, 30]);
  assert.deepEqual(results(-5), [30, -1, 30]);
  assert.deepEqual(results(1), [31, 1, 31]);
  assert.equal(v.item(), 31);
  const uneven = tf.function((a: tf.Tensor) =>
    tf.cond<unknown>(
      tf.greater(a, 0),
      () => {},
      () => a,
    ),
  );
  assert.throws(() => uneven(tf.constant(1)), {
    name: "ValueError",
    message: "cond: falseFn must give the structure that trueFn gives",
  });
});

test("a value that comes from the loop's states: no gradient through the assignment, as op by op", () => {
  check(() => {
    const v = float([1, 1, 1]);
    const f: F = (a) => {
      const y = times(
        3,
        (z) => {
          v.assign(tf.multiply(z, a));
          return tf.multiply(z, v).add(a);
        },
        a,
      );
      return tf.multiply(y, v);
    };
    return { variables: [v], f };
  });
  // From analysis: after the loop v stands for itself, whatever it was given.
  const v = float(1);
  const f = tf.function((a: tf.Tensor) => {
    times(
      3,
      (z) => {
        v.assign(tf.multiply(z, 2));
        return z.mul(2);
      },
      a,
    );
    return tf.multiply(v, v);
  });
  const a = tf.constant(3, "float64");
  const tape = new tf.GradientTape({ persistent: true });
  const y = tape.record(() => {
    tape.watch(a);
    return f(a);
  });
  assert.equal(v.item(), 24);
  assert.equal(tape.gradient(y, v).item(), 2 * 24);
  assert.equal(tape.gradient(y, a, { unconnectedGradients: "none" }), null);
});

test("reads before, in and after the loop count together", () => {
  check(() => {
    const v = float(0.7);
    const f: F = (a) => {
      const before = tf.square(v);
      const y = times(
        2,
        (z) => {
          const next = z.mul(v);
          v.assignSub(0.1);
          return next;
        },
        a,
      );
      return y.add(before).mul(tf.pow(v, 3));
    };
    return { variables: [v], f };
  }, 3);
});

test("the condition reads what the body assigns", () => {
  check(() => {
    const left = float(4);
    const f: F = (a) =>
      tf.whileLoop(
        () => tf.greater(left, 0),
        (y: tf.Tensor) => {
          left.assignSub(1.5);
          return [y.mul(a).add(left)];
        },
        [a],
      )[0] as tf.Tensor;
    return { variables: [left], f };
  });
});

test("bodies in bodies", () => {
  check(() => {
    const [v, rounds] = [float(0.5), new tf.Variable(0, { dtype: "int32" })];
    const inner = (s: tf.Tensor): tf.Tensor =>
      times(
        2,
        (z) => {
          v.assign(tf.multiply(v, 1.5));
          rounds.assignAdd(1);
          return tf.tanh(z.mul(v));
        },
        s,
      );
    const f: F = (a) =>
      tf.scan(
        (s: tf.Tensor, e: tf.Tensor) =>
          tf.cond(
            tf.equal(tf.floormod(rounds, 4), 0),
            () => inner(s).add(e),
            () => {
              rounds.assignAdd(2);
              return inner(inner(s)).mul(v);
            },
          ) as tf.Tensor,
        a,
        tf.constant(1, "float64"),
      ) as tf.Tensor;
    return { variables: [v, rounds], f };
  });
});

test("a scan whose variables hand their values on: each round reads what the rounds before wrote", () => {
  for (const size of [3, 64]) {
    const matrix = tf.reshape(tf.sin(tf.range(size * size, { dtype: "float64" })), [size, size]).div(size);
    check(() => {
      const variables = [1, 2, 3].map((k) => float(tf.fill([size, 1], k).cast("float64")));
      const [a, b, c] = variables as [tf.Variable, tf.Variable, tf.Variable];
      const f: F = (at) =>
        tf.scan(
          (s: tf.Tensor, e: tf.Tensor) => {
            const old = a.readValue();
            a.assign(b.readValue());
            b.assign(c.readValue());
            c.assign(tf.matmul(matrix, tf.add(old, c)));
            return s.mul(e).add(tf.reduceMean(old));
          },
          tf.tile(at, [3]),
          tf.constant(1, "float64"),
        ) as tf.Tensor;
      return { variables, f };
    }, 1);
  }
});

test("no rounds leave the variable as it was", () => {
  check(() => {
    const v = float(3);
    const f: F = (a) =>
      times(
        0,
        (y) => {
          v.assignAdd(1);
          return y;
        },
        a,
      ).mul(v);
    return { variables: [v], f };
  });
});

test("a tensor that was read before the loop and the variable itself: each read counts once", () => {
  check(() => {
    const v = float(3);
    const f: F = (a) => {
      const old = tf.convertToTensor(v);
      return times(
        2,
        (y) => {
          const next = y.mul(v).add(old);
          v.assignAdd(1);
          return next;
        },
        a,
      );
    };
    return { variables: [v], f };
  });
  check(() => {
    const v = float(3);
    const f: F = (a) => {
      const old = tf.convertToTensor(v);
      return tf.cond(
        tf.greater(tf.reduceSum(a), 0),
        () => a.mul(v).mul(old),
        () => a,
      ) as tf.Tensor;
    };
    return { variables: [v], f };
  });
});

test("a variable that is a loop variable's first value, and assigned too", () => {
  check(() => {
    const v = float([3, 1, 2]);
    const f: F = (a) =>
      tf.whileLoop(
        (i: tf.Tensor) => tf.less(i, 2),
        (i: tf.Tensor, y: tf.Tensor) => {
          v.assign(tf.multiply(v, y));
          return [tf.add(i, 1), y.mul(a).add(v)];
        },
        [zero(), v] as tf.Tensor[],
      )[1] as tf.Tensor;
    return { variables: [v], f };
  });
});

test("forward mode: the direction of a variable stays what it was", () => {
  const v = float(2);
  const f: F = (a) =>
    times(
      3,
      (y) => {
        v.assign(tf.multiply(v, 0.5));
        return y.mul(a).add(v);
      },
      a,
    );
  const along = (g: F): tf.Tensor => {
    v.assign(2);
    const accumulator = new tf.ForwardAccumulator([x, v], [tf.constant([1, 10, 100], "float64"), 1]);
    const y = accumulator.record(() => g(x));
    return accumulator.jvp(y);
  };
  const expected = along(f);
  assertClose(along(tf.function(f)), expected, "around the function");
  assertClose(tf.function(() => along(f))(), expected, "in the function");
});

test("a frozen variable has a gradient if a tape watches it", () => {
  const v = new tf.Variable(2, { trainable: false });
  const f = tf.function((a: tf.Tensor) =>
    times(
      3,
      (y) => {
        v.assignAdd(1);
        return y.mul(v);
      },
      a,
    ),
  );
  const at = (watches: boolean): number | null => {
    v.assign(2);
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      if (watches) tape.watch(v);
      return f(tf.constant(1));
    });
    return tape.gradient(y, v, { unconnectedGradients: "none" })?.item() ?? null;
  };
  // 3 · 4 · 5 by each of its factors
  assert.equal(at(true), 4 * 5 + 3 * 5 + 3 * 4);
  assert.equal(at(false), null);
});

test("tapes watch variables that bodies read, not those that they only assign", () => {
  const [read, assigned] = [float(1, "read"), float(1, "assigned")];
  const f = (a: tf.Tensor): tf.Tensor =>
    times(
      2,
      (y) => {
        assigned.assign(tf.constant(2, "float64"));
        return y.mul(read);
      },
      a,
    );
  const inside = tf.function((a: tf.Tensor) => {
    const tape = new tf.GradientTape();
    tape.record(() => f(a));
    assert.deepEqual(
      tape.watchedVariables().map(({ name }) => name),
      ["read"],
    );
    return a;
  });
  inside(tf.constant(1, "float64"));
});

test("all or nothing: a check that fails in a later round leaves variables as they were", () => {
  for (const size of [1, 150_000]) {
    const v = new tf.Variable(tf.ones([size]));
    const f = tf.function((a: tf.Tensor) =>
      times(
        3,
        (y) => {
          v.assignAdd(tf.ones([size]));
          return tf.debugging.checkNumerics(tf.divide(1, y.sub(1)), "reciprocal");
        },
        a,
      ),
    );
    // 1/(y − 1): 3 gives 1/2, then −2, then −1/3; 2 gives 1 and then no number.
    f(tf.constant(3));
    assert.equal(v.data()[size - 1], 4);
    assert.throws(() => f(tf.constant(2)), /^ValueError: reciprocal/);
    assert.equal(v.data()[size - 1], 4);
  }
});

test("tracing alone changes nothing, and neither does a body that throws", () => {
  const v = float(5);
  const f = tf.function((a: tf.Tensor) => times(2, (y) => y.add(v.assignAdd(1)), a));
  f.getConcreteFunction(tf.constant(1, "float64"));
  assert.equal(v.item(), 5);
  const failing = tf.function((a: tf.Tensor) =>
    times(
      2,
      () => {
        v.assignAdd(1);
        throw new RangeError("mine");
      },
      a,
    ),
  );
  assert.throws(() => failing(tf.constant(1)), RangeError);
  assert.equal(v.item(), 5);
});

test("a variable made in a body, on the first call only", () => {
  let v: tf.Variable | null = null;
  const f = tf.function((a: tf.Tensor) =>
    times(
      3,
      (y) => {
        v ??= new tf.Variable(10);
        v.assignAdd(1);
        return y.add(v);
      },
      a,
    ),
  );
  assert.equal(f(tf.constant(0)).item(), 11 + 12 + 13);
  assert.equal(f(tf.constant(0)).item(), 14 + 15 + 16);
  assert.equal(v!.item(), 16);
  const always = tf.function((a: tf.Tensor) => times(1, (y) => y.add(new tf.Variable(1)), a));
  always(tf.constant(0));
  assert.throws(() => always(tf.constant([0])), /singleton tf.Variables/);
});

test("what is refused says why", () => {
  const v = float(1, "counter");
  const condition = tf.function((a: tf.Tensor) =>
    tf.whileLoop(
      () => tf.less(v.assignAdd(1), 5),
      (y: tf.Tensor) => [y],
      [a],
    ),
  );
  assert.throws(() => condition(x), {
    name: "ValueError",
    message:
      /^whileLoop: variable 'counter' is assigned in the condition of a traced loop.*assign it in the body/,
  });
  assert.equal(v.item(), 1);
  const branches = tf.function((a: tf.Tensor) =>
    tf.cond(
      tf.greater(tf.reduceSum(a), 0),
      () => a,
      () => tf.reduceSum(a),
    ),
  );
  assert.throws(() => branches(x), {
    name: "ShapeError",
    message: "cond: falseFn makes float64[] of value 0, which is float64[3]",
  });
});

test("gradient functions in a body: what they need must be in the body too", () => {
  const late = tf.constant(3, "float64");
  const scaled = (needs: boolean) =>
    tf.customGradient((a: tf.Tensor) => [
      needs ? tf.add(a, tf.multiply(late, 0)) : tf.identity(a),
      (dy: tf.Tensor) => tf.multiply(dy, late),
    ]);
  const slope = (needs: boolean): tf.Tensor => {
    const f = tf.function((a: tf.Tensor) => times(2, (y) => scaled(needs)(y), a));
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(x);
      return f(x);
    });
    return tape.gradient(y, x);
  };
  assert.deepEqual(slope(true).array(), [9, 9, 9]);
  assert.throws(() => slope(false), { name: "ValueError", message: /uses a tensor \(float64\[\]\)/ });
  const v = float(1, "counted");
  const counted = tf.customGradient((a: tf.Tensor) => [
    tf.identity(a),
    (dy: tf.Tensor) => {
      v.assignAdd(1);
      return dy;
    },
  ]);
  const f = tf.function((a: tf.Tensor) => tf.grad((at: tf.Tensor) => times(2, (y) => counted(y), at))(a));
  assert.throws(() => f(x), {
    name: "ValueError",
    message: /assigns variable 'counted'; assign it in the body/,
  });
});
