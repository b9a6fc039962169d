/**
 * @file `keras.callbacks`.
 */
export { Callback, type CallbackModel, type CallbackParams, type Logs } from "./callback.js";
export { CallbackList, type CallbackListOptions } from "./callbackList.js";
export { EarlyStopping, type EarlyStoppingOptions } from "./earlyStopping.js";
export { History } from "./history.js";
export { LambdaCallback, type LambdaHooks } from "./lambdaCallback.js";
export { ProgbarLogger } from "./progbarLogger.js";
export { LearningRateScheduler, TerminateOnNaN } from "./smallCallbacks.js";
