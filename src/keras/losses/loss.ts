/**
 * @file Losses: `loss(yTrue, yPred, sampleWeight)` is the number that training makes small.
 */
import { toTensor } from "../../core/convert.js";
import { type DType, standardizeDtype } from "../../core/dtype.js";
import { Operand, type Tensor, type TensorLike } from "../../core/tensor.js";
import { flattenTree, packTree } from "../../core/tree.js";
import { cast, logicalAnd } from "../../ops/public.js";
import { getMask } from "../base/annotations.js";
import { floatx } from "../base/config.js";
import { configurable } from "../base/configurable.js";
import { autoName } from "../base/naming.js";
import type { Config } from "../base/serialization.js";
import { isStructure } from "../base/structure.js";
import { checkReduction, type Reduction, reduceWeighted } from "./reduction.js";

/** Loss values per sample from labels and predictions. */
export type LossFunction = (yTrue: any, yPred: any) => Tensor;

export interface LossOptions {
  /** Default "sum_over_batch_size": the sum divided by the number of values. */
  reduction?: Reduction;
  /** Default the class's in snake case. */
  name?: string;
  /** Default `keras.config.floatx()`. */
  dtype?: DType | null;
}

/** How losses are called. */
export type LossCall = (yTrue: any, yPred: any, sampleWeight?: TensorLike | null) => Tensor;

/** Base of losses; a subclass writes `call(yTrue, yPred)`, which gives one value per sample. */
export abstract class Loss extends configurable<LossCall>() {
  declare readonly name: string;
  readonly reduction: Reduction;
  readonly dtype: DType;

  /** @throws {ValueError} an unknown reduction */
  constructor(options: LossOptions = {}) {
    super();
    Object.defineProperty(this, "name", {
      value: options.name ?? autoName(this.constructor.name),
      enumerable: true,
    });
    this.reduction = checkReduction(
      options.reduction === undefined ? "sum_over_batch_size" : options.reduction,
    );
    this.dtype = options.dtype ? standardizeDtype(options.dtype, this.name) : floatx();
  }

  /** One value per sample. */
  abstract override call(yTrue: any, yPred: any): Tensor;

  protected override invoke(yTrue: unknown, yPred: unknown, sampleWeight: unknown): Tensor {
    const truth = inDtype(yTrue, this.dtype, "yTrue");
    const prediction = inDtype(yPred, this.dtype, "yPred");
    const values = this.call(truth, prediction);
    const mask = bothMasks(getMask(yPred), getMask(values));
    const weights =
      sampleWeight === null || sampleWeight === undefined
        ? null
        : toTensor(sampleWeight as TensorLike, this.dtype, "sampleWeight");
    return reduceWeighted(values, weights, mask, this.reduction);
  }

  override getConfig(): Config {
    return { name: this.name, reduction: this.reduction };
  }

  override toString(): string {
    return `<${this.constructor.name} name=${this.name}>`;
  }
}

/** A loss made of a function of labels and predictions. */
export class LossFunctionWrapper extends Loss {
  readonly fn: LossFunction;

  constructor(fn: LossFunction, options: LossOptions = {}) {
    super({ name: fn.name, ...options });
    this.fn = fn;
  }

  override call(yTrue: any, yPred: any): Tensor {
    return this.fn(yTrue, yPred);
  }
}

function inDtype(value: unknown, dtype: DType, who: string): unknown {
  if (value instanceof Operand) return value.dtype === dtype ? value : cast(value, dtype);
  if (!isStructure(value)) return toTensor(value as TensorLike, dtype, who);
  return packTree(
    value,
    flattenTree(value).map((leaf) => inDtype(leaf, dtype, who)),
  );
}

function bothMasks(a: Tensor | undefined, b: Tensor | undefined): Tensor | null {
  if (a === undefined || b === undefined) return a ?? b ?? null;
  return logicalAnd(cast(a, "bool"), cast(b, "bool"));
}
