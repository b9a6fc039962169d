/**
 * @file One test for every layer: its shapes, dtypes, config, weights, training and gradients.
 */
import assert from "node:assert/strict";
import * as tf from "nabla";
import * as keras from "nabla/keras";

export interface LayerTest {
  /** The layer's class. */
  layer: any;
  /** What its constructor takes. */
  given: readonly unknown[];
  inputShape: readonly number[];
  outputShape: readonly number[];
  /** How many variables it has of each kind. */
  weights?: { trainable?: number; nonTrainable?: number; seeds?: number };
  /** The layer gives the same in training and inference. */
  sameInTraining?: boolean;
}

/** Values in no pattern that a wrong axis order could hide behind. */
const inputOf = (shape: readonly number[], dtype: tf.DType): tf.Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.constant(
    Array.from({ length: size }, (_, i) => Math.sin(i * 1.7 + 0.3)),
    { shape, dtype },
  );
};

export async function runLayerTest(expected: LayerTest): Promise<void> {
  const { layer: Class, given, inputShape, outputShape, weights = {} } = expected;
  const layer: keras.Layer = new Class(...given);
  const x = inputOf(inputShape, "float32");

  // Shapes: promised with and without a batch, and given.
  const anyBatch = [null, ...inputShape.slice(1)];
  assert.deepEqual(layer.computeOutputShape(anyBatch), [null, ...outputShape.slice(1)]);
  const y = layer(x) as tf.Tensor;
  assert.deepEqual([...y.shape], outputShape);
  assert.equal(y.dtype, "float32");
  assert.ok(layer.built);

  // Variables.
  assert.equal(layer.trainableVariables.length, weights.trainable ?? 0);
  assert.equal(layer.nonTrainableWeights.length, weights.nonTrainable ?? 0);
  assert.equal(layer.nonTrainableVariables.length, (weights.nonTrainable ?? 0) + (weights.seeds ?? 0));
  for (const { path } of layer.weights) assert.ok(path.startsWith(`${layer.name}/`), path);
  layer.trainable = false;
  assert.equal(layer.trainableVariables.length, 0);
  assert.equal(layer.nonTrainableWeights.length, layer.weights.length);
  layer.trainable = true;
  assert.equal(layer.trainableVariables.length, weights.trainable ?? 0);

  // A twin from the config, with the same weights, gives the same.
  const config = JSON.parse(JSON.stringify(layer.getConfig()));
  const twin: keras.Layer = Class.fromConfig(config);
  assert.deepEqual(JSON.parse(JSON.stringify(twin.getConfig())), config);
  twin(x);
  twin.setWeights(layer.getWeights());
  assert.deepEqual((twin(x) as tf.Tensor).array(), (layer(x) as tf.Tensor).array());
  assert.deepEqual(
    keras.layers.deserialize(JSON.parse(JSON.stringify(layer))).getConfig(),
    layer.getConfig(),
  );

  // float64, and float64 input into a float32 layer.
  const wide: keras.Layer = Class.fromConfig({ ...config, name: null, dtype: "float64" });
  assert.equal((wide(inputOf(inputShape, "float64")) as tf.Tensor).dtype, "float64");
  assert.equal((layer(inputOf(inputShape, "float64")) as tf.Tensor).dtype, "float32");

  // Training or not.
  if (expected.sameInTraining ?? true) {
    assert.deepEqual((layer(x, { training: true }) as tf.Tensor).array(), (layer(x) as tf.Tensor).array());
  }

  // Gradients reach the input and every weight.
  const tape = new tf.GradientTape();
  const total = tape.record(() => {
    tape.watch(x);
    return tf.reduceSum(tf.square(layer(x) as tf.Tensor));
  });
  for (const gradient of tape.gradient(total, [x, ...layer.trainableVariables])) assert.ok(gradient !== null);

  // It trains inside a model, and a batch of another size goes through.
  const model = new keras.Sequential([Class.fromConfig(config)]);
  model.compile({ optimizer: "sgd", loss: "mse" });
  await model.fit(x, tf.zeros(outputShape), { verbose: 0 });
  const more = inputOf([inputShape[0]! * 2, ...inputShape.slice(1)], "float32");
  assert.deepEqual((await model.predict(more, { verbose: 0 })).shape, [
    outputShape[0]! * 2,
    ...outputShape.slice(1),
  ]);
}
