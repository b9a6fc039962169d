import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "nabla";
import { root } from "../../scripts/lock.mjs";

/** A tensor in a golden file: row-major, NaN and infinities as strings. */
export interface GoldenTensor {
  dtype: string;
  shape: number[];
  data: (number | boolean | string)[];
}

/** The contents of a file in test/golden. */
export const readGolden = <T>(file: string): T =>
  JSON.parse(readFileSync(join(root, "test", "golden", file), "utf8"));

/** A number of a golden file: booleans are 0 and 1, strings such as "NaN" mean what they say. */
export const numberOf = (cell: number | boolean | string): number => Number(cell);

/** A tensor of a golden file as one of ours. */
export function goldenTensor({ dtype, shape, data }: GoldenTensor): tf.Tensor {
  const numbers = data.map(numberOf);
  return tf.constant(dtype === "float64" ? new Float64Array(numbers) : numbers, {
    dtype: dtype as tf.DType,
    shape,
  });
}
