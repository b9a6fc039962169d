import { ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as join from "./join.js";

const table = [
  [1, -2, 3],
  [4, 5, -6],
];
const column = [[7], [8]];

export const cases = casesOf(join, {
  concatOp: [
    { inputs: [[1, 2], [3], [], [4, 5, 6]], attrs: { axis: 0 } },
    { inputs: [table, column, table], attrs: { axis: 1 } },
    { inputs: [table], attrs: { axis: 0 } },
    { inputs: [[[]], [[]]], attrs: { axis: 0 } },
    fails(ShapeError, () => join.concat([table, column], 0)),
    fails(ShapeError, () => join.concat([1, 2], 0)),
    fails(ValueError, () => join.concat([], 0)),
  ],
  stackOp: [
    { inputs: [1, 2, 3], attrs: { axis: 0 } },
    { inputs: [table, table], attrs: { axis: 1 } },
    { inputs: [table, table], attrs: { axis: 2 } },
    { inputs: [[], []], attrs: { axis: 1 } },
    fails(ShapeError, () => join.stack([[1, 2], [1]])),
    fails(ValueError, () => join.stack([])),
  ],
  unstackOp: [
    { inputs: [table], attrs: { axis: 0 } },
    { inputs: [table], attrs: { axis: 1 } },
    { inputs: [[5]], attrs: { axis: 0 } },
    { inputs: [[[], []]], attrs: { axis: 0 } },
    fails(ShapeError, () => join.unstack(1)),
  ],
  splitOp: [
    { inputs: [table], attrs: { axis: 1, sizes: [1, 2] } },
    { inputs: [[1, 2, 3]], attrs: { axis: 0, sizes: [2, 0, 1] } },
    { inputs: [[[], []]], attrs: { axis: 0, sizes: [1, 1] } },
    fails(ShapeError, () => join.split([1, 2, 3], 2)),
    fails(ShapeError, () => join.split([1, 2, 3], [1, 1])),
    fails(ShapeError, () => join.split([1, 2, 3], [-1, -1])),
    fails(ShapeError, () => join.split([1, 2, 3], 0)),
  ],
});
