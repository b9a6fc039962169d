import { DtypeError, ShapeError, ValueError } from "../core/errors.js";
import type { NestedNumbers } from "../core/tensor.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as conv from "./conv.js";
import { conv1d, conv2d, convolution, depthwiseConv2d, separableConv2d } from "./convolution.js";
import { conv1dTranspose, conv2dTranspose, convTranspose } from "./convTranspose.js";
import { ones } from "./creation.js";

/** Small whole numbers in no pattern that a wrong order of axes could hide behind. */
function filled(shape: readonly number[], offset = 0): NestedNumbers {
  const step = shape.slice(1).reduce((product, n) => product * n, 1);
  if (shape.length === 0) return ((offset * 5 + 2) % 13) % 5;
  return Array.from({ length: shape[0]! }, (_, i) => filled(shape.slice(1), offset + i * step));
}

const once = { strides: [1, 1], dilations: [1, 1] };
const strided = { strides: [2, 3], dilations: [1, 1] };
const dilated = { strides: [1, 2], dilations: [2, 1] };
const line = { strides: [2], dilations: [2] };
const volume = { strides: [1, 2, 1], dilations: [1, 1, 2] };

/** Shapes of the input, the filter and the output, with how the filter moves. */
const planes = [
  { x: [2, 3, 4, 2], filter: [2, 3, 2, 3], y: [2, 2, 2, 3], moves: once },
  { x: [1, 5, 6, 1], filter: [2, 2, 1, 2], y: [1, 2, 2, 2], moves: strided },
  { x: [1, 4, 5, 4], filter: [2, 2, 2, 2], y: [1, 2, 2, 2], moves: dilated },
  { x: [2, 2, 3, 2], filter: [1, 1, 2, 1], y: [2, 2, 3, 1], moves: once },
  { x: [1, 6, 2], filter: [2, 1, 4], y: [1, 2, 4], moves: line },
];
const volumes = [{ x: [1, 2, 3, 4, 2], filter: [2, 1, 2, 1, 2], y: [1, 1, 2, 2, 2], moves: volume }];

const forward = ({ x, filter, moves }: (typeof planes)[number]) => ({
  inputs: [filled(x), filled(filter, 1)],
  attrs: moves,
});
const toInput = ({ x, filter, y, moves }: (typeof planes)[number]) => ({
  inputs: [filled(y), filled(filter, 1)],
  attrs: { ...moves, sampleShape: x.slice(1) },
});
const toFilter = ({ x, filter, y, moves }: (typeof planes)[number]) => ({
  inputs: [filled(x), filled(y, 1)],
  attrs: { ...moves, filterShape: filter },
});

const image = filled([1, 4, 4, 3]);
const filter = filled([2, 2, 3, 2]);

export const cases = casesOf(conv, {
  conv2dOp: [
    ...planes.map(forward),
    fails(ShapeError, () => conv2d(image, filled([2, 2, 2, 2]), 1, "SAME")),
    fails(ShapeError, () => conv2d(filled([1, 4, 4, 4]), filled([2, 2, 2, 3]), 1, "SAME")),
    fails(ShapeError, () => conv2d(image, filled([2, 3, 2]), 1, "SAME")),
    fails(ShapeError, () => conv2d(filled([4, 4, 3]), filter, 1, "SAME")),
    fails(ShapeError, () => conv2d(image, filled([6, 2, 3, 1]), 1, "VALID")),
    fails(ShapeError, () => convolution(image, filled([3, 2]))),
    fails(ShapeError, () => conv2d(image, ones([0, 1, 3, 1]), 1, "VALID")),
    fails(ShapeError, () => depthwiseConv2d(image, filled([2, 2, 1, 1]), 1, "SAME")),
    fails(DtypeError, () => conv1d([[[true]]], [[[true]]], 1, "SAME")),
    fails(ValueError, () => conv2d(image, filter, 0, "SAME")),
    fails(ValueError, () => conv2d(image, filter, [2, 1, 1, 1], "SAME")),
    fails(ValueError, () => conv2d(image, filter, 1.5, "SAME")),
    fails(ValueError, () => conv2d(image, filter, 1, "FULL" as never)),
    fails(ValueError, () => conv2d(image, filter, 1, undefined as never)),
    fails(ValueError, () => conv2d(image, filter, 1, [[0, 0]])),
    fails(ValueError, () => conv2d(image, filter, { strides: 1, padding: "SAME", dilations: [1, 2, 3] })),
    fails(ValueError, () => conv2d(image, filter, 1, "SAME", { dataFormat: "NCW" })),
    fails(ValueError, () => separableConv2d(image, filled([2, 2, 3, 1]), filled([2, 2, 3, 1]), 1, "SAME")),
  ],
  conv2dBackpropInputOp: [
    ...planes.map(toInput),
    fails(ShapeError, () => conv2dTranspose(image, filled([2, 2, 2, 3]), [1, 9, 8, 2], 2)),
    fails(ShapeError, () => conv2dTranspose(image, filled([2, 2, 2, 3]), [2, 8, 8, 2], 2)),
    fails(ShapeError, () => conv2dTranspose(image, filled([2, 2, 2, 2]), [1, 8, 8, 2], 2)),
    fails(ShapeError, () => conv2dTranspose(image, filled([2, 2, 2, 3]), [1, 8, 8], 2)),
    fails(ShapeError, () => convTranspose(image, [1, 2], [1, 8, 8], 2)),
    fails(ValueError, () => conv1dTranspose([[[1]]], [[[1]]], [1, 2, 1], 0)),
  ],
  conv2dBackpropFilterOp: planes.map(toFilter),
  conv3dOp: volumes.map(forward),
  conv3dBackpropInputOp: volumes.map(toInput),
  conv3dBackpropFilterOp: volumes.map(toFilter),
});
