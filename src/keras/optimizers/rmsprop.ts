/**
 * @file RMSprop: steps divided by the root of a running mean of squares.
 */
import { apply } from "../../core/apply.js";
import { elementwise } from "../../core/kinds.js";
import { lane } from "../../ir/lane.js";
import { multiply, subtract } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Update,
} from "./optimizer.js";
import { type EpsilonOptions, withRate } from "./optimizerOptions.js";
import { blendMean, blendMeanSquare } from "./runningMeans.js";

/** gradient / √(variance + ε): how far a variable goes. */
const stepLength = elementwise({
  name: "RMSPropStepLength",
  inputs: ["gradient", "variance"],
  lane: ({ gradient, variance }) => lane.div(gradient, lane.sqrt(lane.add(variance, lane.attr("epsilon")))),
  grad: null,
});

/** velocity − average²: the mean square becomes a variance. */
const centered = elementwise({
  name: "RMSPropCentered",
  inputs: ["velocity", "average"],
  lane: ({ velocity, average }) => lane.sub(velocity, lane.mul(average, average)),
  grad: null,
});

const addDecayed = elementwise({
  name: "AddDecayed",
  inputs: ["momentum", "step"],
  lane: ({ momentum, step }) => lane.add(lane.mul(lane.attr("decay"), momentum), step),
  grad: null,
});

export interface RMSpropOptions extends OptimizerOptions, EpsilonOptions {
  /** How much of the mean square stays at each step; default 0.9. */
  rho?: number;
  /** How much of the last step goes into the next; default 0. */
  momentum?: number;
  /** Divides by the standard deviation instead of the root mean square; default false. */
  centered?: boolean;
}

/**
 * RMSprop: v ← ρ v + (1 − ρ) g², w ← w − rate · g / √(v + ε).
 *
 * @example
 * const w = new tf.Variable([1]);
 * const optimizer = new keras.optimizers.RMSprop({ learningRate: 0.5, rho: 0.75 });
 * optimizer.apply([tf.constant([3])], [w]);
 * w.item().toFixed(4) // "0.0000"
 */
export class RMSprop extends Optimizer {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;

  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       `rho`, `momentum`, `epsilon`, `centered`, and those of every optimizer
   */
  constructor(
    learningRate: number | LearningRateFunction | RMSpropOptions = {},
    options: RMSpropOptions = {},
  ) {
    const settings = withRate(learningRate, options);
    super(settings);
    this.rho = settings.rho ?? 0.9;
    this.momentum = settings.momentum ?? 0;
    this.epsilon = settings.epsilon ?? 1e-7;
    this.centered = settings.centered ?? false;
  }

  protected override slotGroups(): string[][] {
    const momentum = this.momentum > 0 ? [["momentum"]] : [];
    return [["velocity"], ...momentum, ...(this.centered ? [["average_gradient"]] : [])];
  }

  protected update({ gradient, square, variable, slots, prepared }: Change): Update {
    const { rho, epsilon } = this;
    const attrs = { rho, rest: 1 - rho };
    const velocity =
      square === null
        ? apply(blendMeanSquare, [slots[0]!, gradient], attrs)
        : apply(blendMean, [slots[0]!, square], attrs);
    const updated = [velocity];
    const average = this.centered ? apply(blendMean, [slots.at(-1)!, gradient], attrs) : null;
    const variance = average === null ? velocity : apply(centered, [velocity, average]);
    let step = apply(stepLength, [multiply(prepared[0]!, gradient), variance], { epsilon });
    if (this.momentum > 0) {
      step = apply(addDecayed, [slots[1]!, step], { decay: this.momentum });
      updated.push(step);
    }
    if (average !== null) updated.push(average);
    return { variable: subtract(variable, step), slots: updated };
  }

  override getConfig(): Config {
    const { rho, momentum, epsilon, centered } = this;
    return { ...super.getConfig(), rho, momentum, epsilon, centered };
  }
}
