/**
 * @file The training loop.
 */
import { ValueError } from "../../core/errors.js";
import { type Callback, CallbackList, type History, type Logs } from "../callbacks/index.js";
import {
  asTensors,
  type Batch,
  type ClassWeight,
  classWeights,
  type Data,
  splitForValidation,
} from "./data.js";
import { EpochIterator } from "./epochIterator.js";
import { runEvaluation } from "./evaluate.js";
import { plainLogs } from "./logs.js";
import type { StepResult, TrainableModel } from "./trainable.js";
import { signalOf, Turns } from "./yielding.js";

export interface RunOptions {
  /** Samples in a batch; default 32. */
  batchSize?: number | null;
  /** 0 silent, 1 or "auto" a progress bar (default), 2 a line per epoch. */
  verbose?: 0 | 1 | 2 | "auto";
  callbacks?: Callback | readonly (Callback | null)[] | null;
  /** Calls the run off: the promise is rejected with its reason. */
  signal?: AbortSignal | null;
}

export interface FitOptions extends RunOptions {
  /** How many times through the data; default 1. */
  epochs?: number;
  /** The share of the data, from its end, that is kept for validation. */
  validationSplit?: number;
  /** Inputs, labels and perhaps weights to validate on after each epoch. */
  validationData?: readonly [Data, Data?, (Data | null)?] | null;
  /** Samples in another order each epoch (default); "batch": only inside each batch. */
  shuffle?: boolean | "batch";
  /** How much each class counts. */
  classWeight?: ClassWeight | null;
  /** How much each sample counts. */
  sampleWeight?: Data | null;
  /** The number of the first epoch, to go on with a training; default 0. */
  initialEpoch?: number;
  /** Batches in an epoch; default all. */
  stepsPerEpoch?: number | null;
  validationSteps?: number | null;
  /** Default `batchSize`. */
  validationBatchSize?: number | null;
  /** Validates every so many epochs, or in the epochs listed, counted from 1; default 1. */
  validationFreq?: number | readonly number[];
}

/** Trains a model. */
export async function fit(
  model: TrainableModel,
  x: Data,
  y: Data | null,
  options: FitOptions,
): Promise<History> {
  const [data, validation] = trainingData(x, y, options);
  const { batchSize = null, stepsPerEpoch = null, shuffle = true, epochs = 1, initialEpoch = 0 } = options;
  const iterator = new EpochIterator(data, { batchSize, stepsPerEpoch, shuffle });
  model.buildFor(iterator.firstBatch(), true);
  const verbose = options.verbose ?? "auto";
  const callbacks = new CallbackList(options.callbacks as Callback, {
    addHistory: true,
    addProgbar: verbose !== 0,
    verbose,
    epochs,
    steps: iterator.numBatches,
    model,
  });
  const validate = validation === null ? null : validationRun(model, validation, options, callbacks);
  const signal = signalOf(options);
  const turns = new Turns(signal);
  signal?.throwIfAborted();
  await model.frozen(async () => {
    model.stopTraining = false;
    await callbacks.onTrainBegin();
    let logs: Logs | undefined;
    for (let epoch = initialEpoch; epoch < epochs && !model.stopTraining; epoch++) {
      model.resetMetrics();
      const begun = callbacks.onEpochBegin(epoch);
      if (begun) await begun;
      const result = await trainEpoch(model, iterator, callbacks, turns);
      const validated =
        validate !== null && isValidated(epoch, options.validationFreq ?? 1) ? await validate() : {};
      logs = plainLogs({ ...result, ...validated });
      const ended = callbacks.onEpochEnd(epoch, logs);
      if (ended) await ended;
      if (turns.isOver) await turns.pass();
    }
    if (epochs > 0) model.optimizer?.finalizeVariableValues();
    await callbacks.onTrainEnd(logs);
  });
  return callbacks.history!;
}

/** One epoch; gives the metrics at its end. Waits only where something has to be waited for. */
async function trainEpoch(
  model: TrainableModel,
  iterator: EpochIterator,
  callbacks: CallbackList,
  turns: Turns,
): Promise<StepResult> {
  const hears = callbacks.hearsTrainBatches;
  let step = 0;
  let result: StepResult = {};
  for (const batch of iterator.epoch()) {
    if (hears) {
      const begun = callbacks.onTrainBatchBegin(step);
      if (begun) await begun;
    }
    result = model.runTrainStep(batch);
    if (hears) {
      const ended = callbacks.onTrainBatchEnd(step, plainLogs(result));
      if (ended) await ended;
    }
    step++;
    if (model.stopTraining) break;
    if (turns.isOver) await turns.pass();
  }
  return result;
}

function trainingData(x: Data, y: Data | null, options: FitOptions): [Batch, Batch | null] {
  const { validationSplit = 0, validationData = null, classWeight = null, sampleWeight = null } = options;
  let data: Batch = [asTensors(x, "x"), asTensors(y, "y"), asTensors(sampleWeight, "sampleWeight")];
  let validation: Batch | null = null;
  if (validationData !== null) {
    if (!Array.isArray(validationData) || validationData.length < 1 || validationData.length > 3) {
      throw new ValueError("`validationData`: expected [x, y] or [x, y, sampleWeight]");
    }
    const [valX, valY, valWeight] = validationData;
    validation = [
      asTensors(valX, "validationData"),
      asTensors(valY, "validationData"),
      asTensors(valWeight, "validationData"),
    ];
  } else if (validationSplit) [data, validation] = splitForValidation(data, validationSplit);
  if (classWeight !== null) data = classWeights(data, classWeight);
  return [data, validation];
}

/** A function that validates, and gives the metrics with `val_` before their names. */
function validationRun(
  model: TrainableModel,
  data: Batch,
  options: FitOptions,
  callbacks: CallbackList,
): () => Promise<StepResult> {
  const batchSize = options.validationBatchSize ?? options.batchSize ?? null;
  const iterator = new EpochIterator(data, { batchSize, stepsPerEpoch: options.validationSteps ?? null });
  return async () => {
    const logs = await runEvaluation(model, iterator, callbacks, new Turns(signalOf(options)));
    return Object.fromEntries(Object.entries(logs).map(([name, value]) => [`val_${name}`, value]));
  };
}

function isValidated(epoch: number, frequency: number | readonly number[]): boolean {
  if (typeof frequency === "number") return (epoch + 1) % frequency === 0;
  if (Array.isArray(frequency)) return frequency.includes(epoch + 1);
  throw new ValueError(
    `Expected \`validation_freq\` to be a list or int. Received: validation_freq=${frequency} of the type ${typeof frequency}.`,
  );
}
