/**
 * @file Constraints on weights: `constraint(w)` is what a weight becomes after an update.
 */
import { toTensor } from "../../core/convert.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import {
  add,
  cast,
  clipByValue,
  divide,
  greaterEqual,
  multiply,
  reduceSum,
  sqrt,
  square,
} from "../../ops/public.js";
import { epsilon, floatx } from "../base/config.js";
import { configurable } from "../base/configurable.js";
import type { Config } from "../base/serialization.js";

/** How constraints are called. */
export type ConstraintCall = (w: TensorLike) => Tensor;

/** Axes along which lengths are measured. */
export type NormAxis = number | readonly number[];

/** Base of constraints; a subclass writes `project(w)`. */
export abstract class Constraint extends configurable<ConstraintCall>() {
  /** The nearest allowed value. */
  abstract project(w: Tensor): Tensor;

  protected override invoke(w: unknown): Tensor {
    return this.project(toTensor(w as TensorLike, floatx(), this.constructor.name));
  }

  override getConfig(): Config {
    return {};
  }
}

/** Lengths along axes, kept with size 1. */
const lengths = (w: Tensor, axis: NormAxis): Tensor => sqrt(reduceSum(square(w), { axis, keepdims: true }));

/** `w` with other lengths; a zero vector stays zero. */
const rescale = (w: Tensor, norms: Tensor, desired: Tensor): Tensor =>
  multiply(w, divide(desired, add(norms, epsilon())));

/**
 * Vectors along an axis no longer than a maximum.
 *
 * @example new keras.constraints.MaxNorm(1)([[3], [4]]).array().map(([x]) => x.toFixed(4)) // [ '0.6000', '0.8000' ]
 */
export class MaxNorm extends Constraint {
  readonly maxValue: number;
  readonly axis: NormAxis;

  /** @param argument  the maximum (default 2), or `{ maxValue, axis }`; `options`: `axis` (default 0) */
  constructor(
    argument: number | { maxValue?: number; axis?: NormAxis } = {},
    options: { axis?: NormAxis } = {},
  ) {
    super();
    const given = typeof argument === "number" ? { maxValue: argument, ...options } : argument;
    this.maxValue = given.maxValue ?? 2;
    this.axis = given.axis ?? 0;
  }

  project(w: Tensor): Tensor {
    const norms = lengths(w, this.axis);
    return rescale(w, norms, clipByValue(norms, 0, this.maxValue));
  }

  override getConfig(): Config {
    return { max_value: this.maxValue, axis: this.axis };
  }
}

/**
 * No negative values: they become 0.
 *
 * @example new keras.constraints.NonNeg()([-1, 2]).array() // [ -0, 2 ]
 */
export class NonNeg extends Constraint {
  project(w: Tensor): Tensor {
    return multiply(w, cast(greaterEqual(w, 0), w.dtype));
  }
}

/**
 * Vectors of length 1 along an axis.
 *
 * @example new keras.constraints.UnitNorm()([[3], [4]]).array().map(([x]) => x.toFixed(4)) // [ '0.6000', '0.8000' ]
 */
export class UnitNorm extends Constraint {
  readonly axis: NormAxis;

  /** @param options  `axis`: default 0 */
  constructor(options: { axis?: NormAxis } = {}) {
    super();
    this.axis = options.axis ?? 0;
  }

  project(w: Tensor): Tensor {
    return divide(w, add(lengths(w, this.axis), epsilon()));
  }

  override getConfig(): Config {
    return { axis: this.axis };
  }
}

export interface MinMaxNormOptions {
  /** Smallest length; default 0. */
  minValue?: number;
  /** Largest length; default 1. */
  maxValue?: number;
  /** How far each update goes toward the range: 1 (default) all the way. */
  rate?: number;
  /** Default 0. */
  axis?: NormAxis;
}

/**
 * Vectors along an axis with a length in a range.
 *
 * @example
 * const constraint = new keras.constraints.MinMaxNorm({ minValue: 1, maxValue: 2 });
 * constraint([[0.3], [0.4]]).array().map(([x]) => x.toFixed(4)) // [ '0.6000', '0.8000' ]
 */
export class MinMaxNorm extends Constraint {
  readonly minValue: number;
  readonly maxValue: number;
  readonly rate: number;
  readonly axis: NormAxis;

  constructor(options: MinMaxNormOptions = {}) {
    super();
    this.minValue = options.minValue ?? 0;
    this.maxValue = options.maxValue ?? 1;
    this.rate = options.rate ?? 1;
    this.axis = options.axis ?? 0;
  }

  project(w: Tensor): Tensor {
    const norms = lengths(w, this.axis);
    const inRange = multiply(this.rate, clipByValue(norms, this.minValue, this.maxValue));
    return rescale(w, norms, add(inRange, multiply(1 - this.rate, norms)));
  }

  override getConfig(): Config {
    return { min_value: this.minValue, max_value: this.maxValue, rate: this.rate, axis: this.axis };
  }
}
