/**
 * @file Lion: steps of one length, in the direction of a running mean's sign.
 */
import { apply } from "../../core/apply.js";
import { ValueError } from "../../core/errors.js";
import { elementwise } from "../../core/kinds.js";
import { lane } from "../../ir/lane.js";
import type { Config } from "../base/serialization.js";
import {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Update,
} from "./optimizer.js";
import { withRate } from "./optimizerOptions.js";
import { blended, blendMean } from "./runningMeans.js";

const applyLion = elementwise({
  name: "ApplyLion",
  inputs: ["variable", "momentum", "gradient", "rate"],
  lane: ({ variable, momentum, gradient, rate }) =>
    lane.sub(variable, lane.mul(rate, lane.sign(blended(momentum, gradient)))),
  grad: null,
});

export interface LionOptions extends OptimizerOptions {
  /** How much of the mean gradient is in the direction of a step, more than 0 up to 1; default 0.9. */
  beta1?: number;
  /** How much of the mean gradient stays at each step; default 0.99. */
  beta2?: number;
}

/**
 * Lion: w ← w − rate · sign(β₁ m + (1 − β₁) g), m ← β₂ m + (1 − β₂) g.
 *
 * @example
 * const w = new tf.Variable([1, 1]);
 * const optimizer = new keras.optimizers.Lion({ learningRate: 0.5 });
 * optimizer.apply([tf.constant([3, -0.1])], [w]);
 * w.array() // [ 0.5, 1.5 ]
 */
export class Lion extends Optimizer {
  readonly beta1: number;
  readonly beta2: number;

  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       `beta1`, `beta2`, and those of every optimizer
   * @throws {ValueError} a `beta1` that is not positive or over 1
   */
  constructor(learningRate: number | LearningRateFunction | LionOptions = {}, options: LionOptions = {}) {
    const settings = withRate(learningRate, options);
    super(settings);
    this.beta1 = settings.beta1 ?? 0.9;
    this.beta2 = settings.beta2 ?? 0.99;
    if (!(this.beta1 > 0 && this.beta1 <= 1)) {
      throw new ValueError(`Lion: beta1 must be more than 0 and at most 1, got ${this.beta1}`);
    }
  }

  protected override slotGroups(): string[][] {
    return [["momentum"]];
  }

  protected update({ gradient, variable, slots, prepared }: Change): Update {
    const weights = (rho: number) => ({ rho, rest: 1 - rho });
    const momentum = slots[0]!;
    return {
      variable: apply(applyLion, [variable, momentum, gradient, prepared[0]!], weights(this.beta1)),
      slots: [apply(blendMean, [momentum, gradient], weights(this.beta2))],
    };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), beta_1: this.beta1, beta_2: this.beta2 };
  }
}
