/**
 * @file What layers share that scale values to mean 0 and variance 1: a factor and a summand, gamma and beta.
 */
import { ShapeError } from "../../core/errors.js";
import type { Operand, Tensor } from "../../core/tensor.js";
import { reshape } from "../../ops/public.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import type * as constraints from "../constraints/index.js";
import type * as initializers from "../initializers/index.js";
import type * as regularizers from "../regularizers/index.js";
import { Layer, type LayerOptions } from "./layer.js";
import {
  readWeightOptions,
  type WeightConstraint,
  type WeightInitializer,
  type WeightRegularizer,
  weightOptionNames,
  weightOptions,
} from "./weightOptions.js";

/** The options of every normalization layer. */
export interface NormalizationOptions extends LayerOptions {
  /** Added to the variance; default 0.001. */
  epsilon?: number;
  /** Whether to add beta; default true. */
  center?: boolean;
  /** Whether to multiply by gamma; default true. */
  scale?: boolean;
  /** Default "zeros". */
  betaInitializer?: initializers.InitializerLike;
  /** Default "ones". */
  gammaInitializer?: initializers.InitializerLike;
  betaRegularizer?: regularizers.RegularizerLike;
  gammaRegularizer?: regularizers.RegularizerLike;
  betaConstraint?: constraints.ConstraintLike;
  gammaConstraint?: constraints.ConstraintLike;
}

export abstract class Normalization extends Layer {
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

  constructor(options: NormalizationOptions, ownOptions: readonly string[]) {
    super(options, ["epsilon", "center", "scale", ...ownOptions, ...weightOptionNames("beta", "gamma")]);
    this.epsilon = options.epsilon ?? 1e-3;
    this.center = options.center ?? true;
    this.scale = options.scale ?? true;
    readWeightOptions(this, options, { beta: "zeros", gamma: "ones" });
    this.supportsMasking = true;
  }

  protected makeGammaAndBeta(shape: readonly number[]): void {
    const make = (name: "gamma" | "beta"): Variable =>
      this.addWeight({ name, shape, ...weightOptions(this, name) });
    this.gamma = this.scale ? make("gamma") : null;
    this.beta = this.center ? make("beta") : null;
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
