/**
 * @file What the training loop needs of a model.
 */
import type { Tensor } from "../../core/tensor.js";
import type { CallbackModel } from "../callbacks/callback.js";
import type { Metric } from "../metrics/metric.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import type { Batch } from "./data.js";

/** Metrics by name, as tensors or numbers. */
export type StepResult = Record<string, Tensor | number>;

export interface TrainableModel extends CallbackModel {
  readonly compiled: boolean;
  readonly optimizer: Optimizer | null;
  readonly metrics: readonly Metric[];
  stopEvaluating: boolean;
  stopPredicting: boolean;
  /** One step on a batch, as a compiled program unless the model runs eagerly. */
  runTrainStep(batch: Batch): StepResult;
  runTestStep(batch: Batch): StepResult;
  runPredictStep(batch: Batch): unknown;
  getMetricsResult(): StepResult;
  resetMetrics(): void;
  /** Makes every weight, and what training keeps beside them. */
  buildFor(batch: Batch, forTraining: boolean): void;
  /** Runs a function while what the model consists of is taken as it was at the start. */
  frozen<T>(run: () => Promise<T>): Promise<T>;
}
