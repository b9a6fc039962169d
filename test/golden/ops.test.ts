/**
 * Every op against TensorFlow's own output and gradients (ops.json, written by scripts/golden/make.py).
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { type GoldenTensor, goldenTensor, numberOf, readGolden } from "../support/golden.js";
import { callGolden } from "../support/goldenCalls.js";

interface Case {
  name: string;
  inputs: GoldenTensor[];
  attrs: Record<string, unknown>;
  output: GoldenTensor[];
  /** Weights of the outputs in the sum that was differentiated; null for outputs that are not float64. */
  weights?: (GoldenTensor | null)[];
  grads?: (GoldenTensor | null)[];
  /** Gradients of the sum of the squares of `grads`. */
  second?: (GoldenTensor | null)[];
  /** Why TensorFlow's gradient is not the derivative. */
  quirk?: string;
}

const { cases, errors } = readGolden<{ cases: Case[]; errors: Omit<Case, "output">[] }>("ops.json");

/** Relative error allowed, of numbers not smaller than the floor: below it all is rounding. */
const TOLERANCE: Record<string, number> = { float64: 1e-12, float32: 2e-6 };
const FLOOR = 1e-2;

/** Where TensorFlow's own numbers are less exact than that. */
const ROUGHER: Record<string, { tolerance: number; because: string }> = {
  "tf.nn.leaky_relu": { tolerance: 1e-7, because: "alpha is an attribute of float32 there, in float64 too" },
  "tf.nn.gelu": { tolerance: 2e-4, because: "constants of float32, and 1 + tanh cancels" },
  "keras.activations.leaky_relu": { tolerance: 1e-7, because: "as tf.nn.leaky_relu" },
  "keras.activations.gelu": { tolerance: 2e-4, because: "as tf.nn.gelu" },
};

/** Cases that are meant to differ, and why. Those with a "quirk" are here or agree. */
const OTHER_OUTPUT: Record<string, (golden: Case) => string | null> = {
  "tf.math.erf": ({ inputs: [x], output: [y] }) =>
    y!.dtype === "float64" && hasNan([y!]) && x!.data.includes("Infinity") ? "the limits at ±∞ are ±1, in float64 too" : null,
  "tf.divide": ({ inputs }) => (inputs[0]!.dtype === "int32" ? "integers make float32, as in Keras" : null),
  "tf.reduce_mean": ({ inputs }) => (inputs[0]!.dtype === "int32" ? "integers make float32, as in Keras" : null),
  "tf.fill": ({ output }) => (output[0]!.dtype === "int32" ? "a number on its own makes float32" : null),
};
const OTHER_GRADIENT: Record<string, string> = {
  "tf.math.cumprod": "right where the input is 0, too",
  "keras.activations.celu": "the slope at 0 is 1",
  "tf.nn.softmax_cross_entropy_with_logits": "right for labels that do not sum to 1, and to second order",
};
/** Second gradients of which TensorFlow's NaN, or ours, is no more than 0 · NaN on the way. */
const OTHER_SECOND: Record<string, (golden: Case) => boolean> = {
  "tf.math.reduce_euclidean_norm": ({ second }) => hasNan(second!),
  "tf.reduce_prod": ({ inputs }) => hasNan(inputs),
};

const hasNan = (tensors: (GoldenTensor | null)[]): boolean => tensors.some((x) => x?.data.includes("NaN"));

const numbers = new Map<string, number>();
for (const golden of cases) {
  const number = (numbers.get(golden.name) ?? 0) + 1;
  numbers.set(golden.name, number);
  const dtypes = golden.inputs.map((input) => input.dtype).join(", ");
  const title = `${golden.name} ${number} (${dtypes}) ${JSON.stringify(golden.attrs)}`;
  const because = OTHER_OUTPUT[golden.name]?.(golden) ?? null;
  if (because === null) test(title, () => check(golden));
  else test(`${title} differs: ${because}`, () => assert.throws(() => check(golden), assert.AssertionError));
}

for (const golden of errors) {
  test(`${golden.name} refuses what TensorFlow refuses: ${JSON.stringify(golden.attrs)}`, () => {
    assert.throws(() => callGolden(golden.name, golden.inputs.map(goldenTensor), golden.attrs), tf.NablaError);
  });
}

for (const [name, because] of Object.entries(OTHER_GRADIENT)) {
  test(`the gradient of ${name} differs: ${because}`, () => {
    const differing = cases.filter((golden) => golden.name === name && golden.grads !== undefined);
    assert.throws(() => {
      for (const golden of differing) checkGradients(golden, golden.inputs.map(goldenTensor));
    }, assert.AssertionError);
  });
}

function check(golden: Case): void {
  const inputs = golden.inputs.map(goldenTensor);
  const outputs = callGolden(golden.name, inputs, golden.attrs);
  assert.equal(outputs.length, golden.output.length, "number of outputs");
  outputs.forEach((output, i) => agree(output, golden.output[i]!, golden.name, `output ${i}`));
  if (golden.grads !== undefined && !(golden.name in OTHER_GRADIENT)) checkGradients(golden, inputs);
}

function checkGradients(golden: Case, inputs: tf.Tensor[]): void {
  const [outer, inner] = [new tf.GradientTape(), new tf.GradientTape()];
  const floats = inputs.filter((x) => x.dtype.startsWith("float"));
  const [first, total] = outer.record(() => {
    outer.watch(floats);
    const sum = inner.record(() => {
      inner.watch(floats);
      return weighted(callGolden(golden.name, inputs, golden.attrs), golden.weights!);
    });
    const grads = gradients(inner, sum, inputs);
    const squares = grads.filter((g) => g !== null).map((g) => tf.reduceSum(tf.square(g)));
    return [grads, squares.length === 0 ? null : tf.addN(squares)] as const;
  });
  agreeAll(first, golden.grads!, golden.name, "gradient");
  if (golden.second === undefined || OTHER_SECOND[golden.name]?.(golden)) return;
  const second = total === null ? inputs.map(() => null) : gradients(outer, total, inputs);
  agreeAll(second, golden.second, golden.name, "second gradient");
}

function gradients(tape: tf.GradientTape, y: tf.Tensor, inputs: tf.Tensor[]): (tf.Tensor | null)[] {
  const grads = tape.gradient(y, inputs, { unconnectedGradients: "none" });
  return grads.map((grad) => (grad === null ? null : grad.asTensor()));
}

function weighted(outputs: tf.Tensor[], weights: (GoldenTensor | null)[]): tf.Tensor {
  const parts = outputs.flatMap((y, i) => {
    const weight = weights[i];
    return weight ? [tf.reduceSum(y.mul(goldenTensor(weight)))] : [];
  });
  return tf.addN(parts);
}

function agreeAll(got: (tf.Tensor | null)[], golden: (GoldenTensor | null)[], name: string, what: string): void {
  golden.forEach((expected, i) => {
    const actual = got[i]!;
    if (expected === null) assert.equal(actual, null, `${what} of input ${i}: TensorFlow has none`);
    else {
      assert.notEqual(actual, null, `${what} of input ${i}: none, but TensorFlow has one`);
      agree(actual, expected, name, `${what} of input ${i}`);
    }
  });
}

function agree(actual: tf.Tensor, expected: GoldenTensor, name: string, what: string): void {
  // There are no arrays of int64 yet.
  assert.equal(actual.dtype, expected.dtype === "int64" ? "int32" : expected.dtype, `${what}: dtype`);
  assert.deepEqual([...actual.shape], expected.shape, `${what}: shape`);
  const tolerance = Math.max(TOLERANCE[expected.dtype] ?? 0, ROUGHER[name]?.tolerance ?? 0);
  expected.data.forEach((cell, i) => {
    const [want, have] = [numberOf(cell), actual.storage[i]!];
    const allowed = tolerance * Math.max(Math.abs(want), Math.abs(have), FLOOR);
    const agrees = Object.is(want, have) || Math.abs(want - have) <= allowed || (want === 0 && have === 0);
    assert.ok(agrees, `${what}, element ${i}: ${have}, TensorFlow has ${want}`);
  });
}
