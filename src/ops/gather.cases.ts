import { DtypeError, ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import { constant } from "./creation.js";
import * as gather from "./gather.js";

const table = [
  [1, -2, 3],
  [4, 5, -6],
];
const cube = [
  table,
  [
    [7, 8, -9],
    [0, 1, 2],
  ],
];

export const cases = casesOf(gather, {
  gatherOp: [
    { inputs: [table, [1, 0, 1]], attrs: { axis: 0, batchDims: 0 } },
    { inputs: [table, 1], attrs: { axis: 0, batchDims: 0 } },
    {
      inputs: [
        table,
        [
          [2, 0],
          [2, 2],
        ],
      ],
      attrs: { axis: 1, batchDims: 0 },
    },
    {
      inputs: [
        table,
        [
          [2, 0],
          [1, 1],
        ],
      ],
      attrs: { axis: 1, batchDims: 1 },
    },
    { inputs: [cube, [[2], [1]]], attrs: { axis: 2, batchDims: 1 } },
    {
      inputs: [
        cube,
        [
          [0, 1],
          [1, 1],
        ],
      ],
      attrs: { axis: 2, batchDims: 2 },
    },
    { inputs: [table, []], attrs: { axis: 1, batchDims: 0 } },
    fails(ValueError, () => gather.gather([1, 2], [2])),
    fails(ValueError, () => gather.gather([1, 2], [-1])),
    fails(DtypeError, () => gather.gather([1, 2], constant([0]))),
    fails(ShapeError, () => gather.gather(table, [[0]], { batchDims: 1 })),
    fails(ShapeError, () => gather.gather(table, [0], { axis: 0, batchDims: 1 })),
  ],
});
