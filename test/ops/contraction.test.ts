import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { diag, diagPart, trace } from "../../src/ops/diagonal.js";
import { einsum } from "../../src/ops/einsum.js";
import { checkGradients, ramp } from "./ramp.js";

/** The product by its definition, on plain lists. */
function productOf(a: number[][], b: number[][]): number[][] {
  return a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)));
}

const transposed = (x: number[][], columns: number): number[][] =>
  Array.from({ length: columns }, (_, j) => x.map((row) => row[j]!));

const SIZES = [
  [1, 1, 1],
  [2, 2, 2],
  [1, 7, 3],
  [5, 1, 4],
  [3, 9, 1],
  [17, 19, 23],
  [40, 8, 33],
  [130, 12, 3],
  [4, 300, 6],
] as const;

for (const [m, k, n] of SIZES) {
  for (const dtype of ["float32", "float64", "int32"] as const) {
    test(`matmul ${m}×${k}×${n} ${dtype} equals its definition, transposed or not`, () => {
      const a = tf.cast(tf.multiply(ramp([m, k]), 4), dtype);
      const b = tf.cast(tf.multiply(ramp([k, n], "float64", 5), 4), dtype);
      const expected = productOf(a.array(), b.array());
      const [at, bt] = [tf.transpose(a), tf.transpose(b)];
      assert.deepEqual(at.array(), transposed(a.array(), k));
      assert.deepEqual(tf.matmul(a, b).array(), expected);
      assert.deepEqual(tf.matmul(at, b, { transposeA: true }).array(), expected);
      assert.deepEqual(tf.matmul(a, bt, { adjointB: true }).array(), expected);
      assert.deepEqual(tf.matmul(at, bt, { adjointA: true, transposeB: true }).array(), expected);
      assert.equal(tf.matmul(a, b).dtype, dtype);
    });
  }
}

test("batches broadcast against each other, also in the packed kernel", () => {
  const a = ramp([2, 1, 17, 16]);
  const b = ramp([3, 16, 19], "float64", 1);
  const y = tf.matmul(a, b);
  assert.deepEqual(y.shape, [2, 3, 17, 19]);
  for (let i = 0; i < 2; i++) {
    for (let j = 0; j < 3; j++) assert.deepEqual(y.array()[i][j], productOf(a.array()[i][0], b.array()[j]));
  }
});

test("integer products wrap as their dtype does", () => {
  assert.equal(tf.matmul(tf.constant([[65536]], "int32"), tf.constant([[65536]], "int32")).item(), 0);
  const bytes = tf.constant(new Uint8Array([200, 3]), { shape: [1, 2] });
  assert.equal(tf.matmul(bytes, bytes, { transposeB: true }).item(), (200 * 200 + 9) % 256);
});

test("float32 sums are rounded once", () => {
  const ones = tf.ones([1, 3]);
  assert.equal(tf.matmul(ones, tf.constant([[2 ** 24], [1], [1]])).item(), 2 ** 24 + 2);
});

test("empty products", () => {
  assert.deepEqual(tf.matmul(tf.zeros([2, 0]), tf.zeros([0, 3])).array(), [
    [0, 0, 0],
    [0, 0, 0],
  ]);
  assert.deepEqual(tf.matmul(tf.zeros([0, 2]), tf.zeros([2, 3])).shape, [0, 3]);
  assert.deepEqual(tf.matmul(tf.zeros([0, 2, 2]), tf.zeros([2, 2])).shape, [0, 2, 2]);
});

test("gradients of matmul, all four ways, with broadcast batches", () => {
  const pairs = [false, true];
  for (const transposeA of pairs) {
    for (const transposeB of pairs) {
      const a = ramp(transposeA ? [2, 1, 3, 2] : [2, 1, 2, 3]);
      const b = ramp(transposeB ? [2, 4, 3] : [2, 3, 4], "float64", 2);
      checkGradients((x, y) => tf.matmul(x!, y!, { transposeA, transposeB }), a, b);
    }
  }
  checkGradients((x, y) => tf.linalg.matvec(x!, y!), ramp([2, 3]), ramp([3]));
  checkGradients(
    (x, y) =>
      tf.tensordot(x!, y!, [
        [0, 2],
        [1, 0],
      ]),
    ramp([2, 3, 2]),
    ramp([2, 2, 3]),
  );
});

test("op types are TensorFlow's", () => {
  const tape = new tf.GradientTape();
  tape.record(() => {
    const a = ramp([2, 2]);
    tape.watch(a);
    tf.matmul(a, a);
    tf.matmul(tf.stack([a, a]), a);
  });
  assert.match(tape.toString(), / MatMul\(.* Pack\(.* BatchMatMul\(/s);
});

test("products that do not fit say so", () => {
  const refused = (f: () => unknown, error: new () => Error, message: RegExp): void => {
    assert.throws(f, error as never);
    assert.throws(f, { message });
  };
  const shape = tf.ShapeError as never;
  refused(
    () => tf.matmul(ramp([2, 3]), ramp([4, 5])),
    shape,
    /inner sizes differ: a is \[2, 3\], b is \[4, 5\]/,
  );
  refused(() => tf.matmul(ramp([3]), ramp([3, 2])), shape, /rank 2 or more, got ranks 1 and 2/);
  refused(() => tf.matmul(ramp([2, 3, 3]), ramp([3, 3, 3])), shape, /do not broadcast/);
  refused(() => tf.tensordot(ramp([2, 3]), ramp([2, 3]), 1), shape, /do not match/);
  refused(() => tf.tensordot(ramp([2]), ramp([2]), 2), shape, /2 axes do not fit/);
  const both = { transposeA: true, adjointA: true };
  refused(() => tf.matmul(ramp([2, 2]), ramp([2, 2]), both), tf.ValueError as never, /not both/);
  refused(() => tf.matmul([[true]], [[true]]), tf.DtypeError as never, /expected numbers, got bool/);
});

/** An einsum by its definition: every letter runs over its size. */
function einsumOf(terms: string[], output: string, xs: tf.Tensor[]): number[] {
  const sizes = new Map(
    terms.flatMap((term, i) => [...term].map((letter, axis) => [letter, xs[i]!.shape[axis]!])),
  );
  const letters = [...output, ...[...sizes.keys()].filter((letter) => !output.includes(letter))];
  const at = (term: string, x: tf.Tensor, index: Map<string, number>): number =>
    x.storage[[...term].reduce((offset, letter, axis) => offset * x.shape[axis]! + index.get(letter)!, 0)]!;
  const size = [...output].reduce((n, letter) => n * sizes.get(letter)!, 1);
  const result = new Array<number>(size).fill(0);
  const visit = (depth: number, index: Map<string, number>): void => {
    const letter = letters[depth];
    if (letter !== undefined) {
      for (let i = 0; i < sizes.get(letter)!; i++) visit(depth + 1, new Map([...index, [letter, i]]));
      return;
    }
    const place = [...output].reduce((offset, l) => offset * sizes.get(l)! + index.get(l)!, 0);
    result[place]! += terms.reduce((product, term, i) => product * at(term, xs[i]!, index), 1);
  };
  visit(0, new Map());
  return result;
}

const EQUATIONS: [string, number[][]][] = [
  [
    "ij,jk->ik",
    [
      [2, 3],
      [3, 4],
    ],
  ],
  [
    "ij,ij->",
    [
      [2, 3],
      [2, 3],
    ],
  ],
  ["i,j->ji", [[2], [3]]],
  ["ii->i", [[3, 3]]],
  [
    "ijk,kji->",
    [
      [2, 3, 4],
      [4, 3, 2],
    ],
  ],
  [
    "ijk,jil->kl",
    [
      [2, 3, 4],
      [3, 2, 5],
    ],
  ],
  ["ij,k->k", [[2, 3], [4]]],
  [
    "iij,jk->k",
    [
      [2, 2, 3],
      [3, 2],
    ],
  ],
  [
    "bhqd,bhkd->bhqk",
    [
      [2, 2, 3, 4],
      [2, 2, 5, 4],
    ],
  ],
  [
    "ij,jk,kl->il",
    [
      [2, 3],
      [3, 4],
      [4, 2],
    ],
  ],
  [
    "abc,cd,ad->bd",
    [
      [2, 3, 4],
      [4, 2],
      [2, 2],
    ],
  ],
  [
    "ab,ab->ba",
    [
      [2, 3],
      [2, 3],
    ],
  ],
];

for (const [equation, shapes] of EQUATIONS) {
  test(`einsum ${equation}`, () => {
    const xs = shapes.map((shape, i) => ramp(shape, "float64", i));
    const [terms, output] = equation.split("->");
    const y = einsum(equation, ...xs);
    assert.deepEqual([...y.data()], einsumOf(terms!.split(","), output!, xs));
    checkGradients((...inputs) => einsum(equation, ...inputs), ...xs);
  });
}

test("an ellipsis stands for axes that broadcast", () => {
  const a = ramp([2, 1, 2, 3]);
  const b = ramp([3, 3, 2], "float64", 1);
  assert.deepEqual(einsum("...ij,...jk->...ik", a, b).array(), tf.matmul(a, b).array());
  checkGradients((x, y) => einsum("...ij,...jk->...ik", x!, y!), a, b);
  assert.deepEqual(einsum("...", [1, 2]).array(), [1, 2]);
});

test("einsum without an arrow gives the letters that occur once, in order", () => {
  assert.deepEqual(einsum("ba", [[1, 2]]).shape, [2, 1]);
  assert.deepEqual(einsum("ij,jk", ramp([2, 3]), ramp([3, 4])).shape, [2, 4]);
});

test("equations that do not fit say so", () => {
  assert.throws(() => einsum("ij,jk->ik", ramp([2, 3])), { name: "ValueError", message: /1 operands/ });
  assert.throws(() => einsum("ij->ik", ramp([2, 3])), { name: "ValueError", message: /"k" in the result/ });
  assert.throws(() => einsum("ijk->i", ramp([2, 3])), { name: "ValueError", message: /rank 2/ });
  assert.throws(() => einsum("ij,jk->ik", ramp([2, 3]), ramp([4, 2])), {
    name: "ShapeError",
    message: /j stands for sizes/,
  });
});

test("diagonals", () => {
  const x = ramp([2, 3, 4]);
  const expected = x.array().map((matrix: number[][]) => [0, 1, 2].map((i) => matrix[i]![i]));
  assert.deepEqual(diagPart(x).array(), expected);
  assert.deepEqual(
    trace(x).array(),
    expected.map((d: number[]) => d.reduce((a, b) => a + b)),
  );
  assert.deepEqual(
    diag(
      tf.constant([
        [1, 2],
        [3, 4],
      ]),
    ).array(),
    [
      [
        [1, 0],
        [0, 2],
      ],
      [
        [3, 0],
        [0, 4],
      ],
    ],
  );
  checkGradients((t) => tf.square(diagPart(t!)), x);
  checkGradients((t) => tf.square(diag(t!)), ramp([2, 3]));
  assert.throws(() => diagPart([1, 2]), tf.ShapeError);
  assert.throws(() => diag(1), tf.ShapeError);
});
