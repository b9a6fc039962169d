import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { CompileMetrics } from "../../src/keras/trainer/compileMetrics.js";
import { assertNumber, golden, goldenTensor, options } from "./support/golden.js";

const classes = keras.metrics as any;

for (const item of golden["metrics"]) {
  if (item.updates === undefined) continue;
  test(`metrics.${item.name}`, () => {
    const metric = new classes[item.name]();
    for (const { values, sample_weight, result } of item.updates) {
      metric.updateState(values, sample_weight);
      assertNumber(metric.result().item(), result, 2e-6);
    }
    metric.resetState();
    assert.equal(metric.result().item(), 0);
  });
}

for (const [index, item] of golden["metrics"].entries()) {
  if (item.batches === undefined) continue;
  test(`metrics.${item.name}(${JSON.stringify(item.options ?? {})}) [${index}]`, () => {
    const metric = new classes[item.name](options(item.options ?? {}));
    assert.equal(metric.name, item.metric_name ?? metric.name);
    const update = (batch: any): void => {
      metric.updateState(goldenTensor(batch.y_true), goldenTensor(batch.y_pred), batch.sample_weight ?? null);
    };
    for (const batch of item.batches) {
      update(batch);
      assertNumber(metric.result().item(), batch.result, 2e-6);
    }
    metric.resetState();
    if (item.after_reset !== undefined) assert.equal(metric.result().item(), item.after_reset);
    update(item.batches[0]);
    assertNumber(metric.result().item(), item.batches[0].result, 2e-6, "after a reset");
  });
}

for (const item of golden["accuracy_resolution"]) {
  test(`"${item.identifier}" for labels [${item.y_true}] and predictions [${item.y_pred}]`, () => {
    if (item.error !== undefined) {
      assert.throws(() => new CompileMetrics([item.identifier], null), {
        name: item.error,
        message: item.message,
      });
      return;
    }
    const metrics = new CompileMetrics([item.identifier], null);
    metrics.updateState(tf.zeros(item.y_true), tf.ones(item.y_pred));
    const [metric] = metrics.parts;
    assert.equal(metric!.constructor.name, item.class);
    assert.equal(metric!.name, item.name);
  });
}
