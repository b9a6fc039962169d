/**
 * Special functions in float64 against mpmath (special.json, written by scripts/golden/make.py).
 */
import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { readGolden } from "./support/golden.js";

const { functions } = readGolden<{ functions: Record<string, number[][]> }>("special.json");

/** Relative error allowed, of numbers not smaller than the floor: near its roots a function is only absolutely exact. */
const TOLERANCE = 2e-14;
const FLOOR = 0.1;

for (const [name, rows] of Object.entries(functions)) {
  for (const row of rows) {
    const [point, expected] = [row.slice(0, -1), row.at(-1)!];
    test(`${name}(${point.join(", ")})`, () => {
      const f = (tf.math as unknown as Record<string, (...x: tf.Tensor[]) => tf.Tensor>)[name]!;
      const actual = f(...point.map((x) => tf.constant(x, "float64"))).item();
      // The tails of erfc have no floor: what they are for is their relative size.
      const size = name === "erfc" ? Math.abs(expected) : Math.max(Math.abs(expected), FLOOR);
      assert.ok(Math.abs(actual - expected) <= TOLERANCE * size, `${actual}, expected ${expected}`);
    });
  }
}
