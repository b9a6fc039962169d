import { ShapeError, ValueError } from "../core/errors.js";
import { binary, casesOf, fails, unary } from "../testing/opCase.js";
import * as arithmetic from "./arithmetic.js";

const x = [1.5, -2, 3, 0.25];
const y = [2, 0.5, -1.25, 4];
/** Whole numbers of both signs, none of them 0, so that they divide in every dtype. */
const dividends = [7, -7, 7, -7, 6];
const divisors = [3, 3, -3, -3, 3];
/** Quotients that are no whole numbers, where remainders are smooth. */
const smoothDividends = [7.3, -7.3, 7.3, -7.3];
const smoothDivisors = [3.1, 3.1, -3.1, -3.1];
const signed = ["float32", "float64", "int32"] as const;
const floats = ["float32", "float64"] as const;
const edges = [Number.NaN, Infinity, -Infinity, -0, 0];

const refusesShapes = (f: (a: number[], b: number[]) => unknown) =>
  fails(ShapeError, () => f([1, 2], [1, 2, 3]));
const refusesZero = (f: (a: Int32Array, b: Int32Array) => unknown) =>
  fails(ValueError, () => f(Int32Array.of(1), Int32Array.of(0)));
const noGradient = { smooth: false } as const;

const division = [
  ...binary(dividends, divisors, { dtypes: signed, ...noGradient }),
  ...binary(smoothDividends, smoothDivisors, { dtypes: floats }),
  {
    inputs: [
      [7, 200],
      [3, 7],
    ],
    dtypes: ["uint8"] as const,
    ...noGradient,
  },
  { inputs: [edges, 1], dtypes: floats, ...noGradient },
  { inputs: [1, edges], dtypes: floats, ...noGradient },
];
const ties = {
  inputs: [
    [1, 2, 2, -0, 0, Number.NaN, 1],
    [2, 2, 1, 0, -0, 1, Number.NaN],
  ],
  ...noGradient,
};

export const cases = casesOf(arithmetic, {
  addOp: [...binary(x, y), refusesShapes(arithmetic.add)],
  subtractOp: [...binary(x, y), refusesShapes(arithmetic.subtract)],
  multiplyOp: [
    ...binary(x, y),
    {
      inputs: [
        [0, 2],
        [3, 0],
      ],
    },
    refusesShapes(arithmetic.multiply),
  ],
  divideOp: [
    ...binary(x, y),
    { inputs: [[1, -1, 0], 0], dtypes: floats, ...noGradient },
    refusesShapes(arithmetic.divide),
  ],
  divideNoNanOp: [...binary(x, y), { inputs: [[1, 0, -3], 0], dtypes: floats, ...noGradient }],
  multiplyNoNanOp: [
    ...binary(x, y),
    { inputs: [[Number.NaN, Infinity, 1], 0], dtypes: floats, ...noGradient },
  ],
  floordivOp: [...division, refusesZero(arithmetic.floordiv)],
  floormodOp: [...division, refusesZero(arithmetic.floormod)],
  truncatedivOp: [...division, refusesZero(arithmetic.truncatediv)],
  truncatemodOp: [...division, refusesZero(arithmetic.truncatemod)],
  negativeOp: [...unary(x), { inputs: [edges], dtypes: floats, ...noGradient }],
  absOp: [...unary(x), { inputs: [edges], dtypes: floats, ...noGradient }],
  signOp: [...unary(x), { inputs: [edges], dtypes: floats, ...noGradient }],
  maximumOp: [...binary(x, y), ties, refusesShapes(arithmetic.maximum)],
  minimumOp: [...binary(x, y), ties, refusesShapes(arithmetic.minimum)],
  squaredDifferenceOp: [...binary(x, y), refusesShapes(arithmetic.squaredDifference)],
  clipByValueOp: [
    { inputs: [x, -1, 2] },
    { inputs: [x, [[-1], [0]], 2] },
    { inputs: [3, -1, 2] },
    { inputs: [[], -1, 2] },
    {
      inputs: [
        [[1], [5]],
        [0, 2],
        [3, 4],
      ],
    },
    { inputs: [[5, 1, 3], 4, 2] },
    { inputs: [[-1, 2, Number.NaN], -1, 2], ...noGradient },
    fails(ShapeError, () => arithmetic.clipByValue([1, 2], [1, 2, 3], 4)),
  ],
});
