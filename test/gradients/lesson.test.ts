import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { assertAgrees, plain, readGolden } from "./golden.js";

const golden = readGolden("seed.json");

/** The distance to the next float32 above a value's size. */
const unitInTheLastPlace = (x: number): number =>
  2 ** Math.max(Math.floor(Math.log2(Math.abs(x))) - 23, -149);

test("20 steps on a parabola: TensorFlow's float32 path, bit for bit", () => {
  const { path, y: values, gradients } = golden.descent_by_tape;
  const x = new tf.Variable(0);
  const steps = Array.from({ length: 20 }, () => {
    const tape = new tf.GradientTape();
    const y = tape.record(() => x.pow(2).sub(x.mul(6)).add(5));
    const gradient = tape.gradient(y, x);
    x.assignSub(gradient.mul(0.1));
    return [x.item(), y.item(), gradient.item()];
  });
  assert.equal(path.length, 20);
  assert.deepEqual(
    steps,
    path.map((_: number, i: number) => [path[i], values[i], gradients[i]]),
  );
});

test("100 steps in two variables: TensorFlow's float32 path to one unit in the last place", () => {
  const { path } = golden.descent_in_two_variables;
  const [x, y] = [new tf.Variable(-3), new tf.Variable(3)];
  assert.equal(path.length, 100);
  for (const expected of path) {
    const tape = new tf.GradientTape();
    const z = tape.record(() => x.sub(1).pow(2).add(y.sub(1).pow(2)));
    const [dx, dy] = tape.gradient(z, [x, y]);
    x.assignSub(dx.mul(0.1));
    y.assignSub(dy.mul(0.1));
    [x, y, z].forEach((value, k) => {
      const error = Math.abs(value.item() - expected[k]);
      assert.ok(error <= unitInTheLastPlace(expected[k]), `${value.item()} is not ${expected[k]}`);
    });
  }
});

test("the AND neuron, 100 epochs in float64: TensorFlow's weights and losses to 1e-12", () => {
  const { inputs, outputs, epochs, weights: finalWeights, bias: finalBias } = golden.and_neuron;
  const weights = new tf.Variable([0.5, 0.5], { dtype: "float64" });
  const bias = new tf.Variable(0.3, { dtype: "float64" });
  const neuron = (x: tf.TensorLike) => tf.nn.relu(tf.reduceSum(weights.mul(x)).add(bias));
  assert.equal(epochs.length, 100);
  for (const expected of epochs) {
    const losses = inputs.map(([a, b]: [number, number]) => {
      const tape = new tf.GradientTape();
      const loss = tape.record(() =>
        neuron([a, b])
          .sub(a * b)
          .pow(2),
      );
      const [ofWeights, ofBias] = tape.gradient(loss, [weights, bias]);
      weights.assignSub(ofWeights.mul(0.1));
      bias.assignSub(ofBias.mul(0.1));
      return loss.item();
    });
    assertAgrees([...weights.array(), bias.item(), ...losses], expected, 1e-12);
  }
  assert.equal(weights.dtype, finalWeights.dtype);
  assertAgrees(plain(weights), finalWeights.data, 1e-12);
  assertAgrees(plain(bias), finalBias.data[0], 1e-12);
  assertAgrees(
    inputs.map((row: number[]) => neuron(row).item()),
    outputs,
    1e-12,
  );
});

test("log(1 + eˣ): the naive gradient is NaN at 100, the custom one 1", () => {
  const naive = (x: tf.TensorLike) => tf.math.log(tf.exp(x).add(1));
  const stable = tf.customGradient((x: tf.Tensor) => {
    const e = tf.exp(x);
    const grad = (upstream: tf.Tensor) => upstream.mul(tf.subtract(1, tf.divide(1, e.add(1))));
    return [tf.math.log(e.add(1)), grad] as const;
  });
  assert.equal(golden.log1pexp.at(-1).x, 100);
  for (const row of golden.log1pexp) {
    const x = new tf.Variable(row.x);
    const tape = new tf.GradientTape({ persistent: true });
    const [ofNaive, ofStable] = tape.record(() => [naive(x), stable(x)] as const);
    assertAgrees(plain(ofNaive), row.y);
    // At 88, 1 / (1 + eˣ) is a subnormal number, which TensorFlow takes for 0; the true derivative is 1.
    assertAgrees(plain(tape.gradient(ofNaive, x)), row.x === 88 ? 1 : row.naive_gradient);
    assertAgrees(plain(tape.gradient(ofStable, x)), row.custom_gradient);
  }
});
