/**
 * @file The densely connected layer.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { add } from "../../ops/public.js";
import * as activations from "../activations/index.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import { InputSpec } from "./inputSpec.js";
import { lastAxisProduct } from "./lastAxisProduct.js";
import { Layer, type LayerOptions } from "./layer.js";
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
} from "./weightOptions.js";

export interface DenseOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Number of outputs, where it is not given first. */
  units?: number;
  /** Default linear. */
  activation?: activations.ActivationLike;
  /** Part of Keras's configs; only null is known. */
  quantizationConfig?: null;
}

/** In the order in which configs have them. */
const OWN_OPTIONS = [
  ...["units", "activation", "useBias", "kernelInitializer", "biasInitializer", "kernelRegularizer"],
  ...["biasRegularizer", "kernelConstraint", "biasConstraint", "quantizationConfig"],
];

/**
 * A densely connected layer: y = activation(x · kernel + bias), along the last axis.
 *
 * Input [batch, …, n], output [batch, …, units].
 *
 * @example
 * const dense = new keras.layers.Dense(2, { activation: "relu", kernelInitializer: "ones" });
 * dense(tf.constant([[1, 2], [-3, -4]])).array() // [ [ 3, 3 ], [ 0, 0 ] ]
 */
export class Dense extends Layer {
  readonly units: number;
  readonly activation: activations.Activation;
  readonly useBias: boolean;
  declare readonly kernelInitializer: WeightInitializer;
  declare readonly biasInitializer: WeightInitializer;
  declare readonly kernelRegularizer: WeightRegularizer;
  declare readonly biasRegularizer: WeightRegularizer;
  declare readonly kernelConstraint: WeightConstraint;
  declare readonly biasConstraint: WeightConstraint;
  /** Made when the layer is built: [inputs, units]. */
  declare kernel: Variable;
  /** Made when the layer is built: [units]; null without bias. */
  declare bias: Variable | null;

  /**
   * @param units    number of outputs, or all options
   * @param options  `activation`, `useBias`, initializers, regularizers, constraints, and those of every layer
   * @throws {ValueError} units is not a whole number above 0
   */
  constructor(units: number | DenseOptions, options: DenseOptions = {}) {
    const settings = typeof units === "object" ? units : options;
    const count = typeof units === "object" ? units.units : units;
    if (!isPositiveInteger(count)) {
      throw new ValueError(
        `Received an invalid value for \`units\`, expected a positive integer. Received: units=${count}`,
      );
    }
    super(settings, OWN_OPTIONS);
    this.units = count;
    this.activation = activations.get(settings.activation);
    this.useBias = settings.useBias ?? true;
    readWeightOptions(this, settings, { kernel: "glorot_uniform", bias: "zeros" });
    this.inputSpec = new InputSpec({ minNdim: 2 });
    this.supportsMasking = true;
  }

  override build(inputShape: LayerShape): void {
    const inputs = inputShape.at(-1);
    if (typeof inputs !== "number") {
      throw new ValueError(
        `Dense '${this.name}': the size of the last axis must be known, got ${JSON.stringify(inputShape)}`,
      );
    }
    this.kernel = this.addWeight({
      name: "kernel",
      shape: [inputs, this.units],
      ...weightOptions(this, "kernel"),
    });
    this.bias = this.useBias
      ? this.addWeight({ name: "bias", shape: [this.units], ...weightOptions(this, "bias") })
      : null;
    this.inputSpec = new InputSpec({ minNdim: 2, axes: { [-1]: inputs } });
  }

  override call(inputs: Tensor): Tensor {
    const product = lastAxisProduct(inputs, this.kernel);
    return this.activation(this.bias === null ? product : add(product, this.bias));
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [...inputShape.slice(0, -1), this.units];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this, OWN_OPTIONS) };
  }
}
