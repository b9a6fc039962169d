/**
 * @file Adagrad: steps divided by the root of the sum of all squares so far.
 */
import { apply } from "../../core/apply.js";
import { ValueError } from "../../core/errors.js";
import { elementwise } from "../../core/kinds.js";
import type { Variable as CoreVariable } from "../../core/variable.js";
import { lane } from "../../ir/lane.js";
import { add, fill, square as squareOf } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import type { Variable } from "../base/variable.js";
import {
  type Change,
  type LearningRateFunction,
  Optimizer,
  type OptimizerOptions,
  type Update,
} from "./optimizer.js";
import { type EpsilonOptions, withRate } from "./optimizerOptions.js";

const applyAdagrad = elementwise({
  name: "ApplyAdagrad",
  inputs: ["variable", "gradient", "accumulator", "rate"],
  lane: ({ variable, gradient, accumulator, rate }) =>
    lane.sub(
      variable,
      lane.div(lane.mul(rate, gradient), lane.sqrt(lane.add(accumulator, lane.attr("epsilon")))),
    ),
  grad: null,
});

export interface AdagradOptions extends OptimizerOptions, EpsilonOptions {
  /** Where the sums of squares begin, 0 or more; default 0.1. */
  initialAccumulatorValue?: number;
}

/**
 * Adagrad: s ← s + g², w ← w − rate · g / √(s + ε).
 *
 * @example
 * const w = new tf.Variable([1]);
 * const optimizer = new keras.optimizers.Adagrad({ learningRate: 0.5, initialAccumulatorValue: 16 });
 * optimizer.apply([tf.constant([3])], [w]);
 * w.item().toFixed(4) // "0.7000"
 */
export class Adagrad extends Optimizer {
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;

  /**
   * @param learningRate  the step size (default 0.001), or all options
   * @param options       `initialAccumulatorValue`, `epsilon`, and those of every optimizer
   * @throws {ValueError} a negative initial value
   */
  constructor(
    learningRate: number | LearningRateFunction | AdagradOptions = {},
    options: AdagradOptions = {},
  ) {
    const settings = withRate(learningRate, options);
    super(settings);
    this.initialAccumulatorValue = settings.initialAccumulatorValue ?? 0.1;
    this.epsilon = settings.epsilon ?? 1e-7;
    if (!(this.initialAccumulatorValue >= 0)) {
      throw new ValueError(
        `Adagrad: initialAccumulatorValue must be 0 or more, got ${this.initialAccumulatorValue}`,
      );
    }
  }

  protected override slotGroups(): string[][] {
    return [["accumulator"]];
  }

  override addVariableFromReference(reference: CoreVariable, name: string): Variable {
    const variable = super.addVariableFromReference(reference, name);
    if (name === "accumulator")
      variable.assign(fill(variable.shape, this.initialAccumulatorValue, variable.dtype));
    return variable;
  }

  protected update({ gradient, square, variable, slots, prepared }: Change): Update {
    const accumulator = add(slots[0]!, square ?? squareOf(gradient));
    const { epsilon } = this;
    const moved = apply(applyAdagrad, [variable, gradient, accumulator, prepared[0]!], { epsilon });
    return { variable: moved, slots: [accumulator] };
  }

  override getConfig(): Config {
    const { initialAccumulatorValue, epsilon } = this;
    return { ...super.getConfig(), initial_accumulator_value: initialAccumulatorValue, epsilon };
  }
}
