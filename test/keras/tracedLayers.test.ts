/**
 * @file Layers inside tf.function: a traced training step gives what the same step gives when run op by op, and moves
 * seeds, states and moving averages on in the same way.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";

const { layers } = keras;

const numbers = (...shape: number[]): tf.Tensor =>
  tf.sin(tf.reshape(tf.range(shape.reduce((product, n) => product * n, 1)), shape));

const sequence = numbers(2, 4, 3);
const image = numbers(2, 6, 6, 2);
const tokens = tf.constant(
  [
    [1, 2],
    [0, 3],
  ],
  "int32",
);

const cases: Record<string, () => [layer: any, ...inputs: tf.Tensor[]]> = {
  Dense: () => [new layers.Dense(4), sequence],
  Dropout: () => [new layers.Dropout(0.5, { seed: 3 }), sequence],
  LSTM: () => [
    new layers.LSTM(4, { dropout: 0.3, recurrentDropout: 0.2, seed: 1, returnSequences: true }),
    sequence,
  ],
  GRU: () => [new layers.GRU(4, { stateful: true }), sequence],
  SimpleRNN: () => [new layers.SimpleRNN(4, { goBackwards: true }), sequence],
  BatchNormalization: () => [new layers.BatchNormalization(), sequence],
  "BatchNormalization with renorm": () => [new layers.BatchNormalization({ renorm: true }), sequence],
  LayerNormalization: () => [new layers.LayerNormalization(), sequence],
  MultiHeadAttention: () => [
    new layers.MultiHeadAttention(2, 3, { dropout: 0.2, seed: 2 }),
    sequence,
    sequence,
  ],
  Embedding: () => [new layers.Embedding(5, 3, { maskZero: true }), tokens],
  Conv1D: () => [new layers.Conv1D(3, 2, { padding: "causal" }), sequence],
  Conv2D: () => [new layers.Conv2D(3, 2, { padding: "same" }), image],
  Conv2DTranspose: () => [new layers.Conv2DTranspose(3, 2, { strides: 2 }), image],
  DepthwiseConv2D: () => [new layers.DepthwiseConv2D(2), image],
  MaxPooling2D: () => [new layers.MaxPooling2D(2), image],
  AveragePooling2D: () => [new layers.AveragePooling2D(2), image],
  GlobalAveragePooling1D: () => [new layers.GlobalAveragePooling1D(), sequence],
};

/** The loss, the gradients, and what the step left behind. */
type Step = (...inputs: tf.Tensor[]) => tf.Tensor[];

for (const [name, make] of Object.entries(cases)) {
  test(`traced: ${name}`, () => {
    const [layer, ...inputs] = make();
    const call = (...given: tf.Tensor[]): tf.Tensor =>
      given.length === 2 ? layer(...given, { training: true }) : layer(given[0], { training: true });
    call(...inputs);
    const variables: tf.Variable[] = [...layer.variables, ...(layer.states ?? [])];
    const before = variables.map((variable) => variable.readValue());
    const step: Step = (...given) => {
      const tape = new tf.GradientTape();
      const loss = tape.record(() => tf.reduceSum(tf.square(call(...given))));
      const grads = tape.gradient(loss, layer.trainableVariables as tf.Variable[]);
      return [loss, ...grads.map((gradient) => tf.convertToTensor(gradient))];
    };
    const twice = (run: Step): tf.Tensor[] => {
      variables.forEach((variable, i) => {
        variable.assign(before[i]!);
      });
      return [...run(...inputs), ...run(...inputs), ...variables.map((variable) => variable.readValue())];
    };
    const expected = twice(step);
    const actual = twice(tf.function(step));
    assert.equal(actual.length, expected.length);
    expected.forEach((value, i) => {
      assert.deepEqual(actual[i]!.shape, value.shape);
      const size = Math.max(1, tf.reduceMax(tf.abs(value)).item());
      const distance = tf.reduceMax(tf.abs(tf.subtract(actual[i]!, value))).item();
      assert.ok(distance <= 1e-5 * size, `value ${i}: ${distance} apart, of ${size}`);
    });
  });
}
