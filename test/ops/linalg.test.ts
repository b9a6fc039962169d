/** @file Decompositions against TensorFlow's values (scripts/golden/linalg_cases.py). */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as tf from "nabla";
import { assertAllclose } from "nabla/testing";

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

interface QrCase {
  readonly name: string;
  readonly matrix: readonly (readonly number[])[];
  readonly q: Values;
  readonly r: Values;
  readonly q_weights: Values;
  readonly r_weights: Values;
  readonly gradient: Values;
}

const golden = JSON.parse(readFileSync(new URL("../golden/linalg.json", import.meta.url), "utf8")) as {
  qr: QrCase[];
};
const tensor = ({ shape, data }: Values): tf.Tensor => tf.constant([...data], { dtype: "float64", shape });

for (const { name, matrix, ...expected } of golden.qr) {
  test(`qr of a ${name} matrix has TensorFlow's factors and gradient`, () => {
    const x = new tf.Variable(tf.constant(matrix, "float64"));
    const tape = new tf.GradientTape();
    const total = tape.record(() => {
      const { q, r } = tf.linalg.qr(x);
      assertAllclose(q, tensor(expected.q), { atol: 1e-12 });
      assertAllclose(r, tensor(expected.r), { atol: 1e-12 });
      return q
        .mul(tensor(expected.q_weights))
        .sum()
        .add(r.mul(tensor(expected.r_weights)).sum());
    });
    assertAllclose(tape.gradient(total, x), tensor(expected.gradient), { atol: 1e-12 });
  });
}

test("qr with full matrices gives a square Q, and says why a tall one has no gradient", () => {
  const x = new tf.Variable(
    tf.constant(
      [
        [1, 2],
        [-3, 0.5],
        [2, -1],
      ],
      "float64",
    ),
  );
  const tape = new tf.GradientTape();
  const q = tape.record(() => tf.linalg.qr(x, { fullMatrices: true }).q);
  assert.deepEqual(q.shape, [3, 3]);
  assertAllclose(tf.matmul(q, q, { transposeA: true }), tf.eye(3, 3, { dtype: "float64" }), { atol: 1e-12 });
  assert.throws(() => tape.gradient(q, x), /fullMatrices/);
});
