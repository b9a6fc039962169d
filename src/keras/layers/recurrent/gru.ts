/**
 * @file Gated recurrent units.
 */
import type { Tensor } from "../../../core/tensor.js";
import { add, multiply, split, subtract, unstack } from "../../../ops/public.js";
import type { Variable } from "../../base/variable.js";
import { lastAxisProduct } from "../lastAxisProduct.js";
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

export interface GRUCellOptions extends GatedCellOptions {
  /** Whether the reset gate acts on the product with the recurrent kernel rather than before it; default true. */
  resetAfter?: boolean;
}

export type GRUOptions = GRUCellOptions & RecurrentLayerOptions;

/**
 * One step of a GRU: with the columns of x · kernel and h · recurrentKernel in three parts z, r, h,
 *
 * z = σ(x_z + h_z), r = σ(x_r + h_r), h′ = z · h + (1 − z) · tanh(x_h + r · h_h).
 *
 * @example
 * const cell = new keras.layers.GRUCell(2, { kernelInitializer: "zeros" });
 * cell(tf.zeros([1, 3]), { states: cell.getInitialState(1) })[0].array() // [ [ 0, 0 ] ]
 */
export class GRUCell extends GatedCell {
  static override readonly optionNames: readonly string[] = [
    ...["units", "activation", "recurrentActivation", "useBias", ...CELL_WEIGHTS],
    ...["dropout", "recurrentDropout", "resetAfter", "seed"],
  ];
  readonly resetAfter: boolean;

  /**
   * @param units    size of the output and the state, or all options
   * @param options  `activation`, `recurrentActivation`, `useBias`, `resetAfter`, `dropout`, `recurrentDropout`, …
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | GRUCellOptions, options: GRUCellOptions = {}) {
    super(units, options);
    const { resetAfter } = typeof units === "object" ? units : options;
    this.resetAfter = resetAfter ?? true;
  }

  get stateSize(): number {
    return this.units;
  }

  protected get gates(): number {
    return 3;
  }

  /** With `resetAfter` the inputs and the state have biases of their own: [2, 3 · units]. */
  protected override addBias(): Variable {
    if (!this.resetAfter) return super.addBias();
    return this.addWeight({ name: "bias", shape: [2, 3 * this.units], ...weightOptions(this, "bias") });
  }

  protected override inputBias(): Tensor | Variable | null {
    return this.bias === null || !this.resetAfter ? this.bias : unstack(this.bias)[0]!;
  }

  stepFunction(masks: DropoutMasks): Step {
    const candidate = this.resetAfter ? this.#resetAfterProduct(masks) : this.#resetBeforeProduct(masks);
    const { activation, units } = this;
    return (projected, [h]) => {
      const [gateInputs, input] = split(projected, [2 * units, units], 1) as [Tensor, Tensor];
      const { update, state } = candidate(gateInputs, h!);
      const next = activation(add(input, state));
      return [add(multiply(update, h!), multiply(subtract(1, update), next))];
    };
  }

  /** All three products of the state at once; the reset gate acts on the third. */
  #resetAfterProduct(masks: DropoutMasks): Candidate {
    const { recurrentActivation, recurrentKernel, units } = this;
    const bias = this.bias === null ? null : unstack(this.bias)[1]!;
    return (gateInputs, h) => {
      const product = maskedProduct(h, recurrentKernel, masks);
      const inner = bias === null ? product : add(product, bias);
      const [gateStates, state] = split(inner, [2 * units, units], 1) as [Tensor, Tensor];
      const [update, reset] = split(recurrentActivation(add(gateInputs, gateStates)), 2, 1) as [
        Tensor,
        Tensor,
      ];
      return { update, state: multiply(reset, state) };
    };
  }

  /** The products for the gates first; the reset gate acts on the state that goes into the third. */
  #resetBeforeProduct(masks: DropoutMasks): Candidate {
    const { recurrentActivation, recurrentKernel, units } = this;
    const [gateKernel, stateKernel] = split(recurrentKernel, [2 * units, units], 1) as [Tensor, Tensor];
    const gateMasks = masks !== null && masks.length > 1 ? masks.slice(0, 2) : masks;
    return (gateInputs, h) => {
      const gateStates = maskedProduct(h, gateKernel, gateMasks);
      const [update, reset] = split(recurrentActivation(add(gateInputs, gateStates)), 2, 1) as [
        Tensor,
        Tensor,
      ];
      const masked = masks === null ? h : multiply(h, masks.at(-1)!);
      return { update, state: lastAxisProduct(multiply(reset, masked), stateKernel) };
    };
  }
}

/** From the inputs' part of both gates and the state: the update gate, and the state's part of the candidate. */
type Candidate = (gateInputs: Tensor, h: Tensor) => { update: Tensor; state: Tensor };

/**
 * Gated recurrent units over a sequence.
 *
 * Input [batch, time, n]; output [batch, units], or [batch, time, units] with `returnSequences`. Called with
 * `{ initialState: h }` it starts from there; a mask (bool [batch, time]) makes it pass over steps.
 *
 * @example new keras.layers.GRU(4, { returnSequences: true })(tf.ones([2, 10, 8])).shape // [ 2, 10, 4 ]
 */
export class GRU extends RecurrentLayer<GRUCell> {
  /**
   * @param units    size of the output and the state, or all options
   * @param options  those of `GRUCell`, `returnSequences`, `returnState`, `goBackwards`, `stateful`, …
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | GRUOptions, options: GRUOptions = {}) {
    super(GRUCell, units, options);
  }
}
