/**
 * @file Methods of tensors and variables: operators by their short names, and the ops that chains are made of.
 *
 * The table under `Symbol.for("nabla.operators")` is what rewritten code calls for `a * b`.
 */

import type { DType } from "../core/dtype.js";
import { DtypeError, ShapeError } from "../core/errors.js";
import { showShape } from "../core/shape.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { sigmoid } from "./activations.js";
import * as arithmetic from "./arithmetic.js";
import { cast } from "./cast.js";
import * as comparison from "./comparison.js";
import { exp, log, pow, sqrt, square } from "./exponential.js";
import { argmax, argmin, reduceMax, reduceMin } from "./extremes.js";
import { type MatmulOptions, matmul } from "./matmul.js";
import { relu } from "./rectifiers.js";
import {
  type ReduceArgument,
  reduceAll,
  reduceAny,
  reduceMean,
  reduceProd,
  reduceSum,
} from "./reductions.js";
import { getItem, type IndexItem, slice } from "./slice.js";
import { softmax } from "./softmax.js";
import { cos, sin, tanh } from "./trigonometry.js";
import { broadcastTo, expandDims, reshape, squeeze, transpose } from "./views.js";

/** What every tensor and variable can do; each method is the op of that name with the tensor as its first argument. */
export interface TensorMethods {
  /** x + y. */
  add(y: TensorLike): Tensor;
  /** x − y. */
  sub(y: TensorLike): Tensor;
  /** x · y, element by element. */
  mul(y: TensorLike): Tensor;
  /** x / y; integers become floats. */
  div(y: TensorLike): Tensor;
  /** x to the power y. */
  pow(y: TensorLike): Tensor;
  /** Remainder with the sign of y. */
  mod(y: TensorLike): Tensor;
  /** ⌊x / y⌋. */
  floordiv(y: TensorLike): Tensor;
  /** −x. */
  neg(): Tensor;
  /** Product of matrices. */
  matmul(y: TensorLike, options?: MatmulOptions): Tensor;
  maximum(y: TensorLike): Tensor;
  minimum(y: TensorLike): Tensor;

  /** |x|. */
  abs(): Tensor;
  sign(): Tensor;
  /** x². */
  square(): Tensor;
  /** √x. */
  sqrt(): Tensor;
  /** eˣ. */
  exp(): Tensor;
  /** ln x. */
  log(): Tensor;
  sin(): Tensor;
  cos(): Tensor;
  tanh(): Tensor;
  sigmoid(): Tensor;
  relu(): Tensor;
  /** eˣ / Σ eˣ along an axis; default the last. */
  softmax(axis?: number): Tensor;
  /** Limited to [low, high]. */
  clip(low: TensorLike, high: TensorLike): Tensor;

  /** Whether x = y, element by element. */
  equal(y: TensorLike): Tensor;
  /** Whether x ≠ y, element by element. */
  notEqual(y: TensorLike): Tensor;
  /** Whether x < y, element by element. */
  less(y: TensorLike): Tensor;
  /** Whether x ≤ y, element by element. */
  lessEqual(y: TensorLike): Tensor;
  /** Whether x > y, element by element. */
  greater(y: TensorLike): Tensor;
  /** Whether x ≥ y, element by element. */
  greaterEqual(y: TensorLike): Tensor;

  /** Sum along axes; of everything without an axis. */
  sum(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Mean along axes; of everything without an axis. */
  mean(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Product along axes; of everything without an axis. */
  prod(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Largest element along axes; of everything without an axis. */
  max(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Smallest element along axes; of everything without an axis. */
  min(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Whether any element along axes is true. */
  any(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Whether all elements along axes are true. */
  all(axis?: ReduceArgument, keepdims?: boolean): Tensor;
  /** Where the largest element along an axis is; default axis 0. */
  argmax(axis?: number): Tensor;
  /** Where the smallest element along an axis is; default axis 0. */
  argmin(axis?: number): Tensor;

  /** The same elements in another shape; one size may be −1. */
  reshape(shape: readonly number[]): Tensor;
  /** The axes in another order; without one, reversed. */
  transpose(perm?: readonly number[]): Tensor;
  broadcastTo(shape: readonly number[]): Tensor;
  expandDims(axis: number): Tensor;
  squeeze(axis?: number | readonly number[]): Tensor;
  /** The block of `size` elements from `begin` on, along every axis. */
  slice(begin: readonly number[], size: readonly number[]): Tensor;
  /**
   * What Python's brackets give: `x[1:3, ..., -1]` is `x.at([1, 3], "...", -1)`.
   *
   * @example tf.constant([[1, 2, 3], [4, 5, 6]]).at(1, [null, null, -1]).array() // [ 6, 5, 4 ]
   */
  at(...index: IndexItem[]): Tensor;
  /** The same values in another dtype. */
  cast(dtype: DType): Tensor;
}

declare module "../core/tensor.js" {
  interface Operand extends TensorMethods {}
}

type Methods = {
  readonly [K in keyof TensorMethods]: (this: Operand, ...args: Parameters<TensorMethods[K]>) => Tensor;
};

const methods: Methods = {
  add(y) {
    return arithmetic.add(this, y);
  },
  sub(y) {
    return arithmetic.subtract(this, y);
  },
  mul(y) {
    return arithmetic.multiply(this, y);
  },
  div(y) {
    return arithmetic.divide(this, y);
  },
  pow(y) {
    return pow(this, y);
  },
  mod(y) {
    return arithmetic.floormod(this, y);
  },
  floordiv(y) {
    return arithmetic.floordiv(this, y);
  },
  neg() {
    return arithmetic.negative(this);
  },
  matmul(y, options) {
    return matmul(this, y, options);
  },
  maximum(y) {
    return arithmetic.maximum(this, y);
  },
  minimum(y) {
    return arithmetic.minimum(this, y);
  },
  abs() {
    return arithmetic.abs(this);
  },
  sign() {
    return arithmetic.sign(this);
  },
  square() {
    return square(this);
  },
  sqrt() {
    return sqrt(this);
  },
  exp() {
    return exp(this);
  },
  log() {
    return log(this);
  },
  sin() {
    return sin(this);
  },
  cos() {
    return cos(this);
  },
  tanh() {
    return tanh(this);
  },
  sigmoid() {
    return sigmoid(this);
  },
  relu() {
    return relu(this);
  },
  softmax(axis) {
    return softmax(this, axis);
  },
  clip(low, high) {
    return arithmetic.clipByValue(this, low, high);
  },
  equal(y) {
    return comparison.equal(this, y);
  },
  notEqual(y) {
    return comparison.notEqual(this, y);
  },
  less(y) {
    return comparison.less(this, y);
  },
  lessEqual(y) {
    return comparison.lessEqual(this, y);
  },
  greater(y) {
    return comparison.greater(this, y);
  },
  greaterEqual(y) {
    return comparison.greaterEqual(this, y);
  },
  sum(axis, keepdims) {
    return reduceSum(this, axis, keepdims);
  },
  mean(axis, keepdims) {
    return reduceMean(this, axis, keepdims);
  },
  prod(axis, keepdims) {
    return reduceProd(this, axis, keepdims);
  },
  max(axis, keepdims) {
    return reduceMax(this, axis, keepdims);
  },
  min(axis, keepdims) {
    return reduceMin(this, axis, keepdims);
  },
  any(axis, keepdims) {
    return reduceAny(this, axis, keepdims);
  },
  all(axis, keepdims) {
    return reduceAll(this, axis, keepdims);
  },
  argmax(axis) {
    return argmax(this, axis);
  },
  argmin(axis) {
    return argmin(this, axis);
  },
  reshape(shape) {
    return reshape(this, shape);
  },
  transpose(perm) {
    return transpose(this, perm);
  },
  broadcastTo(shape) {
    return broadcastTo(this, shape);
  },
  expandDims(axis) {
    return expandDims(this, axis);
  },
  squeeze(axis) {
    return squeeze(this, axis);
  },
  slice(begin, size) {
    return slice(this, begin, size);
  },
  at(...index) {
    return getItem(this, index);
  },
  cast(dtype) {
    return cast(this, dtype);
  },
};

/** `a < b` in rewritten code: one truth value, so only for scalars. */
const truth =
  (name: string, symbol: string, of: (x: TensorLike, y: TensorLike) => Tensor) =>
  (a: TensorLike, b: TensorLike): boolean => {
    const result = of(a, b);
    if (result.rank === 0) return result.storage[0] !== 0;
    throw new ShapeError(
      `a ${symbol} b gives one true or false, so both sides must be scalars; the result here has shape ` +
        `${showShape(result.shape)}. Compare element by element with tf.${name}(a, b)`,
    );
  };

const operators = {
  add: arithmetic.add,
  sub: arithmetic.subtract,
  mul: arithmetic.multiply,
  div: arithmetic.divide,
  pow,
  mod: (): never => {
    throw new DtypeError(
      "% on tensors: use tf.floormod (the sign of the divisor, as in Python) or tf.truncatemod (that of the dividend, " +
        "as in JavaScript)",
    );
  },
  neg: arithmetic.negative,
  matmul: (a: TensorLike, b: TensorLike): Tensor => matmul(a, b),
  lt: truth("less", "<", comparison.less),
  le: truth("lessEqual", "<=", comparison.lessEqual),
  gt: truth("greater", ">", comparison.greater),
  ge: truth("greaterEqual", ">=", comparison.greaterEqual),
};

/** Gives tensors and variables their methods and their part in operators. */
export function installMethods(): void {
  const properties: PropertyDescriptorMap = {};
  const parts = { ...methods, [Symbol.for("nabla.operators")]: operators };
  for (const key of Reflect.ownKeys(parts)) {
    properties[key] = { value: parts[key as keyof typeof parts], configurable: true, writable: true };
  }
  Object.defineProperties(Operand.prototype, properties);
}
