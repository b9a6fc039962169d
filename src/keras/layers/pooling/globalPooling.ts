/**
 * @file Pooling over all positions at once.
 */
import type { Tensor } from "../../../core/tensor.js";
import { cast, divide, expandDims, reduceMax, reduceMean, reduceSum, where } from "../../../ops/public.js";
import type { Config } from "../../base/serialization.js";
import type { LayerShape } from "../../base/shape.js";
import { InputSpec } from "../inputSpec.js";
import { type CallOptions, Layer, type LayerOptions } from "../layer.js";
import { type ChannelOrder, channelOrder, channelsOf, joinShape } from "../spatialSizes.js";
import { configOf } from "../weightOptions.js";

export interface GlobalPoolingOptions extends LayerOptions {
  /** Default "channels_last". */
  dataFormat?: ChannelOrder | null;
  /** Whether to keep the spatial axes with size 1; default false. */
  keepdims?: boolean;
}

abstract class GlobalPooling extends Layer {
  readonly dataFormat: ChannelOrder;
  readonly keepdims: boolean;
  readonly #rank: number;

  constructor(rank: number, options: GlobalPoolingOptions) {
    super(options, ["dataFormat", "keepdims"]);
    this.#rank = rank;
    this.dataFormat = channelOrder(options.dataFormat);
    this.keepdims = options.keepdims ?? false;
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
    this.built = true;
  }

  /** The axes that are pooled. */
  protected get positions(): number[] {
    const first = this.dataFormat === "channels_last" ? 1 : 2;
    return Array.from({ length: this.#rank }, (_, i) => first + i);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const channels = channelsOf(inputShape, this.dataFormat);
    const ones = this.keepdims ? new Array<number>(this.#rank).fill(1) : [];
    return joinShape(inputShape[0]!, ones, channels, this.dataFormat);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this, ["dataFormat", "keepdims"]) };
  }
}

/**
 * The mean over all steps of a sequence; over those that count where there is a mask.
 *
 * Input [batch, steps, channels], output [batch, channels].
 *
 * @example new keras.layers.GlobalAveragePooling1D()([[[1], [3]]]).array() // [ [ 2 ] ]
 */
export class GlobalAveragePooling1D extends GlobalPooling {
  /** @param options  `dataFormat`, `keepdims` */
  constructor(options: GlobalPoolingOptions = {}) {
    super(1, options);
    this.supportsMasking = true;
  }

  override call(inputs: Tensor, { mask = null }: CallOptions = {}): Tensor {
    const { keepdims, positions: axis } = this;
    if (mask === null) return reduceMean(inputs, { axis, keepdims });
    const counts = expandDims(cast(mask, "bool"), this.dataFormat === "channels_last" ? 2 : 1);
    const sum = reduceSum(where(counts, inputs, 0), { axis, keepdims });
    return divide(sum, reduceSum(cast(counts, inputs.dtype), { axis, keepdims }));
  }

  /** The steps are gone, and the mask with them. */
  override computeMask(): null {
    return null;
  }
}

/**
 * The mean of each channel over an image.
 *
 * Input [batch, height, width, channels], output [batch, channels].
 *
 * @example new keras.layers.GlobalAveragePooling2D()([[[[1], [2]], [[4], [5]]]]).array() // [ [ 3 ] ]
 */
export class GlobalAveragePooling2D extends GlobalPooling {
  /** @param options  `dataFormat`, `keepdims` */
  constructor(options: GlobalPoolingOptions = {}) {
    super(2, options);
  }

  override call(inputs: Tensor): Tensor {
    return reduceMean(inputs, { axis: this.positions, keepdims: this.keepdims });
  }
}

/**
 * The largest over all steps of a sequence.
 *
 * Input [batch, steps, channels], output [batch, channels].
 *
 * @example new keras.layers.GlobalMaxPooling1D()([[[1], [3]]]).array() // [ [ 3 ] ]
 */
export class GlobalMaxPooling1D extends GlobalPooling {
  /** @param options  `dataFormat`, `keepdims` */
  constructor(options: GlobalPoolingOptions = {}) {
    super(1, options);
  }

  override call(inputs: Tensor): Tensor {
    return reduceMax(inputs, { axis: this.positions, keepdims: this.keepdims });
  }
}

/**
 * The largest of each channel over an image.
 *
 * Input [batch, height, width, channels], output [batch, channels].
 *
 * @example new keras.layers.GlobalMaxPooling2D()([[[[1], [2]], [[4], [3]]]]).array() // [ [ 4 ] ]
 */
export class GlobalMaxPooling2D extends GlobalPooling {
  /** @param options  `dataFormat`, `keepdims` */
  constructor(options: GlobalPoolingOptions = {}) {
    super(2, options);
  }

  override call(inputs: Tensor): Tensor {
    return reduceMax(inputs, { axis: this.positions, keepdims: this.keepdims });
  }
}
