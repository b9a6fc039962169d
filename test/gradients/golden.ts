import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as tf from "nabla";

/** A file of `test/golden`. */
export const readGolden = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), "utf8"));

/** Tensors as nested lists, IndexedSlices by their parts, structures kept: the form of the golden files. */
export function plain(value: unknown): unknown {
  if (value instanceof tf.IndexedSlices) {
    return { indices: plain(value.indices), values: plain(value.values), dense_shape: [...value.denseShape] };
  }
  if (value instanceof tf.Operand) return plain(value.array());
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  return value;
}

/** Below this size a difference of nearly equal numbers is all rounding. */
const residue = 1e-2;

/**
 * Asserts that two plain values agree: structures, nulls and texts exactly, numbers to a relative tolerance.
 *
 * @param tolerance  default 1e-6, a few units in the last place of float32
 */
export function assertAgrees(actual: unknown, expected: unknown, tolerance = 1e-6, where = "result"): void {
  if (typeof actual === "number" && typeof expected === "number") {
    const allowed = tolerance * Math.max(Math.abs(actual), Math.abs(expected), residue);
    assert.ok(Math.abs(actual - expected) <= allowed, `${where}: expected ${expected}, got ${actual}`);
  } else if (isTree(actual) && isTree(expected)) {
    assert.equal(Array.isArray(actual), Array.isArray(expected), where);
    assert.deepEqual(Object.keys(actual), Object.keys(expected), where);
    for (const key of Object.keys(expected)) {
      assertAgrees(actual[key], expected[key], tolerance, `${where}[${key}]`);
    }
  } else {
    assert.deepEqual(actual, expected, where);
  }
}

const isTree = (x: unknown): x is Record<string, unknown> => typeof x === "object" && x !== null;

interface Row {
  readonly name: string;
  readonly what: string;
}

/** One section of `tape.json`: each row becomes a test, and no row may be forgotten. */
export class GoldenTable<R extends Row> {
  readonly #rows: Map<string, R>;
  readonly #section: string;
  readonly #unused: Set<string>;

  constructor(section: string) {
    this.#section = section;
    const rows = readGolden("tape.json")[section] as R[];
    this.#rows = new Map(rows.map((row) => [row.name, row]));
    this.#unused = new Set(this.#rows.keys());
  }

  /** A test of one row. */
  row(name: string, check: (row: R) => void): void {
    const row = this.#take(name);
    test(`${this.#section}: ${name}: ${row.what}`, () => check(row));
  }

  /** A row in which we differ on purpose; the test asserts what we do instead. */
  differs(name: string, reason: string, check: (row: R) => void): void {
    const row = this.#take(name);
    test(`${this.#section}: ${name}: ${row.what} (we differ: ${reason})`, () => check(row));
  }

  /** A row that cannot apply. */
  skip(name: string, reason: string): void {
    assert.ok(reason.length > 0);
    this.#take(name);
  }

  #take(name: string): R {
    const row = this.#rows.get(name);
    assert.ok(row !== undefined && this.#unused.delete(name), `${this.#section} has no row ${name} left`);
    return row;
  }

  /** The last test of a file: every row of the section was used. */
  everyRow(): void {
    test(`${this.#section}: every row is tested`, () => {
      assert.ok(this.#rows.size > 0);
      assert.deepEqual([...this.#unused], []);
    });
  }
}

export interface ResultRow extends Row {
  readonly result: any;
}

/** A section whose rows hold one result. */
export class ResultTable extends GoldenTable<ResultRow> {
  /** A test of one row: what the function gives is the row's result. */
  gives(name: string, compute: () => unknown, tolerance?: number): void {
    this.row(name, ({ result }) => assertAgrees(plain(compute()), result, tolerance));
  }
}

/** Gradients of a function at some points, one per point, each watched as a constant. */
export function gradientAt(
  f: (...xs: tf.Tensor[]) => any,
  points: readonly tf.TensorLike[],
  options: { outputGradients?: any; unconnectedGradients?: "none" | "zero"; dtype?: tf.DType } = {},
): any {
  const { dtype, ...rest } = options;
  const sources = points.map((point) => tf.constant(point, dtype === undefined ? {} : { dtype }));
  const tape = new tf.GradientTape();
  const target = tape.record(() => {
    tape.watch(sources);
    return f(...sources);
  });
  return tape.gradient(target, sources, rest);
}

/** A tensor that the tape watches. */
export function watching(tape: tf.GradientTape, point: tf.TensorLike): tf.Tensor {
  const x = tf.constant(point);
  tape.watch(x);
  return x;
}
