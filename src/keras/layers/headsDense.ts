/**
 * @file A dense layer whose inputs and outputs may have several axes: to heads and back in attention.
 */
import type { Tensor } from "../../core/tensor.js";
import { add, reshape } from "../../ops/public.js";
import * as activations from "../activations/index.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import { VarianceScaling } from "../initializers/index.js";
import { lastAxisProduct } from "./lastAxisProduct.js";
import { Layer, type LayerOptions } from "./layer.js";
import {
  readWeightOptions,
  type WeightInitializer,
  weightOptionNames,
  weightOptions,
} from "./weightOptions.js";

export interface HeadsDenseOptions extends LayerOptions {
  /** How many of the last axes of the input are summed over. */
  inputAxes: number;
  /** What comes in their place. */
  outputSizes: readonly number[];
  useBias: boolean;
  activation?: activations.ActivationLike;
}

/** y = x · kernel + bias, summed over the last axes of x: one product of two matrices. */
export class HeadsDense extends Layer {
  readonly inputAxes: number;
  readonly outputSizes: readonly number[];
  readonly useBias: boolean;
  readonly activation: activations.Activation;
  declare readonly kernelInitializer: WeightInitializer;
  /** Made when the layer is built: the summed sizes, then the output's. */
  declare kernel: Variable;
  /** Made when the layer is built: the output's sizes; null without bias. */
  declare bias: Variable | null;

  constructor(options: HeadsDenseOptions) {
    super(options, [
      ...["inputAxes", "outputSizes", "useBias", "activation"],
      ...weightOptionNames("kernel", "bias"),
    ]);
    this.inputAxes = options.inputAxes;
    this.outputSizes = options.outputSizes;
    this.useBias = options.useBias;
    this.activation = activations.get(options.activation);
    readWeightOptions(this, options, { kernel: "glorot_uniform", bias: "zeros" });
    this.supportsMasking = true;
  }

  override build(inputShape: LayerShape): void {
    const inputSizes = inputShape.slice(-this.inputAxes) as readonly number[];
    const shape = [...inputSizes, ...this.outputSizes];
    const kernelOptions = weightOptions(this, "kernel");
    const initializer = this.#spreadOver(shape.length);
    this.kernel = this.addWeight({ ...kernelOptions, name: "kernel", shape, initializer });
    this.bias = this.useBias
      ? this.addWeight({ ...weightOptions(this, "bias"), name: "bias", shape: this.outputSizes })
      : null;
  }

  /** The kernel's initializer, told which of the kernel's axes are summed over. */
  #spreadOver(rank: number): WeightInitializer {
    const own = this.kernelInitializer;
    if (!(own instanceof VarianceScaling) || (own.inputAxes !== null && own.outputAxes !== null)) return own;
    const axes = Array.from({ length: rank }, (_, i) => i);
    const Class = own.constructor as new (options: object) => VarianceScaling;
    const { scale, mode, distribution, seed } = own;
    const inputAxes = axes.slice(0, this.inputAxes);
    return new Class({ scale, mode, distribution, seed, inputAxes, outputAxes: axes.slice(this.inputAxes) });
  }

  override call(inputs: Tensor): Tensor {
    const { kernel, outputSizes } = this;
    const size = (sizes: readonly number[]): number => sizes.reduce((product, n) => product * n, 1);
    const inner = size(kernel.shape.slice(0, this.inputAxes));
    const lead = inputs.shape.slice(0, -this.inputAxes);
    const flat = this.inputAxes === 1 ? inputs : reshape(inputs, [...lead, inner]);
    const product = lastAxisProduct(flat, reshape(kernel, [inner, size(outputSizes)]));
    const output = outputSizes.length === 1 ? product : reshape(product, [...lead, ...outputSizes]);
    return this.activation(this.bias === null ? output : add(output, this.bias));
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [...inputShape.slice(0, -this.inputAxes), ...this.outputSizes];
  }
}
