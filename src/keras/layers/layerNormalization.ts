/**
 * @file Layer normalization: each example scaled to mean 0 and variance 1 on its own.
 */
import type { Tensor } from "../../core/tensor.js";
import { add, math, multiply, nn, subtract } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { alongAxes, checkAxis, Normalization, type NormalizationOptions } from "./normalization.js";
import { configOf } from "./weightOptions.js";

export interface LayerNormalizationOptions extends NormalizationOptions {
  /** The axis or axes over which mean and variance are taken; default the last. */
  axis?: number | readonly number[];
  /** Part of Keras's configs; only false is known. */
  rmsScaling?: false;
}

/**
 * Layer normalization: y = (x − mean) / √(variance + epsilon) · gamma + beta, with the mean and variance of each example.
 *
 * Input and output of any shape; gamma and beta have the sizes of the normalized axes.
 *
 * @example
 * const layer = new keras.layers.LayerNormalization({ epsilon: 0 });
 * layer([[1, 3], [10, 30]]).array() // [ [ -1, 1 ], [ -1, 1 ] ]
 */
export class LayerNormalization extends Normalization {
  axis: number | readonly number[];

  /** @param options  `axis`, `epsilon`, `center`, `scale`, and initializers, regularizers and constraints of beta and gamma */
  constructor(options: LayerNormalizationOptions = {}) {
    super(options, ["axis", "rmsScaling"]);
    this.axis = options.axis ?? -1;
  }

  override build(inputShape: LayerShape): void {
    const axes = typeof this.axis === "number" ? [this.axis] : [...this.axis].sort((a, b) => a - b);
    this.axis = axes;
    this.makeGammaAndBeta(axes.map((axis) => inputShape.at(checkAxis(axis, inputShape)) as number));
  }

  override call(inputs: Tensor): Tensor {
    const axes = this.axis as readonly number[];
    const [mean, variance] = nn.moments(inputs, axes, true);
    const normal = multiply(subtract(inputs, mean), math.rsqrt(add(variance, this.epsilon)));
    const scaled = this.gamma === null ? normal : multiply(normal, alongAxes(this.gamma, axes, inputs.rank));
    return this.beta === null ? scaled : add(scaled, alongAxes(this.beta, axes, inputs.rank));
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    for (const axis of typeof this.axis === "number" ? [this.axis] : this.axis) checkAxis(axis, inputShape);
    return inputShape;
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      ...configOf(this, ["axis", "epsilon", "center", "scale"]),
      rms_scaling: false,
      ...configOf(this, ["betaInitializer", "gammaInitializer", "betaRegularizer", "gammaRegularizer"]),
      ...configOf(this, ["betaConstraint", "gammaConstraint"]),
    };
  }
}
