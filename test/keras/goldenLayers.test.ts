/**
 * @file Embedding, normalization, attention, recurrent, convolutional and pooling layers against Keras.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { type GoldenTensor, goldenTensor, readGolden } from "../support/golden.js";
import { assertNumber, assertTensor, options } from "./support/golden.js";

interface LayerCase {
  layer: string;
  options: Record<string, any>;
  inputs: GoldenTensor[];
  call: Record<string, any>;
  times: number;
  weights: { path: string; trainable: boolean; value: GoldenTensor }[];
  y: GoldenTensor[];
  mask: GoldenTensor | null;
  losses: number[];
  upstream: GoldenTensor[];
  grads: (GoldenTensor | null)[];
  after: GoldenTensor[];
  config: Record<string, any>;
  build_config: Record<string, any> | null;
  shapes: { inputs: (number | null)[][]; output: any };
}

const golden = readGolden<{
  layers: LayerCase[];
  models: Record<string, any>;
  names: Record<string, string[]>;
  errors: Record<string, { error: string; message: string }>;
}>("layers2.json");

const { layers } = keras as { layers: any };

const isGolden = (value: any): value is GoldenTensor =>
  value !== null && typeof value === "object" && "data" in value;

/** A call's keywords as options, with tensors where the file has them. */
const callOptions = (call: Record<string, any>): Record<string, any> =>
  Object.fromEntries(
    Object.entries(options(call)).map(([name, value]) => [
      name,
      isGolden(value) ? goldenTensor(value) : Array.isArray(value) ? value.map(goldenTensor) : value,
    ]),
  );

/** The layer's call: several inputs are the first arguments of attention. */
function callLayer(layer: any, inputs: tf.Tensor[], call: Record<string, any>): tf.Tensor[] {
  const [x, value, key] = inputs;
  const y =
    value === undefined ? layer(x, call) : layer(x, value, key === undefined ? call : { ...call, key });
  return Array.isArray(y) ? y : [y];
}

const sum = (terms: readonly tf.Tensor[]): tf.Tensor => terms.reduce((total, term) => tf.add(total, term));

for (const [index, item] of golden.layers.entries()) {
  test(`${item.layer}(${JSON.stringify(item.options)}) [${index}]`, () => {
    const layer = new layers[item.layer]({ ...options(item.options), name: "layer", dtype: "float64" });
    const inputs = item.inputs.map(goldenTensor);
    const call = callOptions(item.call);
    const shapes = inputs.map((x) => x.shape);
    layer.build(shapes.length === 1 ? shapes[0] : shapes);
    assert.deepEqual(
      layer.weights.map(({ path, trainable, shape }: keras.Variable) => ({
        path,
        trainable,
        shape: [...shape],
      })),
      item.weights.map(({ path, trainable, value }) => ({ path, trainable, shape: value.shape })),
    );
    layer.setWeights(item.weights.map(({ value }) => goldenTensor(value)));

    // Keras rounds the factors of penalties to float32.
    const tolerance = JSON.stringify(item.options).includes("_regularizer") ? 1e-7 : 1e-10;
    for (let round = 1; round < item.times; round++) callLayer(layer, inputs, call);
    const isFloat = (x: unknown): x is tf.Tensor => x instanceof tf.Tensor && x.dtype === "float64";
    const sources = [...inputs, ...Object.values(call).flat()].filter(isFloat);
    const tape = new tf.GradientTape();
    const [y, total, losses] = tape.record(() => {
      tape.watch(sources);
      const outputs = callLayer(layer, inputs, call);
      const weighted = outputs.map((part, i) =>
        tf.reduceSum(tf.multiply(part, goldenTensor(item.upstream[i]!))),
      );
      const penalties: tf.Tensor[] = layer.losses;
      return [outputs, sum([...weighted, ...penalties]), penalties] as const;
    });
    assert.equal(y.length, item.y.length);
    y.forEach((part, i) => {
      assertTensor(part, item.y[i]!, tolerance, `output ${i}`);
    });
    // In another order than Keras's: by layer here, all of a kind there.
    const ordered = (numbers: readonly number[]): number[] => [...numbers].sort((a, b) => a - b);
    ordered(losses.map((loss) => loss.item())).forEach((loss, i) => {
      assertNumber(loss, ordered(item.losses)[i]!, tolerance, `loss ${i}`);
    });
    const grads = tape.gradient(total, [...sources, ...layer.trainableVariables]);
    assert.equal(grads.length, item.grads.length);
    item.grads.forEach((expected, i) => {
      if (expected === null) assert.equal(grads[i], null, `gradient ${i}`);
      else assertTensor(tf.convertToTensor(grads[i] as any), expected, tolerance * 10, `gradient ${i}`);
    });
    assert.deepEqual(JSON.parse(JSON.stringify(layer)).build_config, item.build_config);
    item.after.forEach((expected, i) => {
      assertTensor(layer.weights[i].readValue(), expected, tolerance, `weight ${i} afterwards`);
    });
  });

  test(`${item.layer}(${JSON.stringify(item.options)}) [${index}]: config, shapes, mask`, () => {
    const layer = new layers[item.layer]({ ...options(item.options), name: "layer", dtype: "float64" });
    const { inputs, output } = item.shapes;
    assert.deepEqual(layer.computeOutputShape(inputs.length === 1 ? inputs[0] : inputs), output);
    const given = item.inputs.map(goldenTensor);
    const y = callLayer(layer, given, callOptions(item.call));
    const mask = (y[0] as any)[Symbol.for("keras.mask")] ?? null;
    if (item.mask === null) assert.equal(mask, null);
    else assertTensor(mask, item.mask, 0, "mask");
    const config = JSON.parse(JSON.stringify(layer.getConfig()));
    // Keras 3.15 leaves it out, and loses it on the way through a file.
    if (item.layer === "SimpleRNN") item.config["seed"] = null;
    assert.deepEqual(config, item.config);
    assert.deepEqual(Object.keys(config), Object.keys(item.config));
    const again = layers.deserialize(JSON.parse(JSON.stringify(layer)));
    assert.deepEqual(JSON.parse(JSON.stringify(again.getConfig())), config);
  });
}

for (const [name, item] of Object.entries(golden.models)) {
  test(`the mask of an embedding in ${name}`, () => {
    const table = goldenTensor(item.table);
    const embedding = new layers.Embedding(5, 3, { maskZero: true, weights: table });
    const kinds: Record<string, () => any> = {
      LSTM: () => new layers.LSTM(2),
      "GRU, all steps": () => new layers.GRU(2, { returnSequences: true }),
      GlobalAveragePooling1D: () => new layers.GlobalAveragePooling1D(),
      LayerNormalization: () => new layers.LayerNormalization(),
      MultiHeadAttention: () => new layers.MultiHeadAttention(2, 2),
    };
    const layer = kinds[name]!();
    layer.build([2, 4, 3]);
    layer.setWeights(item.weights.map(goldenTensor));
    const x = embedding(goldenTensor(item.tokens));
    const y = name === "MultiHeadAttention" ? layer(x, x) : layer(x);
    assertTensor(y, item.y, 2e-6);
    const mask = y[Symbol.for("keras.mask")] ?? null;
    if (item.mask === null) assert.equal(mask, null);
    else assertTensor(mask, item.mask, 0, "mask");
  });
}

test("paths of weights", () => {
  const lstm = new layers.LSTM(2, { name: "layer" });
  lstm.build([null, 4, 3]);
  const attention = new layers.MultiHeadAttention(2, 2, { dropout: 0.1, name: "layer" });
  attention.build([
    [null, 4, 3],
    [null, 4, 3],
  ]);
  const paths = (layer: keras.Layer): string[] => layer.weights.map(({ path }) => path);
  assert.deepEqual({ LSTM: paths(lstm), MultiHeadAttention: paths(attention) }, golden.names);
});

const x = tf.zeros([2, 4, 3]);
const wrong: Record<string, () => unknown> = {
  "Embedding(0, 2)": () => new layers.Embedding(0, 2),
  "LSTM(0)": () => new layers.LSTM(0),
  "LSTM of rank 2": () => new layers.LSTM(2, { name: "layer" })(tf.zeros([4, 3])),
  "MultiHeadAttention(0, 2)": () => new layers.MultiHeadAttention(0, 2),
  "Conv2D(0, 2)": () => new layers.Conv2D(0, 2),
  "Conv2D(3, 2, groups=2)": () => new layers.Conv2D(3, 2, { groups: 2 }),
  "Conv2D(2, 2, strides=2, dilation_rate=2)": () => new layers.Conv2D(2, 2, { strides: 2, dilationRate: 2 }),
  "MaxPooling2D of rank 3": () => new layers.MaxPooling2D({ name: "layer" })(x),
};

for (const [name, { message }] of Object.entries(golden.errors)) {
  test(`error of ${name}`, () => {
    // Types have other names in Python.
    const start = message.replace(/ \(of type .*/, "");
    assert.throws(wrong[name]!, (error: Error) => {
      assert.ok(error instanceof keras.Layer === false);
      assert.equal(error.name, "ValueError");
      assert.ok(error.message.startsWith(start), `${error.message}\n${start}`);
      return true;
    });
  });
}
