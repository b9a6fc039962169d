import { ShapeError, ValueError } from "../core/errors.js";
import { type AnyCase, casesOf, fails, unary } from "../testing/opCase.js";
import * as views from "./views.js";

const table = [
  [1.5, -2, 3],
  [0.25, 5, -6],
];
const cube = [
  table,
  [
    [7, 8, -9],
    [0, 1, 2],
  ],
]; // two tables

const shapeCases = (): AnyCase[] => [
  { inputs: [table], attrs: { shape: [3, 2] } },
  { inputs: [[1]], attrs: { shape: [] } },
  { inputs: [2], attrs: { shape: [1, 1] } },
  { inputs: [[]], attrs: { shape: [3, 0] } },
  { inputs: [cube], attrs: { shape: [1, 2, 1, 2, 1, 3, 1, 1] } },
];

export const cases = casesOf(views, {
  reshapeOp: [
    ...shapeCases(),
    fails(ShapeError, () => views.reshape(table, [4])),
    fails(ShapeError, () => views.reshape(table, [-1, -1])),
    fails(ShapeError, () => views.reshape([], [-1, 0])),
  ],
  identityOp: unary([1, -2, 3]),
  transposeOp: [
    { inputs: [3], attrs: { perm: [] } },
    { inputs: [table], attrs: { perm: [1, 0] } },
    { inputs: [cube], attrs: { perm: [2, 0, 1] } },
    { inputs: [cube], attrs: { perm: [0, 2, 1] } },
    { inputs: [[[], []]], attrs: { perm: [1, 0] } },
    fails(ValueError, () => views.transpose(table, [0, 0])),
    fails(ValueError, () => views.transpose(table, [0])),
    fails(ShapeError, () => views.transpose(table, [0, 2])),
  ],
  broadcastToOp: [
    { inputs: [5], attrs: { shape: [2, 2] } },
    { inputs: [[1, 2]], attrs: { shape: [3, 2] } },
    { inputs: [[[1], [2]]], attrs: { shape: [2, 2, 3] } },
    { inputs: [[1]], attrs: { shape: [0] } },
    { inputs: [[]], attrs: { shape: [2, 0] } },
    fails(ShapeError, () => views.broadcastTo([1, 2], [3])),
    fails(ShapeError, () => views.broadcastTo([[1, 2]], [2])),
  ],
  expandDimsOp: [
    { inputs: [table], attrs: { shape: [2, 1, 3], axis: 1 } },
    { inputs: [7], attrs: { shape: [1], axis: 0 } },
    { inputs: [[]], attrs: { shape: [0, 1], axis: 1 } },
    fails(ShapeError, () => views.expandDims(table, 3)),
  ],
  squeezeOp: [
    { inputs: [[[[1], [2]]]], attrs: { shape: [2] } },
    { inputs: [[[1], [2]]], attrs: { shape: [2] } },
    { inputs: [[3]], attrs: { shape: [] } },
    { inputs: [[[]]], attrs: { shape: [0] } },
    fails(ShapeError, () => views.squeeze(table, 0)),
  ],
});
