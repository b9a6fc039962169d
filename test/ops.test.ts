/**
 * Tests of every op, generated from its record and the cases beside its room.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import * as tf from "nabla";
import { type AnyCase, dtypesOf, gradcheck, type OpCase, type OpWithCases } from "nabla/testing";
import { filesBelow } from "../scripts/files.mjs";
import { root } from "../scripts/lock.mjs";
import { applyMany } from "../src/core/apply.js";
import { setMayCompile } from "../src/core/compileText.js";
import type { Op } from "../src/core/op.js";
import { bindEager } from "../src/eager/index.js";
import { allOps } from "../src/ops/list.js";
import { inputsOf } from "./support/opInputs.js";

const files = filesBelow(["src/ops"], /\.cases\.ts$/);
const rooms: OpWithCases[][] = await Promise.all(
  files.map(async (file) => (await import(pathToFileURL(join(root, file)).href)).cases),
);
const covered = rooms.flat();

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

test("every op has cases, and every op that has cases is in the list", () => {
  const withCases = new Set(covered.map(({ op }) => op));
  assert.deepEqual(
    allOps.filter((op) => !withCases.has(op)).map((op) => op.name),
    [],
    "ops without cases",
  );
  const listed = new Set(allOps);
  assert.deepEqual(
    covered.filter(({ op }) => !listed.has(op)).map(({ op }) => op.name),
    [],
    "ops that are not in the list",
  );
});

test("no two ops share a name", () => {
  const names = allOps.map((op) => op.name);
  assert.deepEqual(
    names.filter((name, i) => names.indexOf(name) !== i),
    [],
  );
});

for (const { op, cases } of covered) {
  test(op.name, async (t) => {
    const given = cases.filter(isOpCase);
    assert.ok(given.length > 0, "no inputs among the cases");
    await t.test("gives the shape and dtype that its rule says", () => forAll(op, given, checkSpec));
    if (op.kind === "elementwise" || op.kind === "reduction") {
      await t.test("computes the same without compiled text", () => forAll(op, given, checkClosure));
    }
    if (op.grad) await t.test("has right gradients", () => checkGradients(op, given));
    for (const failing of cases) {
      if (isOpCase(failing)) continue;
      await t.test(`throws ${failing.throws.name}`, () => assert.throws(failing.call, failing.throws));
    }
  });
}

function forAll(
  op: Op,
  cases: readonly OpCase[],
  check: (op: Op, inputs: tf.Tensor[], attrs: tf.Attrs) => void,
): void {
  for (const one of cases) {
    for (const dtype of dtypesOf(op, one)) {
      try {
        check(op, inputsOf(op, one, dtype), one.attrs ?? {});
      } catch (error) {
        throw new Error(`${dtype} ${describe(one)}: ${(error as Error).message}`, { cause: error });
      }
    }
  }
}

const describe = ({ inputs, attrs }: OpCase): string =>
  `${JSON.stringify(inputs)} ${JSON.stringify(attrs ?? {})}`;

function outputsOf(op: Op, inputs: tf.Tensor[], attrs: tf.Attrs): tf.Tensor[] {
  const result: tf.Tensor | tf.Tensor[] = applyMany(op, [...inputs], attrs);
  return Array.isArray(result) ? result : [result];
}

function checkSpec(op: Op, inputs: tf.Tensor[], attrs: tf.Attrs): void {
  const specs = op.infer(
    inputs.map((x) => x.spec),
    attrs,
  );
  const outputs = outputsOf(op, inputs, attrs);
  assert.deepEqual(
    outputs.map((y) => String(y.spec)),
    specs.map(String),
  );
  for (const y of outputs) assert.equal(y.storage.length, y.size, "elements stored");
}

function checkClosure(op: Op, inputs: tf.Tensor[], attrs: tf.Attrs): void {
  const run = (mayCompile: boolean): tf.Tensor => {
    setMayCompile(mayCompile);
    try {
      return bindEager(op)([...inputs], attrs) as tf.Tensor;
    } finally {
      setMayCompile(null);
    }
  };
  const [compiled, closure] = [run(true), run(false)];
  for (let i = 0; i < compiled.size; i++) {
    const [text, walked] = [compiled.storage[i]!, closure.storage[i]!];
    assert.ok(Object.is(text, walked), `element ${i}: ${text} compiled, ${walked} not`);
  }
}

function checkGradients(op: Op, cases: readonly OpCase[]): void {
  let checked = 0;
  for (const one of cases) {
    if (one.smooth === false || !dtypesOf(op, one).includes("float64")) continue;
    const inputs = inputsOf(op, one, "float64");
    try {
      const f = (...xs: tf.Tensor[]): tf.Tensor[] => outputsOf(op, xs, one.attrs ?? {});
      gradcheck(f, inputs, { wrt: one.wrt });
    } catch (error) {
      throw new Error(`${describe(one)}: ${(error as Error).message}`, { cause: error });
    }
    checked += 1;
  }
  assert.ok(checked > 0, "no case is smooth");
}

test("a float32 lane rounds at every node", () => {
  const op = tf.elementwise({
    name: "MultiplySubtract",
    inputs: ["a", "b", "c"],
    lane: ({ a, b, c }) => tf.lane.sub(tf.lane.mul(a, b), c),
    grad: null,
  });
  const [a, b] = [7, 11].map((seed) => Float32Array.from({ length: 999 }, (_, i) => Math.sin(seed * i)));
  const c = a!.map((value, i) => value * b![i]!);
  const result = tf.apply(op, [a!, b!, c]).storage;
  let fused = 0;
  for (let i = 0; i < result.length; i++) {
    assert.equal(result[i], Math.fround(Math.fround(a![i]! * b![i]!) - c[i]!));
    if (result[i] !== Math.fround(a![i]! * b![i]! - c[i]!)) fused += 1;
  }
  assert.ok(fused > 900, "the inputs do not tell the two apart");
});

test("integer lanes wrap to their size", () => {
  const int32 = tf.constant([2147483647, -2147483648, 65536], "int32");
  assert.deepEqual(int32.add(1).array(), [-2147483648, -2147483647, 65537]);
  assert.deepEqual(int32.mul(int32).array(), [1, 0, 0]);
  assert.deepEqual(tf.constant([250, 3], "uint8").add(10).array(), [4, 13]);
  assert.deepEqual(tf.constant([3, 0], "uint8").sub(5).array(), [254, 251]);
});
