/**
 * @file Long short-term memory.
 */
import type { DType } from "../../../core/dtype.js";
import type { Tensor } from "../../../core/tensor.js";
import { add, concat, multiply, ones, split } from "../../../ops/public.js";
import type { Variable } from "../../base/variable.js";
import { weightOptions } from "../weightOptions.js";
import {
  CELL_WEIGHTS,
  type DropoutMasks,
  GatedCell,
  type GatedCellOptions,
  maskedProduct,
  type Step,
} from "./cell.js";
import { RecurrentLayer, type RecurrentLayerOptions } from "./recurrentLayer.js";

export interface LSTMCellOptions extends GatedCellOptions {
  /** Whether the forget gate's bias starts at 1; default true. */
  unitForgetBias?: boolean;
}

export type LSTMOptions = LSTMCellOptions & RecurrentLayerOptions;

/**
 * One step of an LSTM: with z = x · kernel + h · recurrentKernel + bias, in four parts i, f, c, o of `units` columns,
 *
 * c′ = σ(f) · c + σ(i) · tanh(z_c) and h′ = σ(o) · tanh(c′).
 *
 * @example
 * const cell = new keras.layers.LSTMCell(2, { kernelInitializer: "zeros" });
 * const [output, states] = cell(tf.zeros([1, 3]), { states: cell.getInitialState(1) });
 * output.array() // [ [ 0, 0 ] ]
 * states.length // 2
 */
export class LSTMCell extends GatedCell {
  static override readonly optionNames: readonly string[] = [
    ...["units", "activation", "recurrentActivation", "useBias", "unitForgetBias", ...CELL_WEIGHTS],
    ...["dropout", "recurrentDropout", "seed"],
  ];
  readonly unitForgetBias: boolean;

  /**
   * @param units    size of the output and of both states, or all options
   * @param options  `activation`, `recurrentActivation`, `useBias`, `unitForgetBias`, `dropout`, `recurrentDropout`, …
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | LSTMCellOptions, options: LSTMCellOptions = {}) {
    super(units, options);
    const { unitForgetBias } = typeof units === "object" ? units : options;
    this.unitForgetBias = unitForgetBias ?? true;
  }

  get stateSize(): readonly number[] {
    return [this.units, this.units];
  }

  protected get gates(): number {
    return 4;
  }

  protected override addBias(): Variable {
    const { units } = this;
    const own = weightOptions(this, "bias");
    const start = this.biasInitializer;
    const withForget = (_: readonly number[], dtype: DType): Tensor =>
      concat([start([units], dtype), ones([units], dtype), start([2 * units], dtype)]);
    return this.addWeight({
      ...own,
      name: "bias",
      shape: [4 * units],
      initializer: this.unitForgetBias ? withForget : start,
    });
  }

  stepFunction(masks: DropoutMasks): Step {
    const { activation, recurrentActivation, recurrentKernel } = this;
    return (projected, [h, c]) => {
      const z = add(projected, maskedProduct(h!, recurrentKernel, masks));
      const [input, forget, candidate, output] = split(z, 4, 1) as [Tensor, Tensor, Tensor, Tensor];
      const carry = add(
        multiply(recurrentActivation(forget), c!),
        multiply(recurrentActivation(input), activation(candidate)),
      );
      return [multiply(recurrentActivation(output), activation(carry)), carry];
    };
  }
}

/**
 * Long short-term memory over a sequence.
 *
 * Input [batch, time, n]; output [batch, units], or [batch, time, units] with `returnSequences`. Called with
 * `{ initialState: [h, c] }` it starts from there; a mask (bool [batch, time]) makes it pass over steps.
 *
 * @example
 * const lstm = new keras.layers.LSTM(4, { returnSequences: true, returnState: true });
 * const [sequence, h, c] = lstm(tf.ones([2, 10, 8]));
 * [sequence.shape, h.shape, c.shape] // [ [ 2, 10, 4 ], [ 2, 4 ], [ 2, 4 ] ]
 */
export class LSTM extends RecurrentLayer<LSTMCell> {
  /**
   * @param units    size of the output and of both states, or all options
   * @param options  those of `LSTMCell`, `returnSequences`, `returnState`, `goBackwards`, `stateful`, …
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | LSTMOptions, options: LSTMOptions = {}) {
    super(LSTMCell, units, options);
  }

  /** Keras has the layer's `unitForgetBias` elsewhere than the cell's. */
  protected override get configOrder(): readonly string[] {
    const others = super.configOrder.filter((name) => name !== "unitForgetBias");
    return others.flatMap((name) => (name === "biasInitializer" ? [name, "unitForgetBias"] : [name]));
  }
}
