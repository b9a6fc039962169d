import { type CaseOptions, casesOf, type OpCase, unary } from "../testing/opCase.js";
import * as activations from "./activations.js";

const floats = ["float32", "float64"] as const;
const points = [-20, -3.5, -1, -0.3, 0, 0.3, 1, 3.5, 20];
const edges = [Number.NaN, Infinity, -Infinity, -0, 0];
const everywhere = (options: CaseOptions = {}): OpCase[] => [
  ...unary(points, options),
  { inputs: [edges], dtypes: floats, ...options, smooth: false },
];
const far = { inputs: [[-800, 800, -100]], dtypes: floats };

export const cases = casesOf(activations, {
  sigmoidOp: [...everywhere(), far],
  sigmoidGradOp: [
    {
      inputs: [
        [0.1, 0.5, 0.9],
        [1, -2, 3],
      ],
    },
    { inputs: [0.5, 2] },
    { inputs: [[], []] },
  ],
  geluOp: [false, true].flatMap((approximate) => everywhere({ attrs: { approximate } })),
  siluOp: [1, 1.7].flatMap((beta) => everywhere({ attrs: { beta } })),
  softplusOp: [...everywhere(), far],
  softsignOp: [...unary(points.filter((x) => x !== 0)), { inputs: [edges], dtypes: floats, smooth: false }],
});
