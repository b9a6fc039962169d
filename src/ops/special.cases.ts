import { ShapeError } from "../core/errors.js";
import { binary, casesOf, fails, unary } from "../testing/opCase.js";
import * as special from "./special.js";

const floats = ["float32", "float64"] as const;
const edges = [Number.NaN, Infinity, -Infinity, -2, -1, 1, -0, 0, 30, -30];
const atEdges = { inputs: [edges], dtypes: floats, smooth: false };
const edgePairs = edges.flatMap((a) => edges.map((b) => [a, b] as const));
const atEdgePairs = {
  inputs: [edgePairs.map(([a]) => a), edgePairs.map(([, b]) => b)],
  dtypes: floats,
  smooth: false,
};

export const cases = casesOf(special, {
  erfOp: [...unary([-2.5, -1, 0, 0.3, 1.7]), atEdges],
  erfcOp: [...unary([-2.5, -1, 0, 0.3, 1.7]), atEdges],
  erfinvOp: [...unary([-0.9, -0.3, 0, 0.2, 0.7]), atEdges],
  lgammaOp: [...unary([0.4, 1, 1.5, 2, 7.5, -1.4]), atEdges],
  digammaOp: [...unary([0.4, 1, 1.5, 7.5, -1.4]), atEdges],
  polygammaOp: [
    ...binary([1, 2, 3, 0], [0.7, 1.5, 4, 2.5], { wrt: [1] }),
    { inputs: [[0.5, -1], 2], smooth: false },
    atEdgePairs,
    fails(ShapeError, () => special.polygamma([1, 2], [1, 2, 3])),
  ],
  zetaOp: [
    ...binary([2, 1.5, 3, 6], [0.7, 1.5, 4, 12], { wrt: [1] }),
    {
      inputs: [
        [2, 3, 2],
        [-0.3, -2.6, -1e12 - 0.5],
      ],
      smooth: false,
    },
    atEdgePairs,
    fails(ShapeError, () => special.zeta([2, 3], [1, 2, 3])),
  ],
});
