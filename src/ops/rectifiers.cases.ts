import { type CaseOptions, casesOf, type OpCase, unary } from "../testing/opCase.js";
import * as rectifiers from "./rectifiers.js";

const floats = ["float32", "float64"] as const;
/** Away from the kinks at 0 and 6. */
const points = [-20, -3.5, -1, -0.3, 0.3, 1, 3.5, 6.5, 20];
const edges = [Number.NaN, Infinity, -Infinity, -0, 0, 6];
const everywhere = (options: CaseOptions = {}): OpCase[] => [
  ...unary(points, options),
  { inputs: [edges], dtypes: floats, ...options, smooth: false },
];
const backward = (options: CaseOptions = {}): OpCase[] => [
  { inputs: [points.map((x) => x / 2), points], ...options },
  { inputs: [2, 3], ...options },
  { inputs: [[], []], ...options },
  { inputs: [edges, edges], dtypes: floats, ...options, smooth: false },
];

export const cases = casesOf(rectifiers, {
  reluOp: everywhere(),
  reluGradOp: backward(),
  relu6Op: everywhere(),
  relu6GradOp: backward(),
  leakyReluOp: everywhere({ attrs: { alpha: 0.3 } }),
  leakyReluGradOp: backward({ attrs: { alpha: 0.3 }, dtypes: floats }),
  eluOp: [1, 0.5].flatMap((alpha) => everywhere({ attrs: { alpha } })),
  seluOp: everywhere(),
});
