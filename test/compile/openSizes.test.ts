/**
 * @file Every op, for all its cases, with an axis of its inputs open: the trace with a number in the place of the open size is the
 * graph that is traced for that number, with first and second gradients.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import test from "node:test";
import { pathToFileURL } from "node:url";
import { type AnyCase, dtypesOf, type OpCase, type OpWithCases } from "nabla/testing";
import { filesBelow } from "../../scripts/files.mjs";
import { root } from "../../scripts/lock.mjs";
import { applyMany } from "../../src/core/apply.js";
import type { Spec } from "../../src/core/spec.js";
import { type Build, differentiated, type OpenAxes, openTraceFailure } from "../support/openTraces.js";
import { inputsOf } from "../support/opInputs.js";

const files = filesBelow(["src/ops"], /\.cases\.ts$/);
const rooms: OpWithCases[][] = await Promise.all(
  files.map(async (file) => (await import(pathToFileURL(join(root, file)).href)).cases),
);

const isOpCase = (given: AnyCase): given is OpCase => "inputs" in given;

/** Which inputs are open together: those that share a size along the axis; and each alone. */
function waysToOpen(specs: readonly Spec[], last: boolean): { axes: OpenAxes; size: number }[] {
  const axisOf = ({ shape }: Spec): number => (last ? shape.length - 1 : 0);
  const sizes = specs.map((spec) => spec.shape[axisOf(spec)] ?? 0);
  const open = (isOpen: (i: number) => boolean): OpenAxes =>
    specs.map((spec, i) => (isOpen(i) ? axisOf(spec) : null));
  const together = [...new Set(sizes)].map((size) => ({ axes: open((i) => sizes[i] === size), size }));
  const alone = sizes.map((size, k) => ({ axes: open((i) => i === k), size }));
  return [...together, ...(specs.length > 1 ? alone.slice(0, 4) : [])].filter(({ size }) => size >= 2);
}

/** Whether some way to open the inputs of a case is given up; all are compared. */
function anyFails(build: Build, specs: readonly Spec[], last: boolean, orders: number): boolean {
  let failed = false;
  for (const { axes, size } of waysToOpen(specs, last)) {
    for (let order = 0; order <= orders; order++) {
      // The sample is larger than the case's: in small sizes differences are soon 0 or 1, which no open size is.
      const others = [size, size + 8, 2 * size + 1];
      const failure = openTraceFailure(differentiated(build, order), specs, axes, size + 7, others);
      failed ||= failure !== null;
    }
  }
  return failed;
}

const needNumbers = new Set<string>();

for (const { op, cases } of rooms.flat()) {
  test(`${op.name} with an open axis`, () => {
    for (const one of cases.filter(isOpCase)) {
      const [dtype] = dtypesOf(op, one);
      const specs = inputsOf(op, one, dtype!).map(({ spec }) => spec);
      const build: Build = (...xs) => [applyMany(op, xs, one.attrs ?? {})].flat();
      try {
        if (anyFails(build, specs, false, 2)) needNumbers.add(op.name);
        anyFails(build, specs, true, 1);
      } catch (error) {
        const what = `${dtype} ${JSON.stringify(one.inputs)} ${JSON.stringify(one.attrs ?? {})}`;
        throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
      }
    }
  });
}

test("only these need the number of a first axis: as many results as the axis is long", () => {
  assert.deepEqual([...needNumbers].sort(), ["Unpack"]);
});
