import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertNumber, assertTensor, golden, goldenTensor, options } from "./support/golden.js";

for (const item of golden["dense"]) {
  test(`Dense(${JSON.stringify(item.options)}) in ${item.dtype}, rank ${item.x.shape.length}`, () => {
    const layer = new keras.layers.Dense(2, { ...options(item.options), dtype: item.dtype });
    const x = goldenTensor(item.x);
    layer.build(x.shape);
    layer.setWeights(item.weights.map(goldenTensor));
    const tolerance = item.dtype === "float64" ? 1e-12 : 2e-6;
    const tape = new tf.GradientTape();
    const [y, losses, total] = tape.record(() => {
      tape.watch(x);
      const output = layer(x);
      const { losses } = layer;
      const weighted = tf.reduceSum(tf.multiply(output, goldenTensor(item.upstream)));
      return [output, losses, losses.reduce((sum, loss) => tf.add(sum, loss), weighted)] as const;
    });
    assertTensor(y, item.y, tolerance, "y");
    assert.equal(losses.length, item.losses.length);
    losses.forEach((loss, i) => {
      assertNumber(loss.item(), item.losses[i], tolerance, `loss ${i}`);
    });
    const grads = tape.gradient(total, [x, ...layer.trainableVariables]);
    grads.forEach((grad, i) => {
      assertTensor(grad, item.grads[i], tolerance * 5, `gradient ${i}`);
    });
  });
}

test("other first layers", () => {
  const { other_layers: cases } = golden as any;
  const { layers } = keras;
  assertTensor(new layers.Flatten()(goldenTensor(cases.Flatten.x)), cases.Flatten.y, 0);
  const vector = cases.Flatten_of_rank_1;
  assertTensor(new layers.Flatten()(goldenTensor(vector.x)), vector.y, 0);
  assertTensor(new layers.Activation("relu")(goldenTensor(cases.Activation.x)), cases.Activation.y, 0);
  const still = cases.Dropout_at_inference;
  const dropout = new layers.Dropout(still.rate);
  assertTensor(dropout(goldenTensor(still.x)), still.y, 0);
  assertTensor(dropout(goldenTensor(still.x), { training: false }), still.y_false, 0);
  const { rate, values } = cases.Dropout_in_training;
  const kept = new layers.Dropout(rate)(tf.ones([100, 100]), { training: true }).data();
  assert.deepEqual([...new Set(kept)].sort(), values);
  const share = [...kept].filter((value) => value === 0).length / kept.length;
  assert.ok(Math.abs(share - rate) < 0.02, `${share} dropped`);
  const none = cases.Dropout_rate_0;
  assertTensor(new layers.Dropout(0)(goldenTensor(none.x), { training: true }), none.y, 0);
});

test("output shapes", () => {
  const made: Record<string, keras.Layer> = {
    "Dense(5)": new keras.layers.Dense(5),
    "Flatten()": new keras.layers.Flatten(),
    "Dropout(0.5)": new keras.layers.Dropout(0.5),
    "Activation('relu')": new keras.layers.Activation("relu"),
  };
  for (const [name, shapes] of Object.entries<any>(golden["other_layers"].output_shapes)) {
    for (const [input, output] of shapes)
      assert.deepEqual(made[name]!.computeOutputShape(input), output, name);
  }
});

test("dropout: a noise shape drops whole columns, a seed repeats, a rate of 1 drops all", () => {
  const x = tf.ones([50, 8]);
  const columns = new keras.layers.Dropout(0.5, { noiseShape: [1, null], seed: 3 })(x, {
    training: true,
  }).array();
  for (const row of columns) assert.deepEqual(row, columns[0]);
  const draw = () => new keras.layers.Dropout(0.5, { seed: 3 })(x, { training: true }).array();
  assert.deepEqual(draw(), draw());
  const layer = new keras.layers.Dropout(0.5, { seed: 3 });
  assert.notDeepEqual(layer(x, { training: true }).array(), layer(x, { training: true }).array());
  assert.equal(tf.reduceSum(new keras.layers.Dropout(1)(x, { training: true })).item(), 0);
});
