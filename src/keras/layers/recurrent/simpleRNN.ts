/**
 * @file The simple recurrent layer, whose output is its state.
 */
import { add } from "../../../ops/public.js";
import {
  CELL_WEIGHTS,
  type CellOptions,
  type DropoutMasks,
  maskedProduct,
  RecurrentCell,
  type Step,
} from "./cell.js";
import { RecurrentLayer, type RecurrentLayerOptions } from "./recurrentLayer.js";

export type SimpleRNNOptions = CellOptions & Omit<RecurrentLayerOptions, "useCudnn">;

/**
 * One step of a simple recurrent layer: h′ = tanh(x · kernel + bias + h · recurrentKernel).
 *
 * @example
 * const cell = new keras.layers.SimpleRNNCell(2, { kernelInitializer: "zeros", biasInitializer: "ones", activation: null });
 * cell(tf.zeros([1, 3]), { states: cell.getInitialState(1) })[0].array() // [ [ 1, 1 ] ]
 */
export class SimpleRNNCell extends RecurrentCell {
  static override readonly optionNames: readonly string[] = [
    ...["units", "activation", "useBias", ...CELL_WEIGHTS],
    ...["dropout", "recurrentDropout", "seed"],
  ];

  /**
   * @param units    size of the output and the state, or all options
   * @param options  `activation`, `useBias`, `dropout`, `recurrentDropout`, initializers, regularizers, constraints
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | CellOptions, options: CellOptions = {}) {
    super(units, options);
  }

  get stateSize(): number {
    return this.units;
  }

  protected get gates(): number {
    return 1;
  }

  stepFunction(masks: DropoutMasks): Step {
    const { activation, recurrentKernel } = this;
    return (projected, [h]) => [activation(add(projected, maskedProduct(h!, recurrentKernel, masks)))];
  }
}

/**
 * A simple recurrent layer over a sequence: hₜ = tanh(xₜ · kernel + bias + hₜ₋₁ · recurrentKernel).
 *
 * Input [batch, time, n]; output [batch, units], or [batch, time, units] with `returnSequences`. Called with
 * `{ initialState: h }` it starts from there; a mask (bool [batch, time]) makes it pass over steps.
 *
 * @example new keras.layers.SimpleRNN(4, { returnSequences: true })(tf.ones([2, 10, 8])).shape // [ 2, 10, 4 ]
 */
export class SimpleRNN extends RecurrentLayer<SimpleRNNCell> {
  /**
   * @param units    size of the output and the state, or all options
   * @param options  those of `SimpleRNNCell`, `returnSequences`, `returnState`, `goBackwards`, `stateful`, …
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | SimpleRNNOptions, options: SimpleRNNOptions = {}) {
    super(SimpleRNNCell, units, options);
  }
}
