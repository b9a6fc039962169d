/** @file Building without computing: weights come to be, nothing is run, and code that reads values works all the same. */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";

const { layers } = keras;

/** Counts how often its values are computed, and how often its `call` runs. */
class Counting extends layers.Layer {
  calls = 0;
  runs = 0;

  override call(x: tf.Tensor): tf.Tensor {
    this.calls++;
    const count = (): tf.Tensor => {
      this.runs++;
      return tf.zeros([]);
    };
    return x.add(tf.pyFunction(count, [x], new tf.TensorSpec([])));
  }
}

class Wrapper extends keras.Model {
  counting = new Counting();
  dense = new layers.Dense(3);

  override call(x: tf.Tensor): tf.Tensor {
    return this.dense(this.counting(x));
  }
}

test("build makes weights for every batch size without running the model", () => {
  const model = new Wrapper();
  model.build([null, 5]);
  assert.deepEqual(
    model.weights.map(({ shape }) => shape),
    [[5, 3], [3]],
  );
  assert.equal(model.counting.runs, 0);
  assert.deepEqual(model.computeOutputShape([null, 5]), [null, 3]);
  assert.equal(model.counting.runs, 0);
});

test("fit computes each batch once", async () => {
  const model = new Wrapper();
  model.compile({ optimizer: "sgd", loss: "mse", metrics: ["mae"] });
  await model.fit(tf.ones([8, 5]), tf.ones([8, 3]), { batchSize: 4, epochs: 3, verbose: 0 });
  assert.equal(model.counting.runs, 6);
});

test("what a dry run assigns is forgotten", async () => {
  const model = new keras.Sequential([new layers.BatchNormalization(), new layers.Dense(1)]);
  const metric = new keras.metrics.MeanAbsoluteError();
  model.compile({ optimizer: "sgd", loss: "mse", metrics: [metric] });
  const x = tf.constant([[1], [3]]);
  await model.fit(x, tf.zeros([2, 1]), { epochs: 1, verbose: 0 });
  // One step from 0 and 1: 0.01 · mean and 0.99 + 0.01 · variance.
  const moving = model.nonTrainableVariables.map((variable) => variable.array() as number[]);
  assert.ok(Math.abs(moving[0]![0]! - 0.02) < 1e-6, `${moving[0]}`);
  assert.ok(Math.abs(moving[1]![0]! - 1) < 1e-6, `${moving[1]}`);
  assert.equal(metric.variables.find(({ name }) => name === "count")!.array(), 2);
});

test("a model whose code reads values is built on the batch itself", async () => {
  class Reading extends keras.Model {
    dense = new layers.Dense(2);

    override call(x: tf.Tensor): tf.Tensor {
      return x.array().length > 100 ? x : this.dense(x);
    }
  }
  const model = new Reading();
  model.build([null, 4]);
  assert.deepEqual(
    model.weights.map(({ shape }) => shape),
    [[4, 2], [2]],
  );
  const other = new Reading();
  other.compile({ optimizer: "sgd", loss: "mse", runEagerly: true });
  const { history } = await other.fit(tf.ones([4, 4]), tf.ones([4, 2]), { epochs: 2, verbose: 0 });
  assert.equal(history["loss"]!.length, 2);
});
