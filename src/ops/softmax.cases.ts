import { DtypeError, ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails, type OpCase } from "../testing/opCase.js";
import * as softmax from "./softmax.js";

const rows = [
  [1, 2, -1],
  [0, 0, 0],
  [3, -2, 5],
];
const labels = [
  [1, 0, 0],
  [0.2, 0.3, 0.5],
  [0, 2, 0.5],
];

const alongAxes: OpCase[] = [
  { inputs: [rows], attrs: { axis: 1 } },
  { inputs: [rows], attrs: { axis: 0 } },
  { inputs: [[0.5, -0.5]], attrs: { axis: 0 } },
  { inputs: [[rows, rows]], attrs: { axis: 1 } },
  { inputs: [[[], []]], attrs: { axis: 0 } },
  { inputs: [[1000, 0, -1000]], attrs: { axis: 0 } },
  { inputs: [[Number.NaN, 1, Infinity]], attrs: { axis: 0 }, smooth: false },
  { inputs: [[-Infinity, 1, 2]], attrs: { axis: 0 }, smooth: false },
];

export const cases = casesOf(softmax, {
  softmaxOp: [
    ...alongAxes,
    fails(ShapeError, () => softmax.softmax(1)),
    fails(ShapeError, () => softmax.softmax([1, 2], 1)),
  ],
  logSoftmaxOp: [...alongAxes, fails(ShapeError, () => softmax.logSoftmax(1))],
  softmaxCrossEntropyOp: [
    { inputs: [rows, labels], attrs: { axis: 1 } },
    { inputs: [rows, labels], attrs: { axis: 0 } },
    {
      inputs: [
        [1, 2],
        [1, 0],
      ],
      attrs: { axis: 0 },
    },
    {
      inputs: [
        [[], []],
        [[], []],
      ],
      attrs: { axis: 0 },
    },
    {
      inputs: [
        [1000, -1000],
        [0, 1],
      ],
      attrs: { axis: 0 },
    },
    fails(ShapeError, () => softmax.softmaxCrossEntropyWithLogits([1, 0], [1, 2, 3])),
    fails(ShapeError, () => softmax.softmaxCrossEntropyWithLogits(1, 1)),
  ],
  sparseSoftmaxCrossEntropyOp: [
    { inputs: [rows, [0, 2, 1]] },
    { inputs: [[1, 2], 1] },
    {
      inputs: [
        [rows, rows],
        [
          [0, 1, 2],
          [2, 0, 0],
        ],
      ],
    },
    { inputs: [[1000, -1000], 1] },
    fails(ShapeError, () => softmax.sparseSoftmaxCrossEntropyWithLogits([0], rows)),
    fails(ValueError, () => softmax.sparseSoftmaxCrossEntropyWithLogits([3, 0, 0], rows)),
    fails(ValueError, () => softmax.sparseSoftmaxCrossEntropyWithLogits([-1, 0, 0], rows)),
    fails(DtypeError, () => softmax.sparseSoftmaxCrossEntropyWithLogits([0.5, 0, 0], rows)),
  ],
  sigmoidCrossEntropyOp: [
    {
      inputs: [
        [2, -1, 0.3],
        [1, 0, 0.5],
      ],
    },
    { inputs: [0.7, 1] },
    { inputs: [[], []] },
    {
      inputs: [
        [800, -800, 50],
        [1, 0, 0],
      ],
    },
    {
      inputs: [
        [0, -0],
        [1, 0],
      ],
      smooth: false,
    },
    fails(ShapeError, () => softmax.sigmoidCrossEntropyWithLogits([1], [1, 2])),
  ],
});
