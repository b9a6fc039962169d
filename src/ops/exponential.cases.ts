import { ShapeError, ValueError } from "../core/errors.js";
import { binary, casesOf, fails, unary } from "../testing/opCase.js";
import * as exponential from "./exponential.js";

const floats = ["float32", "float64"] as const;
const positive = [0.3, 1, 2.5, 7];
const signed = [-2.5, -1, -0.3, 0, 0.3, 1, 2.5];
const edges = [Number.NaN, Infinity, -Infinity, -1, -0, 0, 800, -800];
const atEdges = { inputs: [edges], dtypes: floats, smooth: false };
const edgePairs = edges.flatMap((a) => edges.map((b) => [a, b] as const));
const atEdgePairs = {
  inputs: [edgePairs.map(([a]) => a), edgePairs.map(([, b]) => b)],
  dtypes: floats,
  smooth: false,
};

export const cases = casesOf(exponential, {
  squareOp: [...unary(signed), atEdges],
  sqrtOp: [...unary(positive), atEdges],
  rsqrtOp: [...unary(positive), atEdges],
  reciprocalOp: [...unary([-2.5, -0.3, 0.4, 3]), atEdges],
  powGradOp: [
    {
      inputs: [
        [1, -2, 0.5],
        [0.5, 1.5, 3],
        [2, 3, -1.5],
      ],
    },
    { inputs: [2, 3, 2] },
    { inputs: [[1, 2], [[0.5], [3]], 2] },
    { inputs: [[], 1, 2] },
  ],
  powOp: [
    ...binary(positive, [2, 1.5, 3, 0.5], { dtypes: floats }),
    {
      inputs: [
        [2, 3, 0, 7, 255],
        [3, 0, 2, 1, 2],
      ],
      dtypes: ["int32", "uint8"],
      smooth: false,
    },
    {
      inputs: [
        [-2, -1.5, -3],
        [2, 3, 1],
      ],
      dtypes: floats,
      wrt: [0],
    },
    atEdgePairs,
    fails(ValueError, () => exponential.pow(Int32Array.of(2), Int32Array.of(-1))),
    fails(ShapeError, () => exponential.pow([1, 2], [1, 2, 3])),
  ],
  expOp: [...unary(signed), atEdges],
  expm1Op: [...unary([...signed, 1e-7]), atEdges],
  logOp: [...unary(positive), atEdges],
  log1pOp: [...unary([-0.5, -1e-7, 0, 0.3, 4]), atEdges],
  xlogyOp: [
    ...binary([2, 1.5, -1, 0.5], positive),
    {
      inputs: [
        [0, 0, 0],
        [2, 0, -1],
      ],
      smooth: false,
    },
    atEdgePairs,
    fails(ShapeError, () => exponential.xlogy([1, 2], [1, 2, 3])),
  ],
  xlog1pyOp: [
    ...binary([2, 1.5, -1, 0.5], positive),
    {
      inputs: [
        [0, 0, 0],
        [2, -1, -2],
      ],
      smooth: false,
    },
    atEdgePairs,
    fails(ShapeError, () => exponential.xlog1py([1, 2], [1, 2, 3])),
  ],
  xdivyOp: [
    ...binary([2, 1.5, -1, 0.5], [-1, 2, 0.5, 4]),
    {
      inputs: [
        [0, 0],
        [0, 2],
      ],
      smooth: false,
    },
    atEdgePairs,
    fails(ShapeError, () => exponential.xdivy([1, 2], [1, 2, 3])),
  ],
});
