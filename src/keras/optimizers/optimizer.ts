/**
 * @file Optimizers: how gradients change variables.
 */
import { toTensor } from "../../core/convert.js";
import type { DType } from "../../core/dtype.js";
import { ShapeError, ValueError } from "../../core/errors.js";
import { IndexedSlices } from "../../core/indexedSlices.js";
import type { Grad } from "../../core/op.js";
import { withoutRecording } from "../../core/recorder.js";
import { type Shape, sameShape } from "../../core/shape.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { TensorSpec } from "../../core/tensorSpec.js";
import type { Variable as CoreVariable } from "../../core/variable.js";
import {
  add,
  cast,
  divide,
  equal,
  fill,
  floordiv,
  floormod,
  multiply,
  pyFunction,
  square,
  subtract,
  where,
} from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { autoName } from "../base/naming.js";
import { showPythonNames, showPythonShape } from "../base/pythonText.js";
import { withNameScope } from "../base/scope.js";
import {
  type Config,
  optionsFromConfig,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import { Variable } from "../base/variable.js";
import { clipGradients } from "./gradients.js";
import { checkOptions, type LearningRateFunction, type OptimizerOptions } from "./optimizerOptions.js";

export type { LearningRateFunction, OptimizerOptions } from "./optimizerOptions.js";

/** What is the same for all variables in one step. */
export interface Step {
  readonly learningRate: Tensor;
  /** How many steps there were before this one. */
  readonly iterations: Tensor;
  /** The number of the step, counted from 1. */
  readonly number: Tensor;
}

/** One variable in one step, before it changes. */
export interface Change {
  /** In the variable's shape and dtype. */
  readonly gradient: Tensor;
  /**
   * The gradient's square where it is not just that: of a sparse gradient with rows that occur twice, Keras squares
   * each before it adds them up. Null otherwise.
   */
  readonly square: Tensor | null;
  readonly variable: Tensor;
  /** In the order of `slotGroups`. */
  readonly slots: readonly Tensor[];
  /** What `prepare` gave. */
  readonly prepared: readonly Tensor[];
}

/** New values of a variable and its slots. */
export interface Update {
  readonly variable: Tensor;
  readonly slots: readonly Tensor[];
}

/**
 * Base of optimizers. A subclass names the slots that each variable has and writes `update`, a function from tensors to
 * tensors.
 */
export abstract class Optimizer {
  readonly name: string;
  readonly weightDecay: number | null;
  readonly clipnorm: number | null;
  readonly clipvalue: number | null;
  readonly globalClipnorm: number | null;
  readonly useEma: boolean;
  readonly emaMomentum: number;
  readonly emaOverwriteFrequency: number | null;
  readonly lossScaleFactor: number | null;
  readonly gradientAccumulationSteps: number | null;
  built = false;

  readonly #iterations: Variable;
  #learningRate: Variable | LearningRateFunction;
  readonly #others: Variable[] = [];
  #places = new Map<CoreVariable, number>();
  #trainable: readonly CoreVariable[] = [];
  /** Slots of each variable, in the order of `slotGroups`, flat. */
  #slots: Variable[][] = [];
  #averages: Variable[] = [];
  #accumulators: Variable[] = [];
  #excluded: (variable: CoreVariable) => boolean = () => false;

  /** @throws {ValueError} a learning rate that is no number, several ways of clipping, numbers out of range */
  constructor(options: OptimizerOptions & { learningRate: number | LearningRateFunction }) {
    const { clipnorm = null, clipvalue = null, globalClipnorm = null } = options;
    checkOptions(options);
    this.name = options.name ?? autoName(this.constructor.name);
    this.weightDecay = options.weightDecay ?? null;
    this.clipnorm = clipnorm;
    this.clipvalue = clipvalue;
    this.globalClipnorm = globalClipnorm;
    this.useEma = options.useEma ?? false;
    this.emaMomentum = options.emaMomentum ?? 0.99;
    this.emaOverwriteFrequency = options.emaOverwriteFrequency ?? null;
    this.lossScaleFactor = options.lossScaleFactor ?? null;
    this.gradientAccumulationSteps = options.gradientAccumulationSteps ?? null;
    this.#iterations = this.#scoped(
      () => new Variable(0, { name: "iteration", dtype: "int32", trainable: false }),
    );
    const { learningRate } = options;
    this.#learningRate = typeof learningRate === "function" ? learningRate : this.#rateVariable(learningRate);
  }

  #scoped<T>(f: () => T): T {
    return withNameScope(this.name, this, f);
  }

  #rateVariable(value: number): Variable {
    return this.#scoped(
      () => new Variable(value, { name: "learning_rate", dtype: floatx(), trainable: false }),
    );
  }

  /** Slots of each variable, as groups; the variables of a group are made variable by variable. */
  protected slotGroups(): readonly (readonly string[])[] {
    return [];
  }

  /** Tensors that are the same for all variables of a dtype in one step. */
  protected prepare(step: Step, dtype: DType): readonly Tensor[] {
    return [cast(step.learningRate, dtype)];
  }

  /** New values from old ones. */
  protected abstract update(change: Change): Update;

  /** How many times variables were changed. */
  get iterations(): Variable | number {
    const every = this.gradientAccumulationSteps;
    return every === null ? this.#iterations : Math.floor(this.#iterations.item() / every);
  }

  /** The step size, as a variable: `optimizer.learningRate.item()`; set with a number or a function. */
  get learningRate(): Tensor | Variable {
    const rate = this.#learningRate;
    if (typeof rate !== "function") return rate;
    const scalar = new TensorSpec([], floatx());
    return pyFunction((iterations) => rate(iterations!.item()), [this.#iterations], scalar);
  }

  set learningRate(value: number | LearningRateFunction | TensorLike) {
    if (typeof value === "function") this.#learningRate = value;
    else if (this.#learningRate instanceof Variable) this.#learningRate.assign(value);
    else this.#learningRate = this.#rateVariable(toTensor(value).item());
  }

  /** The optimizer's own variables: iteration, learning rate, averages, accumulators, slots. */
  get variables(): Variable[] {
    const rate = this.#learningRate instanceof Variable ? [this.#learningRate] : [];
    return [this.#iterations, ...rate, ...this.#others];
  }

  /**
   * Makes a variable in the shape and dtype of another.
   *
   * @param reference  the variable it belongs to
   * @param name       what it is, the last part of its path
   */
  addVariableFromReference(reference: CoreVariable, name: string): Variable {
    const owner = reference instanceof Variable ? reference.path.replaceAll("/", "_") : reference.name;
    const { shape, dtype } = reference;
    const make = (s: Shape, d: DType): Tensor => fill(s, 0, d);
    const variable = this.#scoped(
      () => new Variable(make, { shape, dtype, name: `${owner}_${name}`, trainable: false }),
    );
    this.#others.push(variable);
    return variable;
  }

  /** Makes the slots of the variables that it will change. */
  build(variables: readonly CoreVariable[]): void {
    if (this.built) return;
    if (this.useEma) this.#averages = variables.map((v) => this.addVariableFromReference(v, "average"));
    if (this.gradientAccumulationSteps !== null) {
      this.#accumulators = variables.map((v) => this.addVariableFromReference(v, "gradient_accumulator"));
    }
    this.#places = new Map(variables.map((variable, i) => [variable, i]));
    this.#trainable = [...variables];
    this.#slots = variables.map(() => []);
    for (const group of this.slotGroups()) {
      variables.forEach((variable, i) => {
        for (const name of group) this.#slots[i]!.push(this.addVariableFromReference(variable, name));
      });
    }
    this.built = true;
  }

  /**
   * Changes variables by their gradients.
   *
   * @param gradientsAndVariables  pairs; a null gradient leaves its variable
   * @example
   * const w = new tf.Variable(1);
   * new keras.optimizers.SGD({ learningRate: 0.5 }).applyGradients([[tf.constant(1), w]]);
   * w.item() // 0.5
   */
  applyGradients(gradientsAndVariables: Iterable<readonly [Grad, CoreVariable]>): void {
    const pairs = [...gradientsAndVariables];
    this.apply(
      pairs.map(([gradient]) => gradient),
      pairs.map(([, variable]) => variable),
    );
  }

  /**
   * Changes variables by their gradients.
   *
   * @param gradients  one per variable; null leaves it
   * @param variables  default those the optimizer was built for
   * @throws {ValueError} no gradient at all, or a variable that the optimizer was not built for
   * @throws {ShapeError} a gradient has another shape than its variable
   */
  apply(gradients: readonly Grad[], variables?: readonly CoreVariable[]): void {
    if (gradients.length === 0) return;
    withoutRecording(() => {
      const targets = this.#targets(gradients, variables);
      const [given, kept] = withGradients(gradients, targets);
      const scale = this.lossScaleFactor;
      if (scale === null) this.#applyOrAccumulate(given, kept);
      else
        this.#applyOrAccumulate(
          given.map((gradient) => divide(gradient, scale)),
          kept,
        );
      for (const variable of kept) {
        if (!(variable instanceof Variable) || variable.constraint === null) continue;
        variable.assign(variable.constraint(variable.readValue()));
      }
      this.#iterations.assign(add(this.#iterations, 1));
    });
  }

  #targets(
    gradients: readonly Grad[],
    variables: readonly CoreVariable[] | undefined,
  ): readonly CoreVariable[] {
    if (variables === undefined) {
      if (!this.built) {
        throw new ValueError(
          "When passing `grads` without `variables`, the optimizer must already be built on a list of variables. " +
            "Call `optimizer.build(trainable_variables)` first. ",
        );
      }
      if (gradients.length !== this.#trainable.length) {
        throw new ValueError(
          "When passing `grads` as a list of gradient tensors, the gradients must match `optimizer.variables` " +
            `one-to-on. Received a list of ${gradients.length} gradients, but the optimizer is tracking ` +
            `${this.#trainable.length} trainable variables.`,
        );
      }
      return this.#trainable;
    }
    if (!this.built) this.build(variables);
    for (const variable of variables) if (!this.#places.has(variable)) throw unknownVariable(variable);
    return variables;
  }

  #applyOrAccumulate(gradients: (Tensor | IndexedSlices)[], variables: readonly CoreVariable[]): void {
    const every = this.gradientAccumulationSteps;
    if (every === null) this.#step(gradients, variables);
    else {
      const sums = variables.map((variable) => this.#accumulators[this.#places.get(variable)!]!);
      const totals = gradients.map((gradient, i) => add(gradient, sums[i]!));
      const isDue = equal(floormod(add(this.#iterations, 1), every), 0);
      this.#stepIf(isDue, totals, every, variables);
      sums.forEach((sum, i) => {
        sum.assign(where(isDue, fill(sum.shape, 0, sum.dtype), totals[i]!));
      });
    }
    if (this.useEma) this.#averageVariables();
  }

  /** A step with the mean of some gradients if it is time for one; a program computes it and keeps the old values if not. */
  #stepIf(isDue: Tensor, totals: readonly Tensor[], count: number, variables: readonly CoreVariable[]): void {
    const slots = variables.flatMap((variable) => this.#slots[this.#places.get(variable)!]!);
    const changed = [...variables, ...slots];
    const before = changed.map((variable) => variable.asTensor());
    this.#step(
      totals.map((total) => divide(total, count)),
      variables,
    );
    changed.forEach((variable, i) => {
      variable.assign(where(isDue, variable, before[i]!));
    });
  }

  #step(given: (Tensor | IndexedSlices)[], variables: readonly CoreVariable[]): void {
    const clips = this.clipnorm !== null || this.clipvalue !== null || this.globalClipnorm !== null;
    const gradients = clips
      ? clipGradients(
          given.map((gradient) => gradient.asTensor()),
          this,
        )
      : given;
    const every = this.gradientAccumulationSteps;
    const done = every === null ? this.#iterations.asTensor() : floordiv(this.#iterations, every);
    const step: Step = { learningRate: this.learningRate.asTensor(), iterations: done, number: add(done, 1) };
    this.#decayWeights(variables, step.learningRate);
    const prepared = new Map<DType, readonly Tensor[]>();
    for (let i = 0; i < variables.length; i++) {
      const variable = variables[i]!;
      const { dtype } = variable;
      let shared = prepared.get(dtype);
      if (shared === undefined) prepared.set(dtype, (shared = this.prepare(step, dtype)));
      const slots = this.#slots[this.#places.get(variable)!]!;
      const gradient = gradients[i]!;
      const updated = this.update({
        gradient: cast(gradient, dtype),
        square: gradient instanceof IndexedSlices ? squareOfRows(gradient) : null,
        variable: variable.asTensor(),
        slots: slots.map((slot) => slot.asTensor()),
        prepared: shared,
      });
      variable.assign(updated.variable);
      for (let k = 0; k < slots.length; k++) slots[k]!.assign(updated.slots[k]!);
    }
  }

  #decayWeights(variables: readonly CoreVariable[], learningRate: Tensor): void {
    const decay = this.weightDecay;
    if (decay === null) return;
    for (const variable of variables) {
      if (this.#excluded(variable)) continue;
      variable.assign(
        subtract(variable, multiply(multiply(variable, decay), cast(learningRate, variable.dtype))),
      );
    }
  }

  /**
   * Leaves variables out of weight decay; to be called before the first step.
   *
   * @param options  `varList`: variables; `varNames`: parts of names
   */
  excludeFromWeightDecay(options: { varList?: readonly CoreVariable[]; varNames?: readonly string[] }): void {
    if (this.built) {
      throw new ValueError(
        "`exclude_from_weight_decay()` can only be configured before the optimizer is built.",
      );
    }
    const list = new Set(options.varList ?? []);
    const parts = options.varNames ?? [];
    this.#excluded = (variable) =>
      list.has(variable) || parts.some((part) => new RegExp(part).test(variable.name));
  }

  #averageVariables(): void {
    const every = this.gradientAccumulationSteps;
    const count = every === null ? this.#iterations : floordiv(this.#iterations, every);
    const isFirst = equal(count, 0);
    const frequency = this.emaOverwriteFrequency;
    const overwrites = frequency === null ? null : equal(floormod(add(count, 1), frequency), 0);
    this.#averages.forEach((average, i) => {
      const variable = this.#trainable[i]!;
      const momentum = where(isFirst, cast(0, average.dtype), cast(this.emaMomentum, average.dtype));
      const rest = subtract(1, momentum);
      average.assign(add(multiply(momentum, average), multiply(rest, variable)));
      if (overwrites !== null) variable.assign(where(overwrites, average, variable));
    });
  }

  #putAverages(): void {
    this.#averages.forEach((average, i) => {
      this.#trainable[i]!.assign(average);
    });
  }

  /** What ends a training: moving averages, where they are kept, take the place of the variables. */
  finalizeVariableValues(_variables?: readonly CoreVariable[]): void {
    if (this.useEma && this.built) this.#putAverages();
  }

  /** The loss times `lossScaleFactor`. */
  scaleLoss(loss: Tensor): Tensor {
    return this.lossScaleFactor === null ? loss : multiply(loss, this.lossScaleFactor);
  }

  /**
   * Replaces the optimizer's variables, in the order of `variables`.
   *
   * @throws {ValueError} the optimizer is not built, or shapes differ
   */
  setWeights(weights: readonly TensorLike[]): void {
    if (!this.built) {
      throw new ValueError(
        "You are calling `set_weights()` on an optimizer that has not yet been built. Please call " +
          "`optimizer.build(trainable_variables)` to create the optimizer weights before calling `set_weights()`.",
      );
    }
    this.variables.forEach((variable, i) => {
      if (i < weights.length) variable.assign(cast(toTensor(weights[i]!, variable.dtype), variable.dtype));
    });
  }

  getConfig(): Config {
    const rate = this.#learningRate;
    return {
      name: this.name,
      learning_rate: rate instanceof Variable ? rate.item() : rate(this.#iterations.item()),
      weight_decay: this.weightDecay,
      clipnorm: this.clipnorm,
      global_clipnorm: this.globalClipnorm,
      clipvalue: this.clipvalue,
      use_ema: this.useEma,
      ema_momentum: this.emaMomentum,
      ema_overwrite_frequency: this.emaOverwriteFrequency,
      loss_scale_factor: this.lossScaleFactor,
      gradient_accumulation_steps: this.gradientAccumulationSteps,
    };
  }

  static fromConfig<T extends Optimizer>(this: new (options?: any) => T, config: Config): T {
    return new this(optionsFromConfig(config));
  }

  toJSON(): SerializedObject {
    return serializeObject(this);
  }

  toString(): string {
    return `<${this.constructor.name} name=${this.name}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}

const pathOf = (variable: CoreVariable): string =>
  variable instanceof Variable ? variable.path : variable.name;

const squareOfRows = ({ values, indices, denseShape }: IndexedSlices): Tensor =>
  new IndexedSlices(square(values), indices, denseShape).dense();

/** The gradients that are there, with their variables. */
function withGradients(
  gradients: readonly Grad[],
  variables: readonly CoreVariable[],
): [(Tensor | IndexedSlices)[], CoreVariable[]] {
  const given: (Tensor | IndexedSlices)[] = [];
  const kept: CoreVariable[] = [];
  const missing: string[] = [];
  variables.forEach((variable, i) => {
    const gradient = gradients[i];
    if (gradient === null || gradient === undefined) {
      missing.push(pathOf(variable));
      return;
    }
    const checked =
      gradient instanceof IndexedSlices ? gradient : toTensor(gradient, variable.dtype, "apply");
    if (!sameShape(checked.shape, variable.shape)) {
      throw new ShapeError(
        `apply: the gradient of variable '${pathOf(variable)}' has shape ${showPythonShape(checked.shape)}, ` +
          `expected ${showPythonShape(variable.shape)}`,
      );
    }
    given.push(checked);
    kept.push(variable);
  });
  if (given.length === 0) throw new ValueError("No gradients provided for any variable.");
  if (missing.length > 0) {
    console.warn(
      `Gradients do not exist for variables ${showPythonNames(missing)} when minimizing the loss. ` +
        "If using `model.compile()`, did you forget to provide a `loss` argument?",
    );
  }
  return [given, kept];
}

function unknownVariable(variable: CoreVariable): ValueError {
  return new ValueError(
    `Unknown variable: ${variable}. This optimizer can only be called for the variables it was originally built with. ` +
      "When working with a new set of variables, you should recreate a new optimizer instance.",
  );
}
