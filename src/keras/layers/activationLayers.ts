/**
 * @file Activations as layers.
 */

import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import * as activations from "../activations/index.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { Layer, type LayerOptions } from "./layer.js";

/** A layer that keeps the shape and has no weights. */
abstract class Elementwise extends Layer {
  constructor(options: LayerOptions, ownOptions: readonly string[]) {
    super(options, ownOptions);
    this.supportsMasking = true;
    this.built = true;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }
}

/**
 * An activation function as a layer.
 *
 * @example new keras.layers.Activation("relu")([[-1, 2]]).array() // [ [ 0, 2 ] ]
 */
export class Activation extends Elementwise {
  readonly activation: activations.Activation;

  /**
   * @param activation  its name or the function, or all options
   * @param options     those of every layer
   * @throws {ValueError} nothing has that name
   */
  constructor(
    activation: activations.ActivationLike | (LayerOptions & { activation: activations.ActivationLike }),
    options: LayerOptions = {},
  ) {
    const isOptions = typeof activation === "object" && activation !== null;
    super(isOptions ? activation : options, ["activation"]);
    this.activation = activations.get(isOptions ? activation.activation : activation);
  }

  override call(inputs: Tensor): Tensor {
    return this.activation(inputs);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), activation: activations.serialize(this.activation) };
  }
}

export interface ReLUOptions extends LayerOptions {
  /** Largest output; default none. */
  maxValue?: number | null;
  /** Slope below the threshold; default 0. */
  negativeSlope?: number;
  /** Inputs up to here give 0; default 0. */
  threshold?: number;
}

/**
 * The input where it is positive, else 0.
 *
 * @example new keras.layers.ReLU({ maxValue: 6 })([[-1, 9]]).array() // [ [ 0, 6 ] ]
 */
export class ReLU extends Elementwise {
  readonly maxValue: number | null;
  readonly negativeSlope: number;
  readonly threshold: number;

  /** @throws {ValueError} a setting below 0 */
  constructor(options: ReLUOptions = {}) {
    super(options, ["maxValue", "negativeSlope", "threshold"]);
    this.maxValue = options.maxValue ?? null;
    this.negativeSlope = options.negativeSlope ?? 0;
    this.threshold = options.threshold ?? 0;
    for (const [name, value] of [
      ["max_value", this.maxValue ?? 0],
      ["negative_slope", this.negativeSlope],
      ["threshold", this.threshold],
    ] as const) {
      if (!(value >= 0))
        throw new ValueError(
          `${name} of a ReLU layer cannot be a negative value. Received: ${name}=${value}`,
        );
    }
  }

  override call(inputs: Tensor): Tensor {
    const { maxValue, negativeSlope, threshold } = this;
    return activations.relu(inputs, { maxValue, negativeSlope, threshold });
  }

  override getConfig(): Config {
    const { maxValue, negativeSlope, threshold } = this;
    return { ...super.getConfig(), max_value: maxValue, negative_slope: negativeSlope, threshold };
  }
}

/**
 * The input where it is positive, else a slope times it.
 *
 * @example new keras.layers.LeakyReLU({ negativeSlope: 0.5 })([[-1, 2]]).array() // [ [ -0.5, 2 ] ]
 */
export class LeakyReLU extends Elementwise {
  readonly negativeSlope: number;

  /** @param options  `negativeSlope`: default 0.3 */
  constructor(options: LayerOptions & { negativeSlope?: number } = {}) {
    super(options, ["negativeSlope"]);
    this.negativeSlope = options.negativeSlope ?? 0.3;
    if (!(this.negativeSlope >= 0)) {
      throw new ValueError(
        "The negative_slope value of a Leaky ReLU layer cannot be None or negative value. Expected a float. " +
          `Received: negative_slope=${this.negativeSlope}`,
      );
    }
  }

  override call(inputs: Tensor): Tensor {
    return activations.leakyRelu(inputs, { negativeSlope: this.negativeSlope });
  }

  override getConfig(): Config {
    return { ...super.getConfig(), negative_slope: this.negativeSlope };
  }
}

/**
 * Probabilities along an axis.
 *
 * @example new keras.layers.Softmax()([[0, 0]]).array() // [ [ 0.5, 0.5 ] ]
 */
export class Softmax extends Elementwise {
  readonly axis: number;

  /** @param options  `axis`: default the last */
  constructor(options: LayerOptions & { axis?: number } = {}) {
    super(options, ["axis"]);
    this.axis = options.axis ?? -1;
  }

  override call(inputs: Tensor): Tensor {
    return activations.softmax(inputs, this.axis);
  }

  override getConfig(): Config {
    return { ...super.getConfig(), axis: this.axis };
  }
}

/**
 * The input itself.
 *
 * @example new keras.layers.Identity()([[1, 2]]).array() // [ [ 1, 2 ] ]
 */
export class Identity extends Elementwise {
  constructor(options: LayerOptions = {}) {
    super(options, []);
  }

  override call(inputs: Tensor): Tensor {
    return inputs;
  }
}
