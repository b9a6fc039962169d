import { ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as sort from "./sort.js";

const table = [
  [3, 1, 2, 1],
  [0, 5, -5, 5],
];

export const cases = casesOf(sort, {
  argsortOp: [
    { inputs: [table], attrs: { descending: false } },
    { inputs: [table], attrs: { descending: true } },
    { inputs: [[1, Number.NaN, 0]], attrs: { descending: true }, dtypes: ["float32", "float64"] },
    { inputs: [[]], attrs: { descending: false } },
    fails(ShapeError, () => sort.sort(1)),
    fails(ShapeError, () => sort.argsort([1], { axis: 1 })),
    fails(ValueError, () => sort.sort([1], { direction: "UP" as never })),
    fails(ValueError, () => sort.topK([1, 2], 3)),
  ],
});
