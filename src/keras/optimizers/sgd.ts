/**
 * @file Gradient descent, plain and with momentum.
 */
import { apply } from "../../core/apply.js";
import { ValueError } from "../../core/errors.js";
import { elementwise } from "../../core/kinds.js";
import { lane } from "../../ir/lane.js";
import { add, multiply, subtract } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Update,
} from "./optimizer.js";
import { withRate } from "./optimizerOptions.js";

/** momentum · decay − step. */
const decayed = elementwise({
  name: "DecayMomentum",
  inputs: ["momentum", "step"],
  lane: ({ momentum, step }) => lane.sub(lane.mul(momentum, lane.attr("decay")), step),
  grad: null,
});

export interface SGDOptions extends OptimizerOptions {
  /** How much of the last step goes into the next, 0 (default) to 1. */
  momentum?: number;
  /** Looks ahead along the momentum; default false. */
  nesterov?: boolean;
}

/**
 * Gradient descent: w ← w − rate · g. With momentum: v ← momentum · v − rate · g, w ← w + v.
 *
 * @example
 * const w = new tf.Variable([1, 2]);
 * const optimizer = new keras.optimizers.SGD({ learningRate: 0.5 });
 * optimizer.apply([tf.constant([1, 1])], [w]);
 * w.array() // [ 0.5, 1.5 ]
 */
export class SGD extends Optimizer {
  readonly momentum: number;
  readonly nesterov: boolean;

  /**
   * @param learningRate  the step size (default 0.01), or all options
   * @param options       `momentum`, `nesterov`, and those of every optimizer
   * @throws {ValueError} a momentum outside 0 … 1
   */
  constructor(learningRate: number | LearningRateFunction | SGDOptions = {}, options: SGDOptions = {}) {
    const settings = withRate(learningRate, options, 0.01);
    super(settings);
    const { momentum = 0 } = settings;
    if (!(momentum >= 0 && momentum <= 1)) throw new ValueError("`momentum` must be a float between [0, 1].");
    this.momentum = momentum;
    this.nesterov = settings.nesterov ?? false;
  }

  protected override slotGroups(): string[][] {
    return this.momentum === 0 ? [] : [["momentum"]];
  }

  protected update({ gradient, variable, slots, prepared }: Change): Update {
    const step = multiply(gradient, prepared[0]!);
    if (this.momentum === 0) return { variable: subtract(variable, step), slots: [] };
    const decay = { decay: this.momentum };
    const momentum = apply(decayed, [slots[0]!, step], decay);
    const change = this.nesterov ? apply(decayed, [momentum, step], decay) : momentum;
    return { variable: add(variable, change), slots: [momentum] };
  }

  override getConfig(): Config {
    return { ...super.getConfig(), momentum: this.momentum, nesterov: this.nesterov };
  }
}
