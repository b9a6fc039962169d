import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { moveaxis, ravel, swapaxes } from "../../src/ops/views.js";
import { checkGradients, ramp } from "./ramp.js";

/** Every index tuple of a shape, in row-major order. */
function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (all, n) => all.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );
}

const at = (x: tf.Tensor, index: readonly number[]): number =>
  x.storage[index.reduce((offset, i, axis) => offset * x.shape[axis]! + i, 0)]!;

/** Checks a view against the rule that says which element of x each of its elements is. */
function checkElements(y: tf.Tensor, shape: readonly number[], source: (index: number[]) => number): void {
  assert.deepEqual(y.shape, shape);
  assert.deepEqual([...y.data()], indicesOf(shape).map(source));
}

const RANK8 = [2, 1, 3, 1, 2, 2, 1, 2];

test("views of rank 8", () => {
  const x = ramp(RANK8);
  const perm = [7, 2, 0, 4, 1, 3, 6, 5];
  const permuted = perm.map((axis) => RANK8[axis]!);
  checkElements(tf.transpose(x, perm), permuted, (i) =>
    at(
      x,
      perm.map((_, axis) => i[perm.indexOf(axis)]!),
    ),
  );
  checkElements(tf.reverse(x, [0, -1, 2]), RANK8, (i) =>
    at(
      x,
      i.map((n, axis) => ([0, 2, 7].includes(axis) ? RANK8[axis]! - 1 - n : n)),
    ),
  );
  const wide = [2, 3, 3, 2, 2, 2, 2, 2];
  checkElements(tf.broadcastTo(x, wide), wide, (i) =>
    at(
      x,
      i.map((n, axis) => (RANK8[axis] === 1 ? 0 : n)),
    ),
  );
  const times = [1, 2, 1, 3, 1, 2, 1, 1];
  const tiled = RANK8.map((n, axis) => n * times[axis]!);
  checkElements(tf.tile(x, times), tiled, (i) =>
    at(
      x,
      i.map((n, axis) => n % RANK8[axis]!),
    ),
  );
  const begin = [1, 0, 1, 0, 0, 1, 0, 0];
  const size = [1, 1, 2, 1, 2, 1, 1, 1];
  checkElements(tf.slice(x, begin, size), size, (i) =>
    at(
      x,
      i.map((n, axis) => n + begin[axis]!),
    ),
  );
  const padded = RANK8.map((n) => n + 1);
  checkElements(
    tf.pad(
      x,
      RANK8.map(() => [1, 0] as const),
      { constantValues: -9 },
    ),
    padded,
    (i) =>
      i.includes(0)
        ? -9
        : at(
            x,
            i.map((n) => n - 1),
          ),
  );
  checkElements(tf.roll(x, [1, -1], [2, 0]), RANK8, (i) =>
    at(
      x,
      i.map((n, axis) => (axis === 2 ? (n + 2) % 3 : axis === 0 ? (n + 1) % 2 : n)),
    ),
  );
  checkElements(tf.concat([x, x], -3), [2, 1, 3, 1, 2, 4, 1, 2], (i) =>
    at(
      x,
      i.map((n, axis) => (axis === 5 ? n % 2 : n)),
    ),
  );
  assert.throws(() => tf.expandDims(x, 0), { name: "ShapeError", message: /rank 9/ });
  assert.throws(() => tf.stack([x, x]), { name: "ShapeError", message: /rank 9/ });
});

test("gradients of views of rank 8", () => {
  const x = ramp(RANK8);
  checkGradients((t) => tf.square(tf.tile(t!, [1, 2, 1, 2, 1, 1, 1, 2])), x);
  checkGradients((t) => tf.square(tf.transpose(tf.reverse(t!, [0, 2]))), x);
});

test("large planes are copied whole, in tiles and with ragged ends", () => {
  for (const [rows, columns] of [
    [33, 65],
    [1, 100],
    [100, 1],
    [64, 64],
    [70, 31],
  ] as const) {
    const x = ramp([rows, columns]);
    checkElements(tf.transpose(x), [columns, rows], ([i, j]) => at(x, [j!, i!]));
    checkElements(tf.transpose(ramp([2, rows, columns]), [0, 2, 1]), [2, columns, rows], ([b, i, j]) =>
      at(ramp([2, rows, columns]), [b!, j!, i!]),
    );
  }
});

test("tensors without elements", () => {
  const x = tf.zeros([2, 0, 3]);
  assert.deepEqual(tf.transpose(x).shape, [3, 0, 2]);
  assert.deepEqual(tf.reverse(x, 1).shape, [2, 0, 3]);
  assert.deepEqual(tf.tile(x, [1, 2, 2]).shape, [2, 0, 6]);
  assert.deepEqual(tf.roll(x, 1, 1).shape, [2, 0, 3]);
  assert.deepEqual(tf.repeat(x, 2, 1).shape, [2, 0, 3]);
  assert.deepEqual(tf.slice(x, [0, 0, 1], [2, 0, 1]).shape, [2, 0, 1]);
  assert.deepEqual(tf.getItem(x, [1, [null, null, -1]]).shape, [0, 3]);
  assert.deepEqual(
    tf
      .pad(
        x,
        [
          [0, 0],
          [1, 0],
          [0, 0],
        ],
        { constantValues: 2 },
      )
      .array(),
    [[[2, 2, 2]], [[2, 2, 2]]],
  );
  assert.deepEqual(tf.concat([x, x], 1).shape, [2, 0, 3]);
  assert.deepEqual(tf.stack([x, x], -1).shape, [2, 0, 3, 2]);
  assert.deepEqual(tf.unstack(x, 1), []);
  assert.deepEqual(
    tf.split(x, 2).map((part) => part.shape),
    [
      [1, 0, 3],
      [1, 0, 3],
    ],
  );
  assert.deepEqual(tf.broadcastTo(tf.zeros([1, 0]), [3, 0]).shape, [3, 0]);
  assert.deepEqual(
    tf.meshgrid([1, 2], tf.zeros([0])).map((t) => t.shape),
    [
      [0, 2],
      [0, 2],
    ],
  );
  checkGradients((t) => tf.square(tf.concat([tf.slice(t!, [0, 0], [0, 2]), t!], 0)), ramp([2, 2]));
});

/** Python's own slicing, on a plain list: start and stop moved in, then walked. */
function pythonSlice(list: number[], start: number | null, stop: number | null, step: number): number[] {
  const n = list.length;
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const moved = (i: number): number => Math.max(low, Math.min(high, i < 0 ? i + n : i));
  const from = start === null ? (step > 0 ? low : high) : moved(start);
  const to = stop === null ? (step > 0 ? high : low) : moved(stop);
  const taken: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) taken.push(list[i]!);
  return taken;
}

test("ranges of every kind are Python's", () => {
  const list = [10, 11, 12, 13, 14];
  const x = tf.constant(list);
  const ends = [null, -9, -5, -2, 0, 1, 3, 5, 9];
  for (const step of [1, 2, 3, 7, -1, -2, -7]) {
    for (const start of ends) {
      for (const stop of ends) {
        assert.deepEqual(tf.getItem(x, [[start, stop, step]]).array(), pythonSlice(list, start, stop, step));
      }
    }
  }
});

test("gradients of slices go back to where the elements came from", () => {
  const x = ramp([3, 4, 2]);
  checkGradients((t) => tf.square(tf.getItem(t!, [[null, null, -2], "...", null, -1])), x);
  checkGradients((t) => tf.square(tf.getItem(t!, [1, null, [3, null, -2]])), x);
  checkGradients((t) => tf.square(tf.stridedSlice(t!, [2, 0, 0], [0, 3, 2], [-1, 2, 1])), x);
  checkGradients((t) => tf.square(tf.slice(t!, [1, 0, 1], [-1, 2, 1])), x);
});

test("gradients of padding, joining and repeating", () => {
  const x = ramp([3, 2]);
  checkGradients(
    (t) =>
      tf.square(
        tf.pad(t!, [
          [1, 2],
          [0, 1],
        ]),
      ),
    x,
  );
  checkGradients(
    (t) =>
      tf.square(
        tf.pad(
          t!,
          [
            [2, 1],
            [1, 0],
          ],
          "REFLECT",
        ),
      ),
    x,
  );
  checkGradients(
    (t) =>
      tf.square(
        tf.pad(
          t!,
          [
            [3, 2],
            [1, 2],
          ],
          "SYMMETRIC",
        ),
      ),
    x,
  );
  checkGradients((t, u) => tf.square(tf.concat([t!, u!, t!], 1)), x, ramp([3, 1]));
  checkGradients((t) => tf.multiply(...(tf.unstack(t!, 1) as [tf.Tensor, tf.Tensor])), x);
  checkGradients((t) => tf.multiply(...(tf.split(t!, [1, 1], 1) as [tf.Tensor, tf.Tensor])), x);
  checkGradients((t) => tf.square(tf.repeat(t!, [2, 0, 3], 0)), x);
  checkGradients((t) => tf.square(tf.repeat(t!, 2, 1)), x);
  checkGradients((t) => tf.square(tf.roll(t!, [1, 3], [0, 1])), x);
  checkGradients((t, u) => tf.stack(tf.meshgrid(tf.square(t!), tf.square(u!))), ramp([2]), ramp([3]));
  checkGradients(
    (t, u) => tf.square(tf.linspace(t!, u!, 4, { axis: -1 })),
    ramp([2]),
    ramp([2], "float64", 4),
  );
});

test("an unused piece of a split counts as zero", () => {
  const x = tf.constant([1, 2, 3, 4]);
  const tape = new tf.GradientTape();
  const y = tape.record(() => {
    tape.watch(x);
    return tf.reduceSum(tf.square(tf.split(x, 2)[1]!));
  });
  assert.deepEqual(tape.gradient(y, x).array(), [0, 0, 6, 8]);
});

test("axes moved and exchanged", () => {
  const x = ramp([2, 3, 4]);
  checkElements(moveaxis(x, 0, -1), [3, 4, 2], ([i, j, k]) => at(x, [k!, i!, j!]));
  checkElements(moveaxis(x, [0, 2], [2, 0]), [4, 3, 2], ([i, j, k]) => at(x, [k!, j!, i!]));
  checkElements(swapaxes(x, 0, -1), [4, 3, 2], ([i, j, k]) => at(x, [k!, j!, i!]));
  assert.deepEqual(ravel(x).array(), [...x.data()]);
  assert.throws(() => moveaxis(x, [0, 1], [0]), {
    name: "ShapeError",
    message: /2 axes cannot go to 1 places/,
  });
  assert.throws(() => moveaxis(x, [0, 0], [1, 2]), tf.ShapeError);
});

test("stacks and concatenations take numbers, lists and tensors of one dtype", () => {
  const x = tf.constant(2, "float64");
  assert.equal(tf.stack([1, x, 0.1]).dtype, "float64");
  assert.deepEqual(tf.stack([1, x, 0.1]).array(), [1, 2, 0.1]);
  assert.equal(tf.concat([tf.constant([1], "int32"), [2]], 0).dtype, "int32");
  assert.equal(tf.pad(tf.constant([1], "int32"), [[0, 1]], { constantValues: 7 }).dtype, "int32");
});

test("calls that do not fit say so", () => {
  const x = ramp([2, 3]);
  const refused = (f: () => unknown, name: string, message: RegExp): void =>
    assert.throws(f, { name, message });
  refused(() => tf.concat([], 0), "ValueError", /at least one tensor/);
  refused(
    () => tf.concat([x, ramp([3, 3])], 1),
    "ShapeError",
    /sizes differ beside axis 1: \[2, 3\] and \[3, 3\]/,
  );
  refused(() => tf.concat([1, 2], 0), "ShapeError", /axis 0 is out of range for rank 0/);
  refused(() => tf.stack([x, ramp([3])]), "ShapeError", /shapes differ/);
  refused(() => tf.split(x, [1, 1], 1), "ShapeError", /do not fill an axis of size 3/);
  refused(() => tf.split(x, [-1, -1]), "ShapeError", /do not fill/);
  refused(() => tf.slice(x, [0], [1]), "ShapeError", /does not lie inside shape \[2, 3\]/);
  refused(() => tf.slice(x, [0, -1], [1, 1]), "ShapeError", /does not lie inside/);
  refused(() => tf.getItem(x, [0, 3]), "ValueError", /index 3 is out of range for axis 1 of size 3/);
  refused(() => tf.getItem(x, [[0, 2, 0]]), "ValueError", /step other than 0/);
  refused(() => tf.getItem(x, ["...", "..."]), "ValueError", /only once/);
  refused(() => tf.getItem(x, [1.5]), "ValueError", /1\.5 is out of range/);
  refused(() => tf.stridedSlice(x, [0], [1, 1]), "ShapeError", /differ in length: 1, 2, 1/);
  refused(() => tf.pad(x, [[1, 1]]), "ShapeError", /expected 2 pairs/);
  refused(
    () =>
      tf.pad(x, [
        [-1, 0],
        [0, 0],
      ]),
    "ShapeError",
    /whole numbers ≥ 0/,
  );
  refused(
    () =>
      tf.pad(
        x,
        [
          [0, 0],
          [3, 0],
        ],
        "REFLECT",
      ),
    "ValueError",
    /only 2 elements to mirror/,
  );
  refused(
    () =>
      tf.pad(
        x,
        [
          [0, 0],
          [3, 0],
        ],
        "EDGE" as never,
      ),
    "ValueError",
    /unknown mode "EDGE"/,
  );
  refused(() => tf.tile(x, [2]), "ShapeError", /expected 2 multiples/);
  refused(() => tf.repeat(x, [1, 2], 1), "ShapeError", /expected 3 repeats/);
  refused(() => tf.roll(x, [1, 1], [0]), "ShapeError", /one whole shift per axis/);
  refused(() => tf.meshgrid([1], [2], { indexing: "yx" as never }), "ValueError", /"xy" or "ij"/);
  refused(() => tf.broadcastTo(x, [3]), "ShapeError", /\[2, 3\] and \[3\]|does not broadcast/);
});
