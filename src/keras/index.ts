/**
 * @file The Keras door: `import * as keras from "nabla/keras"`.
 */
export * as activations from "./activations/index.js";
export * as backend from "./backend/index.js";
export { Variable } from "./base/variable.js";
export * as callbacks from "./callbacks/index.js";
export * as config from "./config/index.js";
export * as constraints from "./constraints/index.js";
export { Constraint } from "./constraints/index.js";
export * as initializers from "./initializers/index.js";
export { Initializer } from "./initializers/index.js";
export * as layers from "./layers/index.js";
export {
  type CallOptions,
  Input,
  InputSpec,
  Layer,
  type LayerOptions,
  type LayerShape,
} from "./layers/index.js";
export { KerasTensor } from "./layers/kerasTensor.js";
export * as losses from "./losses/index.js";
export { Loss } from "./losses/index.js";
export * as metrics from "./metrics/index.js";
export { Metric } from "./metrics/index.js";
export * as models from "./models/index.js";
export { type CompileOptions, Model, Sequential } from "./models/index.js";
export * as ops from "./ops/index.js";
export * as optimizers from "./optimizers/index.js";
export { Optimizer } from "./optimizers/index.js";
export * as random from "./random/index.js";
export * as regularizers from "./regularizers/index.js";
export { Regularizer } from "./regularizers/index.js";
export type { Batch, ClassWeight, Data } from "./trainer/data.js";
export type { EvaluateOptions, PredictOptions } from "./trainer/evaluate.js";
export type { FitOptions } from "./trainer/fit.js";
export * as utils from "./utils/index.js";
