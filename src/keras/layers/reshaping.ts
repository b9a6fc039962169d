/**
 * @file Layers that move elements: flatten, reshape, permute.
 */
import { ShapeError, ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { reshape, transpose } from "../../ops/public.js";
import { showPythonShape } from "../base/pythonText.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { InputSpec } from "./inputSpec.js";
import { Layer, type LayerOptions } from "./layer.js";

/** The product of sizes, or null if one varies. */
const productOf = (shape: LayerShape): number | null =>
  shape.reduce<number | null>((product, n) => (product === null || n === null ? null : product * n), 1);

/**
 * All axes but the batch's in one.
 *
 * Input [batch, …], output [batch, n].
 *
 * @example new keras.layers.Flatten()(tf.zeros([2, 3, 4])).shape // [ 2, 12 ]
 */
export class Flatten extends Layer {
  readonly dataFormat: "channels_last" | "channels_first";

  /** @param options  `dataFormat`: "channels_last" (default) or "channels_first", which moves the channels last */
  constructor(options: LayerOptions & { dataFormat?: "channels_last" | "channels_first" | null } = {}) {
    super(options, ["dataFormat"]);
    this.dataFormat = options.dataFormat ?? "channels_last";
    this.inputSpec = new InputSpec({ minNdim: 1 });
  }

  override call(inputs: Tensor): Tensor {
    const { rank, shape } = inputs;
    const moves = this.dataFormat === "channels_first" && rank > 2;
    const x = moves
      ? transpose(inputs, [0, ...Array.from({ length: rank - 2 }, (_, i) => i + 2), 1])
      : inputs;
    return reshape(x, [shape[0]!, productOf(shape.slice(1))!]);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [inputShape[0]!, productOf(inputShape.slice(1))];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), data_format: this.dataFormat };
  }
}

/**
 * The same elements in another shape; the batch axis stays.
 *
 * @example new keras.layers.Reshape([2, -1])(tf.zeros([5, 6])).shape // [ 5, 2, 3 ]
 */
export class Reshape extends Layer {
  readonly targetShape: readonly number[];

  /**
   * @param targetShape  the shape without the batch, one size may be −1; or all options
   * @param options      those of every layer
   */
  constructor(
    targetShape: readonly number[] | (LayerOptions & { targetShape: readonly number[] }),
    options: LayerOptions = {},
  ) {
    const settings = "targetShape" in targetShape ? targetShape : options;
    super(settings, ["targetShape"]);
    this.targetShape = "targetShape" in targetShape ? targetShape.targetShape : targetShape;
  }

  override call(inputs: Tensor): Tensor {
    const [batch, ...rest] = this.computeOutputShape(inputs.shape) as number[];
    return reshape(inputs, [batch!, ...rest]);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    const [batch, ...rest] = inputShape;
    const size = productOf(rest);
    const known = this.targetShape.reduce((product, n) => (n === -1 ? product : product * n), 1);
    const hasHole = this.targetShape.includes(-1);
    if (size !== null && (hasHole ? size % known !== 0 : size !== known)) {
      throw new ShapeError(
        "The total size of the tensor must be unchanged. Received: " +
          `input_shape=${showPythonShape(rest)}, target_shape=${showPythonShape(this.targetShape)}`,
      );
    }
    return [batch!, ...this.targetShape.map((n) => (n === -1 ? (size === null ? null : size / known) : n))];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), target_shape: this.targetShape };
  }
}

/**
 * The axes in another order; the batch axis stays.
 *
 * @example new keras.layers.Permute([2, 1])(tf.zeros([5, 2, 3])).shape // [ 5, 3, 2 ]
 */
export class Permute extends Layer {
  readonly dims: readonly number[];

  /**
   * @param dims     for each place the axis that goes there, counted from 1; or all options
   * @param options  those of every layer
   * @throws {ValueError} not the numbers 1 … n
   */
  constructor(
    dims: readonly number[] | (LayerOptions & { dims: readonly number[] }),
    options: LayerOptions = {},
  ) {
    const settings = "dims" in dims ? dims : options;
    super(settings, ["dims"]);
    this.dims = "dims" in dims ? dims.dims : dims;
    if ([...this.dims].sort((a, b) => a - b).some((axis, i) => axis !== i + 1)) {
      throw new ValueError(
        "Invalid permutation argument `dims` for Permute Layer. The set of indices in `dims` must be consecutive and " +
          `start from 1. Received dims=${showPythonShape(this.dims)}`,
      );
    }
    this.inputSpec = new InputSpec({ ndim: this.dims.length + 1 });
  }

  override call(inputs: Tensor): Tensor {
    return transpose(inputs, [0, ...this.dims]);
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [inputShape[0]!, ...this.dims.map((axis) => inputShape[axis]!)];
  }

  override getConfig(): Config {
    return { ...super.getConfig(), dims: this.dims };
  }
}
