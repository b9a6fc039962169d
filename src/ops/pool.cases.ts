import { ShapeError, ValueError } from "../core/errors.js";
import type { NestedNumbers } from "../core/tensor.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as pool from "./pool.js";
import { avgPool, maxPool, maxPool2d, maxPoolWithArgmax, pool as poolOf } from "./pooling.js";

/** Whole numbers, all different, that neither rise nor fall along an axis. */
function filled(shape: readonly number[], offset = 0): NestedNumbers {
  const step = shape.slice(1).reduce((product, n) => product * n, 1);
  if (shape.length === 0) return (offset * 37 + 11) % 101;
  return Array.from({ length: shape[0]! }, (_, i) => filled(shape.slice(1), offset + i * step));
}

type Pad = readonly [number, number];
const none: Pad = [0, 0];

/** Shapes of the input and the output, with the windows. */
const planes = [
  { x: [2, 4, 4, 2], y: [2, 2, 2, 2], attrs: { window: [2, 2], strides: [2, 2], pads: [none, none] } },
  {
    x: [1, 4, 5, 1],
    y: [1, 4, 2, 1],
    attrs: { window: [3, 2], strides: [1, 3], pads: [[1, 1] as Pad, none] },
  },
  { x: [1, 3, 3, 3], y: [1, 2, 1, 3], attrs: { window: [1, 2], strides: [2, 2], pads: [none, none] } },
  { x: [2, 5, 1], y: [2, 3, 1], attrs: { window: [2], strides: [2], pads: [[0, 1] as Pad] } },
];
const volumes = [
  {
    x: [1, 3, 2, 4, 2],
    y: [1, 2, 2, 2, 2],
    attrs: { window: [2, 2, 3], strides: [1, 1, 2], pads: [none, [0, 1] as Pad, [0, 1] as Pad] },
  },
];
type Pool = (typeof planes)[number];

const forward = ({ x, attrs }: Pool) => ({ inputs: [filled(x)], attrs });
const toInput = ({ x, y, attrs }: Pool) => ({ inputs: [filled(x), filled(y, 7)], attrs });
const again = ({ x, attrs }: Pool) => ({ inputs: [filled(x), filled(x, 7)], attrs });
const shared = ({ x, y, attrs }: Pool) => ({
  inputs: [filled(y)],
  attrs: { ...attrs, sizes: x.slice(1, -1) },
});

const image = filled([1, 4, 4, 1]);

export const cases = casesOf(pool, {
  maxPool2dOp: [
    ...planes.map(forward),
    fails(ShapeError, () => maxPool([1, 2], 1, 1, "SAME")),
    fails(ShapeError, () => maxPool2d([[[1]]], 1, 1, "SAME")),
    fails(ShapeError, () => maxPool(image, 6, 1, "VALID")),
    fails(ValueError, () => maxPool(image, 0, 1, "VALID")),
    fails(ValueError, () => maxPool(image, [1, 2, 2, 2], 1, "VALID")),
    fails(ValueError, () => maxPool(image, 2, 1, [none, [2, 0], none, none])),
    fails(ValueError, () => maxPool(image, 2, 1, [[1, 0], none, none, none])),
    fails(ValueError, () => maxPool(image, 2, { padding: "SAME" } as never)),
    fails(ValueError, () => maxPool(image, 2, 1, "SAME", { dataFormat: "NHCW" as never })),
    fails(ValueError, () => poolOf(image, 2, "SUM" as never)),
  ],
  maxPool2dGradOp: planes.map(toInput),
  maxPool2dGradGradOp: planes.map(again),
  maxPool3dOp: volumes.map(forward),
  maxPool3dGradOp: volumes.map(toInput),
  maxPool3dGradGradOp: volumes.map(again),
  maxPoolWithArgmaxOp: [
    ...planes.map(({ x, attrs }) => ({
      inputs: [filled(x)],
      attrs: { ...attrs, includeBatchInIndex: true },
    })),
    fails(ValueError, () => maxPoolWithArgmax(image, 2, 2, "SAME", { dataFormat: "NCHW" })),
  ],
  avgPool2dOp: [
    ...planes.map(forward),
    fails(ValueError, () => avgPool(image, 2, 1, [none, [1, 0], none, none])),
  ],
  avgPool2dGradOp: planes.map(shared),
  avgPool3dOp: volumes.map(forward),
  avgPool3dGradOp: volumes.map(shared),
});
