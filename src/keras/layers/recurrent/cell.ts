/**
 * @file Cells: what a recurrent layer does at one step. The inputs meet their kernel for all steps at once, before.
 */
import { ValueError } from "../../../core/errors.js";
import type { Tensor } from "../../../core/tensor.js";
import { add, concat, fill, multiply, split } from "../../../ops/public.js";
import * as activations from "../../activations/index.js";
import type { Config } from "../../base/serialization.js";
import type { LayerShape } from "../../base/shape.js";
import type { Variable } from "../../base/variable.js";
import type * as constraints from "../../constraints/index.js";
import type * as initializers from "../../initializers/index.js";
import { dropout } from "../../random/draw.js";
import { SeedGenerator } from "../../random/seedGenerator.js";
import type * as regularizers from "../../regularizers/index.js";
import { lastAxisProduct } from "../lastAxisProduct.js";
import { type CallOptions, Layer, type LayerOptions } from "../layer.js";
import {
  type BiasOptions,
  configOf,
  isPositiveInteger,
  type KernelOptions,
  readWeightOptions,
  type WeightConstraint,
  type WeightInitializer,
  type WeightRegularizer,
  weightOptions,
} from "../weightOptions.js";

/** The options that all recurrent cells share. */
export interface CellOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Size of the output and of each state, where it is not given first. */
  units?: number;
  /** Default "tanh". */
  activation?: activations.ActivationLike;
  /** Default "orthogonal". */
  recurrentInitializer?: initializers.InitializerLike;
  recurrentRegularizer?: regularizers.RegularizerLike;
  recurrentConstraint?: constraints.ConstraintLike;
  /** Share of the inputs set to zero in training, the same at every step; default 0. */
  dropout?: number;
  /** Share of the states set to zero where they enter the product, the same at every step; default 0. */
  recurrentDropout?: number;
  /** A whole number: the same decisions every time the program runs. */
  seed?: number | null;
}

/** Of cells with gates. */
export interface GatedCellOptions extends CellOptions {
  /** Of the gates; default "sigmoid". */
  recurrentActivation?: activations.ActivationLike;
}

/** Names of the weights' options, in the order in which configs have them. */
export const CELL_WEIGHTS: readonly string[] = [
  ...["kernelInitializer", "recurrentInitializer", "biasInitializer"],
  ...["kernelRegularizer", "recurrentRegularizer", "biasRegularizer"],
  ...["kernelConstraint", "recurrentConstraint", "biasConstraint"],
];

/** Factors of 0 or 1 / (1 − rate) for what enters a product: none, one for all gates, or one for each gate. */
export type DropoutMasks = readonly Tensor[] | null;

/** One step: from the projected inputs and the states to the next states, the output first. */
export type Step = (projected: Tensor, states: readonly Tensor[]) => Tensor[];

/** Base of the cells of SimpleRNN, LSTM and GRU: weights, dropout, and the product of the inputs. */
export abstract class RecurrentCell extends Layer {
  /** Names of a cell's options beside those of every layer, in the order in which configs have them. */
  static readonly optionNames: readonly string[];
  readonly units: number;
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly seed: number | null;
  readonly seedGenerator: SeedGenerator;
  declare readonly kernelInitializer: WeightInitializer;
  declare readonly recurrentInitializer: WeightInitializer;
  declare readonly biasInitializer: WeightInitializer;
  declare readonly kernelRegularizer: WeightRegularizer;
  declare readonly recurrentRegularizer: WeightRegularizer;
  declare readonly biasRegularizer: WeightRegularizer;
  declare readonly kernelConstraint: WeightConstraint;
  declare readonly recurrentConstraint: WeightConstraint;
  declare readonly biasConstraint: WeightConstraint;
  /** Made when the cell is built: [inputs, gates · units]. */
  declare kernel: Variable;
  /** Made when the cell is built: [units, gates · units]. */
  declare recurrentKernel: Variable;
  /** Made when the cell is built; null without bias. */
  declare bias: Variable | null;

  /** How many products of the inputs, and of the state, a step needs. */
  protected abstract get gates(): number;
  /** The size of each state: of one, a number; of several, a list. */
  abstract get stateSize(): number | readonly number[];

  /** @throws {ValueError} units is not a whole number above 0 */
  constructor(units: number | CellOptions, options: CellOptions) {
    const settings = typeof units === "object" ? units : { ...options, units };
    super(settings, new.target.optionNames);
    if (!isPositiveInteger(settings.units)) {
      throw new ValueError(
        `Received an invalid value for argument \`units\`, expected a positive integer, got ${settings.units}.`,
      );
    }
    this.units = settings.units;
    this.activation = activations.get(settings.activation === undefined ? "tanh" : settings.activation);
    this.useBias = settings.useBias ?? true;
    readWeightOptions(this, settings, { kernel: "glorot_uniform", recurrent: "orthogonal", bias: "zeros" });
    this.dropout = share(settings.dropout);
    this.recurrentDropout = share(settings.recurrentDropout);
    this.seed = settings.seed ?? null;
    this.seedGenerator = new SeedGenerator(this.seed);
  }

  get outputSize(): number {
    return this.units;
  }

  override build(inputShape: LayerShape): void {
    const inputs = inputShape.at(-1);
    if (typeof inputs !== "number") {
      throw new ValueError(
        `${this.constructor.name} '${this.name}': the size of the last axis must be known, got ${JSON.stringify(inputShape)}`,
      );
    }
    const columns = this.gates * this.units;
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [inputs, columns],
      ...weightOptions(this, "kernel"),
    });
    this.recurrentKernel = this.addWeight({
      name: "recurrent_kernel",
      shape: [this.units, columns],
      ...weightOptions(this, "recurrent"),
    });
    this.bias = this.useBias ? this.addBias() : null;
  }

  protected addBias(): Variable {
    return this.addWeight({
      name: "bias",
      shape: [this.gates * this.units],
      ...weightOptions(this, "bias"),
    });
  }

  /** Zeros for every state. */
  getInitialState(batchSize: number): Tensor[] {
    const sizes = typeof this.stateSize === "number" ? [this.stateSize] : this.stateSize;
    return sizes.map((size) => fill([batchSize, size], 0, this.computeDtype));
  }

  /** Inputs times kernel, plus the bias that belongs there: of one step [batch, n], or of all [batch, time, n]. */
  project(inputs: Tensor, masks: DropoutMasks): Tensor {
    const product = maskedProduct(inputs, this.kernel, masks);
    const bias = this.inputBias();
    return bias === null ? product : add(product, bias);
  }

  protected inputBias(): Tensor | Variable | null {
    return this.bias;
  }

  /** What each step does; what is the same at every step is computed here. */
  abstract stepFunction(recurrentMasks: DropoutMasks): Step;

  /** Decisions for the inputs of every step, which have the given shape. */
  inputMasks(shape: readonly number[], training: boolean): DropoutMasks {
    return training ? this.#masks(shape, this.dropout) : null;
  }

  /** Decisions for the states of every step. */
  recurrentMasks(batchSize: number, training: boolean): DropoutMasks {
    return training ? this.#masks([batchSize, this.units], this.recurrentDropout) : null;
  }

  /** With dropout of the states every gate has decisions of its own, as in Keras. */
  #masks(shape: readonly number[], rate: number): DropoutMasks {
    if (rate === 0 || rate === 1) return null;
    const count = this.recurrentDropout === 0 ? 1 : this.gates;
    const ones = fill(shape, 1, this.computeDtype);
    return Array.from({ length: count }, () => dropout(ones, rate, { seed: this.seedGenerator }));
  }

  /**
   * One step on its own: `cell(x, { states })` gives the output and the next states.
   *
   * @param inputs   [batch, n]
   * @param options  `states`, `training`
   * @throws {ValueError} no states
   */
  override call(inputs: Tensor, options: CallOptions = {}): [Tensor, Tensor[]] {
    const { states, training = false } = options as CallOptions & { states?: readonly Tensor[] };
    if (!Array.isArray(states)) {
      throw new ValueError(
        `${this.constructor.name} '${this.name}': call it with its states: cell(x, { states: cell.getInitialState(n) })`,
      );
    }
    const projected = this.project(inputs, this.inputMasks(inputs.shape, training));
    const step = this.stepFunction(this.recurrentMasks(inputs.shape[0]!, training));
    const next = step(projected, states);
    return [next[0]!, next];
  }

  override getConfig(): Config {
    const { optionNames } = this.constructor as typeof RecurrentCell;
    return { ...super.getConfig(), ...configOf(this, optionNames) };
  }
}

/** Base of the cells of LSTM and GRU. */
export abstract class GatedCell extends RecurrentCell {
  readonly recurrentActivation: activations.Activation;

  constructor(units: number | GatedCellOptions, options: GatedCellOptions) {
    super(units, options);
    const { recurrentActivation = "sigmoid" } = typeof units === "object" ? units : options;
    this.recurrentActivation = activations.get(recurrentActivation);
  }
}

/** A share, kept between 0 and 1. */
const share = (value = 0): number => Math.min(1, Math.max(0, value));

/** x · kernel, where each gate's columns may have inputs masked in a way of their own. */
export function maskedProduct(x: Tensor, kernel: Variable | Tensor, masks: DropoutMasks): Tensor {
  if (masks === null) return lastAxisProduct(x, kernel);
  if (masks.length === 1) return lastAxisProduct(multiply(x, masks[0]!), kernel);
  const gates = split(kernel, masks.length, 1);
  return concat(
    masks.map((mask, i) => lastAxisProduct(multiply(x, mask), gates[i]!)),
    -1,
  );
}
