/**
 * @file Dropout: in training, some inputs are set to zero at random.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { dropout } from "../random/draw.js";
import { SeedGenerator } from "../random/seedGenerator.js";
import { type CallOptions, Layer, type LayerOptions } from "./layer.js";

export interface DropoutOptions extends LayerOptions {
  /** Share of inputs set to zero, where it is not given first. */
  rate?: number;
  /** A shape that broadcasts to that of the inputs, with one decision per element; null for a size of the input. */
  noiseShape?: LayerShape | null;
  /** A whole number: the same decisions every time the program runs. */
  seed?: number | null;
}

/**
 * Sets a share of the inputs to zero in training, and divides the rest by 1 − rate; does nothing otherwise.
 *
 * @example
 * const dropout = new keras.layers.Dropout(0.5, { seed: 1 });
 * dropout(tf.constant([[1, 1]])).array() // [ [ 1, 1 ] ]
 * dropout(tf.ones([1, 100]), { training: true }).array()[0].every((x) => x === 0 || x === 2) // true
 */
export class Dropout extends Layer {
  readonly rate: number;
  readonly noiseShape: LayerShape | null;
  readonly seed: number | null;
  /** Where the decisions come from; none at rate 0. */
  readonly seedGenerator: SeedGenerator | null;

  /**
   * @param rate     the share, from 0 to 1, or all options
   * @param options  `noiseShape`, `seed`, and those of every layer
   * @throws {ValueError} a rate outside 0 … 1
   */
  constructor(rate: number | DropoutOptions, options: DropoutOptions = {}) {
    const settings = typeof rate === "object" ? rate : options;
    super(settings, ["rate", "noiseShape", "seed"]);
    const share = typeof rate === "object" ? rate.rate : rate;
    if (typeof share !== "number" || !(share >= 0 && share <= 1)) {
      throw new ValueError(
        `Invalid value received for argument \`rate\`. Expected a float value between 0 and 1. Received: rate=${share}`,
      );
    }
    this.rate = share;
    this.noiseShape = settings.noiseShape ?? null;
    this.seed = settings.seed ?? null;
    this.seedGenerator = share > 0 ? new SeedGenerator(this.seed) : null;
    this.supportsMasking = true;
    this.built = true;
  }

  override call(inputs: Tensor, options: CallOptions = {}): Tensor {
    if (!options.training || this.rate === 0) return inputs;
    return dropout(inputs, this.rate, { noiseShape: this.noiseShape, seed: this.seedGenerator });
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), rate: this.rate, seed: this.seed, noise_shape: this.noiseShape };
  }
}
