import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees, gradientAt, plain, ResultTable, watching } from "./golden.js";

const table = new ResultTable("custom_gradient");

/** The value, the first and the second derivative at a variable. */
function twoDerivatives(f: (x: tf.TensorLike) => tf.Tensor, point: number): tf.Tensor[] {
  const x = new tf.Variable(point);
  const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
  const [y, first] = outer.record(() => {
    const value = inner.record(() => f(x));
    return [value, inner.gradient(value, x)] as const;
  });
  return [y, first, outer.gradient(first, x)];
}

const identityWith = (grad: (dy: tf.Tensor) => tf.Tensor) =>
  tf.customGradient((x: tf.Tensor) => [x, grad] as const);

table.gives("CustomGradientTrivial", () => {
  const triple = identityWith((dy) => dy.mul(3));
  return gradientAt((x) => triple(triple(x)), [3]);
});

table.gives("CustomGradientSwapped", () => {
  const multiply = tf.customGradient((x1: tf.Tensor, x2: tf.Tensor) => {
    return [x1.mul(x2), (dy: tf.Tensor) => [dy.mul(x1), dy.mul(x2)]] as const;
  });
  return gradientAt(multiply, [3, 5]);
});

table.gives("CustomGradientDescent", () => {
  const multiply = tf.customGradient((a: tf.Tensor, b: tf.Tensor) => {
    return [a.mul(b), (dy: tf.Tensor) => [dy.mul(b), dy.mul(a)]] as const;
  });
  const x = new tf.Variable(2);
  return Array.from({ length: 5 }, () => {
    const tape = new tf.GradientTape();
    const loss = tape.record(() => multiply(2, x));
    x.assignSub(tape.gradient(loss, x).mul(0.25));
    return loss;
  });
});

table.gives("SecondOrderGoesThroughGradientBody", () => {
  const oddSquare = tf.customGradient((x: tf.Tensor) => {
    return [x.mul(x), (dy: tf.Tensor) => dy.mul(5).mul(x)] as const;
  });
  return twoDerivatives(oddSquare, 3);
});

table.gives("OverrideSecondOrder", () => {
  const firstOrder = tf.customGradient((x: tf.Tensor) => {
    return [x.mul(2.1), (dy: tf.Tensor) => dy.mul(2.2)] as const;
  });
  const f = tf.customGradient((x: tf.Tensor) => {
    return [x.mul(2), (dy: tf.Tensor) => dy.mul(firstOrder(x))] as const;
  });
  return twoDerivatives(f, 1);
});

interface Captured {
  readonly variables: readonly tf.Variable[];
}

table.gives("CapturedVariable", () => {
  const weights = new tf.Variable([1, 1]);
  const linear = tf.customGradient((x: tf.Tensor) => {
    const backward = (dy: tf.Tensor, { variables }: Captured) => {
      assert.deepEqual(variables, [weights]);
      const ofWeights = tf.stack([tf.reduceSum(dy.mul(x)), tf.reduceSum(dy)]);
      return [dy.mul(weights.at(1)), [ofWeights]] as const;
    };
    return [weights.at(1).mul(x).add(weights.at(0)), backward] as const;
  });
  const tape = new tf.GradientTape();
  const [x, y] = tape.record(() => {
    const point = watching(tape, [1, 2, 3]);
    return [point, linear(point)] as const;
  });
  return [y, ...tape.gradient(y, [x, weights])];
});

table.gives("VariablesKeywordOnly", () => {
  const captured = new tf.Variable(3);
  const f = tf.customGradient((x: tf.Tensor) => {
    const backward = (dy: tf.Tensor, { variables }: Captured) =>
      [captured.mul(4), variables.map(() => dy.mul(x))] as const;
    return [x.mul(captured), backward] as const;
  });
  const x = new tf.Variable(6);
  const tape = new tf.GradientTape();
  const y = tape.record(() => f(x));
  return tape.gradient(y, [x, captured]);
});

table.gives("VariableAsArgument", () => {
  const f = tf.customGradient((v: tf.Variable, x: tf.Variable) => {
    return [v.mul(x), (dy: tf.Tensor) => [dy.mul(10), dy.mul(100)]] as const;
  });
  const [v, x] = [new tf.Variable(2), new tf.Variable(3)];
  const tape = new tf.GradientTape();
  const y = tape.record(() => f(v, x));
  return tape.gradient(y, [v, x]);
});

table.gives("SeveralOutputs", () => {
  const f = tf.customGradient((x: tf.Tensor) => {
    const y: [tf.Tensor, tf.Tensor] = [x.mul(x), x.add(1)];
    return [y, (dy0: tf.Tensor, dy1: tf.Tensor) => dy0.mul(100).add(dy1)] as const;
  });
  const tape = new tf.GradientTape({ persistent: true });
  const [x, first, second] = tape.record(() => {
    const point = watching(tape, 3);
    return [point, ...f(point)] as const;
  });
  return [tape.gradient([first, second], x), tape.gradient(first, x), tape.gradient(second, x)];
});

table.gives("NoneFromBackward", () => {
  const f = tf.customGradient((x: tf.Tensor, y: tf.Tensor) => {
    return [x.mul(y), (dy: tf.Tensor) => [dy, null]] as const;
  });
  return [gradientAt(f, [2, 3]), gradientAt(f, [2, 3], { unconnectedGradients: "zero" })];
});

table.gives("OutputIsANewTensor", () => {
  const f = identityWith((dy) => dy.mul(7));
  const tape = new tf.GradientTape();
  const [x, y] = tape.record(() => {
    const point = watching(tape, 3);
    return [point, f(point)] as const;
  });
  return [y === x, tape.gradient(y, [x, y])];
});

table.gives("ClipGradient", () => {
  const clipped = identityWith((dy) => {
    const norm = tf.sqrt(tf.reduceSum(tf.square(dy)));
    return dy.mul(tf.divide(0.5, norm.maximum(0.5)));
  });
  const v = new tf.Variable(2);
  const tape = new tf.GradientTape();
  const y = tape.record(() => clipped(v.mul(v)));
  return tape.gradient(y, v);
});

table.gives("RecursiveCustomGradient", () => {
  const triple = tf.customGradient((x: tf.Tensor) => [x.mul(3), (dy: tf.Tensor) => dy.mul(3)] as const);
  const doubleOfTriple = tf.customGradient((x: tf.Tensor) => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(x);
      return triple(x).mul(2);
    });
    const inner = tape.gradient(y, x);
    return [y, (dy: tf.Tensor) => dy.mul(inner).mul(2)] as const;
  });
  return gradientAt(doubleOfTriple, [2]);
});

table.gives("StopGradient", () => [
  gradientAt((x) => tf.stopGradient(x).mul(x), [3]),
  gradientAt(tf.stopGradient, [3]),
]);

table.gives("PartialDerivatives", () => {
  const tape = new tf.GradientTape({ persistent: true });
  const [x, y, z, stopped, zStopped] = tape.record(() => {
    const point = watching(tape, 1);
    const double = point.mul(2);
    const held = tf.stopGradient(point.mul(2));
    tape.watch(held);
    return [point, double, point.add(double), held, point.add(held)] as const;
  });
  return [tape.gradient(z, [x, y]), tape.gradient(zStopped, [x, stopped])];
});

table.gives("GradPassThrough", () => {
  const [x, z] = [new tf.Variable(1), new tf.Variable(3)];
  const tape = new tf.GradientTape({ persistent: true });
  const assign = (value: tf.Tensor) => x.assign(value);
  const [value, passed] = tape.record(
    () => [assign(z.pow(2)).mul(1), tf.gradPassThrough(assign)(z.pow(2))] as const,
  );
  const round = tf.gradPassThrough((t: tf.Tensor) => tf.round(t));
  return [tape.gradient(value, z), tape.gradient(passed, z).mul(1), gradientAt(round, [2.4])];
});

table.gives("GradPassThroughVariable", () => {
  const [v, x] = [new tf.Variable(2), new tf.Variable(3)];
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.gradPassThrough((t: tf.Tensor) => v.mul(t))(x));
  return [y, ...tape.gradient(y, [x, v])];
});

table.gives("RecomputeGrad", () => {
  const [w, x] = [new tf.Variable(2), new tf.Variable(0.5)];
  let runs = 0;
  const f = (t: tf.Tensor) => {
    runs++;
    return tf.sin(t).mul(w);
  };
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.recomputeGrad(f)(x));
  return [y, ...tape.gradient(y, [x, w]), runs];
});

table.gives("RecomputeGradWithStructures", () => {
  const inputs = { a: new tf.Variable(2), b: new tf.Variable(3) };
  const f = (both: { a: tf.Tensor; b: tf.Tensor }) => both.a.mul(both.b).add(both.a);
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.recomputeGrad(f)({ a: inputs.a.readValue(), b: inputs.b.readValue() }));
  return [y, tape.gradient(y, inputs)];
});

table.gives("StructuredOutput", () => {
  const f = tf.customGradient((x: tf.Tensor) => {
    const y = { square: x.mul(x), next: [x.add(1)] };
    return [y, (dnext: tf.Tensor, dsquare: tf.Tensor) => dnext.mul(100).add(dsquare)] as const;
  });
  const x = new tf.Variable(3);
  const tape = new tf.GradientTape();
  const y = tape.record(() => f(x));
  return [y, tape.gradient(y, x)];
});

table.everyRow();

test("customGradient takes nested lists and typed arrays where it takes tensors", () => {
  const f = tf.customGradient((x: tf.Tensor) => [x.mul(x), (dy: tf.Tensor) => dy.mul(x)] as const);
  assert.deepEqual(f([1, 2]).array(), [1, 4]);
  assert.deepEqual(f([[1], [2]]).shape, [2, 1]);
  assert.equal(f(new Float64Array([3])).dtype, "float64");
});

test("customGradient keeps structures of arguments and of results", () => {
  const f = tf.customGradient((pair: { a: tf.Tensor; b: readonly tf.Tensor[] }) => {
    const y = { sum: pair.a.add(pair.b[0]!), nothing: [] as tf.Tensor[] };
    return [y, (dy: tf.Tensor) => ({ a: dy, b: [dy.mul(2)] })] as const;
  });
  const [a, b] = [new tf.Variable(1), new tf.Variable(2)];
  const tape = new tf.GradientTape();
  const y = tape.record(() => f({ a: a.readValue(), b: [b.readValue()] }));
  assert.deepEqual(plain(y), { sum: 3, nothing: [] });
  assert.deepEqual(plain(tape.gradient(y, [a, b])), [1, 2]);
});

test("customGradient: a gradient of another shape or dtype than its argument is an error", () => {
  const wrongShape = identityWith(() => tf.constant(1));
  assert.throws(() => gradientAt(wrongShape, [[1, 2]]), {
    name: "GradientError",
    message: "the gradient of CustomGradient for input 0 has shape []; the input has [2]",
  });
  const wrongDtype = identityWith(() => tf.constant([1, 1], "float64"));
  assert.throws(() => gradientAt(wrongDtype, [[1, 2]]), {
    name: "GradientError",
    message: "the gradient of CustomGradient for input 0 has dtype float64; the input has float32",
  });
});

test("customGradient works on methods", () => {
  class Scale {
    readonly factor = 3;
    readonly apply = tf.customGradient((x: tf.Tensor) => {
      return [x.mul(this.factor), (dy: tf.Tensor) => dy.mul(this.factor).mul(10)] as const;
    });
  }
  assert.deepEqual(plain(gradientAt(new Scale().apply, [2])), [30]);
});

test("gradPassThrough of several arguments: every gradient goes to its own", () => {
  const f = tf.gradPassThrough((x: tf.Tensor, y: tf.Tensor) => [tf.floor(x), tf.round(y)]);
  const gradients = gradientAt(
    (x, y) => {
      const [a, b] = f(x, y);
      return a!.mul(5).add(b!.mul(7));
    },
    [1.5, 2.5],
  );
  assert.deepEqual(plain(gradients), [5, 7]);
});

test("gradPassThrough: a result of another shape has no gradient to pass", () => {
  const f = tf.gradPassThrough((x: tf.Tensor) => tf.reduceSum(x));
  assert.throws(() => gradientAt(f, [[1, 2]]), tf.GradientError);
});

test("recomputeGrad: structures, integers and the wrapped function", () => {
  const f = (pair: { x: tf.Tensor; i: tf.Tensor }) => pair.x.mul(pair.x).mul(pair.i.cast("float32"));
  const recomputing = tf.recomputeGrad(f);
  assert.equal(recomputing.wrapped, f);
  const warnings: unknown[] = [];
  const { warn } = console;
  console.warn = (text: unknown) => warnings.push(text);
  try {
    const gradients = gradientAt((x) => recomputing({ x, i: tf.constant(5, "int32") }), [3]);
    assertAgrees(plain(gradients), [30]);
  } finally {
    console.warn = warn;
  }
  assert.deepEqual(warnings, []);
});
