/**
 * @file Callbacks: what is told of every step of training, evaluation and prediction.
 */
import type { Tensor } from "../../core/tensor.js";

/** Metrics by name, as plain numbers. */
export type Logs = Record<string, number>;

/** What callbacks may use of the model. */
export interface CallbackModel {
  readonly name: string;
  stopTraining: boolean;
  history: unknown;
  readonly optimizer: { learningRate: any } | null;
  readonly metrics: readonly object[];
  getWeights(): Tensor[];
  setWeights(weights: readonly Tensor[]): void;
}

/** What a run is like, for callbacks. */
export interface CallbackParams {
  verbose: number | "auto";
  epochs: number;
  steps: number | null;
}

/** What a hook gives: nothing, or a promise that is waited for. */
export type Hooked = void | Promise<void>;

/**
 * Base of callbacks: write the hooks you want.
 *
 * @example
 * class Print extends keras.callbacks.Callback {
 *   onEpochEnd(epoch, logs) { console.log(epoch, Object.keys(logs)); }
 * }
 * const callback = new Print();
 */
export class Callback {
  model!: CallbackModel & Record<string, any>;
  params: CallbackParams = { verbose: 0, epochs: 1, steps: null };

  setParams(params: CallbackParams): void {
    this.params = params;
  }

  setModel(model: CallbackModel): void {
    this.model = model as typeof this.model;
  }

  onTrainBegin(_logs?: Logs): Hooked {}
  /** `logs` are those of the last epoch. */
  onTrainEnd(_logs?: Logs): Hooked {}
  onEpochBegin(_epoch: number, _logs?: Logs): Hooked {}
  /** `logs` are the metrics of the epoch, those of validation with `val_` before the name. */
  onEpochEnd(_epoch: number, _logs?: Logs): Hooked {}
  /** The same as `onTrainBatchBegin`. */
  onBatchBegin(_batch: number, _logs?: Logs): Hooked {}
  /** The same as `onTrainBatchEnd`. */
  onBatchEnd(_batch: number, _logs?: Logs): Hooked {}

  onTrainBatchBegin(batch: number, logs?: Logs): Hooked {
    return this.onBatchBegin(batch, logs);
  }

  /** `logs` are the metrics since the epoch began. */
  onTrainBatchEnd(batch: number, logs?: Logs): Hooked {
    return this.onBatchEnd(batch, logs);
  }

  onTestBegin(_logs?: Logs): Hooked {}
  onTestEnd(_logs?: Logs): Hooked {}
  onTestBatchBegin(_batch: number, _logs?: Logs): Hooked {}
  onTestBatchEnd(_batch: number, _logs?: Logs): Hooked {}
  onPredictBegin(_logs?: Logs): Hooked {}
  onPredictEnd(_logs?: Logs): Hooked {}
  onPredictBatchBegin(_batch: number, _logs?: Logs): Hooked {}
  /** `logs.outputs` is what the model gave. */
  onPredictBatchEnd(_batch: number, _logs?: { outputs: unknown }): Hooked {}
}
