/**
 * @file The densely connected layer.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { add } from "../../ops/public.js";
import * as activations from "../activations/index.js";
import { type Config, serializeOptional } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import * as constraints from "../constraints/index.js";
import * as initializers from "../initializers/index.js";
import * as regularizers from "../regularizers/index.js";
import { InputSpec } from "./inputSpec.js";
import { lastAxisProduct } from "./lastAxisProduct.js";
import { Layer, type LayerOptions } from "./layer.js";

export interface DenseOptions extends LayerOptions {
  /** Number of outputs, where it is not given first. */
  units?: number;
  /** Default linear. */
  activation?: activations.ActivationLike;
  /** Default true. */
  useBias?: boolean;
  /** Default "glorot_uniform". */
  kernelInitializer?: initializers.InitializerLike;
  /** Default "zeros". */
  biasInitializer?: initializers.InitializerLike;
  kernelRegularizer?: regularizers.RegularizerLike;
  biasRegularizer?: regularizers.RegularizerLike;
  kernelConstraint?: constraints.ConstraintLike;
  biasConstraint?: constraints.ConstraintLike;
  /** Part of Keras's configs; only null is known. */
  quantizationConfig?: null;
}

const OWN_OPTIONS = [
  "units",
  "activation",
  "useBias",
  "kernelInitializer",
  "biasInitializer",
  "kernelRegularizer",
  "biasRegularizer",
  "kernelConstraint",
  "biasConstraint",
  "quantizationConfig",
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
  readonly kernelInitializer: ReturnType<typeof initializers.get>;
  readonly biasInitializer: ReturnType<typeof initializers.get>;
  readonly kernelRegularizer: ReturnType<typeof regularizers.get>;
  readonly biasRegularizer: ReturnType<typeof regularizers.get>;
  readonly kernelConstraint: ReturnType<typeof constraints.get>;
  readonly biasConstraint: ReturnType<typeof constraints.get>;
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
    if (!Number.isInteger(count) || count! <= 0) {
      throw new ValueError(
        `Received an invalid value for \`units\`, expected a positive integer. Received: units=${count}`,
      );
    }
    super(settings, OWN_OPTIONS);
    this.units = count!;
    this.activation = activations.get(settings.activation);
    this.useBias = settings.useBias ?? true;
    this.kernelInitializer = initializers.get(settings.kernelInitializer ?? "glorot_uniform");
    this.biasInitializer = initializers.get(settings.biasInitializer ?? "zeros");
    this.kernelRegularizer = regularizers.get(settings.kernelRegularizer);
    this.biasRegularizer = regularizers.get(settings.biasRegularizer);
    this.kernelConstraint = constraints.get(settings.kernelConstraint);
    this.biasConstraint = constraints.get(settings.biasConstraint);
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
      initializer: this.kernelInitializer,
      regularizer: this.kernelRegularizer,
      constraint: this.kernelConstraint,
    });
    this.bias = this.useBias
      ? this.addWeight({
          name: "bias",
          shape: [this.units],
          initializer: this.biasInitializer,
          regularizer: this.biasRegularizer,
          constraint: this.biasConstraint,
        })
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
    return {
      ...super.getConfig(),
      units: this.units,
      activation: activations.serialize(this.activation),
      use_bias: this.useBias,
      kernel_initializer: serializeOptional(asObject(this.kernelInitializer)),
      bias_initializer: serializeOptional(asObject(this.biasInitializer)),
      kernel_regularizer: serializeOptional(asObject(this.kernelRegularizer)),
      bias_regularizer: serializeOptional(asObject(this.biasRegularizer)),
      kernel_constraint: serializeOptional(asObject(this.kernelConstraint)),
      bias_constraint: serializeOptional(asObject(this.biasConstraint)),
      quantization_config: null,
    };
  }
}

/** Functions of a user's own have no config. */
const asObject = (value: unknown): { getConfig(): Config } | null =>
  value !== null && "getConfig" in (value as object) ? (value as { getConfig(): Config }) : null;
