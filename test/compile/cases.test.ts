/**
 * @file Every op, for all its cases: the lowered and the fused program compute what the eager op does.
 */
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { type AnyCase, dtypesOf, type OpCase, type OpWithCases } from "nabla/testing";
import { filesBelow } from "../../scripts/files.mjs";
import { root } from "../../scripts/lock.mjs";
import { applyMany } from "../../src/core/apply.js";
import { inputsOf } from "../support/opInputs.js";
import { checkProgram } from "./graphs.js";

const files = filesBelow(["src/ops"], /\.cases\.ts$/);
const rooms: OpWithCases[][] = await Promise.all(
  files.map(async (file) => (await import(pathToFileURL(join(root, file)).href)).cases),
);

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

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
