/**
 * @file Callbacks of a few lines: stopping at NaN, and learning rates that follow a plan.
 */
import { ValueError } from "../../core/errors.js";
import { printLine } from "../utils/output.js";
import { Callback, type Logs } from "./callback.js";

/**
 * Ends training when the loss is NaN or infinite.
 *
 * @example const callback = new keras.callbacks.TerminateOnNaN();
 */
export class TerminateOnNaN extends Callback {
  readonly raiseError: boolean;

  /** @param options  `raiseError`: throws instead of stopping; default false */
  constructor(options: { raiseError?: boolean } = {}) {
    super();
    this.raiseError = options.raiseError ?? false;
  }

  /** @throws {ValueError} the loss is NaN or infinite, and `raiseError` is set */
  override onBatchEnd(batch: number, logs: Logs = {}): void {
    const { loss } = logs;
    if (loss === undefined || Number.isFinite(loss)) return;
    if (this.raiseError) {
      throw new ValueError(
        `NaN or Inf loss encountered at batch ${batch}. Loss value: ${loss}. Terminating training immediately.`,
      );
    }
    printLine(`Batch ${batch}: Invalid loss, terminating training`);
    this.model.stopTraining = true;
  }
}

/**
 * Sets the learning rate at the start of each epoch.
 *
 * @example
 * const halve = new keras.callbacks.LearningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2));
 */
export class LearningRateScheduler extends Callback {
  readonly schedule: (epoch: number, learningRate: number) => number;
  readonly verbose: number;

  /**
   * @param schedule  the new rate from the epoch and the rate so far
   * @param options   `verbose`: 1 prints the rates
   */
  constructor(schedule: (epoch: number, learningRate: number) => number, options: { verbose?: number } = {}) {
    super();
    this.schedule = schedule;
    this.verbose = options.verbose ?? 0;
  }

  /** @throws {ValueError} the schedule gives no number */
  override onEpochBegin(epoch: number): void {
    const rate = this.schedule(epoch, this.#rate());
    if (typeof rate !== "number") {
      throw new ValueError(`The output of the \`schedule\` function should be a float. Got: ${rate}`);
    }
    this.model.optimizer!.learningRate = rate;
    if (this.verbose > 0) {
      printLine(`\nEpoch ${epoch + 1}: LearningRateScheduler setting learning rate to ${rate}.`);
    }
  }

  override onEpochEnd(_epoch: number, logs: Logs = {}): void {
    logs["learning_rate"] = this.#rate();
  }

  #rate(): number {
    return this.model.optimizer!.learningRate.item();
  }
}
