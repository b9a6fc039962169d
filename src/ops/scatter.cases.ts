import { ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as scatter from "./scatter.js";

const table = [
  [1, -2, 3],
  [4, 5, -6],
];

export const cases = casesOf(scatter, {
  unsortedSegmentSumOp: [
    { inputs: [table, [1, 1]], attrs: { numSegments: 3 } },
    { inputs: [table, [-1, 0]], attrs: { numSegments: 1 } },
    {
      inputs: [
        table,
        [
          [0, 1, 0],
          [2, 2, -1],
        ],
      ],
      attrs: { numSegments: 3 },
    },
    { inputs: [[[]], [0]], attrs: { numSegments: 2 } },
    { inputs: [[], []], attrs: { numSegments: 2 } },
    fails(ValueError, () => scatter.unsortedSegmentSum([1], [2], 2)),
    fails(ShapeError, () => scatter.unsortedSegmentSum([1], [0, 1], 2)),
    fails(ShapeError, () => scatter.unsortedSegmentSum([1], [0], -1)),
  ],
  gatherNdOp: [
    {
      inputs: [
        table,
        [
          [1, 2],
          [0, 0],
          [1, 2],
        ],
      ],
    },
    { inputs: [table, [[1], [0]]] },
    { inputs: [table, [1, 1]] },
    { inputs: [table, [[[0, 1]], [[1, 0]]]] },
    fails(ValueError, () => scatter.gatherNd(table, [[2, 0]])),
    fails(ShapeError, () => scatter.gatherNd([1], [[0, 0]])),
    fails(ShapeError, () => scatter.gatherNd([1], 0)),
  ],
  scatterNdOp: [
    {
      inputs: [
        [[1], [1], [0]],
        [1, 2, 3],
      ],
      attrs: { shape: [3] },
    },
    { inputs: [[[1], [2]], table], attrs: { shape: [4, 3] } },
    { inputs: [[1, 2], 5], attrs: { shape: [2, 3] } },
    fails(ValueError, () => scatter.scatterNd([[3]], [1], [3])),
    fails(ShapeError, () => scatter.scatterNd([[0]], [1, 2], [3])),
  ],
  tensorScatterUpdateOp: [
    {
      inputs: [
        [1, 2, 3],
        [[1], [0]],
        [8, 9],
      ],
    },
    {
      inputs: [
        table,
        [[1], [1]],
        [
          [7, 8, 9],
          [1, 0, 1],
        ],
      ],
    },
    { inputs: [table, [[0, 1]], [5]] },
    fails(ValueError, () => scatter.tensorScatterNdUpdate([1], [[1]], [2])),
    fails(ShapeError, () => scatter.tensorScatterNdUpdate([1], [[0]], [[2]])),
  ],
});
