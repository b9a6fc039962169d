/**
 * @file Adam: steps scaled by running means of the gradient and of its square.
 */
import { apply } from "../../core/apply.js";
import type { DType } from "../../core/dtype.js";
import { elementwise } from "../../core/kinds.js";
import type { Tensor } from "../../core/tensor.js";
import { lane } from "../../ir/lane.js";
import { cast, maximum, multiply, subtract } from "../../ops/public.js";
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
import { moveMean, moveMeanSquare } from "./runningMeans.js";

/** The learning rate with both means' start at zero made up for. */
const stepSize = elementwise({
  name: "AdamStepSize",
  inputs: ["rate", "step"],
  lane: ({ rate, step }) => {
    const missing = (beta: string) => lane.sub(1, lane.pow(lane.attr(beta), step));
    return lane.div(lane.mul(rate, lane.sqrt(missing("beta2"))), missing("beta1"));
  },
  grad: null,
});

/** momentum / (√velocity + ε): how far a variable goes. */
const stepLength = elementwise({
  name: "AdamStepLength",
  inputs: ["momentum", "velocity"],
  lane: ({ momentum, velocity }) => lane.div(momentum, lane.add(lane.sqrt(velocity), lane.attr("epsilon"))),
  grad: null,
});

export interface AdamOptions extends OptimizerOptions, EpsilonOptions {
  /** How much of the mean gradient stays at each step; default 0.9. */
  beta1?: number;
  /** How much of the mean square stays at each step; default 0.999. */
  beta2?: number;
  /** Divides by the largest mean square so far; default false. */
  amsgrad?: boolean;
}

/**
 * Adam: m ← β₁ m + (1 − β₁) g, v ← β₂ v + (1 − β₂) g², w ← w − rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε).
 *
 * @example
 * const w = new tf.Variable([1]);
 * const optimizer = new keras.optimizers.Adam({ learningRate: 0.5 });
 * optimizer.apply([tf.constant([3])], [w]);
 * w.item().toFixed(4) // "0.5000"
 */
export class Adam extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;

  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       `beta1`, `beta2`, `epsilon`, `amsgrad`, and those of every optimizer
   */
  constructor(learningRate: number | LearningRateFunction | AdamOptions = {}, options: AdamOptions = {}) {
    const settings = withRate(learningRate, options);
    super(settings);
    this.beta1 = settings.beta1 ?? 0.9;
    this.beta2 = settings.beta2 ?? 0.999;
    this.epsilon = settings.epsilon ?? 1e-7;
    this.amsgrad = settings.amsgrad ?? false;
  }

  protected override slotGroups(): string[][] {
    return this.amsgrad ? [["momentum", "velocity"], ["velocity_hat"]] : [["momentum", "velocity"]];
  }

  protected override prepare(step: Step, dtype: DType): Tensor[] {
    const { beta1, beta2 } = this;
    return [apply(stepSize, [cast(step.learningRate, dtype), cast(step.number, dtype)], { beta1, beta2 })];
  }

  protected update({ gradient, square, variable, slots, prepared }: Change): Update {
    const momentum = apply(moveMean, [slots[0]!, gradient], { weight: 1 - this.beta1 });
    const rest = { weight: 1 - this.beta2 };
    const velocity =
      square === null
        ? apply(moveMeanSquare, [slots[1]!, gradient], rest)
        : apply(moveMean, [slots[1]!, square], rest);
    const largest = this.amsgrad ? maximum(slots[2]!, velocity) : velocity;
    const step = apply(stepLength, [multiply(momentum, prepared[0]!), largest], { epsilon: this.epsilon });
    return {
      variable: subtract(variable, step),
      slots: this.amsgrad ? [momentum, velocity, largest] : [momentum, velocity],
    };
  }

  override getConfig(): Config {
    const { beta1, beta2, epsilon, amsgrad } = this;
    return { ...super.getConfig(), beta_1: beta1, beta_2: beta2, epsilon, amsgrad };
  }
}

/**
 * Adam with a weight decay of 0.004 unless told otherwise.
 *
 * @example new keras.optimizers.AdamW().weightDecay // 0.004
 */
export class AdamW extends Adam {
  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       those of `Adam`
   */
  constructor(learningRate: number | LearningRateFunction | AdamOptions = {}, options: AdamOptions = {}) {
    const settings = withRate(learningRate, options);
    super({ ...settings, weightDecay: settings.weightDecay ?? 0.004 });
  }
}
