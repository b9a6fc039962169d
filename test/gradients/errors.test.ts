import assert from "node:assert/strict";
import * as tf from "nabla";
import { preventGradient } from "../../src/ops/gradientFlow.js";
import { GoldenTable, gradientAt } from "./golden.js";

interface ErrorRow {
  readonly name: string;
  readonly what: string;
  readonly error: string;
  readonly message: string;
}

/** Our classes for Python's. */
const classes: Record<string, readonly (abstract new (...args: any[]) => Error)[]> = {
  RuntimeError: [tf.GradientError],
  ValueError: [tf.ValueError, tf.ShapeError, tf.DtypeError],
  LookupError: [tf.LookupError, tf.GradientError],
  KeyError: [tf.KeyError],
  TypeError: [TypeError, tf.ReadError],
  AttributeError: [tf.ValueError],
};

const table = new GoldenTable<ErrorRow>("errors");

/**
 * A row about an error: ours has the class that stands for TensorFlow's.
 *
 * @param message  what ours says; where it is left out, TensorFlow's very words
 */
function throws(name: string, run: () => unknown, message?: RegExp): void {
  table.row(name, (row) => {
    const expected = classes[row.error];
    assert.ok(expected !== undefined, `a class for ${row.error}`);
    assert.throws(run, (error: Error) => {
      assert.ok(
        expected.some((kind) => error instanceof kind),
        `expected ${row.error}, got ${error.name}: ${error.message}`,
      );
      if (message === undefined) assert.equal(error.message, row.message);
      else assert.match(error.message, message);
      return true;
    });
  });
}

/** A tape that recorded x · x. */
function usedTape(): { tape: tf.GradientTape; x: tf.Variable; y: tf.Tensor } {
  const x = new tf.Variable([[3]]);
  const tape = new tf.GradientTape();
  return { tape, x, y: tape.record(() => x.mul(x)) };
}

throws("gradient_twice", () => {
  const { tape, x, y } = usedTape();
  tape.gradient(y, x);
  tape.gradient(y, x);
});

throws("jacobian_twice", () => {
  const { tape, x, y } = usedTape();
  tape.jacobian(y, x);
  tape.jacobian(y, x);
});

throws(
  "batch_jacobian_twice",
  () => {
    const { tape, x, y } = usedTape();
    tape.batchJacobian(y, x);
    tape.batchJacobian(y, x);
  },
  /^A non-persistent GradientTape can only be used to compute one set of gradients \(or jacobians\)$/,
);

throws("never_entered", () => {
  const x = new tf.Variable(1);
  new tf.GradientTape().gradient(x, x);
});

throws("entered_twice", () => {
  const tape = new tf.GradientTape();
  tape.record(() => tape.record(() => 1));
});

throws("stop_recording_before", () => new tf.GradientTape().stopRecording(() => 1));
throws("stop_recording_after", () => usedTape().tape.stopRecording(() => 1));
throws("reset_outside", () => usedTape().tape.reset());

throws(
  "watch_ndarray",
  () => {
    const tape = new tf.GradientTape();
    tape.record(() => tape.watch(new Float32Array([1]) as never));
  },
  /^Passed in object 1 of type 'Float32Array', not tf\.Tensor or tf\.Variable/,
);

throws("unknown_unconnected", () => {
  const { tape, x, y } = usedTape();
  tape.gradient(y, x, { unconnectedGradients: "nonsense" as never });
});

throws(
  "target_none",
  () => {
    const { tape, x } = usedTape();
    tape.gradient(null as never, x);
  },
  /^Argument `target` should be a list or nested structure of Tensors.*but received null\.$/,
);

table.differs("output_gradients_none", "null among the output gradients stands for ones", () => {
  const x = new tf.Variable(3);
  const tape = new tf.GradientTape();
  const targets = tape.record(() => [x.mul(x), x.mul(2)]);
  assert.equal(tape.gradient(targets, x, { outputGradients: [null, tf.constant(10)] }).item(), 6 + 20);
});

throws(
  "source_not_tensor",
  () => {
    const { tape, y } = usedTape();
    tape.gradient(y, 3 as never);
  },
  /^a source of derivatives must be a tensor or variable, got number 3$/,
);

throws(
  "jacobian_without_pfor",
  () => {
    const { tape, x, y } = usedTape();
    tape.jacobian(y, x, { experimentalUsePfor: false });
  },
  /must be created with persistent.*compute the jacobian/,
);

function batchJacobianOf(targetShape: number[], sourceShape: number[]): tf.Tensor {
  const tape = new tf.GradientTape();
  const x = tf.ones(sourceShape);
  const y = tape.record(() => {
    tape.watch(x);
    return tf.ones(targetShape).mul(tf.reduceSum(x));
  });
  return tape.batchJacobian(y, x);
}

throws(
  "batch_jacobian_sizes",
  () => batchJacobianOf([3, 2], [2, 2]),
  /^Need first dimension of target shape \(\[3, 2\]\) and source shape \(\[2, 2\]\) to match\.$/,
);
throws(
  "batch_jacobian_source_rank",
  () => batchJacobianOf([2, 2], [2]),
  /must have rank at least 2, got \[2\]/,
);
throws(
  "batch_jacobian_target_rank",
  () => batchJacobianOf([2], [2, 2]),
  /must have rank at least 2, got \[2\]/,
);

table.differs("no_registered_gradient", "our TruncateMod has a gradient", () => {
  const [dx, dy] = gradientAt((x, y) => tf.truncatemod(x, y), [-5, 3]);
  // −5 = −1 · 3 − 2: the remainder falls by the quotient −1 per unit of y.
  assert.deepEqual([dx.item(), dy.item()], [1, 1]);
  const missing = tf.elementwise({ name: "TestNoGradientAtAll", inputs: ["x"], lane: ({ x }) => x });
  assert.throws(() => gradientAt((x) => tf.apply(missing, [x]), [1]), {
    name: "LookupError",
    message: "gradient registry has no entry for: TestNoGradientAtAll",
  });
});

throws(
  "prevent_gradient",
  () => gradientAt((x) => preventGradient(x, "because"), [5]),
  /^Gradient explicitly disabled\. Reason: because$/,
);

table.skip("gradients_in_eager", "tf.gradients is TensorFlow's graph mode; there is no such function here");

/** Differentiates a custom gradient with the given backward function. */
function custom(
  backward: (...dys: any[]) => any,
  f: (x: tf.Tensor) => tf.Tensor = (x) => x.mul(2),
  count = 1,
): unknown {
  const decorated = tf.customGradient((...xs: tf.Tensor[]) => [f(xs[0]!), backward] as const);
  const xs = Array.from({ length: count }, (_, i) => new tf.Variable(i + 1));
  const tape = new tf.GradientTape();
  const y = tape.record(() => decorated(...xs));
  return tape.gradient(y, xs);
}

throws("custom_too_few", () => custom(() => []));
throws("custom_too_many", () => custom((dy) => [dy, dy, dy], undefined, 2));

table.row("custom_throws", ({ message }) => {
  const thrown = new RangeError(message);
  const backward = () => {
    throw thrown;
  };
  assert.throws(
    () => custom(backward),
    (error) => error === thrown,
  );
});

const w = new tf.Variable(2, { name: "w" });

throws(
  "custom_no_variables_argument",
  () =>
    custom(
      (dy) => dy,
      (x) => x.mul(w),
    ),
  /grad must take a last argument \{ variables \}, since the function uses variables: \[w\]$/,
);

throws(
  "custom_variable_count",
  () =>
    custom(
      (dy, _captured) => [dy, []],
      (x) => x.mul(w),
    ),
  /^Must return gradient for each variable/,
);

throws(
  "forward_same_primal_twice",
  () => {
    const x = tf.constant(3);
    new tf.ForwardAccumulator([x, x], [1, 1]);
  },
  /was specified as a primal multiple times\. This may indicate an error\. If it was intended, please sum the corr/,
);

throws("forward_entered_twice", () => {
  const accumulator = new tf.ForwardAccumulator(tf.constant(3), 1);
  accumulator.record(() => accumulator.record(() => 1));
});

table.differs("forward_through_recompute", "recomputeGrad has forward derivatives", () => {
  const x = tf.constant(3);
  const accumulator = new tf.ForwardAccumulator(x, 1);
  const y = accumulator.record(() => tf.recomputeGrad((t: tf.Tensor) => t.mul(t))(x));
  assert.equal(accumulator.jvp(y).item(), 6);
});

table.differs("second_order_through_recompute", "recomputeGrad has derivatives of any order", () => {
  const x = new tf.Variable(2);
  const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
  const cube = tf.recomputeGrad((t: tf.Tensor) => t.pow(3));
  const first = outer.record(() =>
    inner.gradient(
      inner.record(() => cube(x)),
      x,
    ),
  );
  assert.deepEqual([first.item(), outer.gradient(first, x).item()], [12, 12]);
});

throws(
  "register_not_a_string",
  () => tf.registerGradient(5 as never, () => null),
  /^the op type must be a string, got number 5$/,
);
throws(
  "register_twice",
  () => tf.registerGradient("Sin", () => null),
  /^Registering two gradients with name 'Sin'! \(Previous registration was in nabla's own ops\)$/,
);
throws(
  "no_gradient_twice",
  () => tf.noGradient("Sin"),
  /^Registering two gradients with name 'Sin'! \(Previous registration was in nabla's own ops\)$/,
);
throws("registry_lookup", () => tf.gradientRegistry.get("NoSuchOp"));

throws(
  "variable_shape",
  () => new tf.Variable([1, 2], { name: "w" }).assign([1, 2, 3]),
  /^assign: variable 'w' has shape \[2\], got \[3\]$/,
);
throws(
  "variable_assign_none",
  () => new tf.Variable(1, { name: "w" }).assignSub(null as never),
  /^assignSub: variable 'w' was given null; a gradient is null when the target does not depend on the variable$/,
);

table.skip("tensor_truth", "JavaScript cannot trap the truth of an object; lint rule and docs say so");
throws(
  "scalar_item_of_many",
  () => tf.constant([1, 2]).item(),
  /^item: expected a tensor of size 1, got shape \[2\]$/,
);

table.everyRow();
