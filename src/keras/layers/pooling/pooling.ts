/**
 * @file Pooling layers: the largest or the mean of each window.
 */
import type { Tensor } from "../../../core/tensor.js";
import { nn } from "../../../ops/public.js";
import type { Config } from "../../base/serialization.js";
import type { LayerShape } from "../../base/shape.js";
import { InputSpec } from "../inputSpec.js";
import { Layer, type LayerOptions } from "../layer.js";
import {
  type ChannelOrder,
  channelOrder,
  channelsOf,
  joinShape,
  opFormat,
  type PerAxis,
  paddingOption,
  perAxis,
  spatialOf,
  windowCounts,
} from "../spatialSizes.js";
import { configOf } from "../weightOptions.js";

export interface PoolingOptions extends LayerOptions {
  /** Sizes of the window, where they are not given first: one number for all axes, or one for each. */
  poolSize?: PerAxis;
  /** How far the window moves; default its sizes. */
  strides?: PerAxis | null;
  /** "valid" (default): only whole windows; "same": as many as input elements, divided by the strides. */
  padding?: string;
  /** Default "channels_last". */
  dataFormat?: ChannelOrder | null;
}

/** What a pool gives for an image: `nn.maxPool` or `nn.avgPool`. */
type Pool = typeof nn.maxPool;

abstract class Pooling extends Layer {
  readonly poolSize: readonly number[];
  readonly strides: readonly number[];
  readonly padding: "valid" | "same";
  readonly dataFormat: ChannelOrder;
  readonly #pool: Pool;

  constructor(
    rank: number,
    pool: Pool,
    given: PerAxis | PoolingOptions | undefined,
    options: PoolingOptions,
  ) {
    const isSizes = typeof given === "number" || Array.isArray(given);
    const settings = isSizes
      ? { ...options, poolSize: given as PerAxis }
      : ((given as PoolingOptions) ?? options);
    super(settings, ["poolSize", "strides", "padding", "dataFormat"]);
    this.poolSize = perAxis(settings.poolSize, rank, "pool_size");
    this.strides = perAxis(settings.strides ?? this.poolSize, rank, "strides");
    this.padding = paddingOption(settings.padding ?? "valid", ["valid", "same"]);
    this.dataFormat = channelOrder(settings.dataFormat);
    this.#pool = pool;
    this.inputSpec = new InputSpec({ ndim: rank + 2 });
    this.built = true;
  }

  override call(inputs: Tensor): Tensor {
    return this.#pool(inputs, {
      ksize: this.poolSize,
      strides: this.strides,
      padding: this.padding === "same" ? "SAME" : "VALID",
      dataFormat: opFormat(this.dataFormat, this.poolSize.length),
    });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const { poolSize, strides, dataFormat } = this;
    const layout = { window: poolSize, strides, isPadded: this.padding === "same" };
    const spatial = windowCounts(spatialOf(inputShape, dataFormat), layout, inputShape);
    return joinShape(inputShape[0]!, spatial, channelsOf(inputShape, dataFormat), dataFormat);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), ...configOf(this, ["poolSize", "padding", "strides", "dataFormat"]) };
  }
}

/** The window of max pooling where none is given. */
const withPairs = (given: PerAxis | PoolingOptions | undefined): PerAxis | PoolingOptions =>
  typeof given === "object" && !Array.isArray(given) ? { poolSize: 2, ...given } : ((given as PerAxis) ?? 2);

/**
 * The largest of each window over one axis.
 *
 * Input [batch, steps, channels], output [batch, steps′, channels].
 *
 * @example new keras.layers.MaxPooling1D(2)([[[1], [3], [2], [4]]]).array() // [ [ [ 3 ], [ 4 ] ] ]
 */
export class MaxPooling1D extends Pooling {
  /**
   * @param poolSize  size of the window, default 2; or all options
   * @param options   `strides`, `padding`, `dataFormat`
   * @throws {ValueError} settings that do not fit
   */
  constructor(poolSize?: PerAxis | PoolingOptions, options: PoolingOptions = {}) {
    super(1, nn.maxPool, withPairs(poolSize), options);
  }
}

/**
 * The largest of each window over two axes.
 *
 * Input [batch, height, width, channels], output [batch, height′, width′, channels].
 *
 * @example new keras.layers.MaxPooling2D(2)([[[[1], [2]], [[4], [3]]]]).item() // 4
 */
export class MaxPooling2D extends Pooling {
  /**
   * @param poolSize  sizes of the window, one number or two, default 2; or all options
   * @param options   `strides`, `padding`, `dataFormat`
   * @throws {ValueError} settings that do not fit
   */
  constructor(poolSize?: PerAxis | PoolingOptions, options: PoolingOptions = {}) {
    super(2, nn.maxPool, withPairs(poolSize), options);
  }
}

/**
 * The mean of each window over one axis; padding does not count.
 *
 * Input [batch, steps, channels], output [batch, steps′, channels].
 *
 * @example new keras.layers.AveragePooling1D(2)([[[1], [3], [2], [4]]]).array() // [ [ [ 2 ], [ 3 ] ] ]
 */
export class AveragePooling1D extends Pooling {
  /**
   * @param poolSize  size of the window, or all options
   * @param options   `strides`, `padding`, `dataFormat`
   * @throws {ValueError} settings that do not fit
   */
  constructor(poolSize: PerAxis | PoolingOptions, options: PoolingOptions = {}) {
    super(1, nn.avgPool, poolSize, options);
  }
}

/**
 * The mean of each window over two axes; padding does not count.
 *
 * Input [batch, height, width, channels], output [batch, height′, width′, channels].
 *
 * @example new keras.layers.AveragePooling2D(2)([[[[1], [2]], [[4], [3]]]]).item() // 2.5
 */
export class AveragePooling2D extends Pooling {
  /**
   * @param poolSize  sizes of the window, one number or two; or all options
   * @param options   `strides`, `padding`, `dataFormat`
   * @throws {ValueError} settings that do not fit
   */
  constructor(poolSize: PerAxis | PoolingOptions, options: PoolingOptions = {}) {
    super(2, nn.avgPool, poolSize, options);
  }
}
