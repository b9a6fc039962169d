import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { inspect } from "node:util";
import * as tf from "nabla";

interface PrintedRow {
  readonly dtype: tf.DType;
  readonly shape: number[];
  readonly data?: (number | boolean | "NaN" | "Infinity" | "-Infinity")[] | "arange";
  readonly arange_times?: number;
  readonly numpy: string;
}

/** How NumPy prints: the elements it shows and where it breaks off. The layout of ours is our own. */
const golden: Record<"scalars" | "tensors" | "long", PrintedRow[]> = JSON.parse(
  readFileSync(new URL("./golden/strings.json", import.meta.url), "utf8"),
);

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

function valuesOf({ data, shape, arange_times: step = 1 }: PrintedRow): number[] {
  if (Array.isArray(data)) return data.map(Number);
  return Array.from({ length: sizeOf(shape) }, (_, i) => i * step);
}

const tensorOf = (row: PrintedRow): tf.Tensor =>
  tf.constant(valuesOf(row), { dtype: row.dtype === "bool" ? "float32" : row.dtype, shape: row.shape });

/** Numbers and gaps in the order they are printed. */
const wordsOf = (text: string): string[] =>
  text
    .replace(/[[\],]/g, " ")
    .split(/\s+/)
    .filter((word) => word !== "");

const spellings: Record<string, string> = { nan: "NaN", inf: "Infinity", "-inf": "-Infinity" };
const wordToNumber = (word: string): number => Number(spellings[word] ?? word.toLowerCase());

/** Only the values of `tf.Tensor(<values>, shape=…, dtype=…)`. */
const printedValues = (tensor: tf.Tensor): string => {
  const [, values] = /^tf\.Tensor\(\n?([\s\S]*), shape=\[[\d, ]*\], dtype=\w+\)$/.exec(String(tensor))!;
  return values!;
};

test("scalars print the shortest number that reads back as the same value", () => {
  const rows = golden.scalars.filter(({ dtype }) => dtype !== "bool");
  assert.ok(rows.length > 60);
  for (const row of rows) {
    const printed = printedValues(tensorOf(row));
    assert.ok(Object.is(Number(printed), wordToNumber(row.numpy)), `${printed} for NumPy's ${row.numpy}`);
  }
});

test("the shortest number also below the normal range and at the ends of float32", () => {
  // The texts are NumPy's.
  const texts = ["1e-45", "1.1754942e-38", "1.1754944e-38", "3.4028235e+38", "8.589936e+09", "2.3509887e-38"];
  for (const text of texts) assert.equal(Number(printedValues(tf.constant(Number(text)))), Number(text));
});

test("lists print the elements that NumPy prints, each so that it reads back", () => {
  for (const row of [...golden.tensors, ...golden.long].filter(({ dtype }) => dtype !== "bool")) {
    const values = valuesOf(row);
    const ours = wordsOf(printedValues(tensorOf(row)));
    const theirs = wordsOf(row.numpy);
    assert.equal(ours.length, theirs.length, row.numpy);
    const elided = theirs.includes("...");
    for (const [i, word] of theirs.entries()) {
      assert.equal(ours[i] === "...", word === "...", row.numpy);
      if (word === "...") continue;
      const [mine, numpys] = [Number(ours[i]), wordToNumber(word)];
      // NumPy rounds lists to eight digits.
      const near = Math.abs(mine - numpys) <= 1e-7 * Math.max(1, Math.abs(numpys));
      assert.ok(near || Object.is(mine, numpys), `${ours[i]} for ${word}`);
      if (!elided) assert.ok(Object.is(row.dtype === "float32" ? Math.fround(mine) : mine, values[i]));
    }
  }
});

test("the last axis prints on one line, other axes on lines of their own", () => {
  const rows = [...golden.tensors, ...golden.long].filter(
    ({ shape }) => shape.length > 1 && sizeOf(shape) > 0,
  );
  assert.ok(rows.length > 10);
  for (const row of rows.filter(({ dtype }) => dtype !== "bool")) {
    const lines = printedValues(tensorOf(row))
      .split("\n")
      .filter((line) => line !== "");
    for (const line of lines) assert.match(line, /^ *\[*\[[^[\]]+\]+,?$|^ *\.\.\.,$/);
    assert.equal(lines[0]!.indexOf("[["), 0);
    assert.ok(lines.slice(1).every((line) => line.startsWith(" ")));
  }
});

test("what is printed around the values", () => {
  const rows = tf.constant([
    [1, -2],
    [30, 4],
  ]);
  assert.equal(String(tf.constant([[1, 2]])), "tf.Tensor([[1, 2]], shape=[1, 2], dtype=float32)");
  assert.equal(String(rows), "tf.Tensor(\n[[ 1, -2],\n [30,  4]], shape=[2, 2], dtype=float32)");
  assert.equal(String(tf.constant(true)), "tf.Tensor(true, shape=[], dtype=bool)");
  assert.equal(String(tf.zeros([0])), "tf.Tensor([], shape=[0], dtype=float32)");
  assert.equal(inspect(rows), String(rows));
  assert.equal(inspect({ t: tf.constant(1) }), "{ t: tf.Tensor(1, shape=[], dtype=float32) }");
  assert.deepEqual((rows as any)[Symbol.for("Jupyter.display")](), { "text/plain": String(rows) });
  assert.equal(
    String(new tf.Variable([1, 2.5], { name: "w" })),
    "<tf.Variable 'w' shape=[2] dtype=float32, value=[1, 2.5]>",
  );
});

test("template literals print; arithmetic on a tensor is an error that teaches", () => {
  const x: any = tf.constant(3);
  assert.equal(`${x}`, "tf.Tensor(3, shape=[], dtype=float32)");
  const wrongs = [
    () => x * 2,
    () => x + 1,
    () => x + "a",
    () => -x,
    () => x ** 2,
    () => x < 2,
    () => Number(x),
    // biome-ignore lint/suspicious/noDoubleEquals: the loose comparison is what is tested
    () => x == 3,
  ];
  for (const wrong of wrongs) {
    assert.throws(wrong, (error: Error) => error instanceof TypeError && error.message.includes("x.mul(2)"));
  }
  assert.throws(() => (new tf.Variable(1) as any) * 2, TypeError);
});

test("array, data, item and read", async () => {
  const x = tf.constant([
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(x.array(), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(await x.read(), x.array());
  assert.deepEqual(x.data(), new Float32Array([1, 2, 3, 4]));
  x.data()[0] = 100;
  assert.equal(x.array()[0][0], 1);
  assert.equal(tf.constant([[7]]).item(), 7);
  assert.equal(tf.constant(7).array(), 7);
  assert.throws(() => x.item(), {
    name: "ReadError",
    message: "item: expected a tensor of size 1, got shape [2, 2]",
  });
  assert.equal(JSON.stringify({ x }), '{"x":[[1,2],[3,4]]}');
});

test("bool tensors give booleans in lists, and bytes as data", () => {
  const x = tf.constant([true, false]);
  assert.equal(x.dtype, "bool");
  assert.deepEqual(x.array(), [true, false]);
  assert.equal(tf.constant(true).array(), true);
  assert.deepEqual(x.data(), new Uint8Array([1, 0]));
});

test("constants of each dtype, from numbers, lists and typed arrays; values are copied", () => {
  assert.deepEqual(
    [1, [1.5], true, [[true]], []].map((value) => tf.constant(value).dtype),
    ["float32", "float32", "bool", "bool", "float32"],
  );
  const arrays = [Float32Array, Float64Array, Int32Array, Uint8Array].map((Type) => new Type([1, 2]));
  assert.deepEqual(
    arrays.map((array) => tf.constant(array).dtype),
    ["float32", "float64", "int32", "uint8"],
  );
  for (const array of arrays) {
    const x = tf.constant(array);
    array[0] = 100;
    assert.deepEqual(x.array(), [1, 2]);
  }
  assert.equal(tf.constant(0.1, "float64").item(), 0.1);
  assert.equal(tf.constant(0.1).item(), Math.fround(0.1));
  assert.deepEqual(tf.constant([0, 2, -1], "bool").array(), [false, true, true]);
  assert.deepEqual(tf.constant(5, { shape: [2, 2] }).array(), [
    [5, 5],
    [5, 5],
  ]);
});

test("a list with tensors in it is stacked", () => {
  const x = tf.constant([1, 2], "float64");
  const stacked = tf.constant([x, [3, 4]]);
  assert.deepEqual(
    [stacked.array(), stacked.dtype],
    [
      [
        [1, 2],
        [3, 4],
      ],
      "float64",
    ],
  );
});

test("scalars to rank 8, and sizes of zero", () => {
  for (let rank = 0; rank <= 8; rank++) {
    const shape = Array.from({ length: rank }, (_, i) => (i % 3) + 1);
    const x = tf.reshape(tf.range(sizeOf(shape)), shape);
    assert.deepEqual(x.shape, shape);
    assert.deepEqual(
      [...tf.add(x, 1).data()],
      Array.from({ length: sizeOf(shape) }, (_, i) => i + 1),
    );
    assert.deepEqual(tf.constant(x.array()).shape, shape);
  }
  let deep: any = 1;
  for (let rank = 0; rank < 9; rank++) deep = [deep];
  assert.throws(() => tf.constant(deep), { name: "ShapeError", message: "constant: rank 9 is above 8" });
  const empty = tf.constant([[], []]);
  assert.deepEqual([empty.shape, empty.size, empty.array()], [[2, 0], 0, [[], []]]);
  assert.deepEqual(tf.add(empty, 1).shape, [2, 0]);
  assert.deepEqual(tf.grad((x: tf.Tensor) => tf.reduceSum(x.mul(x)))(empty).shape, [2, 0]);
});

test("ragged lists and things that are no numbers are errors that say what came", () => {
  assert.throws(() => tf.constant([[1, 2], [3]]), {
    name: "ShapeError",
    message: "constant: a ragged list: expected 2 elements at depth 2, got 1 elements",
  });
  assert.throws(() => tf.constant([[1], 2]), { name: "ShapeError", message: /a ragged list/ });
  assert.throws(() => tf.constant([1, [2]]), { name: "DtypeError", message: /the nesting is ragged/ });
  assert.throws(() => tf.constant("1" as never), {
    name: "DtypeError",
    message: 'constant: expected numbers, got "1"',
  });
  assert.throws(() => tf.constant(null as never), { name: "DtypeError" });
  assert.throws(() => tf.constant([1, undefined] as never), { name: "DtypeError" });
  assert.throws(() => tf.constant({ a: 1 } as never), { name: "DtypeError" });
  assert.throws(() => tf.constant(1, "int7" as never), {
    name: "DtypeError",
    message: /unknown dtype "int7"/,
  });
  assert.throws(() => tf.constant(1n as never), { name: "DtypeError" });
});
