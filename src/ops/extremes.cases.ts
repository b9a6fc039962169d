import { DtypeError, ShapeError, ValueError } from "../core/errors.js";
import { type AnyCase, casesOf, fails } from "../testing/opCase.js";
import { zeros } from "./creation.js";
import * as extremes from "./extremes.js";
import { degenerate, empty, reduced } from "./reductions.cases.js";

const ties: AnyCase[] = [
  {
    inputs: [
      [
        [1, 3, 3],
        [2, 2, 2],
      ],
    ],
    attrs: { axes: [1], keepdims: false },
    smooth: false,
  },
  {
    inputs: [[1, Number.NaN, 2]],
    attrs: { axes: [0], keepdims: false },
    dtypes: ["float32", "float64"],
    smooth: false,
  },
  {
    inputs: [[Infinity, -Infinity]],
    attrs: { axes: [0], keepdims: true },
    dtypes: ["float32", "float64"],
    smooth: false,
  },
];
const distinct = Array.from({ length: 20 }, (_, i) => ((i * 7) % 20) - 9.5);
const longRun: AnyCase = {
  inputs: [distinct],
  attrs: { axes: [0], keepdims: false },
  dtypes: ["float32", "float64", "int32"],
};
const position: AnyCase[] = [...reduced({ smooth: false }), ...ties];

export const cases = casesOf(extremes, {
  maxOp: [
    ...reduced({ smooth: false }),
    longRun,
    ...degenerate(),
    ...empty(),
    ...ties,
    fails(DtypeError, () => extremes.reduceMax([true])),
  ],
  minOp: [
    ...reduced({ smooth: false }),
    longRun,
    ...degenerate(),
    ...empty(),
    ...ties,
    fails(DtypeError, () => extremes.reduceMin([true])),
  ],
  argmaxOp: [
    ...position,
    fails(ShapeError, () => extremes.argmax(1)),
    fails(ShapeError, () => extremes.argmax([1], 1)),
    fails(ValueError, () => extremes.argmax(zeros([0]))),
  ],
  argminOp: [
    ...position,
    fails(ShapeError, () => extremes.argmin(1)),
    fails(ValueError, () => extremes.argmin(zeros([2, 0]), 1)),
  ],
});
