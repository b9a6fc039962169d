/**
 * @file Orthogonal matrices by chance: the start of recurrent kernels.
 */
import type { DType } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { linalg, multiply, reshape, sign, transpose } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { showPythonShape } from "../base/pythonText.js";
import type { Config } from "../base/serialization.js";
import { normal } from "../random/draw.js";
import { RandomInitializer, type SeedOptions } from "./random.js";

/**
 * A random matrix with orthonormal rows or columns, whichever are fewer, times a gain. Further leading axes count as rows.
 *
 * @throws {ValueError} when called with a shape of rank below 2
 * @example
 * const q = new keras.initializers.Orthogonal({ seed: 1 })([3, 2]);
 * tf.matmul(q, q, { transposeA: true }).sub(tf.eye(2)).abs().max().item() < 1e-6 // true
 */
export class Orthogonal extends RandomInitializer {
  readonly gain: number;

  /** @param options  `gain`: the factor, default 1; `seed` */
  constructor(options: SeedOptions & { gain?: number } = {}) {
    super(options);
    this.gain = options.gain ?? 1;
  }

  create(shape: readonly number[], dtype: DType = floatx()): Tensor {
    if (shape.length < 2) {
      throw new ValueError(
        "The tensor to initialize must be at least two-dimensional. Received: " +
          `shape=${showPythonShape(shape)} of rank ${shape.length}.`,
      );
    }
    const columns = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((product, n) => product * n, 1);
    const tall = normal([Math.max(rows, columns), Math.min(rows, columns)], { dtype, seed: this.seed });
    const { q, r } = linalg.qr(tall);
    // The signs make all orthogonal matrices equally likely.
    const uniform = multiply(q, sign(linalg.diagPart(r)));
    return multiply(reshape(rows < columns ? transpose(uniform) : uniform, shape), this.gain);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), gain: this.gain };
  }
}
