import { ShapeError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as linalg from "./linalg.js";

const square = [
  [2, -1, 0.5],
  [1, 3, -2],
  [-0.5, 1, 4],
];
const tall = [
  [1, 2],
  [-3, 0.5],
  [2, -1],
];
const wide = [
  [1, -3, 2],
  [2, 0.5, -1],
];

export const cases = casesOf(linalg, {
  bandPartOp: [
    { inputs: [square], attrs: { numLower: -1, numUpper: 0 } },
    { inputs: [square], attrs: { numLower: 0, numUpper: 1 } },
    { inputs: [[tall, tall]], attrs: { numLower: 1, numUpper: 0 } },
    { inputs: [[[]]], attrs: { numLower: 0, numUpper: 0 } },
    fails(ShapeError, () => linalg.bandPart([1, 2], 0, 0)),
  ],
  triangularSolveOp: [
    { inputs: [square, tall], attrs: { lower: true, adjoint: false } },
    { inputs: [square, tall], attrs: { lower: false, adjoint: false } },
    { inputs: [square, tall], attrs: { lower: true, adjoint: true } },
    {
      inputs: [
        [square, square],
        [tall, tall],
      ],
      attrs: { lower: false, adjoint: true },
    },
    fails(ShapeError, () => linalg.triangularSolve(tall, tall)),
    fails(ShapeError, () => linalg.triangularSolve(square, wide)),
    fails(ShapeError, () => linalg.triangularSolve([1], [1])),
  ],
  qrOp: [
    { inputs: [square], attrs: { fullMatrices: false } },
    { inputs: [tall], attrs: { fullMatrices: false } },
    { inputs: [wide], attrs: { fullMatrices: false } },
    { inputs: [[square, square]], attrs: { fullMatrices: false } },
    { inputs: [[5]].map((row) => [row]), attrs: { fullMatrices: false } },
    fails(ShapeError, () => linalg.qr([1, 2])),
  ],
});
