import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertNumber, assertTensor, golden, goldenTensor, options, ported } from "./support/golden.js";

const lossClasses = keras.losses as any;

for (const [index, item] of golden["losses"].entries()) {
  if (!(item.name in lossClasses)) continue;
  const weights = item.sample_weight === null ? "" : ", sample weights";
  test(`losses.${item.name}(${JSON.stringify(item.options)})${weights} [${index}]`, () => {
    const loss = new lossClasses[item.name](options(item.options));
    const yPred = goldenTensor(item.y_pred);
    const tape = new tf.GradientTape();
    const value = tape.record(() => {
      tape.watch(yPred);
      return loss(goldenTensor(item.y_true), yPred, item.sample_weight);
    });
    assertTensor(value, item.loss, 2e-6);
    assertTensor(tape.gradient(value, yPred), item.grad, 2e-5, "gradient");
  });
}

test("there are golden cases of every first loss", () => {
  const names = new Set(golden["losses"].map((item: any) => item.name));
  for (const name of [
    "MeanSquaredError",
    "MeanAbsoluteError",
    "BinaryCrossentropy",
    "CategoricalCrossentropy",
    "SparseCategoricalCrossentropy",
  ]) {
    assert.ok(names.has(name), name);
  }
});

for (const [index, item] of golden["loss_functions"].entries()) {
  test(`losses.${ported(item.name)}(…, ${JSON.stringify(item.options)}) [${index}]`, () => {
    const given = Object.keys(item.options).length === 0 ? [] : [options(item.options)];
    const result = lossClasses[ported(item.name)](
      goldenTensor(item.y_true),
      goldenTensor(item.y_pred),
      ...given,
    );
    assertTensor(result, item.result, 2e-6);
  });
}

for (const [index, item] of golden["logits_of_activations"].entries()) {
  test(`${item.name} of what ${item.activation} gave is computed from its logits [${index}]`, () => {
    const loss = new lossClasses[item.name]();
    const activation = keras.activations.get(item.activation);
    for (const [of, expected] of [
      ["activation", item.from_activation],
      ["copy", item.from_plain_tensor],
    ]) {
      const logits = goldenTensor(item.logits);
      const tape = new tf.GradientTape();
      const value = tape.record(() => {
        tape.watch(logits);
        const probabilities = activation(logits);
        return loss(goldenTensor(item.y_true), of === "copy" ? tf.identity(probabilities) : probabilities);
      });
      assertTensor(value, expected.loss, 2e-6, `${of}: loss`);
      assertTensor(tape.gradient(value, logits), expected.grad, 2e-6, `${of}: gradient`);
    }
  });
}

test("a loss of one's own, as a class and as a function", () => {
  class Biggest extends keras.Loss {
    override call(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Tensor {
      return tf.reduceMax(tf.abs(tf.subtract(yTrue, yPred)), -1);
    }
  }
  const loss = new Biggest();
  assert.equal(loss.name, "biggest");
  // By hand: the samples' largest differences are 3 and 1.
  assertNumber(
    loss(
      [
        [0, 0],
        [1, 1],
      ],
      [
        [3, 1],
        [1, 2],
      ],
    ).item(),
    2,
    0,
  );
  assertNumber(
    loss(
      [
        [0, 0],
        [1, 1],
      ],
      [
        [3, 1],
        [1, 2],
      ],
      [1, 3],
    ).item(),
    3,
    0,
  );
  assert.throws(
    () => new Biggest({ reduction: "average" as never }),
    /Invalid value for argument `reduction`/,
  );
});
