import { ShapeError } from "../core/errors.js";
import { type AnyCase, casesOf, fails } from "../testing/opCase.js";
import * as cumulative from "./cumulative.js";

const table = [
  [2, 0, -1],
  [0.5, 3, 0],
];

const allWays = (x: AnyCase[]): AnyCase[] => [
  ...[0, 1].flatMap((axis) =>
    [false, true].flatMap((exclusive) =>
      [false, true].map((reverse) => ({ inputs: [table], attrs: { axis, exclusive, reverse } })),
    ),
  ),
  { inputs: [[]], attrs: { axis: 0, exclusive: true, reverse: false } },
  { inputs: [[[], []]], attrs: { axis: 0, exclusive: false, reverse: true } },
  ...x,
];

export const cases = casesOf(cumulative, {
  cumsumOp: allWays([
    fails(ShapeError, () => cumulative.cumsum(1)),
    fails(ShapeError, () => cumulative.cumsum([1], 1)),
  ]),
  cumprodOp: allWays([fails(ShapeError, () => cumulative.cumprod([1], -2))]),
  recurrenceOp: [
    {
      inputs: [
        table,
        [
          [1, 0, 2],
          [-1, 3, 0.5],
        ],
      ],
      attrs: { axis: 1, reverse: false },
    },
    {
      inputs: [
        table,
        [
          [1, 0, 2],
          [-1, 3, 0.5],
        ],
      ],
      attrs: { axis: 0, reverse: true },
    },
    { inputs: [[], []], attrs: { axis: 0, reverse: false } },
  ],
});
