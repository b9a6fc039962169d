import { binary, casesOf, unary } from "../testing/opCase.js";
import * as randomBits from "./randomBits.js";

const state = [-1, -1, 7, 0, 1, 2];
const integers = (low: number, count: number, dtype: string) => ({
  inputs: [state],
  attrs: { shape: [2, 3], low, count, dtype },
});
const words = [-2147483648, -1, 0, 1, 255, 256, 2147483647];
const units = [0, 0.25, 0.5, 0.9];

export const cases = casesOf(randomBits, {
  randomBitsOp: [
    { inputs: [state], attrs: { shape: [5], words: 1 } },
    { inputs: [state], attrs: { shape: [2, 3], words: 2 } },
    { inputs: [state], attrs: { shape: [], words: 4 } },
    { inputs: [state], attrs: { shape: [0, 2], words: 1 } },
  ],
  rngSkipOp: [
    { inputs: [state], attrs: { blocks: 1 } },
    { inputs: [state], attrs: { blocks: 2 ** 40 } },
  ],
  randomIntegersOp: [integers(-3, 7, "int32"), integers(0, 256, "uint8"), integers(0, 3 * 2 ** 30, "int32")],
  randomPermutationOp: [0, 1, 10].map((count) => ({ inputs: [state], attrs: { count } })),
  unitFromWordOp: unary(words),
  unitFromWordsOp: binary(words, [...words].reverse()),
  boxMullerOp: binary(units, [...units].reverse()),
});
