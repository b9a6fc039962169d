import { casesOf, unary } from "../testing/opCase.js";
import * as rounding from "./rounding.js";

const between = unary([-2.7, -0.2, 0.3, 1.6, 2.4]);
const edges = [-2.5, -1.5, -0.5, -0, 0, 0.5, 1.5, 2.5, 3, Number.NaN, Infinity, -Infinity];
const list = [...between, { inputs: [edges], dtypes: ["float32", "float64"] as const, smooth: false }];

export const cases = casesOf(rounding, {
  floorOp: list,
  ceilOp: list,
  roundOp: list,
  rintOp: list,
  truncOp: list,
});
