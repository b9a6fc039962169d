/**
 * @file Initializers whose spread follows from how many values meet in one: Glorot, He, LeCun.
 */
import type { DType } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { Config } from "../base/serialization.js";
import { normal, truncatedNormal, uniform } from "../random/draw.js";
import { RandomInitializer, type SeedOptions } from "./random.js";

export type FanMode = "fan_in" | "fan_out" | "fan_avg";
export type Distribution = "truncated_normal" | "untruncated_normal" | "uniform";

export interface FanOptions extends SeedOptions {
  /** Axes that are summed over, where the last but one is not the only one; with `outputAxes`. */
  inputAxes?: readonly number[] | null;
  /** Axes of the results, where the last is not the only one. */
  outputAxes?: readonly number[] | null;
}

export interface VarianceScalingOptions extends FanOptions {
  /** Factor of the variance; default 1. */
  scale?: number;
  /** What the variance is divided by: inputs, outputs or their mean; default "fan_in". */
  mode?: FanMode;
  /** Default "truncated_normal". */
  distribution?: Distribution;
}

/** Standard deviation of a unit normal distribution cut off at two. */
const TRUNCATED_STDDEV = 0.87962566103423978;

/**
 * Values with variance `scale / n`, where n is the number of inputs, of outputs, or the mean of both.
 *
 * @throws {ValueError} a scale that is not positive, an unknown mode or distribution
 * @example new keras.initializers.VarianceScaling({ mode: "fan_avg", distribution: "uniform" })([3, 2]).shape // [ 3, 2 ]
 */
export class VarianceScaling extends RandomInitializer {
  readonly scale: number;
  readonly mode: FanMode;
  readonly distribution: Distribution;
  readonly inputAxes: readonly number[] | null;
  readonly outputAxes: readonly number[] | null;

  constructor(options: VarianceScalingOptions = {}) {
    super(options);
    const { scale = 1, mode = "fan_in" } = options;
    // Keras's old name of the cut-off distribution.
    const distribution =
      (options.distribution as string) === "normal" ? "truncated_normal" : options.distribution;
    if (!(scale > 0))
      throw new ValueError(`Argument \`scale\` must be positive float. Received: scale=${scale}`);
    if (!["fan_in", "fan_out", "fan_avg"].includes(mode)) {
      throw new ValueError(
        `Invalid \`mode\` argument: ${mode}. Please use one of {'fan_in', 'fan_out', 'fan_avg'}`,
      );
    }
    if (!["uniform", "truncated_normal", "untruncated_normal", undefined].includes(distribution)) {
      throw new ValueError(
        `Invalid \`distribution\` argument: ${distribution}. ` +
          "Please use one of {'uniform', 'truncated_normal', 'untruncated_normal'}",
      );
    }
    this.scale = scale;
    this.mode = mode;
    this.distribution = distribution ?? "truncated_normal";
    this.inputAxes = options.inputAxes ?? null;
    this.outputAxes = options.outputAxes ?? null;
  }

  create(shape: readonly number[], dtype?: DType): Tensor {
    const [fanIn, fanOut] = computeFans(shape, this.inputAxes, this.outputAxes);
    const fan = { fan_in: fanIn, fan_out: fanOut, fan_avg: (fanIn + fanOut) / 2 }[this.mode];
    const variance = this.scale / Math.max(1, fan);
    const { seed } = this;
    if (this.distribution === "uniform") {
      const limit = Math.sqrt(3 * variance);
      return uniform(shape, { minval: -limit, maxval: limit, dtype, seed });
    }
    const stddev = Math.sqrt(variance);
    if (this.distribution === "untruncated_normal") return normal(shape, { stddev, dtype, seed });
    return truncatedNormal(shape, { stddev: stddev / TRUNCATED_STDDEV, dtype, seed });
  }

  override getConfig(): Config {
    const { scale, mode, distribution, inputAxes, outputAxes } = this;
    return {
      ...super.getConfig(),
      scale,
      mode,
      distribution,
      input_axes: inputAxes,
      output_axes: outputAxes,
    };
  }
}

/** How many values each output sums, and how many outputs each input reaches. */
function computeFans(
  shape: readonly number[],
  inputAxes: readonly number[] | null,
  outputAxes: readonly number[] | null,
): [number, number] {
  const product = (sizes: readonly number[]): number => sizes.reduce((n, size) => n * size, 1);
  if (inputAxes !== null || outputAxes !== null) {
    const rank = shape.length;
    const inputs = (inputAxes ?? []).map((axis) => (axis + rank) % rank);
    const outputs = (outputAxes ?? []).map((axis) => (axis + rank) % rank);
    const rest = product(shape.filter((_, axis) => !inputs.includes(axis) && !outputs.includes(axis)));
    return [
      rest * product(inputs.map((axis) => shape[axis]!)),
      rest * product(outputs.map((axis) => shape[axis]!)),
    ];
  }
  if (shape.length === 0) return [1, 1];
  if (shape.length === 1) return [shape[0]!, shape[0]!];
  const field = product(shape.slice(0, -2));
  return [shape.at(-2)! * field, shape.at(-1)! * field];
}

/** A variance scaling whose scale, mode and distribution are part of its name. */
abstract class NamedScaling extends VarianceScaling {
  override getConfig(): Config {
    const { seed, input_axes, output_axes } = super.getConfig();
    return { seed, input_axes, output_axes };
  }
}

/**
 * Uniform values within ±√(6 / (inputs + outputs)): the default of kernels.
 *
 * @example new keras.initializers.GlorotUniform({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class GlorotUniform extends NamedScaling {
  constructor(options: FanOptions = {}) {
    super({ ...options, scale: 1, mode: "fan_avg", distribution: "uniform" });
  }
}

/**
 * Truncated normal values with standard deviation √(2 / (inputs + outputs)).
 *
 * @example new keras.initializers.GlorotNormal({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class GlorotNormal extends NamedScaling {
  constructor(options: FanOptions = {}) {
    super({ ...options, scale: 1, mode: "fan_avg", distribution: "truncated_normal" });
  }
}

/**
 * Truncated normal values with standard deviation √(1 / inputs).
 *
 * @example new keras.initializers.LecunNormal({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class LecunNormal extends NamedScaling {
  constructor(options: FanOptions = {}) {
    super({ ...options, scale: 1, mode: "fan_in", distribution: "truncated_normal" });
  }
}

/**
 * Uniform values within ±√(3 / inputs).
 *
 * @example new keras.initializers.LecunUniform({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class LecunUniform extends NamedScaling {
  constructor(options: FanOptions = {}) {
    super({ ...options, scale: 1, mode: "fan_in", distribution: "uniform" });
  }
}

/**
 * Truncated normal values with standard deviation √(2 / inputs): for relu.
 *
 * @example new keras.initializers.HeNormal({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class HeNormal extends NamedScaling {
  constructor(options: FanOptions = {}) {
    super({ ...options, scale: 2, mode: "fan_in", distribution: "truncated_normal" });
  }
}

/**
 * Uniform values within ±√(6 / inputs): for relu.
 *
 * @example new keras.initializers.HeUniform({ seed: 1 })([2, 3]).shape // [ 2, 3 ]
 */
export class HeUniform extends NamedScaling {
  constructor(options: FanOptions = {}) {
    super({ ...options, scale: 2, mode: "fan_in", distribution: "uniform" });
  }
}
