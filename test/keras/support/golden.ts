/**
 * @file The golden values of Keras, and how its calls are spelled here.
 */
import assert from "node:assert/strict";
import type * as tf from "nabla";
import { type GoldenTensor, goldenTensor, numberOf, readGolden } from "../../support/golden.js";

export const golden = readGolden<Record<string, any>>("keras.json");

/** `kernel_initializer` → `kernelInitializer`. */
export const ported = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

/** Keyword arguments as options. */
export const options = (given: Record<string, unknown>): Record<string, any> =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [ported(name), value]));

/** Checks a tensor's shape, dtype and values against Keras's. */
export function assertTensor(actual: tf.Tensor, expected: GoldenTensor, tolerance: number, what = ""): void {
  assert.deepEqual([...actual.shape], expected.shape, `${what}: shape`);
  assert.equal(actual.dtype, expected.dtype, `${what}: dtype`);
  const values = actual.data();
  expected.data.forEach((cell, i) => {
    assertNumber(values[i]!, numberOf(cell), tolerance, `${what}[${i}]`);
  });
}

/** Close in absolute terms near zero, relative ones elsewhere. */
export function assertNumber(actual: number, expected: number, tolerance: number, what = ""): void {
  if (Number.isNaN(expected)) assert.ok(Number.isNaN(actual), `${what}: ${actual} is not NaN`);
  else if (!Number.isFinite(expected)) assert.equal(actual, expected, what);
  else {
    const distance = Math.abs(actual - expected);
    assert.ok(
      distance <= tolerance * Math.max(1, Math.abs(expected)),
      `${what}: ${actual}, Keras has ${expected}`,
    );
  }
}

export { goldenTensor };

/** The class or function that an expression of the golden file names, such as `L1L2(0.1, 0.2)`. */
export function parseCall(text: string): { name: string; positional: number[]; named: Record<string, any> } {
  const [, name, inside] = /^([\w.]+)\((.*)\)$/.exec(text) ?? [null, text, ""];
  const parts = inside === "" ? [] : inside!.split(/,\s*/);
  const positional = parts.filter((part) => !part.includes("=")).map(Number);
  const named = Object.fromEntries(parts.filter((part) => part.includes("=")).map((part) => part.split("=")));
  return {
    name: name!,
    positional,
    named: options(Object.fromEntries(Object.entries(named).map(([key, value]) => [key, Number(value)]))),
  };
}

/** Silences and collects warnings while a function runs. */
export async function warningsOf(run: () => unknown): Promise<string[]> {
  const { warn } = console;
  const warnings: string[] = [];
  console.warn = (text: string) => warnings.push(text);
  try {
    await run();
  } finally {
    console.warn = warn;
  }
  return warnings;
}
