/**
 * @file The options that all optimizers have, checked.
 */
import { ValueError } from "../../core/errors.js";

/** The step size after some number of steps. */
export type LearningRateFunction = (step: number) => number;

export interface OptimizerOptions {
  /** Step size: a number, or a function that gives it from the number of steps so far. */
  learningRate?: number | LearningRateFunction;
  /** Each step takes this share of a variable, times the learning rate, away from it. */
  weightDecay?: number | null;
  /** Longest gradient of one variable. */
  clipnorm?: number | null;
  /** Largest absolute value in a gradient. */
  clipvalue?: number | null;
  /** Longest gradient of all variables together. */
  globalClipnorm?: number | null;
  /** Keeps moving averages of the variables, and puts them in place when training ends; default false. */
  useEma?: boolean;
  /** How much of an average stays at each step; default 0.99. */
  emaMomentum?: number;
  /** Puts the averages in place every so many steps. */
  emaOverwriteFrequency?: number | null;
  /** The loss is multiplied by this and gradients divided by it. */
  lossScaleFactor?: number | null;
  /** Changes variables only every so many steps, by the mean gradient. */
  gradientAccumulationSteps?: number | null;
  /** Default the class's in snake case. */
  name?: string | null;
}

/** Of optimizers that divide by what may be 0. */
export interface EpsilonOptions {
  /** Keeps divisors from 0; default 1e-7. */
  epsilon?: number;
}

/** The options of an optimizer's constructor, whose first argument may be the step size. */
export function withRate<O extends OptimizerOptions>(
  first: number | LearningRateFunction | O,
  options: O,
  byDefault = 0.001,
): O & { learningRate: number | LearningRateFunction } {
  const settings = typeof first === "object" ? first : { ...options, learningRate: first };
  return { ...settings, learningRate: settings.learningRate ?? byDefault };
}

/** @throws {ValueError} a learning rate that is no number, several ways of clipping, numbers out of range */
export function checkOptions(options: OptimizerOptions): void {
  const { learningRate, clipnorm = null, clipvalue = null, globalClipnorm = null } = options;
  if (typeof learningRate !== "number" && typeof learningRate !== "function") {
    throw new ValueError(
      "Argument `learning_rate` should be float, or an instance of LearningRateSchedule, or a callable (that takes in " +
        "the current iteration value and returns the corresponding learning rate value). " +
        `Received instead: learning_rate=${learningRate}`,
    );
  }
  const steps = options.gradientAccumulationSteps;
  if (steps !== null && steps !== undefined && !(steps >= 2)) {
    throw new ValueError(
      `\`gradient_accumulation_steps\` must be an integer >= 2. Received: gradient_accumulation_steps=${steps}`,
    );
  }
  if (options.useEma) checkAveraging(options);
  if ([clipnorm, clipvalue, globalClipnorm].filter((limit) => limit !== null).length > 1) {
    const show = (limit: number | null): string => (limit === null ? "None" : showFloat(limit));
    throw new ValueError(
      "Only one of `clipnorm`, `clipvalue` and `global_clipnorm` can be set. Received: " +
        `clipnorm=${show(clipnorm)}, clipvalue=${show(clipvalue)}, global_clipnorm=${show(globalClipnorm)}`,
    );
  }
}

function checkAveraging({ emaMomentum = 0.99, emaOverwriteFrequency }: OptimizerOptions): void {
  if (emaMomentum > 1 || emaMomentum < 0) {
    throw new ValueError(
      `\`ema_momentum\` must be in the range [0, 1]. Received: ema_momentum=${emaMomentum}`,
    );
  }
  if (emaOverwriteFrequency && !(Number.isInteger(emaOverwriteFrequency) && emaOverwriteFrequency >= 1)) {
    throw new ValueError(
      "`ema_overwrite_frequency` must be an integer >= 1 or None. " +
        `Received: ema_overwrite_frequency=${emaOverwriteFrequency}`,
    );
  }
}

/** A number as Python prints a float. */
const showFloat = (x: number): string => (Number.isInteger(x) ? `${x}.0` : String(x));
