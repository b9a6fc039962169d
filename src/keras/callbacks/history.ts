/**
 * @file History: the metrics of every epoch.
 */
import { Callback, type Logs } from "./callback.js";

/** What `fit` gives: `history.history.loss[3]` is the loss of the fourth epoch. */
export class History extends Callback {
  /** Numbers of the epochs that ran. */
  epoch: number[] = [];
  /** One list per metric. */
  history: Record<string, number[]> = {};

  override onTrainBegin(): void {
    this.epoch = [];
  }

  override onEpochEnd(epoch: number, logs: Logs = {}): void {
    this.epoch.push(epoch);
    for (const name of Object.keys(logs)) (this.history[name] ??= []).push(logs[name]!);
    this.model.history = this;
  }
}
