/**
 * @file Adadelta: steps scaled by the ratio of the running sizes of steps and gradients.
 */
import { apply } from "../../core/apply.js";
import { elementwise } from "../../core/kinds.js";
import { lane } from "../../ir/lane.js";
import { square as squareOf } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Update,
} from "./optimizer.js";
import { type EpsilonOptions, withRate } from "./optimizerOptions.js";
import { blendMean } from "./runningMeans.js";

const stepOf = elementwise({
  name: "AdadeltaStep",
  inputs: ["steps", "gradients", "gradient"],
  lane: ({ steps, gradients, gradient }) => {
    const root = (mean: typeof steps) => lane.sqrt(lane.add(mean, lane.attr("epsilon")));
    return lane.neg(lane.div(lane.mul(root(steps), gradient), root(gradients)));
  },
  grad: null,
});

const applyAdadelta = elementwise({
  name: "ApplyAdadelta",
  inputs: ["variable", "step", "rate"],
  lane: ({ variable, step, rate }) => lane.add(variable, lane.mul(rate, step)),
  grad: null,
});

export interface AdadeltaOptions extends OptimizerOptions, EpsilonOptions {
  /** How much of the mean squares stays at each step; default 0.95. */
  rho?: number;
}

/**
 * Adadelta: v ← ρ v + (1 − ρ) g², d = −g √(u + ε) / √(v + ε), u ← ρ u + (1 − ρ) d², w ← w + rate · d.
 *
 * @example
 * const w = new tf.Variable([1]);
 * const optimizer = new keras.optimizers.Adadelta({ learningRate: 1, rho: 0.75, epsilon: 0.01 });
 * optimizer.apply([tf.constant([2])], [w]);
 * w.item().toFixed(4) // "0.8010"
 */
export class Adadelta extends Optimizer {
  readonly rho: number;
  readonly epsilon: number;

  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       `rho`, `epsilon`, and those of every optimizer
   */
  constructor(
    learningRate: number | LearningRateFunction | AdadeltaOptions = {},
    options: AdadeltaOptions = {},
  ) {
    const settings = withRate(learningRate, options);
    super(settings);
    this.rho = settings.rho ?? 0.95;
    this.epsilon = settings.epsilon ?? 1e-7;
  }

  protected override slotGroups(): string[][] {
    return [["accumulated_grad", "accumulated_delta_var"]];
  }

  protected update({ gradient, square, variable, slots, prepared }: Change): Update {
    const { rho, epsilon } = this;
    const attrs = { rho, rest: 1 - rho };
    const gradients = apply(blendMean, [slots[0]!, square ?? squareOf(gradient)], attrs);
    const step = apply(stepOf, [slots[1]!, gradients, gradient], { epsilon });
    const steps = apply(blendMean, [slots[1]!, squareOf(step)], attrs);
    return { variable: apply(applyAdadelta, [variable, step, prepared[0]!]), slots: [gradients, steps] };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rho: this.rho, epsilon: this.epsilon };
  }
}
