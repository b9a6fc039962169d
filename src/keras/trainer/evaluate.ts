/**
 * @file Runs over data without training: metrics of a model, and its predictions.
 */
import type { Tensor } from "../../core/tensor.js";
import { flattenTree, packTree } from "../../core/tree.js";
import { concat } from "../../ops/public.js";
import { CallbackList, type Logs } from "../callbacks/index.js";
import { asTensors, type Data } from "./data.js";
import { EpochIterator } from "./epochIterator.js";
import { plainLogs } from "./logs.js";
import type { StepResult, TrainableModel } from "./trainable.js";
import { signalOf, Turns } from "./yielding.js";

interface CommonOptions {
  batchSize?: number | null;
  verbose?: 0 | 1 | 2 | "auto";
  callbacks?: any;
  signal?: AbortSignal | null;
  /** Batches to run; default all. */
  steps?: number | null;
}

export interface EvaluateOptions extends CommonOptions {
  /** How much each sample counts. */
  sampleWeight?: Data | null;
  /** Gives an object of metrics by name instead of a list; default false. */
  returnDict?: boolean;
}

export interface PredictOptions extends CommonOptions {}

/** Runs the test steps of one pass; gives the metrics as numbers. */
export async function runEvaluation(
  model: TrainableModel,
  iterator: EpochIterator,
  callbacks: CallbackList,
  turns: Turns,
): Promise<Logs> {
  const hears = callbacks.hearsTestBatches;
  model.stopEvaluating = false;
  await callbacks.onTestBegin();
  model.resetMetrics();
  let step = 0;
  let result: StepResult = {};
  for (const batch of iterator.epoch()) {
    if (hears) await callbacks.onTestBatchBegin(step);
    result = model.runTestStep(batch);
    if (hears) await callbacks.onTestBatchEnd(step, plainLogs(result));
    step++;
    if (model.stopEvaluating) break;
    if (turns.isOver) await turns.pass();
  }
  const logs = plainLogs(result);
  await callbacks.onTestEnd(logs);
  return logs;
}

/** The metrics of a model on data. */
export async function evaluate(
  model: TrainableModel,
  x: Data,
  y: Data | null,
  options: EvaluateOptions,
): Promise<Logs> {
  const data = [
    asTensors(x, "x"),
    asTensors(y, "y"),
    asTensors(options.sampleWeight, "sampleWeight"),
  ] as const;
  const iterator = new EpochIterator(data, {
    batchSize: options.batchSize,
    stepsPerEpoch: options.steps ?? null,
  });
  model.buildFor(iterator.firstBatch(), false);
  const callbacks = callbacksFor(model, iterator, options);
  return model.frozen(() => runEvaluation(model, iterator, callbacks, new Turns(signalOf(options))));
}

function callbacksFor(model: TrainableModel, iterator: EpochIterator, options: CommonOptions): CallbackList {
  const verbose = options.verbose ?? "auto";
  const { callbacks } = options;
  return new CallbackList(callbacks, {
    addProgbar: verbose !== 0,
    verbose,
    epochs: 1,
    steps: iterator.numBatches,
    model,
  });
}

/** What a model gives for data, batch by batch. */
export async function predict(model: TrainableModel, x: Data, options: PredictOptions): Promise<unknown> {
  const iterator = new EpochIterator([asTensors(x, "x"), null, null], {
    batchSize: options.batchSize,
    stepsPerEpoch: options.steps ?? null,
  });
  const callbacks = callbacksFor(model, iterator, options);
  const turns = new Turns(signalOf(options));
  const hears = callbacks.hearsPredictBatches;
  const outputs: unknown[] = [];
  model.stopPredicting = false;
  await callbacks.onPredictBegin();
  let step = 0;
  for (const batch of iterator.epoch()) {
    if (hears) await callbacks.onPredictBatchBegin(step);
    const output = model.runPredictStep(batch);
    outputs.push(output);
    if (hears) await callbacks.onPredictBatchEnd(step, { outputs: output });
    step++;
    if (model.stopPredicting) break;
    if (turns.isOver) await turns.pass();
  }
  await callbacks.onPredictEnd();
  return joined(outputs);
}

/** Outputs of several batches as one, in the structure of each. */
function joined(outputs: readonly unknown[]): unknown {
  if (outputs.length === 1) return outputs[0];
  const leaves = outputs.map((output) => flattenTree(output) as Tensor[]);
  return packTree(
    outputs[0],
    leaves[0]!.map((_, i) =>
      concat(
        leaves.map((batch) => batch[i]!),
        0,
      ),
    ),
  );
}
