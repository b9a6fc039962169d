/**
 * @file Every op, for all its cases, as a WebAssembly program: its value, its first and its second gradient are what the ops
 * give one by one.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import * as tf from "nabla";
import { type AnyCase, dtypesOf, type OpCase, type OpWithCases } from "nabla/testing";
import { filesBelow } from "../../scripts/files.mjs";
import { root } from "../../scripts/lock.mjs";
import { WasmExecutable } from "../../src/backends/wasm/executable.js";
import { fuse } from "../../src/compile/fuse.js";
import { lower } from "../../src/compile/lower.js";
import { applyMany } from "../../src/core/apply.js";
import type { DType } from "../../src/core/dtype.js";
import type { Op } from "../../src/core/op.js";
import { inputsOf } from "../support/opInputs.js";
import { type Build, graphOf } from "./graphs.js";

const files = filesBelow(["src/ops"], /\.cases\.ts$/);
const rooms: OpWithCases[][] = await Promise.all(
  files.map(async (file) => (await import(pathToFileURL(join(root, file)).href)).cases),
);

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

/** Numbers that differ from element to element, so that a sum over them mixes nothing up. */
const weightsLike = (x: tf.Tensor): tf.Tensor =>
  tf
    .reshape(tf.cast(tf.range(0, x.size, 1), x.dtype), x.shape)
    .mul(0.37)
    .add(0.5)
    .sin();

const isFloat = (x: tf.Tensor): boolean => x.dtype === "float32" || x.dtype === "float64";

/** The gradients of a function's results, weighted, with respect to its float arguments that have any. */
const gradientOf =
  (f: Build): Build =>
  (...xs) => {
    const tape = new tf.GradientTape();
    const sources = xs.filter(isFloat);
    const ys = tape.record(() => {
      tape.watch(sources);
      return f(...xs).filter(isFloat) as never;
    }) as tf.Tensor[];
    if (ys.length === 0) return [];
    const grads = tape.gradient(ys, sources, { outputGradients: ys.map(weightsLike) });
    return (grads as (tf.Tensor | null)[]).filter((g) => g !== null).map((g) => g.asTensor());
  };

const tolerance = { float32: 4e-6, float64: 1e-13 } as Partial<Record<DType, number>>;

function assertClose(actual: tf.Tensor, expected: tf.Tensor): void {
  assert.equal(String(actual.spec), String(expected.spec));
  const [a, e] = [Array.from(actual.storage), Array.from(expected.storage)];
  const scale = e.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1e-30);
  const bound = tolerance[actual.dtype] ?? 0;
  for (let i = 0; i < e.length; i++) {
    const close =
      Object.is(a[i]! + 0, e[i]! + 0) || Math.abs(a[i]! - e[i]!) <= bound * Math.max(scale, Math.abs(e[i]!));
    assert.ok(close, `element ${i}: ${a[i]}, op by op ${e[i]}`);
  }
}

function check(f: Build, inputs: readonly tf.Tensor[]): void {
  const expected = f(...inputs);
  const graph = graphOf(f, inputs);
  const executable = new WasmExecutable(
    { name: "case", graph, variables: [], updated: [] },
    fuse(lower(graph)),
  );
  // Twice: the second run finds what the first left behind.
  for (let i = 0; i < 2; i++) {
    const actual = executable.run(inputs);
    assert.equal(actual.length, expected.length);
    actual.forEach((tensor, k) => {
      assertClose(tensor, expected[k]!);
    });
  }
}

/** Ops whose gradient is an error, on purpose. */
const REFUSES = new Set(["PreventGradient"]);

/** The function itself, its gradient, and the gradient of that, where they exist. */
function levelsOf(op: Op, one: OpCase): [string, Build][] {
  const value: Build = (...xs) => [applyMany(op, [...xs], one.attrs ?? {})].flat();
  const levels: [string, Build][] = [["value", value]];
  if (op.grad && one.smooth !== false && !REFUSES.has(op.name)) {
    levels.push(["gradient", gradientOf(value)], ["second gradient", gradientOf(gradientOf(value))]);
  }
  return levels;
}

for (const { op, cases } of rooms.flat()) {
  test(`${op.name} as a WebAssembly program`, () => {
    for (const one of cases.filter(isOpCase)) {
      for (const dtype of dtypesOf(op, one)) {
        const inputs = inputsOf(op, one, dtype);
        for (const [level, f] of levelsOf(op, one)) {
          if (level !== "value" && !inputs.some(isFloat)) continue;
          try {
            check(f, inputs);
          } catch (error) {
            const what = `${level} ${dtype} ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attrs ?? {})}`;
            throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
          }
        }
      }
    }
  });
}
