/**
 * @file What people call — functions of tensors, layers, losses, metrics — with the first axis open: the trace with a number in the
 * place of the size is the graph that is traced for that number.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { specOf } from "../../src/core/spec.js";
import { type Build, differentiated, openTraceFailure } from "../support/openTraces.js";

const { layers, losses } = keras;

type F = (x: tf.Tensor) => tf.Tensor | readonly tf.Tensor[];

/** Functions of a tensor [n, 4, 6]. */
const functions: Record<string, F> = {
  ravel: (x) => tf.reshape(x, [-1]),
  flatten: (x) => tf.reshape(x, [x.shape[0]!, -1]),
  "flatten from the end": (x) => tf.reshape(x, [-1, 24]),
  "split an axis": (x) => tf.reshape(x, [-1, 2, 2, 6]),
  "join two axes": (x) => tf.reshape(x, [x.shape[0]! as number, 24]),
  "join the first two": (x) => tf.reshape(x, [-1, 6]),
  "and back": (x) => tf.reshape(tf.reshape(x, [-1, 6]), x.shape),
  expandDims: (x) => [tf.expandDims(x, 0), tf.expandDims(x, 1), tf.expandDims(x, -1)],
  squeeze: (x) => tf.squeeze(tf.expandDims(x, 1), 1),
  "squeeze all": (x) => tf.squeeze(tf.expandDims(x, 1)),
  transpose: (x) => [tf.transpose(x), tf.transpose(x, [1, 0, 2])],
  broadcastTo: (x) => tf.broadcastTo(tf.reduceSum(x, 1, true), x.shape),
  slice: (x) => tf.slice(x, [0, 1, 2], [-1, 2, 3]),
  "the last row": (x) => tf.getItem(x, [-1]),
  "all but the first": (x) => tf.getItem(x, [[1, null]]),
  "all but the last": (x) => tf.getItem(x, [[null, -1]]),
  "a part of the other axes": (x) => tf.getItem(x, ["...", [1, 3]]),
  "every second column": (x) => tf.getItem(x, [[], [null, null, 2]]),
  pad: (x) =>
    tf.pad(x, [
      [0, 0],
      [1, 1],
      [0, 2],
    ]),
  "pad the first": (x) =>
    tf.pad(x, [
      [1, 2],
      [0, 0],
      [0, 0],
    ]),
  mirror: (x) =>
    tf.pad(
      x,
      [
        [0, 0],
        [1, 1],
        [2, 0],
      ],
      "REFLECT",
    ),
  concat: (x) => [tf.concat([x, x], 1), tf.concat([x, x], -1), tf.concat([x, x], 0)],
  stack: (x) => [tf.stack([x, x]), tf.stack([x, x], 1)],
  unstack: (x) => tf.unstack(x, 1),
  split: (x) => [...tf.split(x, 2, 1), ...tf.split(x, [1, 3, 2], 2)],
  tile: (x) => [tf.tile(x, [1, 2, 1]), tf.tile(x, [2, 1, 1])],
  repeat: (x) => [tf.repeat(x, 2, 0), tf.repeat(x, 3, 1)],
  roll: (x) => [tf.roll(x, 1, 1), tf.roll(x, -2, 0)],
  reverse: (x) => tf.reverse(x, [0, 1]),
  mean: (x) => [tf.reduceMean(x), tf.reduceMean(x, 0), tf.reduceMean(x, [0, 2], true), tf.reduceMean(x, -1)],
  sum: (x) => [tf.reduceSum(x), tf.reduceSum(x, 0), tf.reduceSum(x, 1)],
  variance: (x) => [tf.math.reduceVariance(x, 0), tf.math.reduceStd(x)],
  prod: (x) => tf.reduceProd(x, 1),
  extremes: (x) => [tf.reduceMax(x, 0), tf.reduceMin(x), tf.argmax(x, 0), tf.argmin(x, 2)],
  logsumexp: (x) => [tf.reduceLogsumexp(x, 0), tf.reduceLogsumexp(x, -1)],
  norm: (x) => [tf.norm(x), tf.norm(x, { axis: 0 }), tf.norm(x, { ord: 1, axis: [1, 2] })],
  moments: (x) => tf.nn.moments(x, [0]),
  softmax: (x) => [tf.nn.softmax(x), tf.nn.softmax(x, 0), tf.nn.logSoftmax(x)],
  cumsum: (x) => [tf.cumsum(x, 0), tf.cumsum(x, 1)],
  sort: (x) => [tf.sort(x, { axis: 1 }), tf.math.topK(x, 2).values],
  matmul: (x) => [
    tf.matmul(x, tf.ones([6, 3])),
    tf.matmul(x, x, { transposeA: true }),
    tf.matmul(x, x, { transposeB: true }),
    tf.matmul(tf.reshape(x, [-1, 6]), tf.ones([6, 2])),
  ],
  tensordot: (x) => tf.tensordot(x, tf.ones([6, 3]), 1),
  einsum: (x) => [
    tf.einsum("bij,jk->bik", x, tf.ones([6, 2])),
    tf.einsum("bij,bkj->bik", x, x),
    tf.einsum("bij->j", x),
    tf.einsum("...j,j->...", x, tf.ones([6])),
  ],
  broadcasting: (x) => [x.add(tf.ones([6])), x.mul(tf.ones([4, 1])), x.sub(tf.reduceMean(x, 0))],
  where: (x) => tf.where(tf.greater(x, 0), x, tf.zerosLike(x)),
  clip: (x) => tf.clipByValue(x, -1, 1),
  "zeros and ones": (x) => [tf.zeros([x.shape[0]!, 3]), tf.onesLike(x), tf.fill(x.shape, 2)],
  range: (x) => [tf.range(x.shape[0]!), tf.range(x.shape[0]!, { dtype: "float32" })],
  oneHot: (x) => tf.oneHot(tf.argmax(x, -1), 6),
  gather: (x) => [
    tf.gather(x, [0, 1]),
    tf.gather(x, [2, 0], 1),
    tf.gather(x, tf.argmax(x, 1), { batchDims: 1, axis: 1 }),
  ],
  "gather rows": (x) => tf.gather(tf.ones([6, 3]), tf.argmax(x, -1)),
  gatherNd: (x) =>
    tf.gatherNd(x, [
      [0, 1],
      [1, 1],
    ]),
  segments: (x) => tf.math.unsortedSegmentSum(x, tf.argmax(tf.reduceSum(x, 1), -1), 6),
  shape: (x) => [tf.shape(x), tf.size(x), tf.rank(x)],
  "number of elements": (x) => tf.divide(tf.reduceSum(x), x.size),
  "size as a number": (x) => [
    tf.multiply(x, x.shape[0]!),
    tf.add(x.shape[0]!, x),
    tf.cast(x.shape[0]!, "int32"),
  ],
  random: (x) => [tf.random.normal(x.shape), tf.random.uniform([x.shape[0]!, 2]), tf.nn.dropout(x, 0.5)],
  "random integers": (x) => tf.random.uniform(x.shape, { minval: 0, maxval: 5, dtype: "int32" }),
  meshgrid: (x) => tf.meshgrid(tf.reduceSum(x, [1, 2]), tf.range(3, { dtype: "float32" })),
  linalg: (x) => [tf.linalg.bandPart(x, 1, 1), tf.linalg.diagPart(x), tf.linalg.matrixTranspose(x)],
  l2Normalize: (x) => [tf.math.l2Normalize(x, -1), tf.math.l2Normalize(x, 0)],
  cond: (x) =>
    tf.cond(
      tf.greater(tf.reduceSum(x), 0),
      () => x.mul(2),
      () => x.sub(1),
    ),
  scan: (x) =>
    tf.scan(
      (a: tf.Tensor, row: tf.Tensor) => a.add(row.mul(2)),
      tf.transpose(x, [1, 0, 2]),
      tf.zeros([x.shape[0]!, 6]),
    ),
  conv: (x) => [
    tf.nn.conv1d(x, tf.ones([2, 6, 3]), 1, "SAME"),
    tf.nn.conv1d(x, tf.ones([2, 6, 3]), 2, "VALID"),
    tf.nn.maxPool1d(x, 2, 2, "VALID"),
    tf.nn.avgPool1d(x, 2, 1, "SAME"),
  ],
  whileLoop: (x) =>
    tf.whileLoop(
      (i: tf.Tensor) => tf.less(i, 3),
      (i: tf.Tensor, y: tf.Tensor) => [i.add(1), y.mul(x)],
      [tf.constant(0), x],
    )[1] as tf.Tensor,
};

const others = [2, 3, 8, 11];
const input = specOf([7, 4, 6], "float32");

/** Asserts that a function stays open and its graph is right for every size. */
function checkOpen(f: F, orders: number, spec = input): void {
  const build: Build = (x) => {
    const y = f(x!);
    return y instanceof tf.Tensor ? [y] : y;
  };
  for (let order = 0; order <= orders; order++) {
    const failure = openTraceFailure(differentiated(build, order), [spec], [0], 7, others);
    if (failure !== null) throw new Error(`gradient ${order}: ${failure.message}`, { cause: failure });
  }
}

for (const [name, f] of Object.entries(functions)) test(`${name} stays open`, () => checkOpen(f, 2));

test("what needs the number is given up", () => {
  const fails = (f: F): void => {
    const build: Build = (x) => [f(x!)].flat() as tf.Tensor[];
    assert.notEqual(openTraceFailure(build, [input], [0], 7, others), null, String(f));
  };
  fails((x) => x.mul(x.shape[0]! + 1));
  fails((x) => tf.unstack(x));
  fails((x) => tf.range(0, x.shape[0]!, 2));
  fails((x) => tf.eye(x.shape[0]!));
  fails((x) => x.mul(new Float32Array(x.shape[0]!).length));
  fails((x) => x.mul(Math.max(x.shape[0]!, 1)));
  fails((x) => x.mul(JSON.stringify(x.shape).length));
  fails((x) => (x.shape[0]! > 5 ? x : x.neg()));
  fails((x) => {
    try {
      return x.mul(x.shape[0]! * 2);
    } catch {
      return x;
    }
  });
});

/** Layers for [n, 4, 6]. */
const made: Record<string, () => keras.Layer> = {
  Dense: () => new layers.Dense(3, { activation: "relu", activityRegularizer: "l2" }),
  Flatten: () => new layers.Flatten(),
  Reshape: () => new layers.Reshape([2, -1]),
  Permute: () => new layers.Permute([2, 1]),
  Dropout: () => new layers.Dropout(0.5, { seed: 1 }),
  BatchNormalization: () => new layers.BatchNormalization(),
  LayerNormalization: () => new layers.LayerNormalization(),
  Conv1D: () => new layers.Conv1D(3, 2, { strides: 2, padding: "same" }),
  MaxPooling1D: () => new layers.MaxPooling1D(2),
  GlobalAveragePooling1D: () => new layers.GlobalAveragePooling1D(),
  SimpleRNN: () => new layers.SimpleRNN(3),
  LSTM: () => new layers.LSTM(3, { returnSequences: true, dropout: 0.2, recurrentDropout: 0.2 }),
  GRU: () => new layers.GRU(3),
  Softmax: () => new layers.Softmax(),
  LeakyReLU: () => new layers.LeakyReLU(),
};

for (const [name, make] of Object.entries(made)) {
  test(`the layer ${name} stays open, in training too`, () => {
    const layer = make();
    layer(tf.ones([2, 4, 6]));
    checkOpen((x) => layer(x), 1);
    checkOpen((x) => layer(x, { training: true }), 1);
  });
}

test("layers for images stay open", () => {
  const image = specOf([7, 8, 8, 2], "float32");
  const all: keras.Layer[] = [
    new layers.Conv2D(3, 3, { strides: 2, padding: "same" }),
    new layers.Conv2DTranspose(3, 3, { strides: 2 }),
    new layers.DepthwiseConv2D(3),
    new layers.MaxPooling2D(2),
    new layers.AveragePooling2D(2, { padding: "same" }),
    new layers.GlobalMaxPooling2D(),
    new layers.BatchNormalization(),
  ];
  for (const layer of all) {
    layer(tf.ones([2, 8, 8, 2]));
    checkOpen((x) => layer(x, { training: true }), 1, image);
  }
});

test("attention and an embedding stay open, with masks", () => {
  const attention = new layers.MultiHeadAttention(2, 3);
  attention(tf.ones([2, 4, 6]), tf.ones([2, 4, 6]));
  checkOpen((x) => attention(x, x, { useCausalMask: true }) as tf.Tensor, 1);
  const embedding = new layers.Embedding(5, 6, { maskZero: true });
  const lstm = new layers.LSTM(3);
  lstm(embedding(tf.ones([2, 4], "int32")));
  checkOpen((x) => lstm(embedding(x)), 1, specOf([7, 4], "int32"));
});

test("layers that are built in the trace are built for any batch", () => {
  const dense = new layers.Dense(3);
  const f = tf.function((x: tf.Tensor) => dense(x), { inputSignature: [new tf.TensorSpec([null, 2])] });
  assert.deepEqual(f(tf.ones([4, 2])).shape, [4, 3]);
  assert.deepEqual(dense.buildShape, [null, 2]);
});

test("a whole training step stays open", () => {
  for (const optimizer of [
    new keras.optimizers.Adam({ clipnorm: 1 }),
    new keras.optimizers.SGD({ learningRate: 0.1, momentum: 0.9 }),
  ]) {
    const model = new keras.Sequential([
      new layers.Conv1D(4, 3, { activation: "relu", kernelRegularizer: "l2" }),
      new layers.BatchNormalization(),
      new layers.Flatten(),
      new layers.Dropout(0.3),
      new layers.Dense(3),
    ]);
    model(tf.ones([2, 4, 6]));
    optimizer.build(model.trainableVariables);
    const loss = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
    const accuracy = new keras.metrics.SparseCategoricalAccuracy();
    const step: F = (x) => {
      const labels = tf.argmax(tf.reduceSum(x, 1).slice([0, 0], [-1, 3]), -1);
      const tape = new tf.GradientTape();
      const [total, predicted] = tape.record(() => {
        const y = model(x, { training: true }) as tf.Tensor;
        return [tf.addN([loss(labels, y), ...model.losses]), y] as const;
      });
      const grads = tape.gradient(total, model.trainableVariables);
      optimizer.applyGradients(grads.map((grad, i) => [grad, model.trainableVariables[i]!] as const));
      accuracy.updateState(labels, predicted);
      return [total, accuracy.result()];
    };
    checkOpen(step, 0);
  }
});

test("losses and metrics stay open", () => {
  const all: keras.losses.Loss[] = [
    new losses.MeanSquaredError(),
    new losses.MeanAbsoluteError(),
    new losses.Huber(),
    new losses.BinaryCrossentropy({ fromLogits: true }),
    new losses.CategoricalCrossentropy({ fromLogits: true }),
  ];
  for (const loss of all) checkOpen((x) => loss(tf.nn.softmax(x.mul(2)), x), 1, specOf([7, 3], "float32"));
  const sparse = new losses.SparseCategoricalCrossentropy({ fromLogits: true });
  checkOpen((x) => sparse(tf.argmax(x, -1), x), 1, specOf([7, 3], "float32"));
  const metric = new keras.metrics.Mean();
  checkOpen(
    (x) => {
      metric.resetState();
      metric.updateState(x, tf.reduceSum(x, -1));
      return metric.result();
    },
    0,
    specOf([7, 3], "float32"),
  );
});
