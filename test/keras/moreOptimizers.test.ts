/** @file Adagrad, Adadelta, Adamax and Lion take Keras's steps. */
import assert from "node:assert/strict";
import test from "node:test";
import * as keras from "nabla/keras";
import { type GoldenTensor, goldenTensor, readGolden } from "../support/golden.js";
import { assertTensor, options } from "./support/golden.js";

interface Golden {
  start: GoldenTensor[];
  gradients: number[][][];
  steps: {
    name: "Adagrad" | "Adadelta" | "Adamax" | "Lion";
    options: Record<string, unknown>;
    after: GoldenTensor[][];
    config: Record<string, unknown>;
    variables: string[];
  }[];
}

const { start, gradients, steps } = readGolden<Golden>("optimizers.json");

for (const { name, options: given, after, config, variables: paths } of steps) {
  test(`${name}(${JSON.stringify(given)})`, () => {
    const optimizer = new keras.optimizers[name](options(given));
    const variables = start.map(
      (value, i) => new keras.Variable(goldenTensor(value), { name: ["kernel", "bias"][i]! }),
    );
    for (const [step, given] of gradients.entries()) {
      optimizer.apply(
        given.map((gradient) => goldenTensor(asGolden(gradient))),
        variables,
      );
      for (const [i, variable] of variables.entries()) {
        assertTensor(variable.readValue(), after[step]![i]!, 3e-6, `step ${step}`);
      }
    }
    const { name: ownName, learning_rate, ...rest } = optimizer.getConfig();
    assert.deepEqual(rest, config);
    assert.equal(ownName, name.toLowerCase() + (String(ownName).match(/_\d+$/)?.[0] ?? ""));
    assert.equal(Math.fround(Number(learning_rate)), Math.fround(Number(given["learning_rate"] ?? 0.001)));
    assert.deepEqual(
      optimizer.variables.map(({ path }) => path.slice(path.indexOf("/") + 1)),
      paths,
    );
  });
}

/** A nested list of the golden file as a tensor of it. */
function asGolden(values: number[] | number[][]): GoldenTensor {
  const isMatrix = Array.isArray(values[0]);
  const shape = isMatrix ? [values.length, (values[0] as number[]).length] : [values.length];
  return { dtype: "float32", shape, data: values.flat() };
}

test("they are found by name and come back from their configurations", () => {
  for (const name of ["Adagrad", "Adadelta", "Adamax", "Lion"] as const) {
    const found = keras.optimizers.get(name.toLowerCase());
    assert.ok(found instanceof keras.optimizers[name]);
    const serialized = keras.optimizers.serialize(new keras.optimizers[name]({ learningRate: 0.25 }));
    assert.equal(serialized.class_name, name);
    assert.deepEqual(keras.optimizers.deserialize(serialized).getConfig(), serialized.config);
  }
});

test("settings out of range are errors that say so", () => {
  assert.throws(
    () => new keras.optimizers.Adagrad({ initialAccumulatorValue: -1 }),
    /must be 0 or more, got -1/,
  );
  assert.throws(() => new keras.optimizers.Lion({ beta1: 0 }), /beta1 must be more than 0 .* got 0/);
});
