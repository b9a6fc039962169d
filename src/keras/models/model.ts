/**
 * @file Models: layers that can be trained.
 */
import { dryRun } from "../../core/dryRun.js";
import { NablaError, ReadError, ValueError } from "../../core/errors.js";
import { withoutRecording } from "../../core/recorder.js";
import { GradientTape } from "../../core/tape.js";
import { Tensor, type TensorLike } from "../../core/tensor.js";
import { flattenTree } from "../../core/tree.js";
import { add, cast, reduceSum } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { showPythonNames } from "../base/pythonText.js";
import type { Config, SerializedObject } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import type { History, Logs } from "../callbacks/index.js";
import { collectLosses, penalizedWeights } from "../layers/collectLosses.js";
import { buildingForAnyBatch, type CallOptions, Layer, type LayerOptions } from "../layers/layer.js";
import { symbolicOutputShape } from "../layers/symbolicShape.js";
import type { Metric } from "../metrics/metric.js";
import { Mean } from "../metrics/reduction.js";
import * as optimizers from "../optimizers/index.js";
import { CompileLoss, type LossSetting, type LossWeights } from "../trainer/compileLoss.js";
import { CompileMetrics, type MetricsSetting } from "../trainer/compileMetrics.js";
import {
  asTensors,
  type Batch,
  type ClassWeight,
  classWeights,
  type Data,
  mapLeaves,
} from "../trainer/data.js";
import { type EvaluateOptions, evaluate, type PredictOptions, predict } from "../trainer/evaluate.js";
import { type FitOptions, fit } from "../trainer/fit.js";
import { plainLogs } from "../trainer/logs.js";
import { StepFunction } from "../trainer/stepFunction.js";
import type { StepResult } from "../trainer/trainable.js";
import { writeOutput } from "../utils/output.js";
import { type SummaryOptions, summaryText } from "./summary.js";

export interface CompileOptions {
  /** Default "rmsprop". */
  optimizer?: optimizers.OptimizerLike;
  /** A loss for all outputs, or one for each. */
  loss?: LossSetting;
  /** How much each output's loss counts. */
  lossWeights?: LossWeights | null;
  /** Metrics that weigh all samples alike. */
  metrics?: MetricsSetting | null;
  /** Metrics that weigh samples as the loss does. */
  weightedMetrics?: MetricsSetting | null;
  /** Runs every op as it comes; default false. */
  runEagerly?: boolean;
}

export interface BatchOptions {
  sampleWeight?: Data | null;
  /** Gives an object of metrics by name instead of a list; default false. */
  returnDict?: boolean;
}

/** What a model consists of, read once for a whole run. */
interface Parts {
  readonly layers: readonly Layer[];
  readonly trainable: readonly Variable[];
  readonly penalized: readonly Variable[];
  readonly metrics: readonly Metric[];
}

/** The steps as programs, and the weights they were traced for. */
interface Steps {
  readonly trainable: readonly Variable[];
  readonly train: StepFunction<StepResult>;
  readonly test: StepFunction<StepResult>;
  readonly predict: StepFunction<unknown>;
}

const TRAINING: CallOptions = Object.freeze({ training: true });
const TESTING: CallOptions = Object.freeze({ training: false });

/**
 * Base of models. A subclass makes its layers in the constructor and writes `call`.
 *
 * @example
 * class Net extends keras.Model {
 *   constructor() { super(); this.dense = new keras.layers.Dense(1); }
 *   call(x) { return this.dense(x); }
 * }
 * const net = new Net();
 * net(tf.zeros([2, 3])).shape // [ 2, 1 ]
 */
export class Model extends Layer {
  optimizer: optimizers.Optimizer | null = null;
  /** What `compile` was given as loss. */
  loss: LossSetting | null = null;
  compiled = false;
  runEagerly = false;
  /** Set by callbacks to end `fit` after the batch. */
  stopTraining = false;
  stopEvaluating = false;
  stopPredicting = false;
  /** The metrics of the last training. */
  declare history: History;
  #compileLoss: CompileLoss | null = null;
  #compileMetrics: CompileMetrics | null = null;
  #lossTracker: Mean | null = null;
  #compileOptions: CompileOptions = {};
  #parts: Parts | null = null;
  #steps: Steps | null = null;

  /** @param options  `name`, `trainable`, `dtype` */
  constructor(options: LayerOptions = {}, ownSettings: readonly string[] = []) {
    super(options, ownSettings);
    // What training keeps is not what the model consists of.
    for (const key of [
      "optimizer",
      "loss",
      "compiled",
      "runEagerly",
      "stopTraining",
      "stopEvaluating",
      "stopPredicting",
    ]) {
      Object.defineProperty(this, key, { enumerable: false });
    }
    Object.defineProperty(this, "history", { value: undefined, enumerable: false, writable: true });
  }

  override call(_inputs: any, _options?: CallOptions): any {
    throw new NablaError(`Model ${this.constructor.name} does not have a \`call()\` method implemented.`);
  }

  /** The layers directly below the model. */
  get layers(): Layer[] {
    return this.sublayers;
  }

  /** Makes the weights for a shape of input, by a dry run of the model. */
  override build(inputShape: LayerShape): void {
    buildingForAnyBatch(() => symbolicOutputShape(this, inputShape));
  }

  /** The first call makes the weights by itself. */
  protected override buildInCall(inputShape: LayerShape): void {
    if (Object.getPrototypeOf(this).build === Model.prototype.build) this.markBuilt(inputShape);
    else super.buildInCall(inputShape);
  }

  /**
   * A layer by name or by number.
   *
   * @throws {ValueError} there is none
   * @example
   * const model = new keras.Sequential([new keras.layers.Dense(2, { name: "first" })]);
   * model.getLayer("first").units // 2
   */
  getLayer(which: string | number | { name?: string; index?: number }): Layer & Record<string, any> {
    const { name, index } =
      typeof which === "object"
        ? which
        : typeof which === "number"
          ? { name: undefined, index: which }
          : { name: which, index: undefined };
    const { layers } = this;
    if (index !== undefined && name !== undefined)
      throw new ValueError("Provide only a layer name or a layer index.");
    if (index !== undefined) {
      if (layers[index] !== undefined) return layers[index];
      throw new ValueError(
        `Was asked to retrieve layer at index ${index} but model only has ${layers.length} layers.`,
      );
    }
    if (name === undefined)
      throw new ValueError("Provide either a layer name or layer index at `get_layer`.");
    const found = layers.find((layer) => layer.name === name);
    if (found !== undefined) return found;
    const names = showPythonNames(layers.map((layer) => layer.name));
    throw new ValueError(`No such layer: ${name}. Existing layers are: ${names}.`);
  }

  // ---- Setting up training -------------------------------------------------------------------------------------

  /**
   * Says how the model is trained.
   *
   * @throws {ValueError} a name that means nothing
   * @example
   * const model = new keras.Sequential([new keras.layers.Dense(1)]);
   * model.compile({ optimizer: "adam", loss: "mse", metrics: ["mae"] });
   */
  compile(options: CompileOptions = {}): void {
    this.optimizer = optimizers.get(options.optimizer ?? "rmsprop");
    const { loss = null, lossWeights = null, metrics = null, weightedMetrics = null } = options;
    this.loss = loss;
    this.#compileLoss = loss === null ? null : new CompileLoss(loss, lossWeights);
    this.#compileMetrics =
      metrics === null && weightedMetrics === null ? null : new CompileMetrics(metrics, weightedMetrics);
    this.#lossTracker = new Mean({ name: "loss" });
    this.#compileOptions = options;
    this.runEagerly = options.runEagerly ?? false;
    this.#steps = null;
    this.stopTraining = false;
    this.compiled = true;
  }

  #assertCompiled(): void {
    if (!this.compiled) throw new ValueError("You must call `compile()` before using the model.");
  }

  /** All metrics: the loss, the compiled ones, those of single outputs, those that layers hold. */
  override get metrics(): Metric[] {
    const own = [this.#lossTracker, this.#compileMetrics, ...(this.#compileLoss?.metrics ?? [])];
    return [...own.filter((metric) => metric !== null), ...super.metrics];
  }

  get metricsNames(): string[] {
    return this.metrics.map((metric) => metric.name);
  }

  /** Starts all metrics again. */
  resetMetrics(): void {
    for (const metric of this.#parts?.metrics ?? this.metrics) metric.resetState();
  }

  /** Every metric's value so far. */
  getMetricsResult(): StepResult {
    const results: StepResult = {};
    for (const metric of this.#parts?.metrics ?? this.metrics) {
      const result = metric.result();
      if (result instanceof Tensor) results[metric.name] = result;
      else Object.assign(results, result);
    }
    return results;
  }

  // ---- One step ------------------------------------------------------------------------------------------------

  /** Trains on a batch; gives the metrics so far. Override it for a step of your own. */
  trainStep([x, y, sampleWeight]: Batch): StepResult {
    const { trainable } = this.#currentParts();
    const optimizer = this.optimizer!;
    const tape = new GradientTape();
    const [loss, scaled, yPred] = tape.record(() => {
      const output: unknown = this(x, TRAINING);
      const value = this.computeLoss(x, y, output, sampleWeight);
      return [value, optimizer.scaleLoss(value), output] as const;
    });
    this.#trackLoss(loss, x);
    if (trainable.length === 0) console.warn("The model does not have any trainable weights.");
    else optimizer.apply(tape.gradient(scaled, trainable), trainable);
    return this.computeMetrics(x, y, yPred, sampleWeight);
  }

  /** Evaluates a batch; gives the metrics so far. */
  testStep([x, y, sampleWeight]: Batch): StepResult {
    const yPred = this(x, TESTING);
    this.#trackLoss(this.computeLoss(x, y, yPred, sampleWeight), x);
    return this.computeMetrics(x, y, yPred, sampleWeight);
  }

  /** What the model gives for a batch. */
  predictStep([x]: Batch): unknown {
    return this(x, TESTING);
  }

  /** The steps as programs: made anew when other weights are to be trained. */
  #compiledSteps(): Steps {
    const { trainable } = this.#currentParts();
    const known = this.#steps;
    const same =
      known?.trainable.length === trainable.length && trainable.every((v, i) => v === known.trainable[i]);
    if (known !== null && same) return known;
    this.#steps = {
      trainable,
      train: new StepFunction("trainStep", (batch) => this.trainStep(batch)),
      test: new StepFunction("testStep", (batch) => this.testStep(batch)),
      predict: new StepFunction("predictStep", (batch) => this.predictStep(batch)),
    };
    return this.#steps;
  }

  /** `trainStep` as `fit` runs it: one program, unless `runEagerly` is set. */
  runTrainStep(batch: Batch): StepResult {
    return this.runEagerly ? this.trainStep(batch) : this.#compiledSteps().train.run(batch);
  }

  /** `testStep` as `evaluate` runs it. */
  runTestStep(batch: Batch): StepResult {
    return this.runEagerly ? this.testStep(batch) : this.#compiledSteps().test.run(batch);
  }

  /** `predictStep` as `predict` runs it. */
  runPredictStep(batch: Batch): unknown {
    return this.runEagerly ? this.predictStep(batch) : this.#compiledSteps().predict.run(batch);
  }

  #trackLoss(loss: Tensor, x: unknown): void {
    const first = x instanceof Tensor ? x : (flattenTree(x)[0] as Tensor);
    this.#lossTracker?.updateState(loss, first.shape[0]!);
  }

  /**
   * The loss of a batch: the compiled one, what layers added, penalties on weights.
   *
   * @throws {ValueError} there is none
   */
  computeLoss(_x: unknown, y: unknown, yPred: unknown, sampleWeight: unknown = null): Tensor {
    const losses: Tensor[] = [];
    const compiled = this.#compileLoss?.compute(y, yPred, sampleWeight) ?? null;
    if (compiled !== null) losses.push(compiled);
    const { layers, penalized } = this.#currentParts();
    for (const extra of collectLosses(layers, this.lastCall, penalized)) {
      losses.push(extra.rank === 0 ? cast(extra, floatx()) : reduceSum(cast(extra, floatx())));
    }
    const [first, ...rest] = losses;
    if (first === undefined)
      throw new ValueError("No loss to compute. Provide a `loss` argument in `compile()`.");
    return rest.reduce((sum, loss) => add(sum, loss), first);
  }

  /** Updates the compiled metrics by a batch; gives all metrics so far. */
  computeMetrics(_x: unknown, y: unknown, yPred: unknown, sampleWeight: unknown = null): StepResult {
    this.#compileMetrics?.updateState(y, yPred, sampleWeight);
    return this.getMetricsResult();
  }

  #currentParts(): Parts {
    return this.#parts ?? this.#readParts();
  }

  #readParts(): Parts {
    const trainable = this.trainableVariables;
    return {
      layers: this.flattenLayers(),
      trainable,
      penalized: penalizedWeights(this),
      metrics: this.metrics,
    };
  }

  /** Runs a function while what the model consists of is taken as it was at the start. */
  async frozen<T>(run: () => Promise<T>): Promise<T> {
    const outer = this.#parts;
    this.#parts = this.#readParts();
    try {
      return await run();
    } finally {
      this.#parts = outer;
    }
  }

  /** Makes every weight, and what training keeps beside them, for data like a batch. */
  buildFor(batch: Batch, forTraining: boolean): void {
    this.#assertCompiled();
    const isBuilt = this.flattenLayers().every((layer) => layer.built);
    const isMeasured = this.#compileMetrics === null || this.#compileMetrics.built;
    const hasLosses = this.#compileLoss === null || this.#compileLoss.built;
    if (!isBuilt || !isMeasured || !hasLosses) this.#tryOn(batch, isMeasured);
    if (forTraining) this.optimizer!.build(this.trainableVariables);
  }

  /** Lets everything see what it will be given: in a dry run, or where code reads values, on the batch itself. */
  #tryOn(batch: Batch, isMeasured: boolean): void {
    const run = ([x, y, sampleWeight]: Batch): void => {
      const yPred = buildingForAnyBatch(() => this(x, TESTING));
      if (this.#compileMetrics !== null && !isMeasured) {
        this.#compileMetrics.updateState(y, yPred, sampleWeight);
        this.#compileMetrics.resetState();
      }
      this.#compileLoss?.compute(y, yPred, sampleWeight);
    };
    try {
      dryRun((input) => run(mapLeaves(batch, ({ spec }) => input(spec))));
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      withoutRecording(() => run(batch));
    }
  }

  // ---- Runs ----------------------------------------------------------------------------------------------------

  /**
   * Trains the model.
   *
   * @param x        inputs: tensors or numbers, samples along the first axis
   * @param y        labels, as many
   * @param options  `epochs`, `batchSize`, `verbose`, `callbacks`, `validationSplit`, `validationData`, `shuffle`, …
   * @returns        the metrics of every epoch
   * @throws {ValueError} the model is not compiled, or the data does not fit
   * @example
   * const model = new keras.Sequential([new keras.layers.Dense(1, { kernelInitializer: "zeros" })]);
   * model.compile({ optimizer: "sgd", loss: "mse" });
   * const history = await model.fit([[1], [2]], [[2], [4]], { epochs: 2, verbose: 0 });
   * history.history.loss[0] // 10
   */
  async fit(x: Data, y: Data | null = null, options: FitOptions = {}): Promise<History> {
    this.#assertCompiled();
    return fit(this, x, y, options);
  }

  /**
   * The loss and the metrics on data: a number if there is only the loss, else a list, or an object with `returnDict`.
   *
   * @throws {ValueError} the model is not compiled, or the data does not fit
   */
  async evaluate(x: Data, y: Data | null, options: EvaluateOptions & { returnDict: true }): Promise<Logs>;
  async evaluate(x: Data, y?: Data | null, options?: EvaluateOptions): Promise<any>;
  async evaluate(x: Data, y: Data | null = null, options: EvaluateOptions = {}): Promise<unknown> {
    this.#assertCompiled();
    const logs = await evaluate(this, x, y, options);
    return options.returnDict ? logs : this.#inOrder(logs);
  }

  /**
   * What the model gives for inputs, batch by batch.
   *
   * @example
   * const model = new keras.Sequential([new keras.layers.Dense(1, { kernelInitializer: "ones" })]);
   * (await model.predict([[1, 2], [3, 4]], { verbose: 0 })).array() // [ [ 3 ], [ 7 ] ]
   */
  async predict(x: Data, options: PredictOptions = {}): Promise<ReturnType<this["call"]>> {
    return (await predict(this, x, options)) as ReturnType<this["call"]>;
  }

  /** The metrics in the order of `metrics`; the only one alone. */
  #inOrder(logs: Logs): number | number[] {
    const names = this.metrics.flatMap((metric) =>
      metric instanceof CompileMetrics ? metric.parts.map(({ name }) => name) : [metric.name],
    );
    const rest = Object.keys(logs)
      .filter((name) => !names.includes(name))
      .sort();
    const values = [...names.filter((name) => name in logs), ...rest].map((name) => logs[name]!);
    return values.length === 1 ? values[0]! : values;
  }

  #oneBatch(x: Data, y: Data | null, sampleWeight: Data | null): Batch {
    return [asTensors(x, "x"), asTensors(y, "y"), asTensors(sampleWeight, "sampleWeight")];
  }

  /** Trains on one batch; gives the loss and the metrics of that batch. */
  trainOnBatch(
    x: Data,
    y: Data | null,
    options: BatchOptions & { classWeight?: ClassWeight; returnDict: true },
  ): Logs;
  trainOnBatch(x: Data, y?: Data | null, options?: BatchOptions & { classWeight?: ClassWeight }): any;
  trainOnBatch(
    x: Data,
    y: Data | null = null,
    options: BatchOptions & { classWeight?: ClassWeight } = {},
  ): unknown {
    this.#assertCompiled();
    const given = this.#oneBatch(x, y, options.sampleWeight ?? null);
    const batch = options.classWeight === undefined ? given : classWeights(given, options.classWeight);
    this.buildFor(batch, true);
    this.resetMetrics();
    const logs = plainLogs(this.runTrainStep(batch));
    return options.returnDict ? logs : this.#inOrder(logs);
  }

  /** The loss and the metrics of one batch. */
  testOnBatch(x: Data, y: Data | null, options: BatchOptions & { returnDict: true }): Logs;
  testOnBatch(x: Data, y?: Data | null, options?: BatchOptions): any;
  testOnBatch(x: Data, y: Data | null = null, options: BatchOptions = {}): unknown {
    this.#assertCompiled();
    const batch = this.#oneBatch(x, y, options.sampleWeight ?? null);
    this.buildFor(batch, false);
    this.resetMetrics();
    const logs = plainLogs(this.runTestStep(batch));
    return options.returnDict ? logs : this.#inOrder(logs);
  }

  /** What the model gives for one batch. */
  predictOnBatch(x: TensorLike | Data): ReturnType<this["call"]> {
    return this.runPredictStep([asTensors(x, "x"), null, null]) as ReturnType<this["call"]>;
  }

  // ---- Looking at it -------------------------------------------------------------------------------------------

  /**
   * Prints the layers, their output shapes and how many parameters they have.
   *
   * @param options  `lineLength`, `positions`, `printFn`, `expandNested`, `showTrainable`, `layerRange`
   */
  summary(options: SummaryOptions = {}): void {
    const text = summaryText(this, options);
    if (options.printFn !== undefined) options.printFn(text);
    else writeOutput(text);
  }

  /** What `compile` was given, as plain data; empty before. */
  getCompileConfig(): Config {
    if (!this.compiled) return {};
    const {
      loss = null,
      lossWeights = null,
      metrics = null,
      weightedMetrics = null,
      runEagerly = false,
    } = this.#compileOptions;
    return {
      optimizer: optimizers.serialize(this.optimizer!),
      loss,
      loss_weights: lossWeights,
      metrics,
      weighted_metrics: weightedMetrics,
      run_eagerly: runEagerly,
    };
  }

  override toJSON(): SerializedObject {
    const serialized = super.toJSON();
    if (this.compiled) serialized.compile_config = this.getCompileConfig();
    return serialized;
  }
}
