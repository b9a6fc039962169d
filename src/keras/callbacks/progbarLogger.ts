/**
 * @file Prints progress while a model is trained, evaluated or used.
 */
import { printLine } from "../utils/output.js";
import { Progbar } from "../utils/progbar.js";
import { Callback, type CallbackParams, type Logs } from "./callback.js";

/** The callback behind `verbose`: a bar that moves (1), or a line per epoch (2). */
export class ProgbarLogger extends Callback {
  #bar: Progbar | null = null;
  #seen = 0;
  #target: number | null = null;
  #verbose = 1;
  #epochs = 1;
  #isInFit = false;

  override setParams(params: CallbackParams): void {
    super.setParams(params);
    this.#verbose = params.verbose === "auto" ? 1 : params.verbose;
    this.#epochs = params.epochs;
    this.#target = params.steps;
  }

  override onTrainBegin(): void {
    this.#isInFit = true;
  }

  override onTestBegin(): void {
    if (!this.#isInFit) this.#newBar();
  }

  override onPredictBegin(): void {
    this.#newBar();
  }

  override onEpochBegin(epoch: number): void {
    this.#newBar();
    if (this.#verbose && this.#epochs > 1) printLine(`Epoch ${epoch + 1}/${this.#epochs}`);
  }

  override onTrainBatchEnd(batch: number, logs?: Logs): void {
    this.#update(batch, logs);
  }

  override onTestBatchEnd(batch: number, logs?: Logs): void {
    if (!this.#isInFit) this.#update(batch, logs);
  }

  override onPredictBatchEnd(batch: number): void {
    this.#update(batch);
  }

  override onEpochEnd(_epoch: number, logs?: Logs): void {
    this.#finish(logs);
  }

  override onTestEnd(logs?: Logs): void {
    if (!this.#isInFit) this.#finish(logs);
  }

  override onPredictEnd(logs?: Logs): void {
    this.#finish(logs);
  }

  #newBar(): void {
    this.#seen = 0;
    this.#bar = new Progbar(this.#target, { verbose: this.#verbose, statelessMetrics: [] });
  }

  #update(batch: number, logs: Logs = {}): void {
    this.#seen = batch + 1;
    if (this.#verbose === 1) this.#bar?.update(this.#seen, Object.entries(logs), false);
  }

  #finish(logs: Logs = {}): void {
    const bar = this.#bar;
    if (bar === null) return;
    if (this.#target === null) {
      this.#target = this.#seen;
      bar.target = this.#seen;
    }
    bar.update(this.#target, Object.entries(logs), true);
  }
}
