/**
 * @file Initializers of one distribution, whatever the shape.
 */
import type { DType } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { Config } from "../base/serialization.js";
import { normal, truncatedNormal, uniform } from "../random/draw.js";
import { makeDefaultSeed } from "../random/globalRandom.js";
import { SeedGenerator, type SeedLike } from "../random/seedGenerator.js";
import { Initializer } from "./initializer.js";

export interface SeedOptions {
  /** A number: the same values at every call. Without one, chosen at random when the initializer is made. */
  seed?: SeedLike;
}

/** Base of initializers with a seed. */
export abstract class RandomInitializer extends Initializer {
  readonly #given: SeedLike;
  /** The seed of every draw. */
  readonly seed: number | SeedGenerator;

  constructor(options: SeedOptions = {}) {
    super();
    const { seed } = options;
    this.#given = seed ?? null;
    if (seed !== null && seed !== undefined && !Number.isInteger(seed) && !(seed instanceof SeedGenerator)) {
      throw new ValueError(
        "`seed` argument should be an instance of `keras.random.SeedGenerator()` or an integer. " +
          `Received: seed=${String(seed)}`,
      );
    }
    this.seed = seed ?? makeDefaultSeed();
  }

  override getConfig(): Config {
    const seed = this.#given;
    return { seed: seed instanceof SeedGenerator ? seed.getConfig() : seed };
  }
}

abstract class NormalInitializer extends RandomInitializer {
  readonly mean: number;
  readonly stddev: number;

  /** @param options  `mean` (default 0), `stddev` (default 0.05), `seed` */
  constructor(options: SeedOptions & { mean?: number; stddev?: number } = {}) {
    super(options);
    this.mean = options.mean ?? 0;
    this.stddev = options.stddev ?? 0.05;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), mean: this.mean, stddev: this.stddev };
  }
}

/**
 * Normally distributed values.
 *
 * @example new keras.initializers.RandomNormal({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class RandomNormal extends NormalInitializer {
  create(shape: readonly number[], dtype?: DType): Tensor {
    return normal(shape, { mean: this.mean, stddev: this.stddev, dtype, seed: this.seed });
  }
}

/**
 * Normally distributed values within two standard deviations of the mean.
 *
 * @example new keras.initializers.TruncatedNormal({ seed: 1 })([2]).shape // [ 2 ]
 */
export class TruncatedNormal extends NormalInitializer {
  create(shape: readonly number[], dtype?: DType): Tensor {
    return truncatedNormal(shape, { mean: this.mean, stddev: this.stddev, dtype, seed: this.seed });
  }
}

/**
 * Uniformly distributed values.
 *
 * @example new keras.initializers.RandomUniform({ seed: 1 })([2]).shape // [ 2 ]
 */
export class RandomUniform extends RandomInitializer {
  readonly minval: number;
  readonly maxval: number;

  /** @param options  `minval` (default −0.05), `maxval` (default 0.05), `seed` */
  constructor(options: SeedOptions & { minval?: number; maxval?: number } = {}) {
    super(options);
    this.minval = options.minval ?? -0.05;
    this.maxval = options.maxval ?? 0.05;
  }

  create(shape: readonly number[], dtype?: DType): Tensor {
    return uniform(shape, { minval: this.minval, maxval: this.maxval, dtype, seed: this.seed });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), minval: this.minval, maxval: this.maxval };
  }
}
