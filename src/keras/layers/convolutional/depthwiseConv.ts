/**
 * @file Convolutions of each channel on its own.
 */
import { ValueError } from "../../../core/errors.js";
import type { Tensor } from "../../../core/tensor.js";
import { nn, reshape } from "../../../ops/public.js";
import type * as constraints from "../../constraints/index.js";
import type * as initializers from "../../initializers/index.js";
import type * as regularizers from "../../regularizers/index.js";
import { channelsOf, type PerAxis } from "../spatialSizes.js";
import { isPositiveInteger } from "../weightOptions.js";
import { ConvLayer, type ConvLayerOptions } from "./convLayer.js";

export interface DepthwiseConvOptions extends ConvLayerOptions {
  /** How many output channels each input channel gets; default 1. */
  depthMultiplier?: number;
  /** Default "glorot_uniform". */
  depthwiseInitializer?: initializers.InitializerLike;
  depthwiseRegularizer?: regularizers.RegularizerLike;
  depthwiseConstraint?: constraints.ConstraintLike;
}

const CONFIG_ORDER = [
  ...["depthMultiplier", "kernelSize", "strides", "padding", "dataFormat", "dilationRate", "activation"],
  ...["useBias", "depthwiseInitializer", "biasInitializer", "depthwiseRegularizer", "biasRegularizer"],
  ...["activityRegularizer", "depthwiseConstraint", "biasConstraint"],
];

abstract class DepthwiseConv extends ConvLayer {
  readonly depthMultiplier: number;

  constructor(rank: number, options: DepthwiseConvOptions) {
    const kind = { kernelPrefix: "depthwise", ownOptions: ["depthMultiplier"], paddings: ["valid", "same"] };
    super(options, { rank, ...kind });
    this.depthMultiplier = options.depthMultiplier ?? 1;
    if (!isPositiveInteger(this.depthMultiplier)) {
      throw new ValueError(
        "Invalid value for argument `depth_multiplier`. Expected a strictly positive value. " +
          `Received depth_multiplier=${this.depthMultiplier}.`,
      );
    }
  }

  protected kernelShape(channels: number): readonly number[] {
    return [...this.kernelSize, channels, this.depthMultiplier];
  }

  protected outputChannels(channels: number): number {
    return channels * this.depthMultiplier;
  }

  /** Every channel is a group of its own. */
  protected convolve(inputs: Tensor): Tensor {
    const channels = channelsOf(inputs.shape, this.dataFormat)!;
    const kernel = reshape(this.kernel, [...this.kernelSize, 1, channels * this.depthMultiplier]);
    return nn.convolution(inputs, kernel, this.opOptions());
  }

  protected get configOrder(): readonly string[] {
    return CONFIG_ORDER;
  }
}

/**
 * Convolution over one axis of each channel on its own.
 *
 * Input [batch, steps, channels], output [batch, steps′, channels · depthMultiplier].
 *
 * @example new keras.layers.DepthwiseConv1D(3, { depthMultiplier: 2 })(tf.ones([1, 5, 4])).shape // [ 1, 3, 8 ]
 */
export class DepthwiseConv1D extends DepthwiseConv {
  /**
   * @param kernelSize  size of the kernel, or all options
   * @param options     `strides`, `padding`, `depthMultiplier`, `dilationRate`, `activation`, `useBias`, …
   * @throws {ValueError} settings that do not fit
   */
  constructor(kernelSize: PerAxis | DepthwiseConvOptions, options: DepthwiseConvOptions = {}) {
    super(1, depthwiseSettings(kernelSize, options));
  }
}

/**
 * Convolution over two axes of each channel on its own.
 *
 * Input [batch, height, width, channels], output [batch, height′, width′, channels · depthMultiplier].
 *
 * @example new keras.layers.DepthwiseConv2D(3, { padding: "same" })(tf.ones([1, 5, 5, 4])).shape // [ 1, 5, 5, 4 ]
 */
export class DepthwiseConv2D extends DepthwiseConv {
  /**
   * @param kernelSize  sizes of the kernel, one number or two; or all options
   * @param options     `strides`, `padding`, `depthMultiplier`, `dilationRate`, `activation`, `useBias`, …
   * @throws {ValueError} settings that do not fit
   */
  constructor(kernelSize: PerAxis | DepthwiseConvOptions, options: DepthwiseConvOptions = {}) {
    super(2, depthwiseSettings(kernelSize, options));
  }
}

const isSizes = (value: PerAxis | DepthwiseConvOptions): value is PerAxis =>
  typeof value === "number" || Array.isArray(value);

const depthwiseSettings = (
  kernelSize: PerAxis | DepthwiseConvOptions,
  options: DepthwiseConvOptions,
): DepthwiseConvOptions => (isSizes(kernelSize) ? { ...options, kernelSize } : kernelSize);
