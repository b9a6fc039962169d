/**
 * @file The input of a model: a shape and a dtype.
 */
import type { DType } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import { KerasTensor } from "./kerasTensor.js";
import { Layer } from "./layer.js";

export interface InputOptions {
  /** The shape without the batch; null for sizes that vary. */
  shape?: LayerShape;
  /** The size of every batch; default any. */
  batchSize?: number | null;
  /** The shape with the batch, in place of `shape` and `batchSize`. */
  batchShape?: LayerShape;
  dtype?: DType;
  name?: string | null;
}

/** What `Input` makes: the first layer of a model, which gives its input back. */
export class InputLayer extends Layer {
  readonly batchShape: LayerShape;
  /** The tensor to be. */
  readonly output: KerasTensor;

  /** @throws {ValueError} no shape, or two */
  constructor(options: InputOptions & { sparse?: boolean; ragged?: boolean; optional?: boolean }) {
    const { shape, batchSize = null, batchShape } = options;
    super({ name: options.name, dtype: options.dtype });
    if (shape !== undefined && batchShape !== undefined) {
      throw new ValueError("You cannot pass both `shape` and `batch_shape` at the same time.");
    }
    if (shape === undefined && batchShape === undefined)
      throw new ValueError("You must pass a `shape` argument.");
    if (batchShape !== undefined && batchSize !== null) {
      throw new ValueError("You cannot pass both `batch_size` and `batch_shape` at the same time.");
    }
    this.batchShape = batchShape ?? [batchSize, ...shape!];
    this.output = new KerasTensor(this.batchShape, this.dtype, this.name, this);
    this.built = true;
  }

  override call(inputs: any): any {
    return inputs;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return inputShape;
  }

  override getConfig(): Config {
    const { batchShape, dtype, name } = this;
    return { batch_shape: batchShape, dtype, sparse: false, ragged: false, name, optional: false };
  }
}

/**
 * The input of a model: `new keras.Sequential([keras.Input({ shape: [3] }), …])` is built at once.
 *
 * @param options  `shape` without the batch, `batchSize`, `batchShape`, `dtype`, `name`
 * @throws {ValueError} no shape, or two
 * @example keras.Input({ shape: [3] }).shape // [ null, 3 ]
 */
export const Input = (options: InputOptions): KerasTensor => new InputLayer(options).output;
