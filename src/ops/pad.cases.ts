import { ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as pad from "./pad.js";

export const cases = casesOf(pad, {
  padOp: [
    { inputs: [[1, -2, 3]], attrs: { paddings: [[1, 2]], value: 0 } },
    {
      inputs: [
        [
          [1, -2],
          [3, 4],
        ],
      ],
      attrs: {
        paddings: [
          [0, 1],
          [2, 0],
        ],
        value: 1,
      },
    }, // a value every dtype has
    {
      inputs: [[[], []]],
      attrs: {
        paddings: [
          [0, 0],
          [1, 1],
        ],
        value: 0,
      },
    },
    { inputs: [3], attrs: { paddings: [], value: 0 } },
    fails(ShapeError, () => pad.pad([1], [])),
    fails(ShapeError, () => pad.pad([1], [[-1, 0]])),
    fails(ValueError, () => pad.pad([1, 2], [[2, 0]], "REFLECT")),
    fails(ValueError, () => pad.pad([1, 2], [[0, 3]], "SYMMETRIC")),
    fails(ValueError, () => pad.pad([1, 2], [[0, 3]], "WRAP" as never)),
  ],
});
