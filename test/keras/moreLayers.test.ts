/**
 * @file Embedding, recurrent, attention, convolutional and pooling layers: the demands on every layer, and what no golden
 * file can hold — chance, state, other orders of axes.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { type LayerTest, runLayerTest } from "./support/layerTest.js";

const { layers } = keras;

const sequence = { inputShape: [2, 5, 3] };
const image = { inputShape: [2, 6, 5, 4] };
const sequences = { returnSequences: true };

const cases: [string, LayerTest][] = [
  [
    "LayerNormalization",
    {
      layer: layers.LayerNormalization,
      given: [],
      ...sequence,
      outputShape: [2, 5, 3],
      weights: { trainable: 2 },
    },
  ],
  [
    "BatchNormalization",
    {
      ...{ layer: layers.BatchNormalization, given: [{ axis: 1 }], ...sequence, outputShape: [2, 5, 3] },
      ...{ weights: { trainable: 2, nonTrainable: 2 }, sameInTraining: false },
    },
  ],
  ...[layers.LSTM, layers.GRU, layers.SimpleRNN].flatMap((layer): [string, LayerTest][] => [
    [
      layer.name,
      { layer, given: [4], ...sequence, outputShape: [2, 4], weights: { trainable: 3, seeds: 1 } },
    ],
    [
      `${layer.name}, all steps, dropout`,
      {
        ...{ layer, given: [4, { ...sequences, dropout: 0.5, recurrentDropout: 0.5, seed: 1 }], ...sequence },
        ...{ outputShape: [2, 5, 4], weights: { trainable: 3, seeds: 1 }, sameInTraining: false },
      },
    ],
  ]),
  ...([
    ["Conv1D", layers.Conv1D, [2, 3], sequence, [2, 3, 2]],
    ["Conv2D", layers.Conv2D, [2, 3, { padding: "same", activation: "tanh" }], image, [2, 6, 5, 2]],
    ["Conv1DTranspose", layers.Conv1DTranspose, [2, 3, { strides: 2 }], sequence, [2, 11, 2]],
    ["Conv2DTranspose", layers.Conv2DTranspose, [2, [3, 2]], image, [2, 8, 6, 2]],
    ["DepthwiseConv1D", layers.DepthwiseConv1D, [2], sequence, [2, 4, 3]],
    ["DepthwiseConv2D", layers.DepthwiseConv2D, [[1, 2], { depthMultiplier: 2 }], image, [2, 6, 4, 8]],
  ].map(([name, layer, given, input, outputShape]: any[]) => [
    name,
    { layer, given, ...input, outputShape, weights: { trainable: 2 } },
  ]) as [string, LayerTest][]),
  ...([
    ["MaxPooling1D", layers.MaxPooling1D, [], sequence, [2, 2, 3]],
    ["MaxPooling2D", layers.MaxPooling2D, [{ strides: 1 }], image, [2, 5, 4, 4]],
    ["AveragePooling1D", layers.AveragePooling1D, [3], sequence, [2, 1, 3]],
    ["AveragePooling2D", layers.AveragePooling2D, [[2, 3], { padding: "same" }], image, [2, 3, 2, 4]],
    ["GlobalMaxPooling1D", layers.GlobalMaxPooling1D, [], sequence, [2, 3]],
    ["GlobalMaxPooling2D", layers.GlobalMaxPooling2D, [{ keepdims: true }], image, [2, 1, 1, 4]],
    ["GlobalAveragePooling1D", layers.GlobalAveragePooling1D, [], sequence, [2, 3]],
    ["GlobalAveragePooling2D", layers.GlobalAveragePooling2D, [], image, [2, 4]],
  ].map(([name, layer, given, input, outputShape]: any[]) => [
    name,
    { layer, given, ...input, outputShape },
  ]) as [string, LayerTest][]),
];

for (const [name, expected] of cases) test(`layer: ${name}`, () => runLayerTest(expected));

/** Numbers in no pattern. */
const numbers = (...shape: number[]): tf.Tensor =>
  tf.sin(tf.add(tf.multiply(tf.reshape(tf.range(shape.reduce((n, m) => n * m, 1)), shape), 1.7), 0.3));

function assertClose(actual: tf.Tensor, expected: tf.Tensor, tolerance = 1e-5): void {
  assert.deepEqual(actual.shape, expected.shape);
  assert.ok(tf.reduceMax(tf.abs(tf.subtract(actual, expected))).item() <= tolerance);
}

test("channels first is channels last with the axes moved", () => {
  const toFirst = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, x.rank - 1, ...axes(x.rank - 2)]);
  const axes = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
  const kinds: [any, any[], tf.Tensor][] = [
    [
      layers.Conv1D,
      [2, 2, { padding: "causal", dilationRate: 2, biasInitializer: "ones" }],
      numbers(2, 5, 3),
    ],
    [
      layers.Conv2D,
      [2, [2, 3], { strides: [2, 1], padding: "same", biasInitializer: "ones" }],
      numbers(2, 6, 5, 3),
    ],
    [layers.Conv2DTranspose, [2, 3, { strides: 2, biasInitializer: "ones" }], numbers(2, 4, 3, 3)],
    [layers.DepthwiseConv2D, [2, { depthMultiplier: 2 }], numbers(2, 4, 5, 3)],
    [layers.MaxPooling2D, [2], numbers(2, 4, 5, 3)],
    [layers.AveragePooling1D, [2, { padding: "same" }], numbers(2, 5, 3)],
  ];
  for (const [Class, given, x] of kinds) {
    const last = new Class(...given);
    const expected = last(x);
    const options = { ...given.at(-1), dataFormat: "channels_first" };
    const isOptions = typeof given.at(-1) === "object" && !Array.isArray(given.at(-1));
    const first = new Class(
      ...(isOptions ? given.slice(0, -1) : given),
      isOptions ? options : { dataFormat: "channels_first" },
    );
    assert.deepEqual(first.computeOutputShape(toFirst(x).shape), [...toFirst(expected).shape]);
    first.build(toFirst(x).shape);
    first.setWeights(last.getWeights());
    assertClose(first(toFirst(x)), toFirst(expected));
  }
});

test("a recurrent layer is its cell, step by step", () => {
  const x = numbers(2, 4, 3);
  for (const Class of [layers.LSTM, layers.GRU, layers.SimpleRNN]) {
    const layer = new Class(5, { returnSequences: true });
    const expected = layer(x) as tf.Tensor;
    const { cell } = layer;
    let states = cell.getInitialState(2);
    for (let t = 0; t < 4; t++) {
      const [output, next] = cell(tf.getItem(x, [[null, null], t]), { states });
      states = next;
      assertClose(output, tf.getItem(expected, [[null, null], t]), 1e-6);
    }
  }
  assert.throws(() => new layers.LSTMCell(2)(tf.zeros([1, 2])), /getInitialState/);
});

test("dropout in a recurrent layer is the same at every step", () => {
  // With an identity for a kernel and no recurrence the output shows which inputs were dropped.
  const layer = new layers.SimpleRNN(8, {
    ...{ dropout: 0.5, seed: 3, activation: "linear", returnSequences: true },
    ...{ kernelInitializer: "identity", recurrentInitializer: "zeros" },
  });
  const y = layer(tf.ones([4, 6, 8]), { training: true }).array() as number[][][];
  for (const steps of y) for (const step of steps) assert.deepEqual(step, steps[0]);
  const values = y.flat(2);
  assert.deepEqual([...new Set(values)].sort(), [0, 2]);
  assert.deepEqual(layer(tf.ones([4, 6, 8])).array(), tf.ones([4, 6, 8]).array());
});

test("a stateful layer goes on where it stopped, until it is reset", () => {
  const x = numbers(2, 6, 3);
  const whole = new layers.GRU(4, { returnSequences: true });
  const expected = whole(x);
  const part = new layers.GRU(4, { returnSequences: true, stateful: true });
  const half = (from: number): tf.Tensor => tf.slice(x, [0, from, 0], [2, 3, 3]);
  part.build([2, 3, 3]);
  part.setWeights(whole.getWeights());
  assertClose(tf.concat([part(half(0)), part(half(3))], 1), expected, 1e-6);
  part.resetState();
  assertClose(part(half(0)), tf.slice(expected, [0, 0, 0], [2, 3, 4]), 1e-6);
  assert.equal(part.weights.length, 3);
  assert.throws(() => part(tf.zeros([3, 3, 3])), /Expected batch size: 2/);
  assert.throws(() => new layers.GRU(4, { stateful: true }).build([null, 3, 3]), /batch size must be static/);
});

test("dropout of attention zeroes scores in training only", () => {
  const attention = new layers.MultiHeadAttention(2, 3, {
    dropout: 0.5,
    seed: 1,
    kernelInitializer: "zeros",
  });
  const x = numbers(2, 40, 4);
  const value = tf.ones([2, 40, 4]);
  attention.build([x.shape, value.shape]);
  // Values 1 through a kernel of zeros and biases of 1; scores 1/40 each.
  attention.setWeights(
    attention.weights.map(({ path, shape }) => tf.fill(shape, /value\/bias/.test(path) ? 1 : 0)),
  );
  attention.outputDense.kernel.assign(tf.ones(attention.outputDense.kernel.shape));
  assertClose(attention(x, value), tf.fill([2, 40, 4], 6));
  const trained = tf.divide(attention(x, value, { training: true }), 6);
  const deviation = tf.math.reduceStd(trained).item();
  // Each of 40 scores is 0 or 2/40: the sum's deviation is 1 / √40, here over 2 heads.
  assert.ok(deviation > 0.05 && deviation < 0.2, `deviation ${deviation}`);
  assert.ok(Math.abs(tf.reduceMean(trained).item() - 1) < 0.05);
});

test("attention says what it needs", () => {
  const attention = new layers.MultiHeadAttention({ numHeads: 2, keyDim: 3 });
  assert.throws(() => (attention as any)(tf.zeros([1, 2, 3])), /query and value/);
  assert.throws(
    () =>
      attention.computeOutputShape([
        [1, 2, 3],
        [1, 4, 3],
        [1, 5, 3],
      ]),
    /except the last one/,
  );
});

test("orthogonal matrices", () => {
  const { Orthogonal } = keras.initializers;
  for (const shape of [
    [5, 3],
    [3, 5],
    [2, 3, 4],
  ]) {
    const q = new Orthogonal({ seed: 2, gain: 3 })(shape, "float64");
    assert.deepEqual(q.shape, shape);
    const columns = shape.at(-1)!;
    const matrix = tf.reshape(q, [-1, columns]);
    const isTall = matrix.shape[0]! >= columns;
    const product = tf.matmul(matrix, matrix, isTall ? { transposeA: true } : { transposeB: true });
    assertClose(product, tf.multiply(tf.eye(product.shape[0]!, undefined, { dtype: "float64" }), 9), 1e-12);
  }
  assert.throws(() => new Orthogonal()([3]), /at least two-dimensional/);
  assert.ok(keras.initializers.get("orthogonal") instanceof Orthogonal);
});

test("weights start as they should", () => {
  const lstm = new layers.LSTM(3);
  lstm.build([null, 4, 2]);
  const [, recurrent, bias] = lstm.getWeights();
  assert.deepEqual(bias!.array(), [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]);
  assertClose(tf.matmul(recurrent!, recurrent!, { transposeB: true }), tf.eye(3), 1e-6);
  // The kernel of a head sums over one axis of three: Glorot's limit is √(6 / (8 + 4 · 16)).
  const attention = new layers.MultiHeadAttention(4, 16);
  attention.build([[null, 2, 8]]);
  const limit = Math.sqrt(6 / (8 + 4 * 16));
  const largest = tf.reduceMax(tf.abs(attention.queryDense.kernel)).item();
  assert.ok(largest <= limit && largest > 0.9 * limit, `${largest} of ${limit}`);
});

test("a generator's seeds are tensors, and its draws go on", () => {
  const seeds = new keras.random.SeedGenerator(5);
  const first = seeds.next();
  assert.deepEqual([first.dtype, first.shape, first.array()], ["int32", [2], [5, 0]]);
  const draw = keras.random.uniform([4], { seed: seeds });
  assert.deepEqual(draw.array(), tf.random.statelessUniform([4], { seed: [5, 1] }).array());
  assert.deepEqual(seeds.state.array(), [5, 2]);
  assert.deepEqual(
    keras.random.normal([3], { seed: first }).array(),
    keras.random.normal([3], { seed: 5 }).array(),
  );
  assert.throws(() => keras.random.normal([3], { seed: tf.zeros([3], "int32") }), { name: "ShapeError" });
  assert.throws(() => keras.random.normal([3], { seed: "a" as never }), { name: "ValueError" });
});

test("an embedding's table has a sparse gradient, and trains", async () => {
  const embedding = new layers.Embedding(6, 2, { embeddingsInitializer: "ones" });
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.reduceSum(embedding(tf.constant([[1, 1, 4]], "int32"))));
  const gradient = tape.gradient(y, embedding.embeddings);
  assert.ok(gradient instanceof tf.IndexedSlices);
  assert.deepEqual(tf.convertToTensor(gradient as never).array(), [
    [0, 0],
    [2, 2],
    [0, 0],
    [0, 0],
    [1, 1],
    [0, 0],
  ]);
  const model = new keras.Sequential([embedding, new layers.LSTM(3), new layers.Dense(1)]);
  model.compile({ optimizer: new keras.optimizers.Adam(0.05), loss: "mse" });
  const x = tf.constant(
    [
      [1, 2],
      [3, 4],
      [5, 1],
      [2, 2],
    ],
    "int32",
  );
  const labels = tf.constant([[0], [1], [0], [1]]);
  const { history } = await model.fit(x, labels, { epochs: 60, verbose: 0 });
  assert.ok(history["loss"]!.at(-1)! < 0.2 * history["loss"]![0]!);
});

test("a layer with its own computeMask supports masks; others lose them with a warning", () => {
  class Halve extends keras.Layer {
    override call(x: tf.Tensor): tf.Tensor {
      return tf.getItem(x, [
        [null, null],
        [null, null, 2],
      ]);
    }
    override computeMask(_x: tf.Tensor, mask: tf.Tensor | null): tf.Tensor | null {
      return mask === null
        ? null
        : tf.getItem(mask, [
            [null, null],
            [null, null, 2],
          ]);
    }
  }
  const embedding = new layers.Embedding(4, 2, { maskZero: true });
  const y = new Halve()(embedding(tf.constant([[1, 0, 0, 3]], "int32"))) as any;
  assert.deepEqual(y[Symbol.for("keras.mask")].array(), [[true, false]]);
});

test("options that do not fit are refused", () => {
  assert.throws(() => new layers.LSTM(2, { foo: 1 } as never), /passed to LSTM: \{'foo': 1\}/);
  assert.throws(() => new layers.LSTM(2, { useCudnn: true as never }), /cuDNN/);
  assert.throws(() => new layers.Conv2D(2, 2, { padding: "causal" }), /Received: causal/);
  assert.throws(() => new layers.Conv2D(2, [2, 2, 2]), /tuple of 2 integers/);
  assert.throws(() => new layers.Conv2D(2, 2, { dataFormat: "NHWC" as never }), /data_format/);
  assert.throws(() => new layers.Conv2D(2, 4)(tf.zeros([1, 3, 3, 1])), /zero or negative/);
  assert.throws(() => new layers.Conv2D(4, 2, { groups: 2 })(tf.zeros([1, 3, 3, 3])), /divisible/);
  assert.throws(() => new layers.Conv2DTranspose(4, 2, { outputPadding: 1 }), /strictly less/);
  assert.throws(() => new layers.DepthwiseConv2D(2, { depthMultiplier: 0 }), /depth_multiplier/);
  assert.throws(() => new layers.LayerNormalization({ axis: 3 }).build([2, 3]), { name: "ShapeError" });
  assert.throws(() => new layers.BatchNormalization({ renorm: true, renormClipping: { dmax: -1 } }), /dmax/);
  assert.throws(
    () => new layers.LSTM(2)(tf.zeros([1, 2, 3]), { initialState: [tf.zeros([1, 2])] }),
    /2 initial states/,
  );
});
