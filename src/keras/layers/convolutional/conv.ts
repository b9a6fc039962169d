/**
 * @file Convolutions over one, two or three spatial axes.
 */
import { ValueError } from "../../../core/errors.js";
import type { Tensor } from "../../../core/tensor.js";
import { nn, pad } from "../../../ops/public.js";
import type { PerAxis } from "../spatialSizes.js";
import { isPositiveInteger, type KernelOptions } from "../weightOptions.js";
import { ConvLayer, type ConvLayerOptions, filtersOption } from "./convLayer.js";

export interface ConvOptions extends ConvLayerOptions, KernelOptions {
  /** Number of output channels, where it is not given first. */
  filters?: number;
  /** Into how many groups the input channels fall, each with filters of its own; default 1. */
  groups?: number;
}

const CONFIG_ORDER = [
  ...["filters", "kernelSize", "strides", "padding", "dataFormat", "dilationRate", "groups", "activation"],
  ...["useBias", "kernelInitializer", "biasInitializer", "kernelRegularizer", "biasRegularizer"],
  ...["activityRegularizer", "kernelConstraint", "biasConstraint"],
];

/** Options from a layer's first arguments. */
export const convSettings = <O extends ConvOptions>(
  filters: number | O,
  kernelSize: PerAxis | undefined,
  options: O | undefined,
): O => (typeof filters === "object" ? filters : ({ ...options, filters, kernelSize } as O));

abstract class Conv extends ConvLayer {
  readonly filters: number;
  readonly groups: number;

  constructor(rank: number, options: ConvOptions) {
    const paddings = rank === 1 ? ["valid", "same", "causal"] : ["valid", "same"];
    super(options, { rank, kernelPrefix: "kernel", ownOptions: ["filters", "groups"], paddings });
    this.filters = filtersOption(options.filters);
    const { groups = 1 } = options;
    this.groups = groups;
    if (!isPositiveInteger(groups)) {
      throw new ValueError(`The number of groups must be a positive integer. Received: groups=${groups}.`);
    }
    if (this.filters % groups !== 0) {
      throw new ValueError(
        "The number of filters must be evenly divisible by the number of groups. " +
          `Received: groups=${groups}, filters=${this.filters}.`,
      );
    }
    this.checkMoves();
  }

  protected kernelShape(channels: number): readonly number[] {
    if (channels % this.groups === 0) return [...this.kernelSize, channels / this.groups, this.filters];
    throw new ValueError(
      "The number of input channels must be evenly divisible by the number of groups. " +
        `Received groups=${this.groups}, but the input has ${channels} channels.`,
    );
  }

  protected outputChannels(): number {
    return this.filters;
  }

  protected convolve(inputs: Tensor): Tensor {
    const isCausal = this.padding === "causal";
    return nn.convolution(isCausal ? this.#padBefore(inputs) : inputs, this.kernel, this.opOptions());
  }

  /** Zeros before the sequence, so that no output depends on what comes later. */
  #padBefore(inputs: Tensor): Tensor {
    const before = [this.dilationRate[0]! * (this.kernelSize[0]! - 1), 0] as const;
    const none = [0, 0] as const;
    return pad(inputs, this.dataFormat === "channels_last" ? [none, before, none] : [none, none, before]);
  }

  protected get configOrder(): readonly string[] {
    return CONFIG_ORDER;
  }
}

/**
 * Convolution over one axis: y[n, o, f] = activation(Σ x[n, o · stride + k · dilation, c] · kernel[k, c, f] + bias[f]).
 *
 * Input [batch, steps, channels], output [batch, steps′, filters]. The padding "causal" puts zeros before the steps only.
 *
 * @example
 * const conv = new keras.layers.Conv1D(1, 2, { kernelInitializer: "ones", padding: "causal" });
 * conv(tf.constant([[[1], [2], [3]]])).array() // [ [ [ 1 ], [ 3 ], [ 5 ] ] ]
 */
export class Conv1D extends Conv {
  /**
   * @param filters     number of output channels, or all options
   * @param kernelSize  size of the kernel
   * @param options     `strides`, `padding`, `dilationRate`, `groups`, `activation`, `useBias`, …
   * @throws {ValueError} settings that do not fit
   */
  constructor(filters: number | ConvOptions, kernelSize?: PerAxis, options?: ConvOptions) {
    super(1, convSettings(filters, kernelSize, options));
  }
}

/**
 * Convolution over two axes: y[n, o, f] = activation(Σ x[n, o · strides + k · dilation, c] · kernel[k, c, f] + bias[f]), o
 * and k pairs.
 *
 * Input [batch, height, width, channels], output [batch, height′, width′, filters].
 *
 * @example
 * const conv = new keras.layers.Conv2D(4, 3, { activation: "relu", padding: "same" });
 * conv(tf.ones([2, 8, 8, 1])).shape // [ 2, 8, 8, 4 ]
 */
export class Conv2D extends Conv {
  /**
   * @param filters     number of output channels, or all options
   * @param kernelSize  sizes of the kernel: one number, or two
   * @param options     `strides`, `padding`, `dilationRate`, `groups`, `activation`, `useBias`, …
   * @throws {ValueError} settings that do not fit
   */
  constructor(filters: number | ConvOptions, kernelSize?: PerAxis, options?: ConvOptions) {
    super(2, convSettings(filters, kernelSize, options));
  }
}
