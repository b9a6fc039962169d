import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import { assertNumber, assertTensor, golden, goldenTensor, options } from "./support/golden.js";

const classes = keras.optimizers as any;

for (const [index, item] of golden["optimizers"].entries()) {
  if (!(item.name in classes) || item.gradients === undefined) continue;
  test(`${item.name}(${JSON.stringify(item.options ?? item.schedule)}) [${index}]`, () => {
    const halving = { learningRate: (step: number) => 0.1 * 0.5 ** Math.floor(step / 2) };
    const optimizer = new classes[item.name](item.schedule === undefined ? options(item.options) : halving);
    const names = ["kernel", "bias"];
    const variables = item.start.map(
      (start: any, i: number) => new keras.Variable(goldenTensor(start), { name: names[i] }),
    );
    item.gradients.forEach((gradients: any[], step: number) => {
      optimizer.apply(
        gradients.map((gradient) => tf.constant(gradient)),
        variables,
      );
      variables.forEach((variable: keras.Variable, i: number) => {
        assertTensor(variable.readValue(), item.after[step][i], 3e-6, `step ${step}, ${names[i]}`);
      });
    });
    if (item.schedule !== undefined) return;
    const withoutOwner = (path: string): string => path.replace(/^[^/]*\//, "");
    assert.deepEqual(
      optimizer.variables.map(({ path }: keras.Variable) => withoutOwner(path)),
      item.variables.map(({ path }: any) => withoutOwner(path)),
    );
    assert.deepEqual(
      optimizer.variables.map(({ shape }: keras.Variable) => [...shape]),
      item.variables.map(({ shape }: any) => shape),
    );
    const { iterations } = optimizer;
    assert.equal(typeof iterations === "number" ? iterations : iterations.item(), item.iterations);
    assertNumber(optimizer.learningRate.item(), item.learning_rate, 0);
  });
}

for (const item of golden["optimizers"]) {
  if (item.indices === undefined) continue;
  test(`${item.name} with the gradient of a gather`, () => {
    const [rows, columns] = item.after[0].shape;
    const table = new keras.Variable(
      tf.reshape(tf.range(rows * columns, { dtype: "float32" }), [rows, columns]),
    );
    const optimizer = new classes[item.name](options(item.options));
    for (const after of item.after) {
      const gradient = new tf.IndexedSlices(goldenTensor(item.values), tf.constant(item.indices, "int32"), [
        rows,
        columns,
      ]);
      optimizer.apply([gradient], [table]);
      assertTensor(table.readValue(), after, 3e-6);
    }
  });
}

test("a step for some of the variables it was built for", () => {
  const item = golden["optimizers"].find(({ only }: any) => only === "bias");
  const { start } = golden["optimizers"][0];
  const [kernel, bias] = start.map((value: any) => new keras.Variable(goldenTensor(value)));
  const optimizer = new keras.optimizers.SGD(options(item.options));
  optimizer.build([kernel, bias]);
  optimizer.apply([tf.constant(item.gradient)], [bias]);
  assertTensor(kernel.readValue(), item.after[0], 1e-7);
  assertTensor(bias.readValue(), item.after[1], 1e-7);
});

test("the learning rate is read and set; a function gives it", () => {
  const optimizer = new keras.optimizers.SGD(0.5);
  assert.equal(optimizer.learningRate.item(), 0.5);
  optimizer.learningRate = 0.25;
  const w = new tf.Variable([1]);
  optimizer.applyGradients([[tf.constant([1]), w]]);
  assert.deepEqual(w.array(), [0.75]);
  const planned = new keras.optimizers.SGD({ learningRate: (step) => (step === 0 ? 1 : 0) });
  planned.apply([tf.constant([0.5])], [w]);
  planned.apply([tf.constant([0.5])], [w]);
  assert.deepEqual(w.array(), [0.25]);
});

test("null gradients leave their variables and warn; wrong ones are errors", (context) => {
  const warn = context.mock.method(console, "warn", () => {});
  const [a, b] = [new keras.Variable([1], { name: "a" }), new keras.Variable([1], { name: "b" })];
  const optimizer = new keras.optimizers.SGD(1);
  optimizer.apply([null, tf.constant([1])], [a, b]);
  assert.deepEqual([a.array(), b.array()], [[1], [0]]);
  assert.match(String(warn.mock.calls[0]!.arguments[0]), /Gradients do not exist for variables \['a'\]/);
  assert.throws(() => optimizer.apply([tf.constant([1])], [new keras.Variable([1])]), /Unknown variable/);
  assert.throws(
    () => optimizer.apply([tf.constant([1, 2]), null], [a, b]),
    /has shape \(2,\), expected \(1,\)/,
  );
  assert.throws(() => optimizer.apply([tf.constant([1])]), /gradients must match/);
  assert.throws(() => new keras.optimizers.SGD().apply([tf.constant([1])]), /must already be built/);
});

test("moving averages take the place of the weights when training ends", async () => {
  const model = new keras.Sequential([
    new keras.layers.Dense(1, { kernelInitializer: "zeros", useBias: false }),
  ]);
  model.compile({
    optimizer: new keras.optimizers.SGD({ learningRate: 0.5, useEma: true, emaMomentum: 0.5 }),
    loss: "mse",
  });
  await model.fit([[1]], [[1]], { epochs: 2, verbose: 0 });
  // By hand: w is 1 after the first step (average 1) and stays; the average stays 1.
  assert.deepEqual(model.getWeights()[0]!.array(), [[1]]);
});

test("weight decay leaves out what it is told to", () => {
  const [w, b] = [new keras.Variable([1], { name: "kernel" }), new keras.Variable([1], { name: "bias" })];
  const optimizer = new keras.optimizers.SGD({ learningRate: 0.5, weightDecay: 0.5 });
  optimizer.excludeFromWeightDecay({ varNames: ["bias"] });
  optimizer.apply([tf.constant([0]), tf.constant([0])], [w, b]);
  assert.deepEqual([w.array(), b.array()], [[0.75], [1]]);
});
