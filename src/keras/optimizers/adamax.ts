/**
 * @file Adamax: Adam with the largest recent gradient in place of the root mean square.
 */
import { apply } from "../../core/apply.js";
import type { DType } from "../../core/dtype.js";
import { elementwise } from "../../core/kinds.js";
import type { Tensor } from "../../core/tensor.js";
import { lane } from "../../ir/lane.js";
import { add, cast } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Step,
  type Update,
} from "./optimizer.js";
import { type EpsilonOptions, withRate } from "./optimizerOptions.js";
import { moveMean } from "./runningMeans.js";

/** 1 − β₁ᵗ: what the mean's start at zero is made up for with. */
const missing = elementwise({
  name: "AdamaxMissing",
  inputs: ["step"],
  lane: ({ step }) => lane.sub(1, lane.pow(lane.attr("beta1"), step)),
  grad: null,
});

const largestOf = elementwise({
  name: "AdamaxNorm",
  inputs: ["norm", "gradient"],
  lane: ({ norm, gradient }) => lane.max(lane.mul(lane.attr("beta2"), norm), lane.abs(gradient)),
  grad: null,
});

const applyAdamax = elementwise({
  name: "ApplyAdamax",
  inputs: ["variable", "momentum", "norm", "rate", "missing"],
  lane: ({ variable, momentum, norm, rate, missing }) =>
    lane.sub(
      variable,
      lane.div(lane.mul(rate, momentum), lane.mul(missing, lane.add(norm, lane.attr("epsilon")))),
    ),
  grad: null,
});

export interface AdamaxOptions extends OptimizerOptions, EpsilonOptions {
  /** How much of the mean gradient stays at each step; default 0.9. */
  beta1?: number;
  /** How much of the largest gradient stays at each step; default 0.999. */
  beta2?: number;
}

/**
 * Adamax: m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g|), w ← w − rate / (1 − β₁ᵗ) · m / (u + ε).
 *
 * @example
 * const w = new tf.Variable([1]);
 * const optimizer = new keras.optimizers.Adamax({ learningRate: 0.5 });
 * optimizer.apply([tf.constant([3])], [w]);
 * w.item().toFixed(4) // "0.5000"
 */
export class Adamax extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;

  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       `beta1`, `beta2`, `epsilon`, and those of every optimizer
   */
  constructor(learningRate: number | LearningRateFunction | AdamaxOptions = {}, options: AdamaxOptions = {}) {
    const settings = withRate(learningRate, options);
    super(settings);
    this.beta1 = settings.beta1 ?? 0.9;
    this.beta2 = settings.beta2 ?? 0.999;
    this.epsilon = settings.epsilon ?? 1e-7;
  }

  protected override slotGroups(): string[][] {
    return [["momentum", "norm"]];
  }

  protected override prepare(step: Step, dtype: DType): Tensor[] {
    const { beta1 } = this;
    const count = cast(add(step.iterations, 1), dtype);
    return [cast(step.learningRate, dtype), apply(missing, [count], { beta1 })];
  }

  protected update({ gradient, variable, slots, prepared }: Change): Update {
    const { beta2, epsilon } = this;
    const momentum = apply(moveMean, [slots[0]!, gradient], { weight: 1 - this.beta1 });
    const norm = apply(largestOf, [slots[1]!, gradient], { beta2 });
    const moved = apply(applyAdamax, [variable, momentum, norm, ...prepared], { epsilon });
    return { variable: moved, slots: [momentum, norm] };
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon };
  }
}
