/**
 * @file The embedding layer: a table with one vector for each whole number.
 */
import { ValueError } from "../../core/errors.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { cast, gather, notEqual } from "../../ops/public.js";
import type { Config } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import type { Variable } from "../base/variable.js";
import type * as constraints from "../constraints/index.js";
import type * as initializers from "../initializers/index.js";
import type * as regularizers from "../regularizers/index.js";
import { Layer, type LayerOptions } from "./layer.js";
import {
  configOf,
  isPositiveInteger,
  readWeightOptions,
  type WeightConstraint,
  type WeightInitializer,
  type WeightRegularizer,
  weightOptionNames,
  weightOptions,
} from "./weightOptions.js";

export interface EmbeddingOptions extends LayerOptions {
  /** How many whole numbers there are, where it is not given first. */
  inputDim?: number;
  /** Length of the vectors, where it is not given second. */
  outputDim?: number;
  /** Default "uniform": between −0.05 and 0.05. */
  embeddingsInitializer?: initializers.InitializerLike;
  embeddingsRegularizer?: regularizers.RegularizerLike;
  embeddingsConstraint?: constraints.ConstraintLike;
  /** Whether 0 stands for nothing: the output then carries a mask. Default false. */
  maskZero?: boolean;
  /** The table to start with. */
  weights?: TensorLike | readonly [TensorLike] | null;
  /** Part of Keras's configs; only null is known. */
  quantizationConfig?: null;
}

/**
 * Vectors for whole numbers: y[…, :] = embeddings[x[…], :].
 *
 * Input: whole numbers from 0 to inputDim − 1, any shape; output: that shape and outputDim. The gradient of the table
 * is an IndexedSlices.
 *
 * @example
 * const embedding = new keras.layers.Embedding(3, 2, { weights: tf.constant([[0, 0], [1, 2], [3, 4]]) });
 * embedding([[2, 1]]).array() // [ [ [ 3, 4 ], [ 1, 2 ] ] ]
 */
export class Embedding extends Layer {
  readonly inputDim: number;
  readonly outputDim: number;
  readonly maskZero: boolean;
  declare readonly embeddingsInitializer: WeightInitializer;
  declare readonly embeddingsRegularizer: WeightRegularizer;
  declare readonly embeddingsConstraint: WeightConstraint;
  /** Made when the layer is built: [inputDim, outputDim]. */
  declare embeddings: Variable;

  /**
   * @param inputDim   how many whole numbers there are, or all options
   * @param outputDim  length of the vectors
   * @param options    `embeddingsInitializer`, `embeddingsRegularizer`, `embeddingsConstraint`, `maskZero`, `weights`
   * @throws {ValueError} a size that is no whole number above 0
   */
  constructor(inputDim: number | EmbeddingOptions, outputDim?: number, options: EmbeddingOptions = {}) {
    const settings = typeof inputDim === "object" ? inputDim : { ...options, inputDim, outputDim };
    super({ ...settings, autocast: false }, [
      ...["inputDim", "outputDim", "maskZero", "weights", "quantizationConfig"],
      ...weightOptionNames("embeddings"),
    ]);
    this.inputDim = sizeOption("input_dim", settings.inputDim);
    this.outputDim = sizeOption("output_dim", settings.outputDim);
    readWeightOptions(this, settings, { embeddings: "uniform" });
    this.maskZero = settings.maskZero ?? false;
    this.supportsMasking = this.maskZero;
    const { weights } = settings;
    if (weights === undefined || weights === null) return;
    this.build();
    this.setWeights(Array.isArray(weights) && weights.length === 1 ? weights : [weights as TensorLike]);
  }

  override build(_inputShape?: LayerShape): void {
    if (this.built) return;
    this.embeddings = this.addWeight({
      name: "embeddings",
      shape: [this.inputDim, this.outputDim],
      ...weightOptions(this, "embeddings"),
    });
  }

  override call(inputs: Tensor): Tensor {
    return gather(this.embeddings, cast(inputs, "int32"));
  }

  override computeMask(inputs: Tensor): Tensor | null {
    return this.maskZero ? notEqual(inputs, 0) : null;
  }

  override computeOutputShape(inputShape: LayerShape): LayerShape {
    return [...inputShape, this.outputDim];
  }

  override getConfig(): Config {
    return {
      ...super.getConfig(),
      ...configOf(this, ["inputDim", "outputDim", "embeddingsInitializer", "embeddingsRegularizer"]),
      ...configOf(this, ["activityRegularizer", "embeddingsConstraint", "maskZero"]),
      quantization_config: null,
    };
  }
}

/** @throws {ValueError} no whole number above 0 */
function sizeOption(name: string, value: unknown): number {
  if (isPositiveInteger(value)) return value;
  throw new ValueError(
    `\`${name}\` must be a positive integer. Received: ${name}=${value} (of type ${typeof value}).`,
  );
}
