/**
 * @file A callback made of functions.
 */
import { Callback, type Hooked, type Logs } from "./callback.js";

export interface LambdaHooks {
  onEpochBegin?: (epoch: number, logs?: Logs) => Hooked;
  onEpochEnd?: (epoch: number, logs?: Logs) => Hooked;
  onTrainBegin?: (logs?: Logs) => Hooked;
  onTrainEnd?: (logs?: Logs) => Hooked;
  onTrainBatchBegin?: (batch: number, logs?: Logs) => Hooked;
  onTrainBatchEnd?: (batch: number, logs?: Logs) => Hooked;
  onTestBegin?: (logs?: Logs) => Hooked;
  onTestEnd?: (logs?: Logs) => Hooked;
  onTestBatchBegin?: (batch: number, logs?: Logs) => Hooked;
  onTestBatchEnd?: (batch: number, logs?: Logs) => Hooked;
  onPredictBegin?: (logs?: Logs) => Hooked;
  onPredictEnd?: (logs?: Logs) => Hooked;
  onPredictBatchBegin?: (batch: number, logs?: Logs) => Hooked;
  onPredictBatchEnd?: (batch: number, logs?: { outputs: unknown }) => Hooked;
}

/**
 * A callback made of functions, without a class.
 *
 * @example
 * const stop = new keras.callbacks.LambdaCallback({ onEpochEnd: (epoch, logs) => console.log(epoch, logs.loss) });
 */
export class LambdaCallback extends Callback {
  constructor(hooks: LambdaHooks) {
    super();
    Object.assign(this, hooks);
  }
}
