import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { readGolden } from "../support/golden.js";
import { assertNumber, assertTensor, golden, goldenTensor, options, warningsOf } from "./support/golden.js";
import { modelOf, regression } from "./support/models.js";

for (const item of golden["fit"]) {
  test(`fit: ${item.name}`, async () => {
    const model = modelOf(item.layers);
    model.setWeights(item.start.map(goldenTensor));
    model.compile(options(item.compile));
    const [x, y] = [goldenTensor(item.x), goldenTensor(item.y)];
    const given = options(item.fit);
    if ("validationData" in given)
      given["validationData"] = [
        tf.multiply(tf.slice(x, [0, 0], [6, 2]), 2),
        tf.slice(y, [0, 0], [6, y.shape[1]!]),
      ];
    const { history, epoch, params } = await model.fit(x, y, given);
    assert.deepEqual(Object.keys(history), Object.keys(item.history));
    for (const [name, values] of Object.entries<number[]>(item.history)) {
      assert.equal(history[name]!.length, values.length, name);
      values.forEach((value, i) => {
        assertNumber(history[name]![i]!, value, item.tolerance, `${name}, epoch ${i}`);
      });
    }
    assert.deepEqual(epoch, item.epoch);
    assert.deepEqual({ ...params }, item.params);
    model.getWeights().forEach((weight, i) => {
      assertTensor(weight, item.weights[i], item.tolerance, `weight ${i}`);
    });
    const evaluated = await model.evaluate(x, y, { batchSize: 4, verbose: 0 });
    assert.equal(Array.isArray(evaluated), Array.isArray(item.evaluate));
    [evaluated].flat().forEach((value: number, i: number) => {
      assertNumber(value, [item.evaluate].flat()[i], item.tolerance, `evaluate ${i}`);
    });
    assert.equal([evaluated].flat().length, [item.evaluate].flat().length);
    const named = await model.evaluate(x, y, { batchSize: 4, verbose: 0, returnDict: true });
    assert.deepEqual(Object.keys(named), Object.keys(item.evaluate_dict));
    for (const [name, value] of Object.entries<number>(item.evaluate_dict))
      assertNumber(named[name]!, value, item.tolerance, name);
    assert.deepEqual(model.metricsNames, item.metrics_names);
    assertTensor(
      await model.predict(x, { batchSize: 4, verbose: 0 }),
      item.predict,
      item.tolerance,
      "predict",
    );
  });
}

test("the AND gate of the lesson, 1000 epochs of Adam", async () => {
  const { and_model: item } = readGolden<any>("seed.json");
  const model = new keras.Sequential([new keras.layers.Dense(1, { activation: "relu" })]);
  model.compile({ loss: "mean_squared_error", optimizer: "adam", metrics: ["accuracy"] });
  model.build([null, 2]);
  model.setWeights([item.initial.kernel, item.initial.bias]);
  const { history } = await model.fit(item.x, item.y, {
    epochs: 1000,
    batchSize: 4,
    shuffle: false,
    verbose: 0,
  });
  assert.deepEqual(Object.keys(history), item.history_keys);
  for (const name of item.history_keys) {
    item.first_20[name].forEach((value: number, i: number) => {
      assertNumber(history[name]![i]!, value, 1e-6, `${name}, epoch ${i}`);
    });
    item.every_100th[name].forEach((value: number, i: number) => {
      assertNumber(history[name]![99 + 100 * i]!, value, item.tolerance, `${name}, epoch ${99 + 100 * i}`);
    });
  }
  const [kernel, bias] = model.getWeights();
  assertTensor(kernel!, item.kernel, item.tolerance);
  assertTensor(bias!, item.bias, item.tolerance);
  assertTensor(await model.predict(item.x, { verbose: 0 }), item.predict, item.tolerance);
});

const HOOKS = [
  "TrainBegin",
  "TrainEnd",
  "EpochBegin",
  "EpochEnd",
  "TrainBatchBegin",
  "TrainBatchEnd",
  "TestBegin",
  "TestEnd",
  "TestBatchBegin",
  "TestBatchEnd",
  "PredictBegin",
  "PredictEnd",
  "PredictBatchBegin",
  "PredictBatchEnd",
] as const;

/** Writes down every hook with its index and the names in its logs. */
function log(label: string, rows: unknown[]): keras.callbacks.Callback {
  const snake = (hook: string): string =>
    `on${hook.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  const hooks = HOOKS.map((hook) => [
    `on${hook}`,
    /Batch|Epoch/.test(hook)
      ? (index: number, logs: object = {}) => void rows.push([label, snake(hook), index, Object.keys(logs)])
      : (logs: object = {}) => void rows.push([label, snake(hook), null, Object.keys(logs)]),
  ]);
  return new keras.callbacks.LambdaCallback(Object.fromEntries(hooks));
}

test("callbacks are called in Keras's order", async () => {
  const { model, x, y } = regression();
  model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
  const rows: unknown[] = [];
  const logs = [log("a", rows), log("b", rows)];
  const validationData: [tf.Tensor, tf.Tensor] = [tf.slice(x, [0, 0], [4, 2]), tf.slice(y, [0, 0], [4, 1])];
  await model.fit(x, y, {
    epochs: 2,
    batchSize: 5,
    validationData,
    validationBatchSize: 2,
    verbose: 0,
    callbacks: logs,
  });
  assert.deepEqual(rows, golden["callback_order"].fit);
  rows.length = 0;
  await model.evaluate(x, y, { batchSize: 5, verbose: 0, callbacks: logs.slice(0, 1) });
  assert.deepEqual(rows, golden["callback_order"].evaluate);
  rows.length = 0;
  await model.predict(x, { batchSize: 5, verbose: 0, callbacks: logs[0] });
  assert.deepEqual(rows, golden["callback_order"].predict);
  class Stop extends keras.callbacks.Callback {
    override onTrainBatchEnd(): void {
      this.model.stopTraining = true;
    }
  }
  rows.length = 0;
  await model.fit(x, y, { epochs: 3, batchSize: 5, verbose: 0, callbacks: [new Stop(), logs[0]!] });
  const expected = golden["callback_order"].stop_training_set_in_the_first_batch;
  assert.deepEqual(rows, expected.slice(-rows.length));
  assert.equal(rows.length, 6);
});

test("a hook that gives a promise is waited for", async () => {
  const { model, x, y } = regression();
  model.compile({ optimizer: "sgd", loss: "mse" });
  const rows: string[] = [];
  const slow = new keras.callbacks.LambdaCallback({
    async onEpochEnd(epoch) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      rows.push(`slow ${epoch}`);
    },
  });
  const quick = new keras.callbacks.LambdaCallback({
    onEpochEnd: (epoch) => void rows.push(`quick ${epoch}`),
  });
  await model.fit(x, y, { epochs: 2, verbose: 0, callbacks: [slow, quick] });
  assert.deepEqual(rows, ["slow 0", "quick 0", "slow 1", "quick 1"]);
});

test("steps, splits and batches of the data", async () => {
  const { model, x, y } = regression();
  model.compile({ optimizer: "sgd", loss: "mse" });
  const facts = golden["data"];
  assert.deepEqual(
    { ...(await model.fit(x, y, { verbose: 0 })).params },
    facts.history_params_default_batch_size,
  );
  assert.deepEqual(Object.keys(model.trainOnBatch(x, y, { returnDict: true })), facts.train_on_batch_keys);
  for (const [name, sizes] of Object.entries<number[]>(facts.validation_split_sizes)) {
    const [count, split] = name.match(/[\d.]+/g)!.map(Number);
    const seen: number[] = [];
    class Counting extends keras.Model {
      dense = new keras.layers.Dense(1);
      override call(input: tf.Tensor): tf.Tensor {
        return this.dense(input);
      }
      override trainStep(batch: keras.Batch) {
        seen[0] = batch[0].shape[0];
        return super.trainStep(batch);
      }
      override testStep(batch: keras.Batch) {
        seen[1] = batch[0].shape[0];
        return super.testStep(batch);
      }
    }
    const counting = new Counting();
    counting.compile({ loss: "mse" });
    await counting.fit(tf.zeros([count!, 1]), tf.zeros([count!, 1]), {
      validationSplit: split,
      batchSize: 100,
      verbose: 0,
    });
    assert.deepEqual(seen, sizes, name);
  }
});

test("shuffling is a permutation of whole samples, repeatable by a seed", async () => {
  const seen: number[][] = [];
  class Watching extends keras.Model {
    dense = new keras.layers.Dense(1);
    override call(input: tf.Tensor): tf.Tensor {
      return this.dense(input);
    }
    override trainStep(batch: keras.Batch) {
      seen.push([...batch[0].data()]);
      assert.deepEqual(
        batch[0]
          .array()
          .flat()
          .map((v: number) => v * 10),
        batch[1].array().flat(),
      );
      return super.trainStep(batch);
    }
  }
  const x = tf.reshape(tf.range(20, { dtype: "float32" }), [20, 1]);
  const run = async (shuffle: boolean | "batch"): Promise<number[][]> => {
    keras.utils.setRandomSeed(1);
    seen.length = 0;
    const model = new Watching();
    // The step reads its batch, which a program could not.
    model.compile({ loss: "mse", optimizer: "sgd", runEagerly: true });
    await model.fit(x, tf.multiply(x, 10), { epochs: 2, batchSize: 8, shuffle, verbose: 0 });
    return [...seen];
  };
  const inOrder = Array.from({ length: 20 }, (_, i) => i);
  const first = await run(true);
  assert.deepEqual(
    first.map((batch) => batch.length),
    [8, 8, 4, 8, 8, 4],
  );
  const epochs = [first.slice(0, 3).flat(), first.slice(3).flat()];
  for (const epoch of epochs)
    assert.deepEqual(
      [...epoch].sort((a, b) => a - b),
      inOrder,
    );
  assert.notDeepEqual(epochs[0], inOrder);
  assert.notDeepEqual(epochs[0], epochs[1]);
  assert.deepEqual(await run(true), first);
  const inside = (await run("batch")).slice(0, 3);
  assert.deepEqual(
    inside.flatMap((batch) => [...batch].sort((a, b) => a - b)),
    inOrder,
  );
  assert.notDeepEqual(inside.flat(), inOrder);
  assert.deepEqual((await run(false)).slice(0, 3).flat(), inOrder);
});

test("fewer steps than batches go on with the data in the next epoch", async () => {
  const { model } = regression();
  model.compile({ optimizer: "sgd", loss: "mse" });
  const x = tf.zeros([100, 2]);
  const steps: number[] = [];
  const count = new keras.callbacks.LambdaCallback({
    onEpochBegin: () => void steps.push(0),
    onTrainBatchEnd: () => void steps[steps.length - 1]!++,
  });
  const warnings = await warningsOf(() =>
    model.fit(x, tf.zeros([100, 1]), {
      epochs: 4,
      batchSize: 10,
      stepsPerEpoch: 3,
      verbose: 0,
      callbacks: count,
    }),
  );
  // 10 batches in all: 3 + 3 + 3 + 1.
  assert.deepEqual(steps, [3, 3, 3, 1]);
  assert.match(warnings[0]!, /Your input ran out of data/);
});

test("training gives way to timers, and a signal stops it", async () => {
  const { model, x, y } = regression();
  model.compile({ optimizer: "sgd", loss: "mse" });
  let ticks = 0;
  const timer = setInterval(() => ticks++, 1);
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error("enough")), 150);
  await assert.rejects(model.fit(x, y, { epochs: 1e9, verbose: 0, signal: controller.signal }), /enough/);
  clearInterval(timer);
  assert.ok(ticks >= 2, `${ticks} ticks`);
  await model.fit(x, y, { verbose: 0 });
});

test("several outputs: losses, weights and metrics by name and in order", async () => {
  class Two extends keras.Model {
    a = new keras.layers.Dense(1, { kernelInitializer: "ones" });
    b = new keras.layers.Dense(1, { kernelInitializer: "zeros" });
    override call(x: tf.Tensor): any {
      return { first: this.a(x), second: this.b(x) };
    }
  }
  const model = new Two();
  model.compile({
    optimizer: "sgd",
    loss: { first: "mse", second: "mae" },
    lossWeights: { first: 2, second: 1 },
    metrics: { first: ["mae"] },
  });
  const x = [[1], [3]];
  const logs = await model.evaluate(x, { first: tf.zeros([2, 1]), second: tf.ones([2, 1]) } as any, {
    verbose: 0,
    returnDict: true,
  });
  // By hand: mse of [1, 3] and 0 is 5, mae of 0 and 1 is 1, the whole 2 · 5 + 1; mae of [1, 3] is 2.
  assert.deepEqual(logs, { first_loss: 5, first_mae: 2, loss: 11, second_loss: 1 });
  const { second } = (await model.predict(x, { verbose: 0 })) as any;
  assert.deepEqual(second.array(), [[0], [0]]);
  await assert.rejects(model.evaluate(x, [[0], [0]], { verbose: 0 }), /different structures/);
  const built = new Two();
  built(tf.constant(x));
  built.compile({ optimizer: "sgd", loss: ["mse", "mae"] });
  const labels = { first: tf.zeros([2, 1]), second: tf.ones([2, 1]) };
  // Metrics are taken before the step changes the weights: the same 5 and 1.
  const { history } = await built.fit(x, labels, { verbose: 0 });
  assert.deepEqual(history, { first_loss: [5], loss: [6], second_loss: [1] });
});

test("losses that layers add, and a step of one's own", async () => {
  class Extra extends keras.Model {
    dense = new keras.layers.Dense(1, { kernelInitializer: "ones" });
    override call(x: tf.Tensor): tf.Tensor {
      const y = this.dense(x);
      this.addLoss(tf.reduceSum(y));
      return y;
    }
  }
  const model = new Extra();
  model.compile({ optimizer: "sgd", loss: "mse" });
  // By hand: (1 − 0)² plus the output, 1.
  assert.equal(await model.evaluate([[1]], [[0]], { verbose: 0 }), 2);
  assert.equal(model.losses.length, 1);
  class Own extends Extra {
    override trainStep() {
      return { made: 7 };
    }
  }
  const own = new Own();
  own.compile({ loss: "mse" });
  assert.deepEqual((await own.fit([[1]], [[0]], { verbose: 0 })).history, { made: [7] });
});

test("early stopping, NaN and learning rates", async () => {
  const { model, x, y } = regression();
  model.compile({ optimizer: new keras.optimizers.SGD(0), loss: "mse" });
  const stop = new keras.callbacks.EarlyStopping({ monitor: "loss", patience: 2 });
  assert.deepEqual(
    (await model.fit(x, y, { epochs: 10, shuffle: false, verbose: 0, callbacks: stop })).epoch,
    [0, 1, 2],
  );
  assert.equal(stop.stoppedEpoch, 2);
  model.compile({ optimizer: new keras.optimizers.SGD(1e30), loss: "mse" });
  const { epoch } = await model.fit(x, y, {
    epochs: 10,
    verbose: 0,
    callbacks: new keras.callbacks.TerminateOnNaN(),
  });
  assert.ok(epoch.length < 10);
  const next = regression();
  next.model.compile({ optimizer: new keras.optimizers.SGD(0.5), loss: "mse" });
  const halve = new keras.callbacks.LearningRateScheduler((e, rate) => (e === 0 ? rate : rate / 2));
  const { history } = await next.model.fit(x, y, { epochs: 3, verbose: 0, callbacks: halve });
  assert.deepEqual(history["learning_rate"], [0.5, 0.25, 0.125]);
});

test("early stopping puts the best weights back", async () => {
  const { model, x, y } = regression();
  model.compile({ optimizer: new keras.optimizers.SGD(0.1), loss: "mse" });
  const kept: any[] = [];
  const worsen = new keras.callbacks.LambdaCallback({
    onEpochEnd(epoch) {
      if (epoch === 1) kept.push(...model.getWeights().map((weight) => weight.array()));
      if (epoch >= 1) model.optimizer!.learningRate = 50;
    },
  });
  const best = new keras.callbacks.EarlyStopping({
    monitor: "val_loss",
    patience: 3,
    restoreBestWeights: true,
  });
  await model.fit(x, y, {
    epochs: 8,
    batchSize: 10,
    verbose: 0,
    validationData: [x, y],
    callbacks: [best, worsen],
  });
  assert.equal(best.bestEpoch, 1);
  assert.deepEqual(
    model.getWeights().map((weight) => weight.array()),
    kept,
  );
});

/** What the golden file calls by name, as it is written here. */
const { layers, losses, optimizers } = keras;
const made = () => {
  const { model, x, y } = regression();
  return {
    x,
    y,
    compiled(given: keras.CompileOptions = {}): keras.Sequential {
      model.compile({ optimizer: "sgd", loss: "mse", ...given });
      return model;
    },
    model,
  };
};
const silent = { verbose: 0 } as const;
const { x, y } = made();
const wrongUses: Record<string, () => unknown> = {
  "fit before compile": () => made().model.fit(x, y, silent),
  "evaluate before compile": () => made().model.evaluate(x, y, silent),
  "unknown loss": () => made().compiled({ loss: "mean_squared_eror" }).fit(x, y, silent),
  "unknown metric": () =>
    made()
      .compiled({ metrics: ["acuracy"] })
      .fit(x, y, silent),
  "unknown optimizer": () => made().compiled({ optimizer: "adan" }),
  "unknown activation": () => new layers.Dense(1, { activation: "rellu" }),
  "unknown initializer": () => new layers.Dense(1, { kernelInitializer: "glorot" }),
  "unknown regularizer": () => new layers.Dense(1, { kernelRegularizer: "l1_l2" }),
  "unknown constraint": () => new layers.Dense(1, { kernelConstraint: "positive" }),
  "crossentropy as a metric": () =>
    made()
      .compiled({ metrics: ["crossentropy"] })
      .fit(x, y, silent),
  "no loss": () =>
    made()
      .compiled({ loss: null as never })
      .fit(x, y, silent),
  "no y": () => made().compiled().fit(x, null, silent),
  cardinality: () =>
    made()
      .compiled()
      .fit(x, tf.slice(y, [0, 0], [9, 1]), silent),
  "validation_split leaves nothing": () =>
    made()
      .compiled()
      .fit([[1, 2]], [[1]], { ...silent, validationSplit: 0.5 }),
  "validation_split leaves nothing by rounding": () =>
    made()
      .compiled()
      .fit(x, y, { ...silent, validationSplit: 0.9 }),
  "class_weight and sample_weight": () =>
    made()
      .compiled()
      .fit(x, y, { ...silent, classWeight: { 0: 1 }, sampleWeight: tf.ones([10]) }),
  "units 0": () => new layers.Dense(0),
  "units a float": () => new layers.Dense(1.5),
  "dropout rate 2": () => new layers.Dropout(2),
  "dropout rate -1": () => new layers.Dropout(-0.5),
  "momentum 2": () => new optimizers.SGD({ momentum: 2 }),
  "momentum -1": () => new optimizers.SGD({ momentum: -1 }),
  "learning rate a string": () => new optimizers.SGD("0.1" as never),
  "two clips": () => new optimizers.SGD({ clipnorm: 1, clipvalue: 1 }),
  "no gradients at all": () => new optimizers.SGD().applyGradients([[null, new keras.Variable(1)]]),
  "unknown reduction": () => new losses.MeanSquaredError({ reduction: "average" as never }),
  "duplicate names": () =>
    new keras.Sequential([new layers.Dense(1, { name: "a" }), new layers.Dense(1, { name: "a" })]),
  "second Input": () => new keras.Sequential([keras.Input({ shape: [2] }), keras.Input({ shape: [2] })]),
  "build without layers": () => new keras.Sequential(null, { name: "s" }).build([null, 2]),
  "input_shape before build": () => new keras.Sequential([new layers.Dense(1)], { name: "s" }).inputShape,
  "weights of an unbuilt layer": () => new layers.Dense(1, { name: "d" }).setWeights([[[0], [0]]]),
  "weight shape": () => made().model.layers[0]!.setWeights([tf.zeros([3, 3]), tf.zeros([3])]),
  "weight count": () => made().model.layers[0]!.setWeights([tf.zeros([2, 3])]),
  "get_layer unknown": () => new keras.Sequential([new layers.Dense(1, { name: "a" })]).getLayer("b"),
  "call without build": () => new keras.Model().call(x),
  "count_params unbuilt": () => new layers.Dense(1, { name: "d" }).countParams(),
  "Input without a shape": () => keras.Input({}),
  "Input with shape and batch_shape": () => keras.Input({ shape: [2], batchShape: [null, 2] }),
};
/** Python's texts that speak of Python's types, or of TensorFlow's insides, begin alike at most. */
const beginsLike: Record<string, [() => unknown, RegExp]> = {
  "wrong width": [
    () => made().model(tf.zeros([2, 3])),
    /^Input 0 with name 'None' of layer 'dense' is incompatible with the layer: expected axis -1 of input shape to have value 2, but received input with shape \(2, 3\)$/,
  ],
  "wrong width in fit": [
    () =>
      made()
        .compiled()
        .fit(tf.zeros([10, 3]), y, silent),
    /expected axis -1 of input shape to have value 2, but received input with shape \(10, 3\)$/,
  ],
  "rank 1 into Dense": [() => made().model(tf.zeros([2])), /expected min_ndim=2, found ndim=1/],
  "loss shapes": [
    () => new losses.MeanSquaredError()(tf.zeros([2, 3]), tf.zeros([2, 2])),
    /\[2, 3\].*\[2, 2\]/,
  ],
  "unknown argument": [
    () => new layers.Dense(1, { activate: "relu" } as never),
    /^Unrecognized keyword arguments passed to Dense: \{'activate': "relu"\}$/,
  ],
  "add something else": [
    () => new keras.Sequential([5 as never]),
    /^Only instances of `keras.Layer` can be added to a Sequential model. Received: 5 \(of type number\)$/,
  ],
  "name with a slash": [
    () => new layers.Dense(1, { name: "a/b" }),
    /^Argument `name` must be a string and cannot contain character `\/`. Received: name=a\/b$/,
  ],
};

for (const { name, message } of golden["errors"]) {
  // One number is like another in JavaScript: 1 is a fine learning rate.
  if (name === "learning rate an int") continue;
  test(`error: ${name}`, async () => {
    keras.utils.clearSession();
    if (name in beginsLike) {
      const [wrong, expected] = beginsLike[name]!;
      await assert.rejects(async () => wrong(), { message: expected });
      return;
    }
    assert.ok(name in wrongUses, `no case for ${name}`);
    await assert.rejects(async () => wrongUses[name]!(), { message });
  });
}
