/**
 * @file Layers: objects that are called on tensors, and keep the variables that training changes.
 */
import { toTensor } from "../../core/convert.js";
import { type DType, isFloat, type TypedArray } from "../../core/dtype.js";
import { NablaError, ShapeError, ValueError } from "../../core/errors.js";
import { listenToReads, type Watchable } from "../../core/recorder.js";
import { sameShape, sizeOf } from "../../core/shape.js";
import { Operand, Tensor, type TensorLike } from "../../core/tensor.js";
import { flattenTree, packTree } from "../../core/tree.js";
import { Variable as CoreVariable } from "../../core/variable.js";
import { isOpen } from "../../ir/openSize.js";
import { cast, math } from "../../ops/public.js";
import { getMask, setMask } from "../base/annotations.js";
import { callable } from "../base/callable.js";
import { autoName } from "../base/naming.js";
import { showPythonShape } from "../base/pythonText.js";
import { withNameScope, withNameScopes } from "../base/scope.js";
import {
  type Config,
  optionsFromConfig,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { isStructure } from "../base/structure.js";
import { visitMembers } from "../base/tracking.js";
import { Variable } from "../base/variable.js";
import * as constraints from "../constraints/index.js";
import * as initializers from "../initializers/index.js";
import { Metric } from "../metrics/metric.js";
import { SeedGenerator } from "../random/seedGenerator.js";
import * as regularizers from "../regularizers/index.js";
import { collectLosses, penalizedWeights } from "./collectLosses.js";
import type { InputSpec } from "./inputSpec.js";
import { KerasTensor } from "./kerasTensor.js";
import {
  type CallOptions,
  checkName,
  checkOptionNames,
  dtypePolicy,
  functionalModel,
  type LayerCall,
  type LayerOptions,
  readDtype,
  type WeightOptions,
} from "./layerOptions.js";
import { lostMask, unreachedLayer, unreachedVariable } from "./layerTexts.js";
import { symbolicOutputShape } from "./symbolicShape.js";

export type { CallOptions, LayerOptions, WeightOptions } from "./layerOptions.js";

/** The layers whose `call` is running, outermost first. */
let running: readonly Layer[] = [];
let training = false;
/** Counts outermost calls: a loss belongs to the call in which it was added. */
let callNumber = 0;

/** Whether layers are being built for batches of any size. */
let anyBatch = false;

/** Runs a function; layers that are built meanwhile are built for batches of any size. */
export function buildingForAnyBatch<T>(f: () => T): T {
  const held = anyBatch;
  anyBatch = true;
  try {
    return f();
  } finally {
    anyBatch = held;
  }
}

const INFERENCE: CallOptions = Object.freeze({ training: false, mask: null });
const TRAINING: CallOptions = Object.freeze({ training: true, mask: null });

/**
 * Base of layers. A subclass makes its weights in `build(inputShape)` and computes in `call(inputs, options)`; its
 * instances are called like functions.
 *
 * @example
 * class Scale extends keras.Layer {
 *   build() { this.factor = this.addWeight({ name: "factor", initializer: "ones" }); }
 *   call(x) { return x.mul(this.factor); }
 * }
 * const scale = new Scale();
 * scale(tf.constant([1, 2])).array() // [ 1, 2 ]
 */
export abstract class Layer extends callable<LayerCall>() {
  declare readonly name: string;
  /** What is required of the input; null for nothing. */
  inputSpec: InputSpec | null = null;
  /** Whether the layer knows what to do with masks: default if it has a `computeMask` of its own. */
  supportsMasking = this.computeMask !== Layer.prototype.computeMask;
  readonly autocast: boolean;
  readonly activityRegularizer: ((x: TensorLike) => Tensor) | null;
  readonly dtype: DType;

  #built = false;
  #buildShape: LayerShape | null = null;
  #trainable: boolean;
  readonly #ownVariables = new Set<CoreVariable>();
  readonly #reached = new WeakSet<Watchable | Layer>();
  #losses: Tensor[] = [];
  #lossesOf = -1;
  #lastCall = -1;

  /**
   * @param options      the settings that all layers have
   * @param ownSettings  names of options that the subclass takes beside them
   * @throws {ValueError} an option that nothing knows, a name with a slash
   */
  constructor(options: LayerOptions = {}, ownSettings: readonly string[] = []) {
    super();
    const className = this.constructor.name;
    checkOptionNames(options, ownSettings, className);
    const name = options.name ?? autoName(className);
    checkName(name);
    Object.defineProperty(this, "name", {
      value: name,
      enumerable: false,
      writable: false,
      configurable: true,
    });
    this.dtype = readDtype(options.dtype);
    this.autocast = options.autocast ?? true;
    this.activityRegularizer = regularizers.get(options.activityRegularizer);
    this.#trainable = options.trainable ?? true;
    // Whoever calls `build` gets the same care as the first call of the layer: name scope, built, the shape noted.
    const { build } = this;
    const buildOnce = (inputShape: LayerShape): void => {
      this.#buildShape = inputShape;
      withNameScope(name, this, () => build.call(this, inputShape));
      this.#built = true;
    };
    Object.defineProperty(this, "build", {
      value: buildOnce,
      enumerable: false,
      writable: true,
      configurable: true,
    });
  }

  /** Whether the weights have been made. */
  get built(): boolean {
    return this.#built;
  }

  set built(value: boolean) {
    this.#built = value;
  }

  /** The shape that the layer was built for. */
  get buildShape(): LayerShape | null {
    return this.#buildShape;
  }

  /** Whether training changes the weights; setting it sets that of all sublayers. */
  get trainable(): boolean {
    return this.#trainable;
  }

  set trainable(value: boolean) {
    this.#trainable = value;
    for (const variable of this.#own())
      if (isOwnTrainable(variable)) (variable as Variable).trainable = value;
    for (const layer of this.sublayers) layer.trainable = value;
  }

  /** The shape of the output, where a model has worked it out. */
  outputShapeNote: LayerShape | null = null;

  /** The float type that the layer computes in. */
  get computeDtype(): DType {
    return this.dtype;
  }

  /** The float type of its weights. */
  get variableDtype(): DType {
    return this.dtype;
  }

  // ---- What a subclass writes ----------------------------------------------------------------------------------

  /** Makes the weights, once the shape of the input is known. */
  build(_inputShape: LayerShape): void {}

  /** Computes the output. */
  override call(_inputs: any, _options?: CallOptions): any {
    throw new NablaError(`Layer ${this.constructor.name} does not have a \`call()\` method implemented.`);
  }

  /**
   * The shape of the output. For layers that do not say it, two dry runs tell which sizes vary.
   *
   * @throws {NablaError} the layer gives no tensor
   */
  computeOutputShape(inputShape: LayerShape): LayerShape {
    return symbolicOutputShape(this, inputShape);
  }

  /** The mask of the output from that of the input; a list where the output is one. */
  computeMask(_inputs: any, previousMask: Tensor | null): Tensor | null | readonly (Tensor | null)[] {
    return previousMask;
  }

  // ---- Calls ---------------------------------------------------------------------------------------------------

  /**
   * Calls the layer: input to the layer's dtype, weights made if need be, `call`.
   *
   * @throws {ValueError} the input is not what the layer requires; a weight is used that the layer does not hold
   */
  protected override invoke(inputs: unknown, given: unknown): unknown {
    const options = given as CallOptions | undefined;
    const x = this.#convert(inputs);
    if (this.inputSpec !== null && x instanceof Tensor) this.inputSpec.check(x.shape, this.name);
    if (!this.#built) this.#buildFor(x);
    return running.length === 0 ? this.#callOutermost(x, options) : this.#callInside(x, options);
  }

  #callOutermost(x: unknown, options: CallOptions | undefined): unknown {
    callNumber++;
    return listenToReads(checkRead, () => this.#run(x, options, options?.training ?? false));
  }

  #callInside(x: unknown, options: CallOptions | undefined): unknown {
    checkReached(this);
    return this.#run(x, options, options?.training ?? training);
  }

  #run(x: unknown, options: CallOptions | undefined, isTraining: boolean): unknown {
    const held = [running, training] as const;
    running = [...running, this];
    training = isTraining;
    this.#lastCall = callNumber;
    try {
      const mask = options?.mask ?? getMask(x) ?? null;
      const outputs = this.call(x, callOptions(options, isTraining, mask));
      if (this.activityRegularizer !== null) this.#penalizeActivity(outputs);
      if (this.supportsMasking) this.#passMask(x, mask, outputs);
      else if (mask !== null) console.warn(lostMask(this));
      return outputs;
    } finally {
      [running, training] = held;
    }
  }

  /** Float inputs in the layer's dtype; numbers and lists as tensors. */
  #convert(inputs: unknown): unknown {
    if (inputs instanceof Tensor && (inputs.dtype === this.dtype || !this.#mayCast(inputs))) return inputs;
    return this.#convertSlowly(inputs);
  }

  #mayCast(x: Operand): boolean {
    return this.autocast && isFloat(x.dtype) && isFloat(this.dtype);
  }

  #convertSlowly(inputs: unknown): unknown {
    if (inputs instanceof KerasTensor) throw functionalModel(this.name);
    if (inputs instanceof Operand)
      return this.#mayCast(inputs) ? recast(inputs.asTensor(), this.dtype) : inputs.asTensor();
    if (!isStructure(inputs))
      return this.#convertSlowly(toTensor(inputs as TensorLike, undefined, this.name));
    return packTree(
      inputs,
      flattenTree(inputs).map((leaf) => this.#convertSlowly(leaf)),
    );
  }

  #buildFor(x: unknown): void {
    const shapeOf = (leaf: unknown): LayerShape => {
      const shape = (leaf as Tensor).shape.map((size) => (isOpen(size) ? null : size));
      return anyBatch && shape.length > 0 ? [null, ...shape.slice(1)] : shape;
    };
    const shapes = x instanceof Tensor ? shapeOf(x) : packTree(x, flattenTree(x).map(shapeOf));
    withNameScopes(running, () => this.buildInCall(shapes as LayerShape));
  }

  /** Builds the layer when it is first called. */
  protected buildInCall(inputShape: LayerShape): void {
    this.build(inputShape);
  }

  /** Notes that the weights exist, or will once the call under way is over. */
  protected markBuilt(inputShape: LayerShape): void {
    this.#buildShape = inputShape;
    this.#built = true;
  }

  #penalizeActivity(outputs: unknown): void {
    for (const output of flattenTree(outputs)) {
      if (!(output instanceof Tensor)) continue;
      const penalty = this.activityRegularizer!(output);
      this.addLoss(output.rank > 0 ? math.divideNoNan(penalty, output.shape[0]!) : penalty);
    }
  }

  #passMask(inputs: unknown, mask: Tensor | null, outputs: unknown): void {
    const next = this.computeMask(inputs, mask);
    if (next === null) return;
    const masks = Array.isArray(next) ? next : [next];
    flattenTree(outputs).forEach((output, i) => {
      const own = masks[i] ?? null;
      if (own !== null && output instanceof Tensor && getMask(output) === undefined) setMask(output, own);
    });
  }

  // ---- Weights -------------------------------------------------------------------------------------------------

  /**
   * Makes a weight of the layer.
   *
   * @example
   * const layer = new keras.layers.Identity();
   * layer.addWeight({ name: "w", shape: [2], initializer: "ones" }).array() // [ 1, 1 ]
   */
  addWeight(options: WeightOptions = {}): Variable {
    this.#own();
    const dtype = options.dtype ?? this.variableDtype;
    const initializer = initializers.get(
      options.initializer ?? (isFloat(dtype) ? "glorot_uniform" : "zeros"),
    );
    const { shape = [], name } = options;
    const isTrainable = options.trainable ?? true;
    const variable = withNameScopes(
      [...running, this],
      () => new Variable((s, d) => initializer(s, d), { shape, dtype, name, trainable: isTrainable }),
    );
    variable.regularizer = regularizers.get(options.regularizer);
    variable.constraint = constraints.get(options.constraint);
    this.#ownVariables.add(variable);
    if (isTrainable) noteTrainable(variable);
    if (!this.#trainable) variable.trainable = false;
    return variable;
  }

  /** The layer's own variables: those made by `addWeight`, and those its properties hold. */
  #own(): Iterable<CoreVariable> {
    visitMembers(this, (member) => {
      if (!(member instanceof CoreVariable) || this.#ownVariables.has(member)) return;
      this.#ownVariables.add(member);
      if (member.trainable) noteTrainable(member);
    });
    return this.#ownVariables;
  }

  /** The layers that the properties hold, directly or in lists, objects, maps and sets. */
  get sublayers(): Layer[] {
    const found = new Set<Layer>();
    visitMembers(this, (member) => {
      if (member instanceof Layer && member !== this) found.add(member);
    });
    return [...found];
  }

  /** This layer and all below it, each once. */
  flattenLayers(): Layer[] {
    const found = new Set<Layer>();
    const visit = (layer: Layer): void => {
      if (found.has(layer)) return;
      found.add(layer);
      for (const inner of layer.sublayers) visit(inner);
    };
    visit(this);
    return [...found];
  }

  /** Every variable once; seeds' states too unless only weights are wanted. */
  #collect(withSeeds: boolean): CoreVariable[] {
    const found = new Set<CoreVariable>();
    const visit = (layer: Layer): void => {
      const own = [...layer.#own()];
      for (const variable of own) if (isOwnTrainable(variable)) found.add(variable);
      for (const variable of own) if (!isOwnTrainable(variable)) found.add(variable);
      if (withSeeds) for (const seeds of layer.#seedGenerators()) found.add(seeds.state);
      for (const inner of layer.sublayers) visit(inner);
    };
    visit(this);
    return [...found];
  }

  #seedGenerators(): SeedGenerator[] {
    const found = new Set<SeedGenerator>();
    visitMembers(this, (member) => {
      if (member instanceof SeedGenerator) found.add(member);
    });
    return [...found];
  }

  /** All variables: weights, and the states of seed generators. */
  get variables(): Variable[] {
    return this.#collect(true) as Variable[];
  }

  /** The variables that training changes; none if the layer is not trainable. */
  get trainableVariables(): Variable[] {
    return this.#trainable ? this.variables.filter((variable) => variable.trainable) : [];
  }

  /** The variables that training leaves alone. */
  get nonTrainableVariables(): Variable[] {
    return this.#trainable ? this.variables.filter((variable) => !variable.trainable) : this.variables;
  }

  /** The variables without the states of seed generators. */
  get weights(): Variable[] {
    return this.#collect(false) as Variable[];
  }

  /** The weights that training changes. */
  get trainableWeights(): Variable[] {
    return this.#trainable ? this.weights.filter((variable) => variable.trainable) : [];
  }

  /** The weights that training leaves alone. */
  get nonTrainableWeights(): Variable[] {
    return this.#trainable ? this.weights.filter((variable) => !variable.trainable) : this.weights;
  }

  /** The metrics that the layer's properties hold, and those of its sublayers. */
  get metrics(): Metric[] {
    const found = new Set<Metric>();
    for (const layer of this.flattenLayers()) {
      visitMembers(layer, (member) => {
        if (member instanceof Metric) found.add(member);
      });
    }
    return [...found];
  }

  /** Copies of the weights, as tensors. */
  getWeights(): Tensor[] {
    return this.weights.map((variable) => new Tensor(variable.storage.slice(), variable.asTensor().spec));
  }

  /**
   * Replaces the weights, in the order of `getWeights()`.
   *
   * @throws {ValueError} another number of weights
   * @throws {ShapeError} another shape
   */
  setWeights(weights: readonly (TensorLike | TypedArray)[]): void {
    const variables = this.weights;
    if (variables.length !== weights.length) {
      throw new ValueError(
        `You called \`set_weights(weights)\` on layer '${this.name}' with a weight list of length ` +
          `${weights.length}, but the layer was expecting ${variables.length} weights.`,
      );
    }
    const values = variables.map((variable, i) => {
      const value = toTensor(weights[i]!, variable.dtype, "setWeights");
      if (sameShape(value.shape, variable.shape)) return cast(value, variable.dtype);
      throw new ShapeError(
        `Layer ${this.name} weight shape ${showPythonShape(variable.shape)} is not compatible with provided weight ` +
          `shape ${showPythonShape(value.shape)}.`,
      );
    });
    variables.forEach((variable, i) => {
      variable.assign(values[i]!);
    });
  }

  /**
   * How many numbers the weights are.
   *
   * @throws {ValueError} the weights have not been made
   */
  countParams(): number {
    if (!this.#built) {
      throw new ValueError(
        `You tried to call \`count_params\` on layer '${this.name}', but the layer isn't built. ` +
          "You can build it manually via: `layer.build(input_shape)`.",
      );
    }
    return this.weights.reduce((count, variable) => count + sizeOf(variable.shape), 0);
  }

  // ---- Losses --------------------------------------------------------------------------------------------------

  /** Adds a scalar, or several, to the loss of the call under way. */
  addLoss(loss: Tensor | readonly Tensor[]): void {
    if (this.#lossesOf !== callNumber) this.#losses = [];
    this.#lossesOf = callNumber;
    this.#lastCall = callNumber;
    this.#losses.push(...(Array.isArray(loss) ? loss : [loss as Tensor]));
  }

  /** What was added in the layer's last call, and the penalties on its weights. */
  get losses(): Tensor[] {
    return collectLosses(this.flattenLayers(), this.#lastCall, penalizedWeights(this));
  }

  /** What the layer itself added in one outermost call. */
  lossesAddedIn(call: number): readonly Tensor[] {
    return this.#lossesOf === call ? this.#losses : [];
  }

  /** Which outermost call ran the layer last. */
  get lastCall(): number {
    return this.#lastCall;
  }

  // ---- Reach ---------------------------------------------------------------------------------------------------

  /** Whether the layer's properties lead to a variable or a layer. */
  reaches(target: Watchable | Layer): boolean {
    if (this.#reached.has(target)) return true;
    const found =
      target instanceof Layer
        ? this.flattenLayers().includes(target)
        : this.#collect(true).includes(target as CoreVariable);
    if (found) this.#reached.add(target);
    return found;
  }

  // ---- Plain data ----------------------------------------------------------------------------------------------

  /** The settings, in Python's spelling. */
  getConfig(): Config {
    const config: Config = { name: this.name, trainable: this.#trainable, dtype: dtypePolicy(this.dtype) };
    const { activityRegularizer } = this;
    if (activityRegularizer instanceof regularizers.Regularizer) {
      config["activity_regularizer"] = regularizers.serialize(activityRegularizer);
    }
    return config;
  }

  /** A layer from what `getConfig` gives. */
  static fromConfig<T extends Layer>(this: new (...args: any[]) => T, config: Config): T {
    return new this(optionsFromConfig(config));
  }

  toJSON(): SerializedObject {
    const serialized = serializeObject(this);
    if (this.#buildShape !== null) serialized.build_config = { input_shape: this.#buildShape };
    return serialized;
  }

  override toString(): string {
    return `<${this.constructor.name} name=${this.name}, built=${this.#built ? "True" : "False"}>`;
  }
}

/** Variables that were trainable when their layer got them: only these follow the layer's `trainable`. */
const trainableByBirth = new WeakSet<CoreVariable>();
const noteTrainable = (variable: CoreVariable): void => {
  trainableByBirth.add(variable);
};
const isOwnTrainable = (variable: CoreVariable): boolean => trainableByBirth.has(variable);

/** The options that `call` gets; one shared object where nothing was said. */
function callOptions(
  options: CallOptions | undefined,
  isTraining: boolean,
  mask: Tensor | null,
): CallOptions {
  if (options === undefined && mask === null) return isTraining ? TRAINING : INFERENCE;
  return { ...options, training: isTraining, mask };
}

/** A variable read while a layer runs must be one that training can find. */
function checkRead(variable: Watchable): void {
  if (!variable.trainable || running.some((layer) => layer.reaches(variable))) return;
  throw unreachedVariable(running.at(-1)!);
}

/** A layer with weights that runs inside another must be one that training can find. */
function checkReached(layer: Layer): void {
  for (let i = running.length - 1; i >= 0; i--) if (running[i]!.reaches(layer)) return;
  if (layer.trainableVariables.length > 0) throw unreachedLayer(running.at(-1)!, layer);
}

function recast(x: Tensor, dtype: DType): Tensor {
  const mask = getMask(x);
  const converted = cast(x, dtype);
  return mask === undefined || converted === x ? converted : setMask(converted, mask);
}
