/**
 * @file Transposed convolutions, which make images larger.
 */
import { ValueError } from "../../../core/errors.js";
import type { Tensor } from "../../../core/tensor.js";
import { nn } from "../../../ops/public.js";
import { showPythonShape } from "../../base/pythonText.js";
import type { LayerShape } from "../../base/shape.js";
import { joinShape, type PerAxis, perAxis, spatialOf } from "../spatialSizes.js";
import type { KernelOptions } from "../weightOptions.js";
import { convSettings } from "./conv.js";
import { ConvLayer, type ConvLayerOptions, filtersOption } from "./convLayer.js";

export interface ConvTransposeOptions extends ConvLayerOptions, KernelOptions {
  /** Number of output channels, where it is not given first. */
  filters?: number;
  /** How much larger the output is than the smallest that fits, below the strides; default null, which chooses. */
  outputPadding?: PerAxis | null;
}

const CONFIG_ORDER = [
  ...["filters", "kernelSize", "strides", "padding", "outputPadding", "dataFormat", "dilationRate"],
  ...[
    "activation",
    "useBias",
    "kernelInitializer",
    "biasInitializer",
    "kernelRegularizer",
    "biasRegularizer",
  ],
  ...["activityRegularizer", "kernelConstraint", "biasConstraint"],
];

abstract class ConvTranspose extends ConvLayer {
  readonly filters: number;
  readonly outputPadding: readonly number[] | null;

  constructor(rank: number, options: ConvTransposeOptions) {
    const ownOptions = ["filters", "outputPadding"];
    super(options, { rank, kernelPrefix: "kernel", ownOptions, paddings: ["valid", "same"] });
    this.filters = filtersOption(options.filters);
    const { outputPadding = null } = options;
    this.outputPadding = outputPadding === null ? null : perAxis(outputPadding, rank, "output_padding", 0);
    const place = this.outputPadding?.findIndex((size, i) => size >= this.strides[i]!) ?? -1;
    if (place >= 0) {
      throw new ValueError(
        "`output_padding` must be strictly less than `strides` for all dimensions. " +
          `At dimension ${place}, \`output_padding\` is ${this.outputPadding![place]} but \`strides\` is ${this.strides[place]}. ` +
          `Received: output_padding=${showPythonShape(this.outputPadding!)}, strides=${showPythonShape(this.strides)}`,
      );
    }
    this.checkMoves();
  }

  protected kernelShape(channels: number): readonly number[] {
    return [...this.kernelSize, this.filters, channels];
  }

  protected outputChannels(): number {
    return this.filters;
  }

  protected convolve(inputs: Tensor): Tensor {
    return nn.convTranspose(inputs, this.kernel, {
      outputShape: this.computeOutputShape(inputs.shape) as number[],
      ...this.opOptions(),
    });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const spatial = spatialOf(inputShape, this.dataFormat).map((size, i) =>
      size === null ? null : this.#outputSize(size, i),
    );
    return joinShape(inputShape[0]!, spatial, this.filters, this.dataFormat);
  }

  /** The size of the output along one axis. */
  #outputSize(size: number, axis: number): number {
    const stride = this.strides[axis]!;
    const reach = (this.kernelSize[axis]! - 1) * this.dilationRate[axis]! + 1;
    const extra = this.outputPadding?.[axis];
    if (this.padding === "same")
      return extra === undefined ? size * stride : (size - 1) * stride + (reach % 2) + extra;
    return (size - 1) * stride + reach + (extra ?? Math.max(reach, stride) - reach);
  }

  protected get configOrder(): readonly string[] {
    return CONFIG_ORDER;
  }
}

/**
 * Transposed convolution over one axis: what a convolution with the same kernel does to its input's gradient.
 *
 * Input [batch, steps, channels], output [batch, steps′, filters]; the kernel is [size, filters, channels].
 *
 * @example new keras.layers.Conv1DTranspose(2, 3, { strides: 2, padding: "same" })(tf.ones([1, 5, 4])).shape // [ 1, 10, 2 ]
 */
export class Conv1DTranspose extends ConvTranspose {
  /**
   * @param filters     number of output channels, or all options
   * @param kernelSize  size of the kernel
   * @param options     `strides`, `padding`, `outputPadding`, `dilationRate`, `activation`, `useBias`, …
   * @throws {ValueError} settings that do not fit
   */
  constructor(filters: number | ConvTransposeOptions, kernelSize?: PerAxis, options?: ConvTransposeOptions) {
    super(1, convSettings(filters, kernelSize, options));
  }
}

/**
 * Transposed convolution over two axes: what a convolution with the same kernel does to its input's gradient.
 *
 * Input [batch, height, width, channels], output [batch, height′, width′, filters]; the kernel is
 * [height, width, filters, channels].
 *
 * @example new keras.layers.Conv2DTranspose(2, 3, { strides: 2 })(tf.ones([1, 4, 4, 8])).shape // [ 1, 9, 9, 2 ]
 */
export class Conv2DTranspose extends ConvTranspose {
  /**
   * @param filters     number of output channels, or all options
   * @param kernelSize  sizes of the kernel: one number, or two
   * @param options     `strides`, `padding`, `outputPadding`, `dilationRate`, `activation`, `useBias`, …
   * @throws {ValueError} settings that do not fit
   */
  constructor(filters: number | ConvTransposeOptions, kernelSize?: PerAxis, options?: ConvTransposeOptions) {
    super(2, convSettings(filters, kernelSize, options));
  }
}
