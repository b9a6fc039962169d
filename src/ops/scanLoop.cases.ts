/**
 * @file Cases of loops over slices.
 */
import { specOf } from "../core/spec.js";
import { casesOf } from "../testing/opCase.js";
import { multiply } from "./arithmetic.js";
import { Body } from "./loopBody.js";
import * as room from "./scanLoop.js";
import { tanh } from "./trigonometry.js";

const vector = specOf([2], "float64");

/** aₜ = tanh(aₜ₋₁ · w + xₜ), with aₜ and aₜ · xₜ collected; w is the same in all rounds. */
const body = new Body(
  [vector, vector, vector],
  ([a, x, w]) => {
    const next = tanh(multiply(a!, w!).add(x!));
    return [next, next, next.mul(x!)];
  },
  { states: 1, varying: 2 },
);

const layout = { states: 1, sliced: 1, count: 3 };
const inputs = [
  [0.3, -0.2],
  [
    [0.1, 0.7],
    [-0.4, 0.2],
    [0.9, -0.6],
  ],
  [0.8, -1.1],
];

export const cases = casesOf(room, {
  scanOp: [
    { inputs, attrs: room.scanAttrs(body, { ...layout, reverse: false }, false), dtypes: ["float64"] },
    { inputs, attrs: room.scanAttrs(body, { ...layout, reverse: true }, false), dtypes: ["float64"] },
  ],
});
