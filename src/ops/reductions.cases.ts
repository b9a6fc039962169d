import { DtypeError, ShapeError } from "../core/errors.js";
import { type AnyCase, type CaseOptions, casesOf, fails } from "../testing/opCase.js";
import * as reductions from "./reductions.js";

const cube = [
  [
    [1.5, -2, 3],
    [0.25, 4, -1.25],
  ],
  [
    [2, 0.5, -3],
    [1, -1.5, 2.5],
  ],
];

/** Every choice of axes, and a list long enough for the lanes of a block. */
export const reduced = (options: CaseOptions = {}): AnyCase[] => [
  { inputs: [cube], attrs: { axes: [0, 1, 2], keepdims: false }, ...options },
  { inputs: [cube], attrs: { axes: [1], keepdims: false }, ...options },
  { inputs: [cube], attrs: { axes: [0, 2], keepdims: true }, ...options },
  { inputs: [cube], attrs: { axes: [2], keepdims: true }, ...options },
  {
    inputs: [Array.from({ length: 21 }, (_, i) => ((i * 5) % 7) / 4 + 0.5)],
    attrs: { axes: [0], keepdims: false },
    ...options,
  },
];

/** No axes, a scalar. */
export const degenerate = (options: CaseOptions = {}): AnyCase[] => [
  { inputs: [[1.5, -2]], attrs: { axes: [], keepdims: false }, ...options },
  { inputs: [2.5], attrs: { axes: [], keepdims: false }, ...options },
];

/** Nothing to reduce. */
export const empty = (options: CaseOptions = {}): AnyCase[] => [
  { inputs: [[]], attrs: { axes: [0], keepdims: false }, ...options },
  { inputs: [[[], []]], attrs: { axes: [0], keepdims: true }, ...options },
];

const refusesAxes = (f: (x: number[], axis: number[]) => unknown): AnyCase[] => [
  fails(ShapeError, () => f([1, 2], [1])),
  fails(ShapeError, () => f([1, 2], [0, -1])),
];

const flags = { dtypes: ["bool"], smooth: false } as const;

export const cases = casesOf(reductions, {
  sumOp: [...reduced(), ...degenerate(), ...empty(), ...refusesAxes(reductions.reduceSum)],
  meanOp: [...reduced(), ...degenerate(), ...empty({ smooth: false }), ...refusesAxes(reductions.reduceMean)],
  prodOp: [
    ...reduced(),
    ...degenerate(),
    ...empty(),
    {
      inputs: [
        [
          [2, 3, 4],
          [0, 3, 4],
          [0, 0, 4],
          [0, 0, 0],
        ],
      ],
      attrs: { axes: [1], keepdims: false },
    },
    ...refusesAxes(reductions.reduceProd),
  ],
  anyOp: [
    ...reduced(flags),
    ...degenerate(flags),
    ...empty(flags),
    fails(DtypeError, () => reductions.reduceAny([1, 0])),
  ],
  allOp: [
    ...reduced(flags),
    ...degenerate(flags),
    ...empty(flags),
    fails(DtypeError, () => reductions.reduceAll([1, 0])),
  ],
});
