import { ShapeError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as diagonal from "./diagonal.js";

const wide = [
  [1, -2, 3],
  [4, 5, -6],
];

export const cases = casesOf(diagonal, {
  diagPartOp: [
    { inputs: [wide] },
    { inputs: [[wide, wide]] },
    { inputs: [[[1], [2], [3]]] },
    { inputs: [[[], []]] },
    fails(ShapeError, () => diagonal.diagPart([1, 2])),
  ],
  diagOp: [
    { inputs: [[1, 2, 3]], attrs: { shape: [3, 3] } },
    {
      inputs: [
        [
          [1, 2],
          [3, 4],
        ],
      ],
      attrs: { shape: [2, 2, 3] },
    },
    { inputs: [[]], attrs: { shape: [0, 0] } },
    fails(ShapeError, () => diagonal.diag(1)),
  ],
});
