/**
 * Which dtype two dtypes make, and ops make of one, against Keras's table (promotion.json, written by
 * scripts/golden/make.py).
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { readGolden } from "./support/golden.js";

const golden = readGolden<{
  pairs: Record<string, Record<string, tf.DType>>;
  ops: Record<string, Record<string, tf.DType | null>>;
}>("promotion.json");

const dtypes = ["bool", "uint8", "int32", "float32", "float64"] as const;
const weak = { "python int": 2, "python float": 0.5 };

/** A select takes every dtype, so it shows what two of them make together. */
const together = (x: tf.TensorLike, y: tf.TensorLike): tf.DType => tf.where(true, x, y).dtype;
const one = (dtype: tf.DType): tf.Tensor => tf.constant(1, dtype);

for (const a of dtypes) {
  for (const b of dtypes) {
    test(`${a} and ${b}`, () => assert.equal(together(one(a), one(b)), golden.pairs[a]![b]));
  }
  for (const [kind, value] of Object.entries(weak)) {
    test(`${a} and a ${kind}, on either side and in a list`, () => {
      const expected = golden.pairs[a]![kind];
      assert.equal(together(one(a), value), expected);
      assert.equal(together(value, one(a)), expected);
      assert.equal(together(one(a), [value, value]), expected);
    });
  }
}

/** Those of the table's functions that have TensorFlow's name or meaning here, given one tensor, or two of a dtype. */
const ops: Record<string, (x: tf.Tensor) => tf.Tensor> = {
  abs: tf.abs,
  negative: tf.negative,
  square: tf.square,
  sqrt: tf.sqrt,
  exp: tf.exp,
  log: tf.log,
  sin: tf.sin,
  sign: tf.sign,
  mean: (x) => tf.reduceMean(x),
  sum: (x) => tf.reduceSum(x),
  prod: (x) => tf.reduceProd(x),
  max: (x) => tf.reduceMax(x),
  argmax: (x) => tf.argmax(tf.expandDims(x, 0)),
  isnan: tf.math.isNan,
  round: tf.round,
  add: (x) => tf.add(x, x),
  subtract: (x) => tf.subtract(x, x),
  multiply: (x) => tf.multiply(x, x),
  divide: (x) => tf.divide(x, x),
  floor_divide: (x) => tf.floordiv(x, x),
  mod: (x) => tf.floormod(x, x),
  power: (x) => tf.pow(x, x),
  maximum: (x) => tf.maximum(x, x),
  equal: (x) => tf.equal(x, x),
};

for (const [name, f] of Object.entries(ops)) {
  for (const dtype of dtypes) {
    const expected = golden.ops[name]![dtype];
    // Arithmetic on booleans is Keras's business, which counts them; there are no arrays of uint32.
    if (dtype === "bool" || expected === null || expected === ("uint32" as tf.DType)) continue;
    test(`${name} of ${dtype}`, () => assert.equal(f(one(dtype)).dtype, expected));
  }
}
