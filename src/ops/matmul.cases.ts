import { DtypeError, ShapeError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as matmul from "./matmul.js";

const wide = [
  [1, -2, 3],
  [0.5, 5, -6],
];
const tall = [
  [2, 1],
  [-1, 0.25],
  [3, 4],
];
const plain = { transposeA: false, transposeB: false };

export const cases = casesOf(matmul, {
  matmulOp: [
    { inputs: [wide, tall], attrs: plain },
    { inputs: [tall, tall], attrs: { transposeA: true, transposeB: false } },
    { inputs: [wide, wide], attrs: { transposeA: false, transposeB: true } },
    { inputs: [tall, wide], attrs: { transposeA: true, transposeB: true } },
    { inputs: [[[3]], [[4]]], attrs: plain },
    {
      inputs: [
        [[], []],
        [[], [], []],
      ],
      attrs: { transposeA: false, transposeB: true },
    },
    fails(ShapeError, () => matmul.matmul(wide, wide)),
    fails(ShapeError, () => matmul.matmul([1, 2], tall)),
    fails(DtypeError, () => matmul.matmul([[true]], [[true]])),
  ],
  batchMatmulOp: [
    {
      inputs: [
        [wide, wide],
        [tall, tall],
      ],
      attrs: plain,
    },
    { inputs: [[wide], [tall, tall]], attrs: plain },
    { inputs: [wide, [[tall], [tall]]], attrs: plain },
    {
      inputs: [[[tall], [wide.map((row) => row.slice(0, 2)).concat([[1, 1]])]], [tall]],
      attrs: { transposeA: true, transposeB: false },
    },
    { inputs: [[tall], [wide, wide]], attrs: { transposeA: true, transposeB: true } },
    fails(ShapeError, () => matmul.matmul([wide, wide], [tall, tall, tall])),
  ],
});
