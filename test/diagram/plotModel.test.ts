import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { readDrawing } from "./drawn.js";

const { Dense, Dropout } = keras.layers;
const drawn = async (model: keras.Model, options = {}) =>
  readDrawing(await keras.utils.plotModel(model, options).svg());

// What the tables say is what keras.utils.plot_model of Keras 3.15 puts into its own.
test("a stack of layers is a table each, from the first to the last", async () => {
  const model = new keras.Sequential([
    keras.Input({ shape: [3] }),
    new Dense(4, { activation: "relu", name: "hidden" }),
    new Dropout(0.5, { name: "drop" }),
    new Dense(1, { name: "out" }),
  ]);
  const { boxes, edges } = await drawn(model, {
    showShapes: true,
    showTrainable: true,
    showLayerActivations: true,
  });
  const shapes = (input: string, output: string) => ["Input shape:", input, "Output shape:", output];
  assert.deepEqual(Object.fromEntries(boxes), {
    hidden: ["Dense", "Activation:", "relu", ...shapes("(None, 3)", "(None, 4)"), "Trainable"],
    drop: ["Dropout", ...shapes("(None, 4)", "(None, 4)")],
    out: ["Dense", "Activation:", "linear", ...shapes("(None, 4)", "(None, 1)"), "Trainable"],
  });
  assert.deepEqual(
    edges.map(({ from, to }) => [from, to]),
    [
      ["hidden", "drop"],
      ["drop", "out"],
    ],
  );
});

test("a model inside a model is drawn open on request", async () => {
  const inner = new keras.Sequential([new Dense(4, { name: "a" }), new Dense(4, { name: "b" })], {
    name: "inner",
  });
  const model = new keras.Sequential([inner, new Dense(1, { name: "c" })]);
  model(tf.zeros([1, 2]));
  assert.deepEqual([...(await drawn(model)).boxes.keys()], ["inner", "c"]);
  const open = await drawn(model, { expandNested: true });
  assert.deepEqual([...open.boxes.keys()], ["inner/a", "inner/b", "c"]);
});

test("a subclassed model is one table", async () => {
  class Net extends keras.Model {
    readonly dense = new Dense(1);
    override call(x: tf.Tensor) {
      return this.dense(x);
    }
  }
  const net = new Net({ name: "net" });
  net(tf.zeros([1, 2]));
  const { boxes } = await drawn(net, { showLayerNames: true });
  assert.deepEqual(Object.fromEntries(boxes), { net: ["net", "(Net)"] });
});

test("a model that is not built is an error", () => {
  const model = new keras.Sequential([new Dense(1)]);
  assert.throws(() => keras.utils.plotModel(model), { name: "ValueError", message: /has not been built/ });
});
