/**
 * @file fit, evaluate and predict as programs: they leave the weights and give the logs of the same model run eagerly.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertAllclose } from "nabla/testing";

const { layers, optimizers } = keras;

const numbers = (...shape: number[]): tf.Tensor =>
  tf.sin(tf.reshape(tf.multiply(tf.range(shape.reduce((product, n) => product * n, 1)), 1.7), shape));

/** Ten samples: with batches of four the last one is smaller. */
const x = numbers(10, 3);
const y = tf.add(tf.matmul(x, numbers(3, 2)), 0.25);
const labels = tf.constant([0, 1, 2, 1, 0, 2, 2, 1, 0, 1], "int32");

interface Case {
  readonly layers?: () => any[];
  readonly compile?: () => Record<string, unknown>;
  readonly fit?: Record<string, unknown>;
  readonly y?: tf.Tensor;
  /** Runs after a first fit and before a second one. */
  readonly between?: (model: keras.Sequential) => void;
}

const dense = (): any[] => [new layers.Dense(4, { activation: "tanh" }), new layers.Dense(2)];

const cases: Record<string, Case> = {
  "Adam with metrics": { compile: () => ({ optimizer: "adam", metrics: ["mae", "mse"] }) },
  "SGD with momentum and decay": {
    compile: () => ({
      optimizer: new optimizers.SGD(0.1, { momentum: 0.9, nesterov: true, weightDecay: 0.01 }),
    }),
  },
  "RMSprop with clipping": {
    compile: () => ({ optimizer: new optimizers.RMSprop(0.01, { clipnorm: 0.1 }) }),
  },
  "a function for the learning rate": {
    compile: () => ({ optimizer: new optimizers.SGD((step) => 0.1 / (1 + step)) }),
  },
  "gradient accumulation": {
    compile: () => ({ optimizer: new optimizers.Adam(0.05, { gradientAccumulationSteps: 2 }) }),
  },
  "moving average of the weights": {
    compile: () => ({
      optimizer: new optimizers.Adam(0.05, { useEma: true, emaMomentum: 0.8, emaOverwriteFrequency: 3 }),
    }),
  },
  "dropout by a seed": {
    layers: () => [
      new layers.Dense(8, { activation: "relu" }),
      new layers.Dropout(0.4, { seed: 3 }),
      new layers.Dense(2),
    ],
  },
  "batch normalisation": {
    layers: () => [
      new layers.Dense(4),
      new layers.BatchNormalization({ momentum: 0.7 }),
      new layers.Dense(2),
    ],
  },
  "weights for samples": {
    compile: () => ({ optimizer: "sgd", weightedMetrics: ["mae"] }),
    fit: { sampleWeight: tf.constant([1, 2, 0, 1, 3, 1, 0.5, 1, 1, 2]) },
  },
  "weights for classes": {
    layers: () => [new layers.Dense(3, { activation: "softmax" })],
    compile: () => ({ loss: "sparse_categorical_crossentropy", metrics: ["accuracy"] }),
    fit: { classWeight: { 0: 1, 1: 2, 2: 0.5 } },
    y: labels,
  },
  "validation, shuffled by the model": { fit: { validationSplit: 0.3 } },
  "regularizers and constraints": {
    layers: () => [
      new layers.Dense(4, { kernelRegularizer: "l2", kernelConstraint: "max_norm" }),
      new layers.Dense(2, { activityRegularizer: "l1" }),
    ],
  },
  "a layer frozen between two fits": {
    between: (model) => {
      model.layers[0]!.trainable = false;
    },
  },
  "another learning rate for the second fit": {
    between: (model) => {
      model.optimizer!.learningRate = 0.5;
    },
  },
};

/** Trains from fixed weights, and gives all that can be seen of it. */
async function train(given: Case, runEagerly: boolean): Promise<Record<string, unknown>> {
  const target = given.y ?? y;
  const model = new keras.Sequential((given.layers ?? dense)());
  model.build([null, 3]);
  model.setWeights(
    model
      .getWeights()
      .map((weight) => tf.multiply(numbers(Math.max(1, weight.size)), 0.5).reshape(weight.shape)),
  );
  model.compile({
    loss: "mse",
    optimizer: new optimizers.Adam(0.05),
    ...given.compile?.(),
    runEagerly,
  } as never);
  const options = { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 as const, ...given.fit };
  const histories = [(await model.fit(x, target, options)).history];
  given.between?.(model);
  histories.push((await model.fit(x, target, { ...options, epochs: 2 })).history);
  const evaluated = await model.evaluate(x, target, { batchSize: 4, verbose: 0, returnDict: true });
  const predicted = await model.predict(x, { batchSize: 4, verbose: 0 });
  return {
    histories,
    evaluated,
    predicted,
    weights: model.getWeights(),
    slots: model.optimizer!.variables.map((variable: any) => tf.convertToTensor(variable)),
  };
}

/** Compares numbers and tensors of two structures. */
function assertAlike(actual: any, expected: any, what: string): void {
  if (expected instanceof tf.Tensor) {
    assert.deepEqual(actual.shape, expected.shape, what);
    if (expected.size > 0) assertAllclose(actual, expected, { rtol: 2e-4, atol: 2e-5 });
  } else if (typeof expected === "number") {
    assert.ok(
      Math.abs(actual - expected) <= 2e-5 + 2e-4 * Math.abs(expected),
      `${what}: ${actual}, eagerly ${expected}`,
    );
  } else {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), what);
    for (const key of Object.keys(expected)) assertAlike(actual[key], expected[key], `${what}.${key}`);
  }
}

for (const [name, given] of Object.entries(cases)) {
  test(`fit, evaluate and predict are the same compiled as run eagerly: ${name}`, async () => {
    const expected = await train(given, true);
    assertAlike(await train(given, false), expected, "run");
  });
}

test("training moves the weights: the comparison is not between two models that stood still", async () => {
  for (const runEagerly of [true, false]) {
    const { histories } = (await train({}, runEagerly)) as { histories: { loss: number[] }[] };
    assert.ok(histories[1]!.loss[1]! < histories[0]!.loss[0]! / 2);
  }
});

test("a frozen layer keeps its weights in the second fit, as a program too", async () => {
  const kernels: tf.Tensor[] = [];
  const model = new keras.Sequential(dense());
  model.compile({ loss: "mse", optimizer: "adam" });
  const options = { epochs: 2, batchSize: 5, verbose: 0 as const };
  await model.fit(x, y, options);
  kernels.push(...model.getWeights());
  model.layers[0]!.trainable = false;
  model.compile({ loss: "mse", optimizer: "adam" });
  await model.fit(x, y, options);
  const after = model.getWeights();
  assert.deepEqual(after[0]!.array(), kernels[0]!.array());
  assert.notDeepEqual(after[2]!.array(), kernels[2]!.array());
});

test("the step is traced once for each shape of batch, however many epochs", async () => {
  let traced = 0;
  class Counted extends keras.Sequential {
    override trainStep(batch: never): never {
      traced++;
      return super.trainStep(batch) as never;
    }
  }
  const model = new Counted(dense());
  model.compile({ loss: "mse", optimizer: "adam" });
  await model.fit(x, y, { epochs: 5, batchSize: 4, verbose: 0 });
  assert.equal(traced, 2);
  await model.fit(x, y, { epochs: 5, batchSize: 4, verbose: 0 });
  assert.equal(traced, 2);
  model.compile({ loss: "mse", optimizer: "adam", runEagerly: true });
  await model.fit(x, y, { epochs: 1, batchSize: 4, verbose: 0 });
  assert.equal(traced, 5);
});

test("a layer that reads a value works eagerly; compiled the error says what to do", async () => {
  class Reads extends layers.Layer {
    override call(inputs: tf.Tensor): tf.Tensor {
      return tf.reduceSum(inputs).item() > 0 ? inputs : tf.negative(inputs);
    }
  }
  const fitted = (runEagerly: boolean): Promise<unknown> => {
    const model = new keras.Sequential([new Reads(), new layers.Dense(2)]);
    model.compile({ loss: "mse", optimizer: "sgd", runEagerly });
    return model.fit(x, y, { verbose: 0 });
  };
  await fitted(true);
  await assert.rejects(fitted(false), { name: "ReadError", message: /tf\.where.*runEagerly: true/s });
});

test("a step whose check fails leaves weights and optimizer as they were", async () => {
  class Checked extends layers.Layer {
    override call(inputs: tf.Tensor): tf.Tensor {
      return tf.debugging.checkNumerics(inputs, "inputs");
    }
  }
  const model = new keras.Sequential([new layers.Dense(2), new Checked()]);
  model.compile({ loss: "mse", optimizer: "adam" });
  await model.fit(x, y, { verbose: 0 });
  const state = (): unknown =>
    [...model.getWeights(), ...model.optimizer!.variables].map((v: any) => tf.convertToTensor(v).array());
  const before = state();
  await assert.rejects(model.fit(tf.fill([10, 3], Number.NaN), y, { verbose: 0 }), {
    name: "ValueError",
    message: /^inputs/,
  });
  assert.deepEqual(state(), before);
});
