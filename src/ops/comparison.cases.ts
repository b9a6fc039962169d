import { DtypeError, ShapeError } from "../core/errors.js";
import { binary, casesOf, fails, unary } from "../testing/opCase.js";
import * as comparison from "./comparison.js";

const x = [1, 2, 3, 0];
const y = [2, 2, 1, 0];
const edges = [Number.NaN, Infinity, -Infinity, -0, 0];
const edgePairs = edges.flatMap((a) => edges.map((b) => [a, b] as const));
const floats = ["float32", "float64"] as const;

const comparing = (f: (a: number[], b: number[]) => unknown) => [
  ...binary(x, y),
  { inputs: [edgePairs.map(([a]) => a), edgePairs.map(([, b]) => b)], dtypes: floats },
  fails(ShapeError, () => f([1, 2], [1, 2, 3])),
];
const logical = (f: (a: number[], b: boolean[]) => unknown) => [
  ...binary([1, 1, 0, 0], [1, 0, 1, 0]),
  fails(DtypeError, () => f([1, 2], [true, false])),
];
const testing = [...unary([0, 1, 2]), { inputs: [edges], dtypes: floats }];

export const cases = casesOf(comparison, {
  lessOp: comparing(comparison.less),
  lessEqualOp: comparing(comparison.lessEqual),
  greaterOp: comparing(comparison.greater),
  greaterEqualOp: comparing(comparison.greaterEqual),
  equalOp: comparing(comparison.equal),
  notEqualOp: comparing(comparison.notEqual),
  logicalAndOp: logical(comparison.logicalAnd),
  logicalOrOp: logical(comparison.logicalOr),
  logicalXorOp: logical(comparison.logicalXor),
  logicalNotOp: [...unary([1, 0]), fails(DtypeError, () => comparison.logicalNot([1, 2]))],
  isNanOp: testing,
  isInfOp: testing,
  isFiniteOp: testing,
});
