/**
 * Random numbers: Philox against Random123's published answers, distributions against SciPy's (random.json, written by
 * scripts/golden/make.py), and what seeds promise.
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { philox } from "../src/core/philox.js";
import { randomBits, skipBlocks } from "../src/ops/randomBits.js";
import { numberOf, readGolden } from "./support/golden.js";

interface Answer {
  counter: number[];
  key: number[];
  output: number[];
}
interface Distribution {
  mean: number;
  variance: number;
  standard_deviation: number;
  skewness: number;
  excess_kurtosis: number;
  points: number[];
  cumulative: number[];
}
const golden = readGolden<{
  philox: Answer[];
  philox_stream: Answer;
  distributions: Record<"normal" | "truncated_normal" | "uniform", Distribution>;
}>("random.json");

const unsigned = (words: Int32Array): number[] => Array.from(words, (word) => word >>> 0);
const stateOf = ({ counter, key }: Answer): tf.Tensor => tf.constant(Int32Array.from([...counter, ...key]));

for (const answer of golden.philox) {
  test(`Philox of counter ${answer.counter} and key ${answer.key}`, () => {
    const out = new Int32Array(4);
    const [c0, c1, c2, c3] = answer.counter.map((word) => word | 0) as [number, number, number, number];
    philox(c0, c1, c2, c3, answer.key[0]! | 0, answer.key[1]! | 0, out);
    assert.deepEqual(unsigned(out), answer.output);
  });
}

test("bits follow the counter, with carries", () => {
  const { output } = golden.philox_stream;
  const [bits] = randomBits(stateOf(golden.philox_stream), [output.length], 1);
  assert.deepEqual(unsigned(bits!.data() as Int32Array), output);
});

test("skipping some blocks gives the later bits", () => {
  const { output } = golden.philox_stream;
  const [bits] = randomBits(skipBlocks(stateOf(golden.philox_stream), 5), [output.length - 20], 1);
  assert.deepEqual(unsigned(bits!.data() as Int32Array), output.slice(20));
});

test("skipping far carries into every word", () => {
  const far = skipBlocks(tf.constant(Int32Array.from([-1, -1, -1, 5, 8, 9])), 2 ** 33 + 1);
  assert.deepEqual(far.array(), [0, 2, 0, 6, 8, 9]);
});

const SAMPLES = 200_000;
const draws: [keyof typeof golden.distributions, (dtype: tf.DType) => tf.Tensor][] = [
  ["normal", (dtype) => tf.random.normal([SAMPLES], { dtype, seed: 1 })],
  ["truncated_normal", (dtype) => tf.random.truncatedNormal([SAMPLES], { dtype, seed: 1 })],
  ["uniform", (dtype) => tf.random.uniform([SAMPLES], { dtype, seed: 1 })],
];
for (const [name, draw] of draws) {
  for (const dtype of ["float32", "float64"] as const) {
    test(`${name} in ${dtype} has SciPy's moments and distribution`, () => {
      tf.random.setSeed(20);
      checkDistribution(draw(dtype).data(), golden.distributions[name]);
    });
  }
}

function checkDistribution(sample: ArrayLike<number>, expected: Distribution): void {
  const values = Float64Array.from(sample).sort();
  const n = values.length;
  const moment = (power: number): number =>
    values.reduce((sum, x) => sum + ((x - expected.mean) / expected.standard_deviation) ** power, 0) / n;
  // Four standard errors of each moment; those of standard numbers are √1, √2, √15, √96 over √n at most.
  for (const [power, want, error] of [
    [1, 0, 1],
    [2, 1, 1.42],
    [3, expected.skewness, 3.9],
    [4, expected.excess_kurtosis + 3, 9.8],
  ] as const) {
    assert.ok(
      Math.abs(moment(power) - want) < (4 * error) / Math.sqrt(n),
      `moment ${power}: ${moment(power)}, not ${want}`,
    );
  }
  // Kolmogorov's test at the points whose probabilities SciPy gave; 1.95 is exceeded once in a thousand times.
  expected.points.forEach((point, i) => {
    const share = values.filter((x) => x <= point).length / n;
    const off = Math.abs(share - numberOf(expected.cumulative[i]!));
    assert.ok(
      off < 1.95 / Math.sqrt(n),
      `${share} of the numbers are ≤ ${point}, not ${expected.cumulative[i]}`,
    );
  });
}

test("numbers do not depend on their neighbours", () => {
  tf.random.setSeed(3);
  const values = tf.random.normal([SAMPLES], { dtype: "float64" }).data();
  for (const lag of [1, 2, 3, 4, 8]) {
    let product = 0;
    for (let i = lag; i < values.length; i++) product += values[i]! * values[i - lag]!;
    assert.ok(Math.abs(product / SAMPLES) < 4 / Math.sqrt(SAMPLES), `correlation at lag ${lag}`);
  }
});

test("uniform floats stay in [0, 1), truncated normals within two deviations", () => {
  const uniform = tf.random.uniform([SAMPLES], { seed: 5 }).data();
  assert.ok(uniform.every((x) => x >= 0 && x < 1));
  const truncated = tf.random.truncatedNormal([SAMPLES], { mean: 10, stddev: 3, seed: 5 }).data();
  assert.ok(truncated.every((x) => x >= 4 && x <= 16));
});

test("whole numbers are all equally likely", () => {
  const [low, high, n] = [-3, 4, 70_000];
  const counts = new Map<number, number>();
  for (const x of tf.random.uniform([n], { minval: low, maxval: high, dtype: "int32", seed: 2 }).data()) {
    counts.set(x, (counts.get(x) ?? 0) + 1);
  }
  assert.deepEqual(
    [...counts.keys()].sort((a, b) => a - b),
    [-3, -2, -1, 0, 1, 2, 3],
  );
  const expected = n / (high - low);
  const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // 22.46 is exceeded once in a thousand times with 6 degrees of freedom.
  assert.ok(chiSquare < 22.46, `χ² = ${chiSquare}`);
});

test("whole numbers are unbiased where the range is no divisor of 2³²", () => {
  // A remainder of 32 bits by 3 · 2³⁰ would fall below 2³⁰ half of the time instead of a third.
  const n = 20_000;
  const range = { minval: -(2 ** 31), maxval: 2 ** 30, dtype: "int32" as const, seed: 4 };
  const below = tf.random
    .uniform([n], range)
    .data()
    .filter((x) => x < -(2 ** 30)).length;
  assert.ok(Math.abs(below / n - 1 / 3) < 4 * Math.sqrt(2 / 9 / n), `${below / n}`);
});

test("setSeed repeats the whole sequence, and different seeds differ", () => {
  const sequence = (seed: number): unknown => {
    tf.random.setSeed(seed);
    const { normal, uniform, truncatedNormal, shuffle } = tf.random;
    const parts = [normal([3]), normal([3]), uniform([2]), truncatedNormal([2]), shuffle([1, 2, 3, 4, 5, 6])];
    return [...parts, normal([2], { seed: 9 })].map((x) => x.array());
  };
  assert.deepEqual(sequence(1), sequence(1));
  assert.notDeepEqual(sequence(1), sequence(2));
  assert.notDeepEqual(sequence(1), sequence(1 + 2 ** 32));
});

test("a call with a seed goes on with a sequence of its own", () => {
  tf.random.setSeed(1);
  const draw = (seed?: number): number => tf.random.normal([], { seed }).item();
  const [first, second, other] = [draw(7), draw(7), draw(8)];
  assert.equal(new Set([first, second, other, draw()]).size, 4);
  tf.random.setSeed(1);
  draw();
  assert.deepEqual([draw(7), draw(7)], [first, second]);
});

test("generators have a state of their own", () => {
  const [a, b] = [tf.random.Generator.fromSeed(5), tf.random.Generator.fromSeed(5)];
  const first = a.normal([4]).array();
  assert.deepEqual(b.normal([4]).array(), first);
  assert.notDeepEqual(a.normal([4]).array(), first);
  a.resetFromSeed(5);
  assert.deepEqual(a.normal([4]).array(), first);
  assert.deepEqual(a.state.array(), b.state.array());
  const [c, d] = a.split(2);
  assert.notDeepEqual(c!.normal([4]).array(), d!.normal([4]).array());
});

test("a tape does not watch a generator's state", () => {
  const generator = tf.random.Generator.fromSeed(1);
  const tape = new tf.GradientTape();
  tape.record(() => generator.normal([2]));
  assert.deepEqual(tape.watchedVariables(), []);
});

test("the global generator can be replaced", () => {
  tf.random.setGlobalGenerator(tf.random.Generator.fromSeed(5));
  const [drawn] = [tf.random.uniform([3]).array()];
  assert.deepEqual(drawn, tf.random.Generator.fromSeed(5).uniform([3]).array());
  assert.equal(tf.random.getGlobalGenerator(), tf.random.getGlobalGenerator());
});

test("stateless draws follow from their seed alone", () => {
  const draw = (seed: [number, number]): unknown => tf.random.statelessNormal([3], { seed }).array();
  const first = draw([1, 2]);
  tf.random.normal([5]);
  assert.deepEqual(draw([1, 2]), first);
  for (const other of [
    [2, 1],
    [1, 3],
    [1 + 2 ** 32, 2],
    [1, 2 + 2 ** 32],
  ] as [number, number][]) {
    assert.notDeepEqual(draw(other), first);
  }
});

test("a shuffle keeps the rows, moves them evenly, and lets gradients through", () => {
  const rows = tf.constant([
    [1, 10],
    [2, 20],
    [3, 30],
  ]);
  const places = [0, 0, 0];
  for (let seed = 0; seed < 3000; seed++) {
    tf.random.setSeed(seed);
    const shuffled = tf.random.shuffle(rows).array() as [number, number][];
    assert.deepEqual(
      shuffled.map(([a, b]) => b / a),
      [10, 10, 10],
    );
    places[shuffled.findIndex(([a]) => a === 1)]! += 1;
  }
  for (const count of places)
    assert.ok(Math.abs(count - 1000) < 4 * Math.sqrt((3000 * 2) / 9), String(places));
  tf.random.setSeed(0);
  const order = tf.random.shuffle([0, 1, 2]).data();
  tf.random.setSeed(0);
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(rows);
    return tf.reduceSum(tf.random.shuffle(rows).mul([[1], [2], [3]]));
  });
  const expected = [0, 1, 2].map((row) => [order.indexOf(row) + 1, order.indexOf(row) + 1]);
  assert.deepEqual(tape.gradient(y, rows).asTensor().array(), expected);
});

test("classes are drawn with their softmax probabilities", () => {
  const n = 30_000;
  const logits = [[Math.log(0.1), Math.log(0.6), Math.log(0.3)]];
  tf.random.setSeed(6);
  const drawn = tf.random.categorical(logits, n).data();
  [0.1, 0.6, 0.3].forEach((p, k) => {
    const share = drawn.filter((x) => x === k).length / n;
    assert.ok(Math.abs(share - p) < 4 * Math.sqrt((p * (1 - p)) / n), `class ${k}: ${share}, not ${p}`);
  });
});

test("gradients flow to the mean and the standard deviation", () => {
  const [mean, stddev] = [new tf.Variable(2), new tf.Variable(3)];
  const tape = new tf.GradientTape();
  const y = tape.record(() => tf.random.normal([4], { mean, stddev, seed: 3 }));
  const [dMean, dStddev] = tape.gradient(y, [mean, stddev]);
  assert.equal(dMean.item(), 4);
  const standard = y.sub(2).div(3).sum().item();
  assert.ok(Math.abs(dStddev.item() - standard) < 1e-5);
});

test("wrong arguments are refused", () => {
  const { random } = tf;
  assert.throws(() => random.setSeed(0.5), tf.ValueError);
  assert.throws(() => random.normal([2], { seed: Number.NaN }), tf.ValueError);
  assert.throws(() => random.normal([-1]), tf.ShapeError);
  assert.throws(() => random.normal([2], { dtype: "int32" }), tf.DtypeError);
  assert.throws(() => random.uniform([2], { dtype: "int32" }), tf.ValueError);
  assert.throws(() => random.uniform([2], { minval: 3, maxval: 3, dtype: "int32" }), tf.ValueError);
  assert.throws(() => random.uniform([2], { maxval: 300, dtype: "uint8" }), tf.ValueError);
  assert.throws(() => random.uniform([2], { dtype: "bool" }), tf.DtypeError);
  assert.throws(() => random.shuffle(3), tf.ShapeError);
  assert.throws(() => random.categorical([0, 1], 3), tf.ShapeError);
  assert.throws(() => random.statelessUniform([2], { seed: [1] as never }), tf.ValueError);
});

test("dropout zeroes the share it is told, keeps the sum, and passes gradients where it kept", () => {
  const n = 40_000;
  const x = tf.ones([n]);
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(x);
    return tf.nn.dropout(x, 0.25, { seed: 1 });
  });
  const dropped = y.data().filter((value) => value === 0).length;
  assert.ok(Math.abs(dropped / n - 0.25) < 4 * Math.sqrt((0.25 * 0.75) / n), `${dropped} of ${n}`);
  assert.deepEqual(tape.gradient(y, x).asTensor().array(), y.array());
  const rows = tf.nn.dropout(tf.ones([50, 3]), 0.5, { noiseShape: [50, 1] }).array() as number[][];
  for (const [a, b, c] of rows) assert.ok(a === b && b === c && (a === 0 || a === 2));
  assert.throws(() => tf.nn.dropout(x, 1), tf.ValueError);
});
