// Learns to read handwritten digits: a convolutional network, trained on the 60 000 images of MNIST and tested on 10 000
// others. `npm run example mnist` runs it; after `--` come `--epochs=3` and, for a short run, `--steps=30`, batches in each.
import { parseArgs } from "node:util";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { type Digits, loadData } from "./data/mnist.js";

const { layers } = keras;

const { values: options } = parseArgs({
  options: { epochs: { type: "string", default: "3" }, steps: { type: "string" } },
});

keras.utils.setRandomSeed(1);

const images = ({ pixels, count }: Digits) =>
  tf.reshape(tf.cast(pixels, "float32"), [count, 28, 28, 1]).div(255);
const { train, test } = loadData();

const model = new keras.Sequential([
  keras.Input({ shape: [28, 28, 1] }),
  new layers.Conv2D(32, 3, { activation: "relu" }),
  new layers.MaxPooling2D(2),
  new layers.Conv2D(64, 3, { activation: "relu" }),
  new layers.MaxPooling2D(2),
  new layers.Flatten(),
  new layers.Dropout(0.5),
  new layers.Dense(10),
]);
model.summary();

model.compile({
  optimizer: "adam",
  loss: new keras.losses.SparseCategoricalCrossentropy({ fromLogits: true }),
  metrics: ["accuracy"],
});

await model.fit(images(train), tf.constant(train.labels), {
  batchSize: 64,
  epochs: Number(options.epochs),
  stepsPerEpoch: options.steps === undefined ? null : Number(options.steps),
});

const [, accuracy] = await model.evaluate(images(test), tf.constant(test.labels), { verbose: 0 });
console.log(`Of the test digits ${(accuracy! * 100).toFixed(2)} % are read correctly.`);
