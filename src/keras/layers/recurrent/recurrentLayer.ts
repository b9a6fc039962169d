/**
 * @file Recurrent layers: a cell run over the time axis, with masks, states that are given, returned or kept.
 */
import { ValueError } from "../../../core/errors.js";
import { Operand, type Tensor, type TensorLike } from "../../../core/tensor.js";
import {
  cast,
  convertToTensor,
  expandDims,
  getItem,
  reverse,
  transpose,
  zerosLike,
} from "../../../ops/public.js";
import { toSnakeCase } from "../../base/naming.js";
import { withNameScope } from "../../base/scope.js";
import type { Config } from "../../base/serialization.js";
import type { LayerShape } from "../../base/shape.js";
import { Variable } from "../../base/variable.js";
import { InputSpec } from "../inputSpec.js";
import { type CallOptions, Layer, type LayerOptions } from "../layer.js";
import { configOf } from "../weightOptions.js";
import type { CellOptions, RecurrentCell } from "./cell.js";
import { lastOf, type Run, runMaskedSteps, runSteps } from "./runSteps.js";

/** The options that all recurrent layers share, beside those of their cell. */
export interface RecurrentLayerOptions extends LayerOptions {
  /** Whether to give the outputs of all steps rather than the last; default false. */
  returnSequences?: boolean;
  /** Whether to give the last states too, after the output; default false. */
  returnState?: boolean;
  /** Whether to go from the last step to the first, and give outputs in that order; default false. */
  goBackwards?: boolean;
  /** Whether each batch starts from the states that the one before ended with; default false. */
  stateful?: boolean;
  /** Part of Keras's configs; the results are the same either way. */
  unroll?: boolean;
  /** Whether masked steps give zeros rather than the output before; default false. */
  zeroOutputForMask?: boolean;
  /** Part of Keras's options; there is no cuDNN here. */
  useCudnn?: "auto" | false;
}

/** Names of the options above, beside those of every layer. */
const OWN_OPTIONS = [
  ...["returnSequences", "returnState", "goBackwards", "stateful", "unroll", "zeroOutputForMask"],
];

/** A class of cells, for the layers that are made of it. */
interface CellClass<Cell extends RecurrentCell> {
  new (options: any): Cell;
  readonly name: string;
  readonly optionNames: readonly string[];
}

/** Options taken apart: those of the cell, which has the layer's dtype, and those of the layer itself. */
function splitOptions<O extends LayerOptions>(
  options: O,
  { name, optionNames }: CellClass<RecurrentCell>,
): [cell: O, layer: O] {
  const entries = Object.entries(options);
  const { trainable, dtype } = options;
  const ofCell = Object.fromEntries(entries.filter(([option]) => optionNames.includes(option)));
  const own = Object.fromEntries(entries.filter(([option]) => !optionNames.includes(option)));
  return [{ ...ofCell, name: toSnakeCase(name), trainable, dtype } as O, own as O];
}

/** Base of SimpleRNN, LSTM and GRU. */
export abstract class RecurrentLayer<Cell extends RecurrentCell = RecurrentCell> extends Layer {
  readonly cell: Cell;
  readonly returnSequences: boolean;
  readonly returnState: boolean;
  readonly goBackwards: boolean;
  readonly stateful: boolean;
  readonly unroll: boolean;
  readonly zeroOutputForMask: boolean;
  /** What a stateful layer keeps from batch to batch; no weights, so they are not saved. */
  #states: Variable[] | null = null;

  /**
   * @param CellType  the class of what a step does
   * @param units     size of the output, or all options
   * @param settings  options of the cell and of the layer
   * @throws {ValueError} units is not a whole number above 0, or cuDNN is asked for
   */
  constructor(
    CellType: CellClass<Cell>,
    units: number | (CellOptions & RecurrentLayerOptions),
    settings: CellOptions & RecurrentLayerOptions,
  ) {
    const given = typeof units === "object" ? units : { ...settings, units };
    const [cellOptions, options] = splitOptions(given, CellType);
    // Before the layer takes a name, which a mistake in the cell's options must not use up.
    const cell = new CellType(cellOptions);
    super(options, [...OWN_OPTIONS, "useCudnn"]);
    this.cell = cell;
    this.returnSequences = options.returnSequences ?? false;
    this.returnState = options.returnState ?? false;
    this.goBackwards = options.goBackwards ?? false;
    this.stateful = options.stateful ?? false;
    this.unroll = options.unroll ?? false;
    this.zeroOutputForMask = options.zeroOutputForMask ?? false;
    this.supportsMasking = true;
    this.inputSpec = new InputSpec({ ndim: 3 });
    if (!["auto", false, undefined].includes(options.useCudnn as never)) {
      throw new ValueError(
        "use_cudnn=True was specified, but cuDNN is not supported for this layer configuration with this backend. " +
          "Pass use_cudnn='auto' to fallback to a non-cuDNN implementation.",
      );
    }
  }

  get units(): number {
    return this.cell.units;
  }

  /** The size of each state. */
  get stateSize(): readonly number[] {
    const { stateSize } = this.cell;
    return typeof stateSize === "number" ? [stateSize] : stateSize;
  }

  /** The states kept between batches; null unless stateful and built. */
  get states(): readonly Variable[] | null {
    return this.#states;
  }

  override build(inputShape: LayerShape): void {
    const [batchSize, , ...rest] = inputShape;
    if (!this.cell.built) this.cell.build([batchSize!, ...rest]);
    if (!this.stateful) return;
    if (this.#states !== null) {
      this.resetState();
      return;
    }
    if (typeof batchSize !== "number") {
      throw new ValueError(
        "When using `stateful=True` in a RNN, the batch size must be static. Found dynamic batch size: " +
          `sequence.shape=${JSON.stringify(inputShape)}`,
      );
    }
    this.#states = withNameScope(this.name, this, () =>
      this.cell
        .getInitialState(batchSize)
        .map((value) => new Variable(value, { trainable: false, name: "rnn_state" })),
    );
  }

  /** Sets the kept states to zero. */
  resetState(): void {
    for (const state of this.#states ?? []) state.assign(zerosLike(state));
  }

  /** The same as `resetState()`. */
  resetStates(): void {
    this.resetState();
  }

  /**
   * @param sequences  [batch, time, n]
   * @param options    `initialState`: one tensor for each state; `mask`: bool [batch, time]; `training`
   * @returns          [batch, units], or [batch, time, units] with returnSequences; a list with the states after it with
   *                   returnState
   */
  override call(sequences: Tensor, options: CallOptions = {}): any {
    const { training = false, mask = null } = options;
    const { initialState = null } = options as { initialState?: TensorLike | readonly TensorLike[] | null };
    const states = this.#firstStates(sequences.shape[0]!, initialState);
    const { outputs, states: last } = this.#run(sequences, states, mask, training);
    this.#states?.forEach((kept, i) => {
      kept.assign(last[i]!);
    });
    const output = this.returnSequences ? transpose(outputs, [1, 0, 2]) : getItem(outputs, [-1]);
    return this.returnState ? [output, ...last] : output;
  }

  #firstStates(batchSize: number, given: TensorLike | readonly TensorLike[] | null): readonly Tensor[] {
    const kept = this.#states;
    if (kept !== null && kept[0]!.shape[0] !== batchSize) {
      throw new ValueError(
        "If an RNN is stateful, the batch size of the input sequences must be the same as the batch size of the initial " +
          `state. \n- Expected batch size: ${kept[0]!.shape[0]}\n- Received batch size: ${batchSize}`,
      );
    }
    if (given === null) return kept?.map((state) => state.asTensor()) ?? this.cell.getInitialState(batchSize);
    // One state may come as it is: a list of numbers is a tensor.
    const isList = Array.isArray(given) && (this.stateSize.length > 1 || given[0] instanceof Operand);
    const list = (isList ? given : [given]) as readonly TensorLike[];
    if (list.length !== this.stateSize.length) {
      throw new ValueError(
        `Layer '${this.name}': expected ${this.stateSize.length} initial states, got ${list.length}`,
      );
    }
    return list.map((state) => cast(convertToTensor(state), this.computeDtype));
  }

  #run(sequences: Tensor, states: readonly Tensor[], mask: Tensor | null, training: boolean): Run {
    const [batchSize, , inputSize] = sequences.shape as [number, number, number];
    const inOrder = this.goBackwards ? reverse(sequences, 1) : sequences;
    // The decisions of dropout have a time axis of size 1: they hold for every step.
    const masks = this.cell.inputMasks([batchSize, 1, inputSize], training);
    const projected = transpose(this.cell.project(inOrder, masks), [1, 0, 2]);
    const step = this.cell.stepFunction(this.cell.recurrentMasks(batchSize, training));
    if (mask === null) return lastOf(runSteps(step, projected, states));
    const timeFirst = transpose(cast(mask, "bool"), [1, 0]);
    const kept = expandDims(this.goBackwards ? reverse(timeFirst, 0) : timeFirst, -1);
    return lastOf(runMaskedSteps(step, projected, states, kept, this.zeroOutputForMask));
  }

  override computeMask(_inputs: unknown, mask: Tensor | null): Tensor | null | readonly (Tensor | null)[] {
    const output = this.returnSequences ? mask : null;
    return this.returnState ? [output, ...this.stateSize.map(() => null)] : output;
  }

  /** With returnState a list: the output's shape, then those of the states. */
  override computeOutputShape(inputShape: LayerShape): any {
    const [batchSize, time] = inputShape;
    const output = this.returnSequences
      ? [batchSize, time, this.cell.outputSize]
      : [batchSize, this.cell.outputSize];
    return this.returnState ? [output, ...this.stateSize.map((size) => [batchSize, size])] : output;
  }

  /** Names of the options in the order in which configs have them; all are properties of the cell but one. */
  protected get configOrder(): readonly string[] {
    const { optionNames } = this.cell.constructor as typeof RecurrentCell;
    return withActivityRegularizer(optionNames);
  }

  override getConfig(): Config {
    const { activityRegularizer, configOrder } = this;
    return {
      ...super.getConfig(),
      ...configOf(this, OWN_OPTIONS),
      ...configOf({ ...pick(this.cell, configOrder), activityRegularizer }, configOrder),
    };
  }
}

/** Of a cell's options a layer's: with the penalty on its output, behind those on its weights. */
const withActivityRegularizer = (names: readonly string[]): string[] =>
  names.flatMap((name) => (name === "biasRegularizer" ? [name, "activityRegularizer"] : [name]));

const pick = (owner: object, names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(names.map((name) => [name, (owner as Record<string, unknown>)[name]]));
