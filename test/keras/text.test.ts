import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { golden, options } from "./support/golden.js";
import { regression } from "./support/models.js";

const { layers, Sequential, Input } = keras;

class TwoLayers extends keras.Model {
  hidden: keras.layers.Dense;
  last: keras.layers.Dense;
  constructor() {
    super({ name: "two_layers" });
    this.hidden = new layers.Dense(3, { activation: "relu", name: "hidden" });
    this.last = new layers.Dense(1, { name: "last" });
  }
  override call(x: tf.Tensor): tf.Tensor {
    return this.last(this.hidden(x));
  }
}

/** The models that the golden summaries show, by the names they have there. */
const models: Record<string, () => keras.Model | Promise<keras.Model>> = {
  built: () =>
    new Sequential(
      [
        Input({ shape: [16] }),
        new layers.Dense(8, { name: "first" }),
        new layers.Dropout(0.5, { name: "drop" }),
        new layers.Dense(4, { name: "second" }),
      ],
      { name: "my_seq" },
    ),
  unbuilt: () =>
    new Sequential([new layers.Dense(8, { name: "first" }), new layers.Flatten({ name: "flat" })], {
      name: "unbuilt",
    }),
  async trained() {
    const stack = [
      Input({ shape: [2] }),
      new layers.Dense(3, { name: "first" }),
      new layers.Dense(1, { name: "last" }),
    ];
    const model = new Sequential(stack, { name: "trained" });
    model.compile({ optimizer: "adam", loss: "mse" });
    const { x, y } = regression();
    await model.fit(x, y, { verbose: 0 });
    return model;
  },
  frozen() {
    const stack = [
      Input({ shape: [4] }),
      new layers.Dense(1000, { name: "wide" }),
      new layers.Dense(1, { name: "last" }),
    ];
    const model = new Sequential(stack, { name: "frozen" });
    model.layers[0]!.trainable = false;
    return model;
  },
  long_names() {
    const model = new Sequential(null, { name: "long_names" });
    model.add(Input({ shape: [28, 28] }));
    model.add(new layers.Flatten({ name: "flatten_the_picture_into_one_long_row_of_numbers" }));
    model.add(new layers.Dense(10, { name: "d".repeat(70) }));
    model.add(new layers.Activation("softmax", { name: "a_b c d" }));
    return model;
  },
  nested() {
    const parts = [
      Input({ shape: [4] }),
      new layers.Dense(3, { name: "inside" }),
      new layers.Activation("relu", { name: "act" }),
    ];
    const inner = new Sequential(parts, { name: "inner" });
    return new Sequential([Input({ shape: [4] }), inner, new layers.Dense(1, { name: "outside" })], {
      name: "outer",
    });
  },
  subclassed() {
    const model = new TwoLayers();
    model(tf.zeros([1, 2]));
    return model;
  },
  TwoLayers: () => new TwoLayers(),
  empty: () => new Sequential(null, { name: "empty" }),
};

for (const item of golden["summary"]) {
  // A graph of layer calls is not there yet.
  if (item.model === "functional") continue;
  test(`summary of ${item.model}, ${item.columns} columns, ${JSON.stringify(item.options)}`, async () => {
    const columns = process.env["COLUMNS"];
    process.env["COLUMNS"] = String(item.columns);
    const texts: string[] = [];
    const model = await models[item.model]!();
    model.summary({ ...options(item.options), printFn: (text) => texts.push(text) });
    if (columns === undefined) delete process.env["COLUMNS"];
    else process.env["COLUMNS"] = columns;
    assert.equal(texts.length, 1);
    // TensorFlow counts steps in 8 bytes, this engine (as JAX) in 4.
    const inFour =
      item.model === "trained"
        ? item.text.replace("168.00 B", "164.00 B").replace("116.00 B", "112.00 B")
        : item.text;
    assert.equal(texts[0], inFour);
  });
}

for (const item of golden["progress_bar"]) {
  test(`progress bar: ${item.name}${item.dynamic ? "" : ", not dynamic"}`, () => {
    let now = 1000;
    const texts: string[] = [];
    keras.utils.setOutput((text) => texts.push(text));
    const { target, ...rest } = options(item.options);
    const bar = new keras.utils.Progbar(target, { ...rest, dynamic: item.dynamic, clock: () => now });
    for (const { seconds, current, values, finalize, text } of item.updates) {
      now = 1000 + seconds;
      bar.update(
        current,
        values.map(([name, value]: [string, number]) => [name, Number(value)]),
        finalize ?? undefined,
      );
      assert.equal(texts.splice(0).join(""), text);
    }
    keras.utils.setOutput(null);
  });
}

for (const [index, item] of golden["fit_output"].entries()) {
  test(`what ${item.method} prints, verbose ${item.verbose} [${index}]`, async (context) => {
    context.mock.method(performance, "now", () => 1e6);
    const { model, x, y } = regression();
    model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
    const texts: string[] = [];
    keras.utils.setOutput((text) => texts.push(text));
    const given = { ...options(item.options), verbose: item.verbose };
    if (item.method === "fit") await model.fit(x, y, { ...given, shuffle: false });
    else if (item.method === "evaluate") await model.evaluate(x, y, given);
    else await model.predict(x, given);
    keras.utils.setOutput(null);
    assert.equal(texts.join(""), item.text);
  });
}

test("without a terminal the console gets whole lines, as they look in the end", (context) => {
  const { stdout } = process;
  const log = context.mock.method(console, "log", () => {});
  Object.defineProperty(process, "stdout", { value: undefined, configurable: true });
  try {
    const bar = new keras.utils.Progbar(2, { clock: () => 1000 });
    bar.update(1, [["loss", 1]]);
    bar.update(2, [["loss", 0.5]]);
  } finally {
    Object.defineProperty(process, "stdout", { value: stdout, configurable: true });
  }
  assert.equal(log.mock.callCount(), 1);
  const line = String(log.mock.calls[0]!.arguments[0]);
  assert.ok(line.startsWith("\x1b[1m2/2\x1b[0m ") && line.endsWith("loss: 0.5000"), line);
});
