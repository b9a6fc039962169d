import { DtypeError, ShapeError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import { constant } from "./creation.js";
import * as select from "./select.js";

const condition = [1, 0, 1];

export const cases = casesOf(select, {
  selectOp: [
    { inputs: [condition, [1, 2, 3], [4, 5, 6]] },
    { inputs: [1, 2, 3] },
    { inputs: [condition, 2, [4, 5, 6]] },
    { inputs: [[[1], [0]], [1, 2], 3] },
    {
      inputs: [
        1,
        [
          [1, 2],
          [3, 4],
        ],
        [5, 6],
      ],
    },
    { inputs: [[], [], 1] },
    {
      inputs: [condition, [1, Number.NaN, 3], [0, 5, Number.NaN]],
      dtypes: ["float32", "float64"],
      smooth: false,
    },
    fails(DtypeError, () => select.where(constant([1, 0]), 1, 2)),
    fails(ShapeError, () => select.where([true, false], [1, 2, 3], 0)),
  ],
});
