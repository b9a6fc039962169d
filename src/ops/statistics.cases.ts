import { ShapeError } from "../core/errors.js";
import { type AnyCase, casesOf, fails } from "../testing/opCase.js";
import { degenerate, empty, reduced } from "./reductions.cases.js";
import * as statistics from "./statistics.js";

/** Numbers too large, or too small, for their exponentials; and too large for the steps of differences. */
const extreme: AnyCase[] = [
  { inputs: [[1000, 1000.5]], attrs: { axes: [0], keepdims: false }, smooth: false },
  { inputs: [[-1000, -1001]], attrs: { axes: [0], keepdims: true }, smooth: false },
  { inputs: [[-Infinity, 2]], attrs: { axes: [0], keepdims: false }, smooth: false },
  { inputs: [[-Infinity, -Infinity]], attrs: { axes: [0], keepdims: false }, smooth: false },
  { inputs: [[Infinity, 1]], attrs: { axes: [0], keepdims: false }, smooth: false },
];

export const cases = casesOf(statistics, {
  logsumexpOp: [
    ...reduced(),
    ...degenerate(),
    ...empty(),
    ...extreme,
    fails(ShapeError, () => statistics.reduceLogsumexp([1], 1)),
  ],
  euclideanNormOp: [
    ...reduced(),
    ...degenerate(),
    ...empty({ smooth: false }),
    { inputs: [[0, 0]], attrs: { axes: [0], keepdims: false }, smooth: false },
    fails(ShapeError, () => statistics.reduceEuclideanNorm([1], 1)),
  ],
});
