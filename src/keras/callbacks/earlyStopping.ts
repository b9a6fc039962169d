/**
 * @file Ends training when a metric no longer gets better.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { printLine } from "../utils/output.js";
import { Callback, type CallbackModel, type Logs } from "./callback.js";

export type MonitorMode = "auto" | "min" | "max";

export interface EarlyStoppingOptions {
  /** Name of the metric in the logs; default "val_loss". */
  monitor?: string;
  /** What less does not count as better; default 0. */
  minDelta?: number;
  /** Epochs without improvement before it stops; default 0. */
  patience?: number;
  /** 1 prints when it stops; default 0. */
  verbose?: number;
  /** Whether less or more is better; "auto" (default) asks the metric. */
  mode?: MonitorMode;
  /** Stops unless the metric gets better than this. */
  baseline?: number | null;
  /** Puts the weights of the best epoch back at the end; default false. */
  restoreBestWeights?: boolean;
  /** Epochs before it starts to look; default 0. */
  startFromEpoch?: number;
}

/** Which way a metric of the model gets better: known for losses and accuracies. */
function directionOf(model: CallbackModel, monitor: string): "up" | "down" | null {
  const name = monitor.replace(/^val_/, "");
  if (name === "loss") return "down";
  for (const metric of model.metrics) {
    const parts = "parts" in metric ? (metric.parts as readonly object[]) : [metric];
    for (const part of parts) {
      const { name: own, direction } = part as { name?: string; direction?: "up" | "down" | null };
      if (own === name && direction) return direction;
    }
  }
  return null;
}

/**
 * Ends training when a metric no longer gets better.
 *
 * @example
 * const callback = new keras.callbacks.EarlyStopping({ monitor: "loss", patience: 3 });
 * callback.patience // 3
 */
export class EarlyStopping extends Callback {
  readonly monitor: string;
  readonly patience: number;
  readonly verbose: number;
  readonly mode: MonitorMode;
  readonly baseline: number | null;
  readonly restoreBestWeights: boolean;
  readonly startFromEpoch: number;
  readonly minDelta: number;
  wait = 0;
  stoppedEpoch = 0;
  best: number | null = null;
  bestEpoch = 0;
  #bestWeights: Tensor[] | null = null;
  #direction: "up" | "down" | null = null;

  constructor(options: EarlyStoppingOptions = {}) {
    super();
    this.monitor = options.monitor ?? "val_loss";
    this.minDelta = Math.abs(options.minDelta ?? 0);
    this.patience = options.patience ?? 0;
    this.verbose = options.verbose ?? 0;
    this.baseline = options.baseline ?? null;
    this.restoreBestWeights = options.restoreBestWeights ?? false;
    this.startFromEpoch = options.startFromEpoch ?? 0;
    const { mode = "auto" } = options;
    if (!["auto", "min", "max"].includes(mode)) {
      console.warn(`EarlyStopping mode '${mode}' is unknown, fallback to auto mode.`);
    }
    this.mode = mode === "min" || mode === "max" ? mode : "auto";
  }

  override onTrainBegin(): void {
    this.wait = 0;
    this.stoppedEpoch = 0;
    this.best = null;
    this.bestEpoch = 0;
    this.#bestWeights = null;
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    this.#direction ??= this.#findDirection();
    const current = logs[this.monitor];
    if (current === undefined) {
      console.warn(
        `Early stopping conditioned on metric \`${this.monitor}\` which is not available. ` +
          `Available metrics are: ${Object.keys(logs).join(",")}`,
      );
      return;
    }
    if (epoch < this.startFromEpoch) return;
    if (this.restoreBestWeights && this.#bestWeights === null) this.#keepWeights(epoch);
    this.wait++;
    if (this.#isBetter(current, this.best)) {
      this.best = current;
      this.bestEpoch = epoch;
      if (this.restoreBestWeights) this.#keepWeights(epoch);
      if (this.#isBetter(current, this.baseline)) this.wait = 0;
      return;
    }
    if (this.wait >= this.patience && epoch > 0) {
      this.stoppedEpoch = epoch;
      this.model.stopTraining = true;
    }
  }

  override onTrainEnd(): void {
    if (this.stoppedEpoch > 0 && this.verbose > 0)
      printLine(`Epoch ${this.stoppedEpoch + 1}: early stopping`);
    if (this.#bestWeights === null) return;
    if (this.verbose > 0) {
      printLine(`Restoring model weights from the end of the best epoch: ${this.bestEpoch + 1}.`);
    }
    this.model.setWeights(this.#bestWeights);
  }

  #keepWeights(epoch: number): void {
    this.#bestWeights = this.model.getWeights();
    this.bestEpoch = epoch;
  }

  #findDirection(): "up" | "down" {
    if (this.mode !== "auto") return this.mode === "max" ? "up" : "down";
    const direction = directionOf(this.model, this.monitor);
    if (direction !== null) return direction;
    throw new ValueError(
      `EarlyStopping callback received monitor=${this.monitor}, but Keras isn't able to automatically determine ` +
        "whether that metric should be maximized or minimized. Pass `mode='max'` in order to monitor based on the " +
        "highest metric value, or pass `mode='min'` in order to use the lowest value.",
    );
  }

  #isBetter(current: number, reference: number | null): boolean {
    if (reference === null) return true;
    return this.#direction === "up"
      ? current - this.minDelta > reference
      : current + this.minDelta < reference;
  }
}
