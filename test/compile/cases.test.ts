/**
 * @file Every op, for all its cases: the lowered and the fused program compute what the eager op does.
 */
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import * as tf from "nabla";
import { type AnyCase, dtypesOf, type OpCase, type OpWithCases } from "nabla/testing";
import { filesBelow } from "../../scripts/files.mjs";
import { root } from "../../scripts/lock.mjs";
import { applyMany } from "../../src/core/apply.js";
import type { DType } from "../../src/core/dtype.js";
import type { Op } from "../../src/core/op.js";
import { checkProgram } from "./graphs.js";

const files = filesBelow(["src/ops"], /\.cases\.ts$/);
const rooms: OpWithCases[][] = await Promise.all(
  files.map(async (file) => (await import(pathToFileURL(join(root, file)).href)).cases),
);

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

/** The inputs of a case as tensors, those with a shared type in this dtype. */
function inputsOf(op: Op, { inputs }: OpCase, dtype: DType): tf.Tensor[] {
  return inputs.map((value, i) => {
    const role = op.roles[op.variadic ? 0 : i]!;
    if (role === "T" || role === "any")
      return tf.cast(tf.constant(value, dtype === "bool" ? "bool" : "float64"), dtype);
    return tf.constant(value, role === "index" ? "int32" : role);
  });
}

for (const { op, cases } of rooms.flat()) {
  test(`${op.name} computes the same in programs`, () => {
    for (const one of cases.filter(isOpCase)) {
      for (const dtype of dtypesOf(op, one)) {
        try {
          checkProgram((...xs) => [applyMany(op, xs, one.attrs ?? {})].flat(), inputsOf(op, one, dtype));
        } catch (error) {
          const what = `${dtype} ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attrs ?? {})}`;
          throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
        }
      }
    }
  });
}
