import { ShapeError } from "../core/errors.js";
import { binary, casesOf, fails, unary } from "../testing/opCase.js";
import * as trigonometry from "./trigonometry.js";

const floats = ["float32", "float64"] as const;
const signed = [-2.5, -1, -0.3, 0, 0.3, 1, 2.5];
const unit = [-0.9, -0.5, 0, 0.3, 0.8];
const edges = [Number.NaN, Infinity, -Infinity, -1, 1, -1.5, 1.5, -0, 0];
const atEdges = { inputs: [edges], dtypes: floats, smooth: false };

export const cases = casesOf(trigonometry, {
  sinOp: [...unary([...signed, 100]), atEdges],
  cosOp: [...unary([...signed, 100]), atEdges],
  tanOp: [...unary(signed), atEdges],
  asinOp: [...unary(unit), atEdges],
  acosOp: [...unary(unit), atEdges],
  atanOp: [...unary([...signed, 30, -30]), atEdges],
  atan2Op: [
    ...binary([1, -1, 0.5, 0], [2, 0.5, -1, 3]),
    {
      inputs: [
        [0, -0, 0, -0, Infinity],
        [-1, -1, 0, -0, Infinity],
      ],
      dtypes: floats,
      smooth: false,
    },
    fails(ShapeError, () => trigonometry.atan2([1, 2], [1, 2, 3])),
  ],
  sinhOp: [...unary(signed), atEdges],
  coshOp: [...unary(signed), atEdges],
  tanhOp: [...unary([...signed, 9.5, -25]), atEdges],
  tanhGradOp: [{ inputs: [signed, signed] }, { inputs: [0.5, 2] }, { inputs: [[], []] }],
  asinhOp: [...unary([...signed, 30, -30]), atEdges],
  acoshOp: [...unary([1.2, 2, 10]), atEdges],
  atanhOp: [...unary(unit), atEdges],
});
