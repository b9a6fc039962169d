import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { warningsOf } from "./support/golden.js";
import { type LayerTest, runLayerTest } from "./support/layerTest.js";

const { layers } = keras;

const cases: [string, LayerTest][] = [
  [
    "Dense",
    { layer: layers.Dense, given: [4], inputShape: [2, 3], outputShape: [2, 4], weights: { trainable: 2 } },
  ],
  [
    "Dense of rank 3, without bias",
    {
      layer: layers.Dense,
      given: [4, { useBias: false, activation: "tanh" }],
      inputShape: [2, 5, 3],
      outputShape: [2, 5, 4],
      weights: { trainable: 1 },
    },
  ],
  ["Activation", { layer: layers.Activation, given: ["sigmoid"], inputShape: [2, 3], outputShape: [2, 3] }],
  [
    "ReLU",
    {
      layer: layers.ReLU,
      given: [{ maxValue: 0.5, negativeSlope: 0.1 }],
      inputShape: [2, 3],
      outputShape: [2, 3],
    },
  ],
  ["LeakyReLU", { layer: layers.LeakyReLU, given: [], inputShape: [2, 3], outputShape: [2, 3] }],
  ["Softmax", { layer: layers.Softmax, given: [{ axis: 1 }], inputShape: [2, 3, 2], outputShape: [2, 3, 2] }],
  ["Identity", { layer: layers.Identity, given: [], inputShape: [2, 3], outputShape: [2, 3] }],
  [
    "Dropout",
    {
      layer: layers.Dropout,
      given: [0.5, { seed: 1 }],
      inputShape: [4, 30],
      outputShape: [4, 30],
      weights: { seeds: 1 },
      sameInTraining: false,
    },
  ],
  ["Flatten", { layer: layers.Flatten, given: [], inputShape: [2, 3, 4], outputShape: [2, 12] }],
  [
    "Flatten, channels first",
    {
      layer: layers.Flatten,
      given: [{ dataFormat: "channels_first" }],
      inputShape: [2, 3, 4],
      outputShape: [2, 12],
    },
  ],
  ["Reshape", { layer: layers.Reshape, given: [[2, -1]], inputShape: [5, 6], outputShape: [5, 2, 3] }],
  ["Permute", { layer: layers.Permute, given: [[2, 1]], inputShape: [5, 2, 3], outputShape: [5, 3, 2] }],
];

for (const [name, expected] of cases) test(`layer: ${name}`, () => runLayerTest(expected));

test("flatten with the channels first moves them last", () => {
  const x = tf.reshape(tf.range(6, { dtype: "float32" }), [1, 2, 3]);
  assert.deepEqual(new layers.Flatten({ dataFormat: "channels_first" })(x).array(), [[0, 3, 1, 4, 2, 5]]);
});

test("sublayers and variables are found in properties, lists, objects, maps and sets", () => {
  class Deep extends keras.Layer {
    own = new keras.Variable([1], { name: "own" });
    plain = new tf.Variable([2]);
    list = [new layers.Dense(1), [new layers.Dense(1)]];
    object = { a: new layers.Dense(1), b: { c: new layers.Dense(1) } };
    map = new Map([["x", new layers.Dense(1)]]);
    set = new Set([new layers.Dense(1)]);
    shared = this.list[0];
    numbers = [1, 2, 3];
    seeds = new keras.random.SeedGenerator(1);
    mean = new keras.metrics.Mean();
    override call(x: tf.Tensor): tf.Tensor {
      return x;
    }
  }
  const deep = new Deep();
  assert.equal(deep.sublayers.length, 6);
  assert.equal(deep.flattenLayers().length, 7);
  for (const layer of deep.sublayers) layer.build([null, 2]);
  assert.equal(deep.trainableVariables.length, 2 + 6 * 2);
  assert.equal(deep.weights.length, 14);
  assert.equal(deep.variables.length, 15);
  assert.equal(deep.metrics.length, 1);
  deep.trainable = false;
  assert.equal(deep.trainableVariables.length, 0);
  assert.ok(deep.sublayers.every((layer) => !layer.trainable));
});

test("a layer that is frozen is not trained, and follows its own switch again", async () => {
  const model = new keras.Sequential([new layers.Dense(2), new layers.Dense(1)]);
  model.build([null, 2]);
  model.layers[0]!.trainable = false;
  model.compile({ optimizer: "sgd", loss: "mse" });
  const before = model.getWeights().map((weight) => weight.array());
  await model.fit([[1, 2]], [[5]], { verbose: 0 });
  const after = model.getWeights().map((weight) => weight.array());
  assert.deepEqual(after.slice(0, 2), before.slice(0, 2));
  assert.notDeepEqual(after.slice(2), before.slice(2));
  model.layers[0]!.trainable = true;
  assert.equal(model.trainableVariables.length, 4);
});

test("a weight made not trainable stays so", () => {
  class Counter extends keras.Layer {
    declare count: keras.Variable;
    override build(): void {
      this.count = this.addWeight({ name: "count", initializer: "zeros", trainable: false });
    }
    override call(x: tf.Tensor): tf.Tensor {
      this.count.assignAdd(1);
      return x;
    }
  }
  const counter = new Counter();
  counter(tf.zeros([1, 1]));
  counter.trainable = false;
  counter.trainable = true;
  assert.equal(counter.trainableVariables.length, 0);
  assert.equal(counter.count.item(), 1);
  assert.equal(counter.count.path, "counter/count");
});

test("a layer or a variable that training would not find is an error that names the remedy", () => {
  const outside = new layers.Dense(1);
  const variable = new tf.Variable([2]);
  class Closure extends keras.Model {
    override call(x: tf.Tensor): tf.Tensor {
      return outside(x);
    }
  }
  class Private extends keras.Model {
    #dense = new layers.Dense(1);
    override call(x: tf.Tensor): tf.Tensor {
      return this.#dense(x);
    }
  }
  class Inline extends keras.Model {
    override call(x: tf.Tensor): tf.Tensor {
      return new layers.Dense(1)(x);
    }
  }
  class Reads extends keras.Layer {
    override call(x: tf.Tensor): tf.Tensor {
      return tf.multiply(x, variable);
    }
  }
  const x = tf.ones([2, 3]);
  for (const Wrong of [Closure, Private, Inline]) {
    assert.throws(() => new Wrong()(x), /its properties do not hold.*this\.layer = new Dense/s, Wrong.name);
  }
  assert.throws(
    () => new Reads()(x),
    /uses a trainable variable that its properties do not hold.*addWeight/s,
  );
  // Nothing that trains is lost: no error.
  class Fine extends keras.Model {
    dense = outside;
    inner = new Shared(outside);
    constant = new tf.Variable([3], { trainable: false });
    override call(y: tf.Tensor): tf.Tensor {
      return tf.multiply(new layers.Activation("relu")(this.inner(this.dense(y))), this.constant);
    }
  }
  class Shared extends keras.Layer {
    readonly #layer: keras.layers.Dense;
    constructor(layer: keras.layers.Dense) {
      super();
      this.#layer = layer;
    }
    // The model around it holds the layer.
    override call(y: tf.Tensor): tf.Tensor {
      return tf.multiply(y, this.#layer.bias!);
    }
  }
  new Fine()(x);
});

test("training is passed down, and can be said anew", () => {
  const seen: (boolean | undefined)[] = [];
  class Spy extends keras.Layer {
    override call(x: tf.Tensor, options: keras.CallOptions = {}): tf.Tensor {
      seen.push(options.training);
      return x;
    }
  }
  class Outer extends keras.Layer {
    spy = new Spy();
    override call(x: tf.Tensor): tf.Tensor {
      return this.spy(this.spy(x), { training: false });
    }
  }
  const outer = new Outer();
  outer(tf.zeros([1]));
  outer(tf.zeros([1]), { training: true });
  assert.deepEqual(seen, [false, false, true, false]);
});

test("a mask goes along with the tensors, or is lost with a warning", async () => {
  const { setMask, getMask } = await import("../../src/keras/base/annotations.js");
  const mask = tf.constant([[true, false]]);
  const x = setMask(tf.ones([1, 2, 3]), mask);
  const model = new keras.Sequential([new layers.Dense(2), new layers.Activation("relu")]);
  assert.equal(getMask(model.layers[0]!(x)), mask);
  const warnings = await warningsOf(() => new layers.Flatten()(x));
  assert.match(warnings[0]!, /does not support masking/);
  // By hand: of two steps with losses 1 and 4 only the first counts.
  const prediction = setMask(tf.constant([[[1], [2]]]), mask);
  assert.equal(new keras.losses.MeanSquaredError()(tf.zeros([1, 2, 1]), prediction).item(), 1);
});

test("Sequential grows and shrinks", () => {
  const model = new keras.Sequential(null, { name: "grown" });
  model.add(keras.Input({ shape: [3] }));
  assert.ok(!model.built);
  model.add(new layers.Dense(2));
  assert.deepEqual([model.outputShape, model.weights.length], [[null, 2], 2]);
  model.add(new layers.Dense(5));
  assert.deepEqual(model.outputShape, [null, 5]);
  const last = model.pop();
  assert.ok(last instanceof layers.Dense && last.units === 5);
  assert.deepEqual([model.outputShape, model.layers.length], [[null, 2], 1]);
  assert.equal(model.getLayer(0).units, 2);
  assert.throws(() => model.build([null, 4]), /has already been configured to use input shape \(None, 3\)/);
  model.pop();
  assert.throws(() => model.pop().name && model.pop(), /no layers to pop/);
  const alone = new keras.Sequential(new layers.Dense(1));
  assert.equal(alone.layers.length, 1);
  alone(tf.zeros([10, 2]));
  assert.deepEqual(alone.inputShape, [10, 2]);
  alone(tf.zeros([3, 2]));
});

test("a Sequential of layers that do not tell their shape, and of models", () => {
  class Pairs extends keras.Layer {
    dense = new layers.Dense(4);
    override call(x: tf.Tensor): tf.Tensor {
      return tf.concat([this.dense(x), x], -1);
    }
  }
  const inner = new keras.Sequential([new layers.Dense(3)], { name: "inner" });
  const model = new keras.Sequential([keras.Input({ shape: [2] }), new Pairs({ name: "pairs" }), inner], {
    name: "outer",
  });
  assert.deepEqual(model.outputShape, [null, 3]);
  const paths = model.weights.map(({ path }) => path.replace(/dense(_\d+)?/, "dense"));
  assert.deepEqual(paths, [
    "outer/pairs/dense/kernel",
    "outer/pairs/dense/bias",
    "outer/inner/dense/kernel",
    "outer/inner/dense/bias",
  ]);
});

test("paths and shapes in a subclassed model; build makes its weights", () => {
  class Net extends keras.Model {
    first = new layers.Dense(2, { name: "first" });
    rest = [new layers.Dense(1, { name: "last" })];
    override call(x: tf.Tensor): tf.Tensor {
      return this.rest[0]!(this.first(x));
    }
  }
  const net = new Net({ name: "net" });
  net.build([null, 3]);
  assert.ok(net.built);
  assert.deepEqual(
    net.weights.map(({ path, shape }) => [path, [...shape]]),
    [
      ["net/first/kernel", [3, 2]],
      ["net/first/bias", [2]],
      ["net/last/kernel", [2, 1]],
      ["net/last/bias", [1]],
    ],
  );
  assert.deepEqual(
    net.layers.map(({ name }) => name),
    ["first", "last"],
  );
});

test("a drawn graph of layers is an error that says what to do", () => {
  assert.throws(
    () => new layers.Dense(1)(keras.Input({ shape: [2] })),
    /keras\.Sequential, or write a subclass of keras\.Model/,
  );
});

test("toCategorical, random draws and ops of NumPy's names", () => {
  // NumPy: np.eye(3)[[0, 2]], np.arange(1, 2, 0.5), np.concatenate([[1, 2], [3]]).
  assert.deepEqual(keras.utils.toCategorical([0, 2]).array(), [
    [1, 0, 0],
    [0, 0, 1],
  ]);
  assert.deepEqual(keras.utils.toCategorical([[1], [0]], 3).array(), [
    [0, 1, 0],
    [1, 0, 0],
  ]);
  assert.throws(() => keras.utils.toCategorical([3], 2), /labels must be from 0 to 1/);
  const { ops } = keras;
  assert.deepEqual(ops.arange(1, 2, 0.5).array(), [1, 1.5]);
  assert.deepEqual(ops.arange(2, 1).array(), []);
  assert.deepEqual(ops.concatenate([[1, 2], [3]]).array(), [1, 2, 3]);
  const [a, b] = ops.meshgrid([1, 2], [3, 4, 5]);
  assert.deepEqual(
    [a!.shape, b!.array()],
    [
      [3, 2],
      [
        [3, 3],
        [4, 4],
        [5, 5],
      ],
    ],
  );
  assert.deepEqual(
    ops
      .ravel([
        [1, 2],
        [3, 4],
      ])
      .array(),
    [1, 2, 3, 4],
  );
  assert.equal(
    ops
      .argmax([
        [1, 9],
        [3, 4],
      ])
      .item(),
    1,
  );
  assert.deepEqual(
    ops
      .argmax(
        [
          [1, 9],
          [3, 4],
        ],
        0,
      )
      .array(),
    [1, 0],
  );
  assert.equal(ops.var([1, 3]).item(), 1);
  assert.equal(ops.std([1, 3]).item(), 1);
  assert.deepEqual(
    ops
      .dot(
        [
          [1, 2],
          [3, 4],
        ],
        [5, 6],
      )
      .array(),
    [17, 39],
  );
  const drawn = () => keras.random.normal([4], { seed: 5 }).array();
  assert.deepEqual(drawn(), drawn());
  keras.utils.setRandomSeed(3);
  const draws = () => {
    const layer = new layers.Dense(2);
    layer.build([null, 3]);
    return [keras.random.uniform([3]).array(), layer.kernel.array(), tf.random.normal([2]).array()];
  };
  keras.utils.setRandomSeed(3);
  const first = draws();
  assert.notDeepEqual(draws(), first);
  keras.utils.setRandomSeed(3);
  assert.deepEqual(draws(), first);
});

test("float64 throughout by setFloatx", async () => {
  keras.config.setFloatx("float64");
  try {
    const model = new keras.Sequential([new layers.Dense(1, { kernelInitializer: "zeros" })]);
    model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
    const { history } = await model.fit([[1], [2]], [[0.1], [0.2]], { verbose: 0 });
    assert.equal(model.getWeights()[0]!.dtype, "float64");
    // By hand, in float64: mean(0.1², 0.2²) and mean(0.1, 0.2).
    assert.ok(Math.abs(history["loss"]![0]! - 0.025) < 1e-15);
    assert.ok(Math.abs(history["mae"]![0]! - 0.15) < 1e-15);
  } finally {
    keras.config.setFloatx("float32");
  }
  assert.throws(() => keras.config.setFloatx("int32"), /Unknown `floatx` value/);
});
