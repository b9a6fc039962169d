/**
 * @file What initializers share: `initializer(shape, { dtype })` makes the first value of a variable.
 */
import type { DType } from "../../core/dtype.js";
import type { Tensor } from "../../core/tensor.js";
import { configurable } from "../base/configurable.js";
import type { Config } from "../base/serialization.js";

/** How initializers are called. */
export type InitializerCall = (shape: readonly number[], dtype?: DType) => Tensor;

/** Base of initializers; a subclass writes `create(shape, dtype)`. */
export abstract class Initializer extends configurable<InitializerCall>() {
  /** The tensor for a shape; `dtype` defaults to `keras.config.floatx()`. */
  abstract create(shape: readonly number[], dtype?: DType): Tensor;

  protected override invoke(shape: unknown, dtype: unknown): Tensor {
    return this.create(shape as readonly number[], dtype as DType | undefined);
  }

  override getConfig(): Config {
    return {};
  }
}
