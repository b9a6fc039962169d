/**
 * @file Whole training steps: a block of a transformer and a small convolutional network, with their gradients and updates.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { checkProgram } from "./graphs.js";

const noise = (...shape: number[]): tf.Tensor => {
  const size = shape.reduce((n, m) => n * m, 1);
  return tf.reshape(tf.constant(Array.from({ length: size }, (_, i) => Math.sin(1 + i * i) / 2)), shape);
};

function normalized(x: tf.Tensor, scale: tf.Tensor, shift: tf.Tensor): tf.Tensor {
  const centred = tf.subtract(x, tf.reduceMean(x, -1, true));
  const variance = tf.reduceMean(tf.square(centred), -1, true);
  const unit = tf.multiply(centred, tf.math.rsqrt(tf.add(variance, 1e-3)));
  return tf.add(tf.multiply(unit, scale), shift);
}

function dense(x: tf.Tensor, w: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const rows = tf.reshape(x, [-1, w.shape[0]!]);
  return tf.reshape(tf.add(tf.matmul(rows, w), b), [...x.shape.slice(0, -1), w.shape[1]!]);
}

const [BATCH, TIME, WIDTH, HEADS] = [2, 3, 8, 2];

function block(x: tf.Tensor, p: readonly tf.Tensor[]): tf.Tensor {
  const heads = (y: tf.Tensor): tf.Tensor =>
    tf.transpose(tf.reshape(y, [BATCH, TIME, HEADS, WIDTH / HEADS]), [0, 2, 1, 3]);
  const [q, k, v] = tf.split(dense(normalized(x, p[0]!, p[1]!), p[2]!, p[3]!), 3, -1).map(heads);
  const scores = tf.nn.softmax(tf.multiply(tf.matmul(q!, k!, { transposeB: true }), 0.5));
  const mixed = tf.reshape(tf.transpose(tf.matmul(scores, v!), [0, 2, 1, 3]), x.shape);
  return tf.add(x, tf.nn.gelu(dense(mixed, p[4]!, p[5]!)));
}

/** The new moments and value of a variable. */
function adam(g: tf.Tensor, w: tf.Tensor, m: tf.Tensor, v: tf.Tensor, rate: tf.Tensor): tf.Tensor[] {
  const mean = tf.add(m, tf.multiply(tf.subtract(g, m), 0.1));
  const square = tf.add(v, tf.multiply(tf.subtract(tf.square(g), v), 0.001));
  return [mean, square, tf.subtract(w, tf.divide(tf.multiply(rate, mean), tf.add(tf.sqrt(square), 1e-7)))];
}

function gradients(f: () => tf.Tensor, variables: readonly tf.Tensor[]): [loss: tf.Tensor, tf.Tensor[]] {
  const tape = new tf.GradientTape();
  const loss = tape.record(() => {
    for (const variable of variables) tape.watch(variable);
    return f();
  });
  return [loss, tape.gradient(loss, [...variables]) as tf.Tensor[]];
}

test("a step of an attention block: every view vanishes, each update is one kernel with its gradient", () => {
  const shapes = [[WIDTH], [WIDTH], [WIDTH, 3 * WIDTH], [3 * WIDTH], [WIDTH, WIDTH], [WIDTH]];
  const n = shapes.length;
  const program = checkProgram(
    (x, step, ...state) => {
      const weights = state.slice(0, n);
      const [loss, grads] = gradients(() => tf.reduceMean(tf.square(block(x!, weights))), weights);
      const rate = tf.divide(0.01, tf.subtract(1, tf.pow(0.9, step!)));
      const updates = weights.flatMap((w, i) => adam(grads[i]!, w, state[n + i]!, state[2 * n + i]!, rate));
      return [loss, ...updates];
    },
    [
      noise(BATCH, TIME, WIDTH),
      tf.constant(3),
      ...shapes.map((shape) => noise(...shape)),
      ...shapes.map((shape) => noise(...shape)),
      ...shapes.map((shape) => tf.abs(noise(...shape))),
    ],
  );
  const maps = program.steps.filter((step) => step.kind === "kernel" && step.kernel.kind === "map");
  const moving = maps.filter(
    (step) => step.kind === "kernel" && step.kernel.targets.every(({ lane }) => lane.kind === "input"),
  );
  assert.equal(moving.length, 0, "steps that only move elements");
  // Results are three per update: each update's three targets stand in one kernel that also sums its gradient.
  for (let i = 0; i < n; i++) {
    const wanted = program.outputs.slice(1 + 3 * i, 4 + 3 * i);
    const makers = program.steps.filter(
      (step) => step.kind === "kernel" && wanted.some((buffer) => step.arrays.includes(buffer)),
    );
    assert.equal(makers.length, 1, `kernels that write update ${i}`);
    assert.ok(makers[0]!.kind === "kernel" && makers[0]!.kernel.kind !== "map");
  }
});

test("a step of a convolutional network", () => {
  const program = checkProgram(
    (x, w1, b1, w2, y) => {
      const variables = [w1!, b1!, w2!];
      const [loss, grads] = gradients(() => {
        const first = tf.nn.relu(tf.add(tf.nn.conv2d(x!, w1!, 1, "SAME"), b1!));
        const second = tf.nn.relu(tf.nn.conv2d(tf.nn.maxPool2d(first, 2, 2, "VALID"), w2!, 1, "VALID"));
        return tf.reduceMean(tf.square(tf.subtract(second, y!)));
      }, variables);
      return [loss, ...variables.map((w, i) => tf.subtract(w, tf.multiply(0.1, grads[i]!)))];
    },
    [noise(2, 6, 6, 2), noise(3, 3, 2, 4), noise(4), noise(3, 3, 4, 5), noise(2, 1, 1, 5)],
  );
  const names = program.steps.flatMap((step) =>
    step.kind === "kernel" && step.kernel.kind === "contract"
      ? [step.nodes.map(({ op }) => op.name).join(" ")]
      : [],
  );
  assert.ok(names.includes("Conv2D Add Relu"), names.join("; "));
});
