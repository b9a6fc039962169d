import { ShapeError, ValueError } from "../core/errors.js";
import { casesOf, fails } from "../testing/opCase.js";
import * as einsum from "./einsum.js";

const wide = [
  [1, -2, 3],
  [0.5, 5, -6],
];
const tall = [
  [2, 1],
  [-1, 0.25],
  [3, 4],
];

export const cases = casesOf(einsum, {
  einsumOp: [
    { inputs: [wide, tall], attrs: { a: ["i", "j"], b: ["j", "k"], out: ["k", "i"] } },
    { inputs: [wide, tall], attrs: { a: ["i", "j"], b: ["j", "i"], out: [] } },
    { inputs: [wide, wide], attrs: { a: ["i", "j"], b: ["i", "j"], out: ["j", "i"] } },
    { inputs: [wide, wide], attrs: { a: ["i", "j"], b: ["i", "k"], out: ["i", "k", "j"] } },
    {
      inputs: [
        [1, 2],
        [3, 4, 5],
      ],
      attrs: { a: ["i"], b: ["j"], out: ["j", "i"] },
    },
    { inputs: [2, 3], attrs: { a: [], b: [], out: [] } },
    { inputs: [[], []], attrs: { a: ["i"], b: ["i"], out: [] } },
    fails(ShapeError, () => einsum.einsum("ij,jk->ik", wide, wide)),
    fails(ValueError, () => einsum.einsum("ij,jk->ik", wide)),
    fails(ValueError, () => einsum.einsum("ij->ijk", wide)),
    fails(ValueError, () => einsum.einsum("i", wide)),
  ],
});
