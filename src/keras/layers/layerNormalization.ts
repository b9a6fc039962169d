/**
 * @file Layer normalization: each example scaled to mean 0 and variance 1 on its own.
 */
import { ShapeError } from "../../core/errors.js";
import type { Operand, Tensor } from "../../core/tensor.js";
import { add, math, multiply, nn, reshape, subtract } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import type * as constraints from "../constraints/index.js";
import type * as initializers from "../initializers/index.js";
import type * as regularizers from "../regularizers/index.js";
import { Layer, type LayerOptions } from "./layer.js";
import {
  configOf,
  readWeightOptions,
  type WeightConstraint,
  type WeightInitializer,
  type WeightRegularizer,
  weightOptionNames,
  weightOptions,
} from "./weightOptions.js";

export interface LayerNormalizationOptions extends LayerOptions {
  /** The axis or axes over which mean and variance are taken; default the last. */
  axis?: number | readonly number[];
  /** Added to the variance; default 0.001. */
  epsilon?: number;
  /** Whether to add beta; default true. */
  center?: boolean;
  /** Whether to multiply by gamma; default true. */
  scale?: boolean;
  /** Part of Keras's configs; only false is known. */
  rmsScaling?: false;
  /** Default "zeros". */
  betaInitializer?: initializers.InitializerLike;
  /** Default "ones". */
  gammaInitializer?: initializers.InitializerLike;
  betaRegularizer?: regularizers.RegularizerLike;
  gammaRegularizer?: regularizers.RegularizerLike;
  betaConstraint?: constraints.ConstraintLike;
  gammaConstraint?: constraints.ConstraintLike;
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
export class LayerNormalization extends Layer {
  axis: number | readonly number[];
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
  declare readonly betaInitializer: WeightInitializer;
  declare readonly gammaInitializer: WeightInitializer;
  declare readonly betaRegularizer: WeightRegularizer;
  declare readonly gammaRegularizer: WeightRegularizer;
  declare readonly betaConstraint: WeightConstraint;
  declare readonly gammaConstraint: WeightConstraint;
  /** Made when the layer is built; null without scale. */
  declare gamma: Variable | null;
  /** Made when the layer is built; null without center. */
  declare beta: Variable | null;

  /** @param options  `axis`, `epsilon`, `center`, `scale`, and initializers, regularizers and constraints of beta and gamma */
  constructor(options: LayerNormalizationOptions = {}) {
    super(options, [
      ...["axis", "epsilon", "center", "scale", "rmsScaling"],
      ...weightOptionNames("beta", "gamma"),
    ]);
    this.axis = options.axis ?? -1;
    this.epsilon = options.epsilon ?? 1e-3;
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    readWeightOptions(this, options, { beta: "zeros", gamma: "ones" });
    this.supportsMasking = true;
  }

  override build(inputShape: LayerShape): void {
    const axes = typeof this.axis === "number" ? [this.axis] : [...this.axis].sort((a, b) => a - b);
    this.axis = axes;
    const shape = axes.map((axis) => inputShape.at(checkAxis(axis, inputShape)) as number);
    const make = (name: "gamma" | "beta"): Variable =>
      this.addWeight({ name, shape, ...weightOptions(this, name) });
    this.gamma = this.scale ? make("gamma") : null;
    this.beta = this.center ? make("beta") : null;
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

/** @throws {ShapeError} the axis is out of range */
export function checkAxis(axis: number, shape: LayerShape): number {
  if (Number.isInteger(axis) && axis >= -shape.length && axis < shape.length) return axis;
  throw new ShapeError(`Axis ${axis} is out of bounds for input shape ${JSON.stringify(shape)}.`);
}

/** A weight of some axes in a shape that broadcasts along the others. */
export function alongAxes<W extends Operand>(weight: W, axes: readonly number[], rank: number): W | Tensor {
  const places = axes.map((axis) => (axis < 0 ? axis + rank : axis));
  const areLast = places.every((place, i) => place === rank - places.length + i);
  if (areLast) return weight;
  const shape = new Array<number>(rank).fill(1);
  places.forEach((place, i) => {
    shape[place] = weight.shape[i]!;
  });
  return reshape(weight, shape);
}
