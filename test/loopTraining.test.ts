/**
 * @file Random numbers, moving statistics and optimizers in bodies of traced loops: what the loop gives op by op.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertClose } from "./support/traced.js";

type F = (x: tf.Tensor) => tf.Tensor;

const x = tf.constant([0.5, -0.2, 0.9], "float64");

/** Repeats y ← f(y) so many times. */
const times = (rounds: number, f: (y: tf.Tensor) => tf.Tensor, first: tf.Tensor): tf.Tensor =>
  tf.whileLoop(
    (i: tf.Tensor) => tf.less(i, rounds),
    (i: tf.Tensor, y: tf.Tensor) => [tf.add(i, 1), f(y)],
    [tf.constant(0, "int32"), first] as tf.Tensor[],
  )[1] as tf.Tensor;

test("random numbers are new in every round, and those of the loop op by op", () => {
  const noisy: F = (a) => {
    const y = times(3, (z) => z.add(tf.random.normal([3], { dtype: "float64" })), a);
    const walk = tf.scan(
      (s: tf.Tensor, e: tf.Tensor) => s.add(e).add(tf.random.uniform([], { dtype: "float64" })),
      y,
      tf.constant(0, "float64"),
    ) as tf.Tensor;
    const chosen = tf.cond(
      tf.greater(tf.reduceSum(walk), 0),
      () => tf.random.uniform([3], { dtype: "float64" }),
      () => tf.random.normal([3], { dtype: "float64" }),
    ) as tf.Tensor;
    return tf.stack([y, walk, chosen, tf.random.uniform([3], { dtype: "float64" })]);
  };
  tf.random.setSeed(3);
  const expected = [noisy(x), noisy(x)];
  tf.random.setSeed(3);
  const f = tf.function(noisy);
  assertClose(f(x), expected[0]!, "first call");
  assertClose(f(x), expected[1]!, "second call");
});

test("dropout in a scan, and its gradient: the mask is the one that was drawn", () => {
  const dropped: F = (a) =>
    tf.scan(
      (s: tf.Tensor, _: tf.Tensor) => tf.nn.dropout(s.mul(1.5), 0.5).add(a),
      tf.zeros([4]),
      tf.zeros([3], "float64"),
    ) as tf.Tensor;
  const run = (f: F): tf.Tensor[] => {
    tf.random.setSeed(11);
    const tape = new tf.GradientTape();
    const y = tape.record(() => {
      tape.watch(x);
      return f(x);
    });
    return [y, tape.gradient(y, x)];
  };
  const [expected, given] = [run(dropped), run(tf.function(dropped))];
  for (const [i, tensor] of given.entries()) assertClose(tensor, expected[i]!, `result ${i}`);
  const rows = given[0]!.array() as number[][];
  assert.notDeepEqual(rows[1], rows[2]);
});

test("training in a loop: an optimizer's variables and the moving statistics of a layer", () => {
  const train = (wrap: (f: (a: tf.Tensor) => tf.Tensor) => F): number[][] => {
    keras.utils.setRandomSeed(5);
    const model = new keras.Sequential([
      new keras.layers.Dense(4, { activation: "tanh" }),
      new keras.layers.BatchNormalization(),
      new keras.layers.Dropout(0.25),
      new keras.layers.Dense(1),
    ]);
    model.build([null, 2]);
    const optimizer = new keras.optimizers.Adam(0.05);
    optimizer.build(model.trainableVariables);
    const step = wrap(
      (batches) =>
        tf.scan(
          (_: tf.Tensor, batch: tf.Tensor) => {
            const tape = new tf.GradientTape();
            const loss = tape.record(() =>
              tf.reduceMean(
                tf.square(
                  tf.subtract(
                    model(batch, { training: true }) as tf.Tensor,
                    tf.reduceSum(batch, 1, { keepdims: true } as never),
                  ),
                ),
              ),
            );
            optimizer.applyGradients(
              tape
                .gradient(loss, model.trainableVariables)
                .map((grad, i) => [grad, model.trainableVariables[i]!] as never),
            );
            return loss;
          },
          batches,
          tf.constant(0),
        ) as tf.Tensor,
    );
    const batches = tf.reshape(tf.sin(tf.range(48)), [4, 6, 2]);
    const losses = [...step(batches).data(), ...step(batches).data()];
    return [losses, ...model.weights.map((weight) => [...weight.data()])];
  };
  const [expected, given] = [train((f) => f), train((f) => tf.function(f))];
  assert.equal(given.length, expected.length);
  for (const [i, values] of given.entries())
    for (const [k, value] of values.entries())
      assert.ok(Math.abs(value - expected[i]![k]!) < 1e-5, `${i}: ${value}, expected ${expected[i]![k]}`);
});
