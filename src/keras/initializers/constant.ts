/**
 * @file Initializers without chance: zeros, ones, a number, the identity matrix.
 */
import type { DType } from "../../core/dtype.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { eye, fill, multiply } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { showPythonShape } from "../base/pythonText.js";
import type { Config } from "../base/serialization.js";
import { Initializer } from "./initializer.js";

/**
 * Zeros.
 *
 * @example new keras.initializers.Zeros()([2]).array() // [ 0, 0 ]
 */
export class Zeros extends Initializer {
  create(shape: readonly number[], dtype: DType = floatx()): Tensor {
    return fill(shape, 0, dtype);
  }
}

/**
 * Ones.
 *
 * @example new keras.initializers.Ones()([2]).array() // [ 1, 1 ]
 */
export class Ones extends Initializer {
  create(shape: readonly number[], dtype: DType = floatx()): Tensor {
    return fill(shape, 1, dtype);
  }
}

/**
 * One number everywhere.
 *
 * @example new keras.initializers.Constant(3)([2]).array() // [ 3, 3 ]
 */
export class Constant extends Initializer {
  readonly value: number;

  /** @param value  the number, or `{ value }`; default 0 */
  constructor(value: number | { value?: number } = 0) {
    super();
    this.value = typeof value === "number" ? value : (value.value ?? 0);
  }

  create(shape: readonly number[], dtype: DType = floatx()): Tensor {
    return fill(shape, this.value, dtype);
  }

  override getConfig(): Config {
    return { value: this.value };
  }
}

/**
 * A multiple of the identity matrix.
 *
 * @throws {ValueError} when called with a shape of another rank than 2
 * @example new keras.initializers.Identity({ gain: 2 })([2, 2]).array() // [ [ 2, 0 ], [ 0, 2 ] ]
 */
export class Identity extends Initializer {
  readonly gain: number;

  /** @param options  `gain`: the factor; default 1 */
  constructor(options: { gain?: number } = {}) {
    super();
    this.gain = options.gain ?? 1;
  }

  create(shape: readonly number[], dtype: DType = floatx()): Tensor {
    if (shape.length !== 2) {
      throw new ValueError(
        "Identity matrix initializer can only be used for 2D matrices. " +
          `Received: shape=${showPythonShape(shape)} of rank ${shape.length}.`,
      );
    }
    return multiply(eye(shape[0]!, shape[1]!, { dtype }), this.gain);
  }

  override getConfig(): Config {
    return { gain: this.gain };
  }
}
