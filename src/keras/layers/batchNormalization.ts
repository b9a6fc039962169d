/**
 * @file Batch normalization: each channel scaled to mean 0 and variance 1 over the batch.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import {
  add,
  broadcastTo,
  cast,
  clipByValue,
  divide,
  expandDims,
  math,
  maximum,
  multiply,
  nn,
  reduceSum,
  reshape,
  sqrt,
  square,
  stopGradient,
  subtract,
  where,
} from "../../ops/public.js";
import { epsilon as smallNumber } from "../base/config.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import * as initializers from "../initializers/index.js";
import { InputSpec } from "./inputSpec.js";
import type { CallOptions } from "./layer.js";
import { alongAxes, checkAxis, Normalization, type NormalizationOptions } from "./normalization.js";
import { configOf, type WeightInitializer } from "./weightOptions.js";

/** Bounds of the corrections of batch renormalization; none where not given. */
export interface RenormClipping {
  rmax?: number | null;
  rmin?: number | null;
  dmax?: number | null;
}

export interface BatchNormalizationOptions extends NormalizationOptions {
  /** The axis of the channels; default the last. */
  axis?: number;
  /** How much of the moving mean and variance stays at each step; default 0.99. */
  momentum?: number;
  /** Default "zeros". */
  movingMeanInitializer?: initializers.InitializerLike;
  /** Default "ones". */
  movingVarianceInitializer?: initializers.InitializerLike;
  /** Whether training too is corrected towards the moving statistics (batch renormalization); default false. */
  renorm?: boolean;
  renormClipping?: RenormClipping | null;
  /** The momentum of the statistics that correct; default 0.99. */
  renormMomentum?: number;
  /** Part of Keras's configs; there is one device here. */
  synchronized?: boolean;
}

const OWN_OPTIONS = [
  ...["axis", "momentum", "movingMeanInitializer", "movingVarianceInitializer"],
  ...["renorm", "renormClipping", "renormMomentum", "synchronized"],
];

const CONFIG_ORDER = [
  ...["axis", "momentum", "epsilon", "center", "scale", "betaInitializer", "gammaInitializer"],
  ...["movingMeanInitializer", "movingVarianceInitializer", "betaRegularizer", "gammaRegularizer"],
  ...["betaConstraint", "gammaConstraint", "synchronized", "renorm", "renormClipping", "renormMomentum"],
];

/** A factor and a summand for each channel; null for 1 and 0. */
interface Transform {
  readonly gamma: Tensor | Variable | null;
  readonly beta: Tensor | Variable | null;
}

/**
 * Batch normalization: y = (x − mean) / √(variance + epsilon) · gamma + beta, per channel, with the mean and variance of
 * the batch in training, and with moving averages of them otherwise.
 *
 * Input and output of any shape. A mask [batch, …] leaves entries out of mean and variance.
 *
 * @example
 * const layer = new keras.layers.BatchNormalization({ epsilon: 0 });
 * layer([[1, 10], [3, 30]], { training: true }).array() // [ [ -1, -1 ], [ 1, 1 ] ]
 */
export class BatchNormalization extends Normalization {
  readonly axis: number;
  readonly momentum: number;
  readonly renorm: boolean;
  readonly renormClipping: RenormClipping | null;
  readonly renormMomentum: number;
  readonly synchronized: boolean;
  readonly movingMeanInitializer: WeightInitializer;
  readonly movingVarianceInitializer: WeightInitializer;
  /** Made when the layer is built, as those below. */
  declare movingMean: Variable;
  declare movingVariance: Variable;
  /** These three with renorm only. */
  declare movingStddev: Variable;
  declare renormMean: Variable;
  declare renormStddev: Variable;

  /**
   * @param options  `axis`, `momentum`, `epsilon`, `center`, `scale`, `renorm`, initializers, regularizers, constraints
   * @throws {ValueError} renormClipping with bounds that nothing satisfies, or other keys
   */
  constructor(options: BatchNormalizationOptions = {}) {
    super(options, OWN_OPTIONS);
    this.axis = options.axis ?? -1;
    this.momentum = options.momentum ?? 0.99;
    this.movingMeanInitializer = initializers.get(options.movingMeanInitializer ?? "zeros");
    this.movingVarianceInitializer = initializers.get(options.movingVarianceInitializer ?? "ones");
    this.renorm = options.renorm ?? false;
    const { renormClipping = null } = options;
    this.renormClipping = this.renorm ? checkClipping(renormClipping ?? {}) : renormClipping;
    this.renormMomentum = options.renormMomentum ?? 0.99;
    this.synchronized = options.synchronized ?? false;
  }

  override build(inputShape: LayerShape): void {
    const size = inputShape.at(checkAxis(this.axis, inputShape)) as number;
    const shape = [size];
    const kept = (name: string, initializer: WeightInitializer): Variable =>
      this.addWeight({ name, shape, initializer, trainable: false });
    this.makeGammaAndBeta(shape);
    this.movingMean = kept("moving_mean", this.movingMeanInitializer);
    this.movingVariance = kept("moving_variance", this.movingVarianceInitializer);
    if (this.renorm) {
      const root = (s: readonly number[], dtype: Tensor["dtype"]): Tensor =>
        sqrt(this.movingVarianceInitializer(s, dtype));
      this.movingStddev = kept("moving_stddev", root);
      this.renormMean = kept("renorm_mean", this.movingMeanInitializer);
      this.renormStddev = kept("renorm_stddev", root);
    }
    this.inputSpec = new InputSpec({ ndim: inputShape.length, axes: { [this.axis]: size } });
  }

  override call(inputs: Tensor, { training = false, mask = null }: CallOptions = {}): Tensor {
    if (mask !== null && mask.rank !== inputs.rank - 1) {
      throw new ValueError(
        "The mask provided should be one dimension less than the inputs. Received: " +
          `mask.shape=${JSON.stringify(mask.shape)}, inputs.shape=${JSON.stringify(inputs.shape)}`,
      );
    }
    if (!training || !this.trainable)
      return this.#normalize(inputs, this.movingMean, this.movingVariance, this);
    const [mean, variance] = this.#moments(inputs, mask);
    if (this.renorm) {
      const corrected = this.#corrected(mean, variance);
      this.#updateRenorm(mean, variance);
      return this.#normalize(inputs, mean, variance, corrected);
    }
    moveTowards(this.movingMean, mean, this.momentum);
    moveTowards(this.movingVariance, variance, this.momentum);
    return this.#normalize(inputs, mean, variance, this);
  }

  #normalize(
    inputs: Tensor,
    mean: Tensor | Variable,
    variance: Tensor | Variable,
    { gamma, beta }: Transform,
  ): Tensor {
    const along = (values: Tensor | Variable): Tensor | Variable =>
      alongAxes(values, [this.axis], inputs.rank);
    const root = math.rsqrt(add(variance, this.epsilon));
    const factor = along(gamma === null ? root : multiply(root, gamma));
    const scaled = multiply(subtract(inputs, along(mean)), factor);
    return beta === null ? scaled : add(scaled, along(beta));
  }

  /** Mean and variance of each channel, over what the mask leaves. */
  #moments(inputs: Tensor, mask: Tensor | null): [Tensor, Tensor] {
    const channels = this.axis < 0 ? this.axis + inputs.rank : this.axis;
    const axis = inputs.shape.map((_, i) => i).filter((i) => i !== channels);
    if (mask === null) return nn.moments(inputs, axis);
    const counts = broadcastTo(expandDims(cast(mask, "bool"), -1), inputs.shape);
    const number = add(reduceSum(cast(counts, inputs.dtype), { axis, keepdims: true }), smallNumber());
    const meanOf = (values: Tensor): Tensor =>
      divide(reduceSum(where(counts, values, 0), { axis, keepdims: true }), number);
    const mean = meanOf(inputs);
    const variance = meanOf(square(subtract(inputs, mean)));
    return [reshape(mean, [-1]), reshape(variance, [-1])];
  }

  /** Gamma and beta that take the batch's statistics to the moving ones, within the bounds. */
  #corrected(mean: Tensor, variance: Tensor): Transform {
    const { rmin, rmax, dmax } = this.renormClipping!;
    const stddev = maximum(this.renormStddev, Math.sqrt(this.epsilon));
    const ratio = divide(sqrt(add(variance, this.epsilon)), stddev);
    const shift = divide(subtract(mean, this.renormMean), stddev);
    const bounded = clipByValue(ratio, rmin ?? -Infinity, rmax ?? Infinity);
    const r = stopGradient(bounded);
    const d = stopGradient(dmax == null ? shift : clipByValue(shift, -dmax, dmax));
    const gamma = this.gamma === null ? r : multiply(r, this.gamma);
    const summand = this.gamma === null ? d : multiply(d, this.gamma);
    return { gamma, beta: this.beta === null ? summand : add(summand, this.beta) };
  }

  #updateRenorm(mean: Tensor, variance: Tensor): void {
    const stddev = sqrt(add(variance, this.epsilon));
    moveTowards(this.renormMean, mean, this.renormMomentum);
    moveTowards(this.renormStddev, stddev, this.renormMomentum);
    moveTowards(this.movingMean, mean, this.momentum);
    moveTowards(this.movingStddev, stddev, this.momentum);
    // Rounding may take the difference below 0.
    this.movingVariance.assign(maximum(subtract(square(this.movingStddev), this.epsilon), 0));
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    checkAxis(this.axis, inputShape);
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this, CONFIG_ORDER) };
  }
}

const CLIPPING_KEYS = ["rmax", "rmin", "dmax"];

/** @throws {ValueError} other keys, or bounds that nothing satisfies */
function checkClipping(clipping: RenormClipping): RenormClipping {
  if (Object.keys(clipping).some((key) => !CLIPPING_KEYS.includes(key))) {
    throw new ValueError(
      `Received invalid keys for \`renorm_clipping\` argument: ${JSON.stringify(clipping)}. ` +
        "Supported values: ['rmax', 'rmin', 'dmax'].",
    );
  }
  const { rmax, rmin, dmax } = clipping;
  if (rmax != null && rmin != null && rmax < rmin) {
    throw new ValueError(
      `rmax should be greater than rmin in the \`renorm_clipping\` argument. Received: rmax=${rmax}, rmin=${rmin}.`,
    );
  }
  if (dmax == null || dmax >= 0) return clipping;
  throw new ValueError(
    `dmax should be non-negative in the \`renorm_clipping\` argument. Received: dmax=${dmax}.`,
  );
}

/** The moving average of a value. */
function moveTowards(average: Variable, value: Tensor, momentum: number): void {
  average.assign(add(multiply(average, momentum), multiply(value, 1 - momentum)));
}
