/**
 * @file What initializers share: `initializer(shape, { dtype })` makes the first value of a variable.
 */
import type { DType } from "../../core/dtype.js";
import type { Tensor } from "../../core/tensor.js";
import { callable } from "../base/callable.js";
import {
  type Config,
  optionsFromConfig,
  type SerializedObject,
  serializeObject,
} from "../base/serialization.js";

/** How initializers are called. */
export type InitializerCall = (shape: readonly number[], dtype?: DType) => Tensor;

/** Base of initializers; a subclass writes `create(shape, dtype)`. */
export abstract class Initializer extends callable<InitializerCall>() {
  /** The tensor for a shape; `dtype` defaults to `keras.config.floatx()`. */
  abstract create(shape: readonly number[], dtype?: DType): Tensor;

  protected override invoke(shape: unknown, dtype: unknown): Tensor {
    return this.create(shape as readonly number[], dtype as DType | undefined);
  }

  getConfig(): Config {
    return {};
  }

  static fromConfig<T extends Initializer>(this: new (options?: any) => T, config: Config): T {
    return new this(optionsFromConfig(config));
  }

  toJSON(): SerializedObject {
    return serializeObject(this);
  }
}
