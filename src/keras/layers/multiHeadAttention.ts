/**
 * @file Multi-head attention.
 */
import { ValueError } from "../../core/errors.js";
import { Tensor, type TensorLike } from "../../core/tensor.js";
import { convertToTensor, matmul, multiply, nn, reshape, where, zerosLike } from "../../ops/public.js";
import { getMask } from "../base/annotations.js";
import type { Config, SerializedObject } from "../base/serialization.js";
import type { LayerShape } from "../base/shape.js";
import * as initializers from "../initializers/index.js";
import * as regularizers from "../regularizers/index.js";
import { alongHeads, headsFirst, headsLast, inputShapes, positionAxes } from "./attentionAxes.js";
import { combinedMask } from "./attentionMask.js";
import { Dropout } from "./dropout.js";
import { HeadsDense, type HeadsDenseOptions } from "./headsDense.js";
import { type CallOptions, Layer, type LayerOptions } from "./layer.js";
import {
  type BiasOptions,
  configOf,
  isPositiveInteger,
  type KernelOptions,
  readWeightOptions,
  type WeightInitializer,
  weightOptionNames,
} from "./weightOptions.js";

export interface MultiHeadAttentionOptions extends LayerOptions, KernelOptions, BiasOptions {
  /** Number of heads, where it is not given first. */
  numHeads?: number;
  /** Size of queries and keys in each head, where it is not given second. */
  keyDim?: number;
  /** Size of values in each head; default `keyDim`. */
  valueDim?: number | null;
  /** Share of attention scores set to zero in training; default 0. */
  dropout?: number;
  /** Sizes of the output beside batch and positions; default those of the query. */
  outputShape?: number | readonly number[] | null;
  /** Axes of positions; default all but the first and the last. */
  attentionAxes?: number | readonly number[] | null;
  /** Positions this far apart or further do not see each other; default none. */
  slidingWindow?: number | null;
  /** Part of Keras's options; there is one kind of attention here. */
  flashAttention?: false | null;
  /** Whether what each head gives is multiplied by a gate, the sigmoid of a dense layer of the query; default false. */
  useGate?: boolean;
  /** A whole number: dropout decides the same every time the program runs. */
  seed?: number | null;
}

/** What a call takes beside query and value. */
export interface AttentionCallOptions extends CallOptions {
  /** Default the value. */
  key?: TensorLike | null;
  /** Which queries count, bool [batch, T]; default the mask that the query carries. */
  queryMask?: Tensor | null;
  /** Which values count, bool [batch, S]; default the mask that the value carries. */
  valueMask?: Tensor | null;
  /** Which keys count, bool [batch, S]; default the mask that the key carries. */
  keyMask?: Tensor | null;
  /** Which query sees which key, bool [batch, T, S]. */
  attentionMask?: TensorLike | null;
  /** Whether a position sees none after it; default false. */
  useCausalMask?: boolean;
  /** Whether to give the scores too: [output, scores]; default false. */
  returnAttentionScores?: boolean;
}

const SIZES = ["numHeads", "keyDim", "valueDim", "dropout", "useBias", "useGate"];
const PLACES = ["outputShape", "attentionAxes", "slidingWindow"];
const CONFIG_ORDER = [
  ...SIZES,
  ...PLACES,
  ...["kernelInitializer", "biasInitializer", "kernelRegularizer", "biasRegularizer", "activityRegularizer"],
  ...["kernelConstraint", "biasConstraint", "seed"],
];

/** What is put in the place of masked scores: e to its power is 0. */
const NEVER = -1e9;

/** Beside the calls of every layer. */
export interface MultiHeadAttention {
  (query: TensorLike, value: TensorLike, options?: AttentionCallOptions): any;
  (inputs: readonly Tensor[], options?: AttentionCallOptions): any;
}

/**
 * Multi-head attention: per head softmax(q · kᵀ / √keyDim) · v, with dense layers before and after.
 *
 * Called as `attention(query, value, options)` with query [batch, T, n] and value [batch, S, m]; output [batch, T, n], or
 * with `outputShape` in place of n. Scores are [batch, heads, T, S].
 *
 * @example
 * const attention = new keras.layers.MultiHeadAttention(2, 4);
 * const x = tf.ones([1, 3, 8]);
 * attention(x, x, { useCausalMask: true }).shape // [ 1, 3, 8 ]
 * const [, scores] = attention(x, x, { useCausalMask: true, returnAttentionScores: true });
 * scores.array()[0][0][0] // [ 1, 0, 0 ]
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface adds the call signatures that `invoke` answers.
export class MultiHeadAttention extends Layer {
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number;
  readonly dropout: number;
  readonly useBias: boolean;
  readonly useGate: boolean;
  readonly outputShape: readonly number[] | null;
  attentionAxes: readonly number[] | null;
  readonly slidingWindow: number | null;
  readonly seed: number | null;
  declare readonly kernelInitializer: WeightInitializer;
  declare readonly biasInitializer: WeightInitializer;
  /** Made when the layer is built, as those below. */
  declare queryDense: HeadsDense;
  declare keyDense: HeadsDense;
  /** Only with `useGate`. */
  declare gateDense: HeadsDense | null;
  declare valueDense: HeadsDense;
  declare dropoutLayer: Dropout;
  declare outputDense: HeadsDense;
  /** Belongs to each of the dense layers, not to the output. */
  readonly #activityRegularizer: ReturnType<typeof regularizers.get>;

  /**
   * @param numHeads  number of heads, or all options
   * @param keyDim    size of queries and keys in each head
   * @param options   `valueDim`, `dropout`, `useBias`, `outputShape`, `attentionAxes`, `slidingWindow`, `useGate`, …
   * @throws {ValueError} a size that is no whole number above 0
   */
  constructor(
    numHeads: number | MultiHeadAttentionOptions,
    keyDim?: number,
    options: MultiHeadAttentionOptions = {},
  ) {
    const settings = typeof numHeads === "object" ? numHeads : { ...options, numHeads, keyDim };
    super({ ...settings, activityRegularizer: null }, [
      ...[...SIZES, ...PLACES, "flashAttention", "seed"],
      ...weightOptionNames("kernel", "bias"),
    ]);
    this.numHeads = sizeOption("num_heads", settings.numHeads);
    this.keyDim = sizeOption("key_dim", settings.keyDim);
    this.valueDim = sizeOption("value_dim", settings.valueDim ?? this.keyDim);
    this.dropout = settings.dropout ?? 0;
    this.useBias = settings.useBias ?? true;
    this.useGate = settings.useGate ?? false;
    this.outputShape = asList(settings.outputShape);
    this.attentionAxes = asList(settings.attentionAxes);
    this.slidingWindow =
      settings.slidingWindow == null ? null : sizeOption("sliding_window", settings.slidingWindow);
    this.seed = settings.seed ?? null;
    readWeightOptions(this, settings, { kernel: "glorot_uniform", bias: "zeros" });
    this.#activityRegularizer = regularizers.get(settings.activityRegularizer);
    this.supportsMasking = true;
  }

  /** Makes the dense layers for the shapes of query, value and key. */
  override build(shapes: any): void {
    const [query, value, key] = inputShapes(shapes);
    this.queryDense = this.#dense("query", query, 1, [this.numHeads, this.keyDim]);
    this.keyDense = this.#dense("key", key, 1, [this.numHeads, this.keyDim]);
    const inHeads = [this.numHeads, this.valueDim];
    this.gateDense = this.useGate ? this.#dense("gate", query, 1, inHeads, "sigmoid") : null;
    this.valueDense = this.#dense("value", value, 1, inHeads);
    this.attentionAxes = positionAxes(this.attentionAxes, value.length);
    this.dropoutLayer = new Dropout(this.dropout, { dtype: this.dtype, seed: this.seed });
    const attended = [...query.slice(0, -1), ...inHeads];
    this.outputDense = this.#dense(
      "attention_output",
      attended,
      2,
      this.outputShape ?? [query.at(-1) as number],
    );
  }

  #dense(
    name: string,
    shape: LayerShape,
    inputAxes: number,
    outputSizes: readonly number[],
    activation?: HeadsDenseOptions["activation"],
  ): HeadsDense {
    const { useBias, dtype } = this;
    const own = Object.fromEntries(
      weightOptionNames("kernel", "bias").map((option) => [option, (this as Record<string, any>)[option]]),
    );
    const copies = {
      kernelInitializer: clone(this.kernelInitializer),
      biasInitializer: clone(this.biasInitializer),
    };
    const layer = new HeadsDense({
      ...{ ...own, ...copies, name, inputAxes, outputSizes, useBias, activation, dtype },
      activityRegularizer: this.#activityRegularizer,
    });
    layer.build(shape);
    return layer;
  }

  protected override invoke(query: unknown, value: unknown, options?: unknown): unknown {
    // Called as every layer is, with [query, value] or [query, value, key].
    if (Array.isArray(query) && query.some((item) => item instanceof Tensor))
      return super.invoke(query, value);
    const { key = null, ...rest } = (options ?? {}) as AttentionCallOptions;
    if (value === undefined || value === null)
      throw new ValueError(`Layer '${this.name}': call it with query and value: attention(x, x)`);
    const inputs = key === null ? [query, value] : [query, value, key];
    // A list of numbers would pass for a structure of inputs.
    return super.invoke(
      inputs.map((input) => convertToTensor(input as TensorLike)),
      rest,
    );
  }

  override call(inputs: readonly Tensor[], options: AttentionCallOptions = {}): any {
    const [query, value, key = value] = inputs as [Tensor, Tensor, Tensor?];
    const mask = combinedMask(
      {
        queryMask: options.queryMask ?? getMask(query) ?? null,
        valueMask: options.valueMask ?? getMask(value) ?? null,
        keyMask: options.keyMask ?? (key === value ? null : (getMask(key) ?? null)),
        attentionMask: options.attentionMask == null ? null : convertToTensor(options.attentionMask),
        isCausal: options.useCausalMask ?? false,
        slidingWindow: this.slidingWindow,
      },
      query.shape[1]!,
      value.shape[1]!,
    );
    const gate = this.gateDense?.(query);
    const [q, k, v] = [this.queryDense(query), this.keyDense(key), this.valueDense(value)];
    const { returnAttentionScores = false, training } = options;
    // As in Keras, a query that sees nothing gives 0 where scores are computed one by one, and the mean otherwise.
    const isExplicit = this.dropout > 0 || returnAttentionScores || q.rank !== 4;
    const { output, scores } = this.#attend(q, k, v, mask, { isExplicit, training });
    const result = this.outputDense(gate === undefined ? output : multiply(output, gate));
    return returnAttentionScores ? [result, scores] : result;
  }

  /** q [batch, …T, heads, keyDim], k and v [batch, …S, heads, …] → [batch, …T, heads, valueDim]. */
  #attend(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    mask: Tensor | null,
    { isExplicit, training }: { isExplicit: boolean; training: boolean | undefined },
  ): { output: Tensor; scores: Tensor } {
    const axes = this.attentionAxes!;
    const scaled = multiply(q, 1 / Math.sqrt(this.keyDim));
    const [heads, keys, values] = [scaled, k, v].map((x) => headsFirst(x, axes)) as [Tensor, Tensor, Tensor];
    const products = matmul(heads, keys, { transposeB: true });
    const [from, to] = [q, k].map((x) => axes.map((axis) => x.shape[axis]!)) as [number[], number[]];
    const shape = [...products.shape.slice(0, -2), ...from, ...to];
    const seen = mask === null ? null : alongHeads(mask, shape.length, axes.length);
    const masked =
      seen === null ? products : reshape(where(seen, reshape(products, shape), NEVER), products.shape);
    const plain = reshape(nn.softmax(masked), shape);
    const scores = seen === null || !isExplicit ? plain : where(seen, plain, zerosLike(plain));
    const kept = this.dropout > 0 ? this.dropoutLayer(scores, { training }) : scores;
    const attended = matmul(reshape(kept, products.shape), values);
    return { output: headsLast(attended, q.shape, axes), scores };
  }

  /** The mask of the output is that of the query. */
  override computeMask(inputs: readonly Tensor[]): Tensor | null {
    return getMask(inputs[0]) ?? null;
  }

  override computeOutputShape(shapes: any): LayerShape {
    const [query] = inputShapes(shapes);
    return this.outputShape === null ? query : [...query.slice(0, -1), ...this.outputShape];
  }

  override getConfig(): Config {
    const shown = { activityRegularizer: this.#activityRegularizer };
    const names = CONFIG_ORDER.map((name) => [name, (this as Record<string, any>)[name]]);
    return { ...super.getConfig(), ...configOf({ ...Object.fromEntries(names), ...shown }, CONFIG_ORDER) };
  }

  override toJSON(): SerializedObject {
    const serialized = super.toJSON();
    const shapes = this.buildShape as unknown as readonly LayerShape[] | null;
    return shapes === null ? serialized : { ...serialized, build_config: buildShapes(shapes) };
  }
}

/** What the layer was built for, as configs hold it. */
function buildShapes([query, value, key]: readonly LayerShape[]): Config {
  const shapes = { query_shape: query, value_shape: value };
  return { shapes_dict: key === undefined ? shapes : { ...shapes, key_shape: key } };
}

/** @throws {ValueError} no whole number above 0 */
function sizeOption(name: string, value: unknown): number {
  if (isPositiveInteger(value)) return value;
  throw new ValueError(
    `Received an invalid value for argument \`${name}\`, expected a positive integer. Received: ${name}=${value}`,
  );
}

const asList = (value: number | readonly number[] | null | undefined): readonly number[] | null =>
  typeof value === "number" ? [value] : (value ?? null);

/** Each dense layer draws its own values. */
const clone = (initializer: WeightInitializer): WeightInitializer =>
  initializer instanceof initializers.Initializer
    ? initializers.deserialize(initializers.serialize(initializer))
    : initializer;
