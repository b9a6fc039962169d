import assert from "node:assert/strict";
import test from "node:test";
import { inspect } from "node:util";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertNumber, assertTensor, golden, goldenTensor, parseCall } from "./support/golden.js";

const doors = keras as any;

/** A floor on what is compared, so that a change of the golden file's layout does not go unnoticed. */
function some<T>(items: T[], fewest: number): T[] {
  assert.ok(items.length >= fewest, `${items.length} cases, expected at least ${fewest}`);
  return items;
}

const settings: Record<string, () => any> = {
  "Dense(3)": () => new keras.layers.Dense(3, { name: "d" }),
  "Dense(all)": () =>
    new keras.layers.Dense(3, {
      name: "d",
      activation: "relu",
      useBias: false,
      kernelInitializer: new keras.initializers.HeNormal({ seed: 1 }),
      kernelRegularizer: "l2",
      biasRegularizer: new keras.regularizers.L1L2({ l1: 0.1, l2: 0.2 }),
      activityRegularizer: "l1",
      kernelConstraint: "max_norm",
    }),
  "Activation('relu')": () => new keras.layers.Activation("relu", { name: "a" }),
  "Dropout(0.5)": () => new keras.layers.Dropout(0.5, { name: "d" }),
  "Dropout(0.5, seed=3)": () => new keras.layers.Dropout(0.5, { name: "d", seed: 3, noiseShape: [null, 1] }),
  "Flatten()": () => new keras.layers.Flatten({ name: "f" }),
  "InputLayer((2,))": () => new keras.layers.InputLayer({ shape: [2], name: "i" }),
  "Sequential([Input, Dense])": () =>
    new keras.Sequential([keras.Input({ shape: [2], name: "i" }), new keras.layers.Dense(1, { name: "d" })], {
      name: "s",
    }),
  "SGD(momentum)": () =>
    new keras.optimizers.SGD({
      learningRate: 0.1,
      momentum: 0.9,
      nesterov: true,
      weightDecay: 0.01,
      clipnorm: 1,
      name: "sgd_12",
    }),
};

/** Python prints 1.0 where JavaScript has 1. */
for (const [text, item] of some(Object.entries<any>(golden["configs"]), 40)) {
  test(`config of ${text}`, () => {
    const { name } = parseCall(text);
    const path = name.split(".");
    const family = path.length > 1 ? path[0]! : text in settings ? "layers" : "optimizers";
    const make = settings[text] ?? (() => new doors[family][path.at(-1)!]());
    const object = make();
    const config = JSON.parse(JSON.stringify(object.getConfig()));
    const expected = { ...item.get_config };
    // Names with a number depend on what was made before.
    if (family === "optimizers") expected.name = config.name;
    assert.deepEqual(config, expected);
    assert.deepEqual(Object.keys(config), Object.keys(expected));
    assert.equal(object.constructor.name, item.class);
    const again = object.constructor.fromConfig(config);
    assert.deepEqual(JSON.parse(JSON.stringify(again.getConfig())), config);
  });
}

for (const [family, cases] of Object.entries<any>(golden["identifiers"])) {
  test(`identifiers of ${family}`, () => {
    let compared = 0;
    for (const [given, expected] of Object.entries<any>(cases)) {
      const identifier = given === "null" ? null : given;
      if (expected.error !== undefined) {
        assert.throws(
          () => doors[family].get(identifier),
          { name: expected.error, message: expected.message },
          given,
        );
      } else {
        const className = expected.class ?? "";
        const functionName = String(expected.function ?? "").replace(/_(\w)/g, (_, letter) =>
          letter.toUpperCase(),
        );
        // Those of later issues.
        if (!(className in doors[family]) && !(functionName in doors[family])) continue;
        const found = doors[family].get(identifier);
        if (expected.class !== undefined) assert.equal(found.constructor.name, className, given);
        else assert.equal(found, doors[family][functionName], given);
      }
      compared++;
    }
    assert.ok(compared >= 7, `${family}: ${compared} compared`);
  });
}

test("names in Python's spelling", async () => {
  const { toSnakeCase } = await import("../../src/keras/base/naming.js");
  for (const [name, expected] of some(Object.entries(golden["snake_case"]), 30))
    assert.equal(toSnakeCase(name), expected);
});

test("automatic names and paths", () => {
  keras.utils.clearSession();
  class Mine extends keras.Layer {}
  const { layers } = keras;
  const dense = [new layers.Dense(1), new layers.Dense(1)];
  const names = [
    ...dense,
    new layers.Dropout(0.5),
    new layers.Activation("relu"),
    new layers.Flatten(),
    new Mine(),
    new layers.Dense(1),
    new layers.ReLU(),
    new layers.InputLayer({ shape: [1] }),
    new keras.Sequential(),
    new keras.Sequential(),
  ].map(({ name }) => name);
  assert.deepEqual(names, golden["auto_names"].in_order.slice(0, names.length));
  const model = new keras.Sequential(
    [new layers.Dense(2, { name: "a" }), new layers.Dense(1, { name: "dense_4" })],
    { name: "seq" },
  );
  model.build([null, 2]);
  assert.deepEqual(
    model.variables.map(({ path }) => path),
    golden["auto_names"].variable_paths,
  );
  assert.deepEqual(
    model.variables.map(({ name }) => name),
    golden["auto_names"].variable_names,
  );
  keras.utils.clearSession();
  assert.equal(new layers.Dense(1).name, golden["auto_names"].after_clear_session);
});

for (const [text, { x, loss }] of some(Object.entries<any>(golden["regularizers"]), 7)) {
  test(`regularizers: ${text}`, () => {
    const { name, positional, named } = parseCall(text);
    const isCall = text.includes("(");
    const given =
      name === "L1L2"
        ? [{ l1: positional[0], l2: positional[1] }]
        : positional.length > 0
          ? positional
          : [named];
    const regularizer = isCall ? new doors.regularizers[name](...given) : keras.regularizers.get(text);
    assertNumber(regularizer(goldenTensor(x)).item(), loss, 1e-6);
  });
}

for (const [text, item] of some(Object.entries<any>(golden["constraints"]), 6)) {
  test(`constraints: ${text}`, () => {
    if (text === "after_a_step") {
      const kernel = new keras.Variable(goldenTensor(item.x));
      kernel.constraint = keras.constraints.get("non_neg");
      new keras.optimizers.SGD(1).apply([tf.fill(kernel.shape, item.gradient)], [kernel]);
      assertTensor(kernel.readValue(), item.y, 1e-6);
      return;
    }
    const { name, positional, named } = parseCall(text);
    const byPlace: Record<string, string[]> = { MaxNorm: ["maxValue"], MinMaxNorm: ["minValue", "maxValue"] };
    const given = Object.fromEntries(positional.map((value, i) => [byPlace[name]![i], value]));
    assertTensor(new doors.constraints[name]({ ...given, ...named })(goldenTensor(item.x)), item.y, 1e-6);
  });
}

const drawing: Record<string, () => any> = {
  RandomNormal: () => new keras.initializers.RandomNormal({ seed: 1 }),
  RandomUniform: () => new keras.initializers.RandomUniform({ seed: 1 }),
  Constant: () => new keras.initializers.Constant(3),
};

for (const [index, item] of golden["initializers"].entries()) {
  test(`initializers: ${item.name} of [${item.shape}] [${index}]`, () => {
    const Class = doors.initializers[item.name];
    if (item.value !== undefined) {
      assertTensor(new Class({ gain: 2 })(item.shape), item.value, 0);
      return;
    }
    if (
      ["Constant", "VarianceScaling", "TruncatedNormal"].includes(item.name) &&
      item.options === undefined
    ) {
      // The settings are not in the file: what was drawn tells the constant and the spread.
      if (item.name === "Constant")
        assert.deepEqual([...new Set(new Class(item.drawn.mean)([5]).data())], [item.drawn.mean]);
      return;
    }
    const values: number[] = [...(drawing[item.name]?.() ?? new Class({ seed: 1 }))(item.shape).data()];
    const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length);
    const { drawn, limit } = item;
    const spread = drawn.standard_deviation;
    assert.ok(Math.abs(mean - drawn.mean) <= (8 * spread) / Math.sqrt(values.length), `mean ${mean}`);
    assert.ok(
      Math.abs(deviation - spread) <= 0.02 * spread,
      `standard deviation ${deviation}, Keras has ${spread}`,
    );
    if (limit !== undefined)
      assert.ok(
        values.every((v) => Math.abs(v) <= limit * (1 + 1e-6)),
        "limit",
      );
    const again = [...(drawing[item.name]?.() ?? new Class({ seed: 1 }))(item.shape).data()];
    assert.deepEqual(again, values);
  });
}

test("layers, losses and optimizers print and serialise as what they are", () => {
  const dense = new keras.layers.Dense(1, { name: "d" });
  assert.equal(inspect(dense), "<Dense name=d, built=False>");
  assert.equal(String(dense), "<Dense name=d, built=False>");
  dense.build([null, 2]);
  assert.equal(`${dense}`, "<Dense name=d, built=True>");
  const plain = JSON.parse(JSON.stringify({ dense }));
  assert.deepEqual(Object.keys(plain.dense), [
    "module",
    "class_name",
    "config",
    "registered_name",
    "build_config",
  ]);
  assert.equal(plain.dense.module, "keras.layers");
  assert.deepEqual(plain.dense.build_config, { input_shape: [null, 2] });
  assert.equal(inspect(new keras.losses.MeanSquaredError()), "<MeanSquaredError name=mean_squared_error>");
  assert.equal(inspect(new keras.metrics.Mean()), "<Mean name=mean>");
  assert.match(inspect(dense.kernel), /^<Variable path=d\/kernel, shape=\[2, 1\], dtype=float32, value=/);
  assert.ok(dense instanceof keras.layers.Dense && dense instanceof keras.Layer);
  assert.ok(!((dense as unknown) instanceof Function));
});

test("a model goes through its config, with layers of one's own", () => {
  class Twice extends keras.Layer {
    override call(x: tf.Tensor): tf.Tensor {
      return tf.multiply(x, 2);
    }
  }
  const model = new keras.Sequential([
    keras.Input({ shape: [3] }),
    new keras.layers.Dense(2, { activation: "tanh" }),
    new Twice(),
  ]);
  const again = keras.Sequential.fromConfig(JSON.parse(JSON.stringify(model.getConfig())), { Twice });
  again.setWeights(model.getWeights());
  const x = tf.constant([[1, 2, 3]]);
  assert.deepEqual(again(x).array(), model(x).array());
  assert.deepEqual(again.outputShape, [null, 2]);
  assert.throws(
    () => keras.Sequential.fromConfig(JSON.parse(JSON.stringify(model.getConfig()))),
    /Could not interpret layer identifier/,
  );
});
