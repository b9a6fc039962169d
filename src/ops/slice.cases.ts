import { ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as slice from "./slice.js";

const table = [
  [1, -2, 3, 4],
  [5, 6, -7, 8],
  [9, 1, 2, 3],
];
const corner = { begin: [2, 3], size: [2, 2], strides: [-2, -2] };
const row = { begin: [1, 0], size: [1, 4], strides: [1, 1] };
const nothing = { begin: [0, 0], size: [0, 2], strides: [1, 3] };

export const cases = casesOf(slice, {
  sliceOp: [
    { inputs: [table], attrs: { begin: [1, 0], size: [2, 3] } },
    { inputs: [table], attrs: { begin: [3, 1], size: [0, 2] } },
    { inputs: [5], attrs: { begin: [], size: [] } },
    { inputs: [[]], attrs: { begin: [0], size: [0] } },
    fails(ShapeError, () => slice.slice([1, 2], [1], [2])),
    fails(ShapeError, () => slice.slice([1, 2], [0, 0], [1, 1])),
    fails(ShapeError, () => slice.slice([1, 2], [0.5], [1])),
  ],
  stridedSliceOp: [
    { inputs: [table], attrs: { ...corner, shape: [2, 2] } },
    { inputs: [table], attrs: { ...row, shape: [1, 4, 1] } },
    { inputs: [table], attrs: { ...nothing, shape: [0, 2] } },
    { inputs: [4], attrs: { begin: [], size: [], strides: [], shape: [1] } },
    fails(ValueError, () => slice.getItem([1, 2], [2])),
    fails(ValueError, () => slice.getItem([1, 2], [[0, 2, 0]])),
    fails(ShapeError, () => slice.getItem([1, 2], [0, 0])),
  ],
  stridedSliceGradOp: [
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      attrs: { ...corner, shape: [2, 2], target: [3, 4] },
    },
    { inputs: [[1, 2, 3, 4]], attrs: { ...row, shape: [4], target: [3, 4] } },
    { inputs: [[]], attrs: { begin: [0], size: [0], strides: [1], shape: [0], target: [3] } },
  ],
  reverseOp: [
    { inputs: [table], attrs: { axes: [0] } },
    { inputs: [table], attrs: { axes: [0, 1] } },
    { inputs: [table], attrs: { axes: [] } },
    { inputs: [[[], []]], attrs: { axes: [0, 1] } },
    fails(ShapeError, () => slice.reverse([1, 2], 1)),
    fails(ShapeError, () => slice.reverse([1, 2], [0, -1])),
  ],
});
