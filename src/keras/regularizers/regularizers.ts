/**
 * @file Penalties on weights or outputs: `regularizer(x)` is a number that is added to the loss.
 */
import { toTensor } from "../../core/convert.js";
import { ShapeError, ValueError } from "../../core/errors.js";
import { showShape } from "../../core/shape.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import {
  abs,
  add,
  divide,
  eye,
  fill,
  math,
  matmul,
  maximum,
  multiply,
  reduceSum,
  sqrt,
  square,
  subtract,
} from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { configurable } from "../base/configurable.js";
import type { Config } from "../base/serialization.js";

/** How regularizers are called. */
export type RegularizerCall = (x: TensorLike) => Tensor;

/** Base of regularizers; a subclass writes `penalty(x)`. */
export abstract class Regularizer extends configurable<RegularizerCall>() {
  /** The penalty: a scalar. */
  abstract penalty(x: Tensor): Tensor;

  protected override invoke(x: unknown): Tensor {
    return this.penalty(toTensor(x as TensorLike, floatx(), this.constructor.name));
  }

  abstract override getConfig(): Config;
}

function checkFactor(value: number, name: string): number {
  if (typeof value === "number" && value >= 0 && Number.isFinite(value)) return value;
  throw new ValueError(
    `Invalid value for argument ${name}: expected a non-negative float. Received: ${name}=${value}`,
  );
}

/** A factor, or the options that hold it. */
const factor = <K extends string>(
  argument: number | { readonly [key in K]?: number } | undefined,
  name: K,
): number => checkFactor((typeof argument === "number" ? argument : argument?.[name]) ?? 0.01, name);

/**
 * The sum of absolute values: l1 · Σ|x|.
 *
 * @example new keras.regularizers.L1(0.5)([1, -2]).item() // 1.5
 */
export class L1 extends Regularizer {
  readonly l1: number;

  /** @param l1  the factor, or `{ l1 }`; default 0.01 */
  constructor(l1?: number | { l1?: number }) {
    super();
    // Keras keeps this factor as a float32.
    this.l1 = Math.fround(factor(l1, "l1"));
  }

  penalty(x: Tensor): Tensor {
    return multiply(this.l1, reduceSum(abs(x)));
  }

  getConfig(): Config {
    return { l1: this.l1 };
  }
}

/**
 * The sum of squares: l2 · Σx².
 *
 * @example new keras.regularizers.L2(0.5)([1, -2]).item() // 2.5
 */
export class L2 extends Regularizer {
  readonly l2: number;

  /** @param l2  the factor, or `{ l2 }`; default 0.01 */
  constructor(l2?: number | { l2?: number }) {
    super();
    this.l2 = factor(l2, "l2");
  }

  penalty(x: Tensor): Tensor {
    return multiply(this.l2, reduceSum(square(x)));
  }

  getConfig(): Config {
    return { l2: this.l2 };
  }
}

/**
 * Both penalties: l1 · Σ|x| + l2 · Σx².
 *
 * @example new keras.regularizers.L1L2({ l1: 1, l2: 0.5 })([1, -2]).item() // 5.5
 */
export class L1L2 extends Regularizer {
  readonly l1: number;
  readonly l2: number;

  /** @param options  `l1` and `l2`; default 0 */
  constructor(options: { l1?: number; l2?: number } = {}) {
    super();
    this.l1 = checkFactor(options.l1 ?? 0, "l1");
    this.l2 = checkFactor(options.l2 ?? 0, "l2");
  }

  penalty(x: Tensor): Tensor {
    const none = fill([], 0, x.dtype);
    const first = this.l1 === 0 ? none : multiply(this.l1, reduceSum(abs(x)));
    return this.l2 === 0 ? first : add(first, multiply(this.l2, reduceSum(square(x))));
  }

  getConfig(): Config {
    return { l1: this.l1, l2: this.l2 };
  }
}

/**
 * A penalty on rows (or columns) of a matrix that are not at right angles: the mean absolute cosine between two of
 * them, times the factor.
 *
 * @throws {ShapeError} when called with something that is not a matrix
 * @example new keras.regularizers.OrthogonalRegularizer()([[1, 0], [0, 2]]).item() // 0
 */
export class OrthogonalRegularizer extends Regularizer {
  readonly factor: number;
  readonly mode: "rows" | "columns";

  /** @param options  `factor` (default 0.01), `mode`: "rows" (default) or "columns" */
  constructor(options: { factor?: number; mode?: "rows" | "columns" } = {}) {
    super();
    this.factor = checkFactor(options.factor ?? 0.01, "factor");
    this.mode = options.mode ?? "rows";
    if (this.mode !== "rows" && this.mode !== "columns") {
      throw new ValueError(
        `Invalid value for argument \`mode\`. Expected one of {"rows", "columns"}. Received: mode=${this.mode}`,
      );
    }
  }

  penalty(x: Tensor): Tensor {
    if (x.rank !== 2) {
      throw new ShapeError(
        `Inputs to OrthogonalRegularizer must have rank 2. Received: inputs.shape=${showShape(x.shape)}`,
      );
    }
    const rows = this.mode === "rows";
    const size = x.shape[rows ? 0 : 1]!;
    const norms = sqrt(maximum(reduceSum(square(x), { axis: rows ? 1 : 0, keepdims: true }), 1e-12));
    const units = divide(x, norms);
    const cosines = matmul(units, units, rows ? { transposeB: true } : { transposeA: true });
    const between = multiply(cosines, subtract(1, eye(size, size, { dtype: x.dtype })));
    const pairs = (size * (size - 1)) / 2;
    return math.divideNoNan(multiply(this.factor * 0.5, reduceSum(abs(between))), pairs);
  }

  getConfig(): Config {
    return { factor: this.factor, mode: this.mode };
  }
}
