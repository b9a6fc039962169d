import { ShapeError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as tile from "./tile.js";

const table = [
  [1, -2, 3],
  [4, 5, -6],
];

export const cases = casesOf(tile, {
  tileOp: [
    { inputs: [table], attrs: { multiples: [2, 3] } },
    { inputs: [table], attrs: { multiples: [1, 1] } },
    { inputs: [table], attrs: { multiples: [0, 1] } },
    { inputs: [5], attrs: { multiples: [] } },
    { inputs: [[]], attrs: { multiples: [3] } },
    fails(ShapeError, () => tile.tile(table, [2])),
    fails(ShapeError, () => tile.tile([1], [-1])),
  ],
  rollOp: [
    { inputs: [table], attrs: { axis: 1, shift: 2 } },
    { inputs: [table], attrs: { axis: 0, shift: 0 } },
    { inputs: [[]], attrs: { axis: 0, shift: 0 } },
    fails(ShapeError, () => tile.roll(table, 1, 2)),
    fails(ShapeError, () => tile.roll(table, [1, 1], 0)),
    fails(ShapeError, () => tile.roll(table, 0.5, 0)),
  ],
});
