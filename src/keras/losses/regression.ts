/**
 * @file Losses of numbers: distances between labels and predictions, averaged over the last axis.
 */
import { toTensor } from "../../core/convert.js";
import type { DType } from "../../core/dtype.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import {
  abs,
  add,
  cast,
  divide,
  lessEqual,
  log,
  math,
  maximum,
  multiply,
  nn,
  reduceMean,
  square,
  subtract,
  where,
} from "../../ops/public.js";
import { epsilon, floatx } from "../base/config.js";
import type { Config } from "../base/serialization.js";
import { LossFunctionWrapper, type LossOptions } from "./loss.js";
import { squeezeOrExpandToSameRank } from "./reduction.js";

/** Labels in the predictions' dtype, both of one rank. */
export function aligned(yTrue: TensorLike, yPred: TensorLike, who: string): [Tensor, Tensor] {
  const prediction = toTensor(yPred, floatx(), who);
  return squeezeOrExpandToSameRank(
    cast(toTensor(yTrue, prediction.dtype, who), prediction.dtype),
    prediction,
  );
}

/**
 * Mean of the squared differences along the last axis: mean((yTrue − yPred)²).
 *
 * @param yTrue  labels, [batch, …, n]
 * @param yPred  predictions, the same shape
 * @returns      [batch, …]
 * @example keras.losses.meanSquaredError([[0, 1]], [[1, 1]]).array() // [ 0.5 ]
 */
export function meanSquaredError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "meanSquaredError");
  return reduceMean(math.squaredDifference(truth, prediction), -1);
}

/**
 * Mean of the absolute differences along the last axis: mean(|yTrue − yPred|).
 *
 * @param yTrue  labels, [batch, …, n]
 * @param yPred  predictions, the same shape
 * @returns      [batch, …]
 * @example keras.losses.meanAbsoluteError([[0, 1]], [[3, 1]]).array() // [ 1.5 ]
 */
export function meanAbsoluteError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "meanAbsoluteError");
  return reduceMean(abs(subtract(truth, prediction)), -1);
}

/**
 * Mean of the differences relative to the labels, in per cent: 100 · mean(|yTrue − yPred| / max(|yTrue|, ε)).
 *
 * @example keras.losses.meanAbsolutePercentageError([[4]], [[3]]).array() // [ 25 ]
 */
export function meanAbsolutePercentageError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "meanAbsolutePercentageError");
  return multiply(
    100,
    reduceMean(abs(divide(subtract(truth, prediction), maximum(abs(truth), epsilon()))), -1),
  );
}

/**
 * Mean of the squared differences of logarithms: mean((ln(yTrue + 1) − ln(yPred + 1))²).
 *
 * @example keras.losses.meanSquaredLogarithmicError([[1]], [[1]]).array() // [ 0 ]
 */
export function meanSquaredLogarithmicError(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "meanSquaredLogarithmicError");
  const logarithm = (x: Tensor): Tensor => log(add(maximum(x, epsilon()), 1));
  return reduceMean(square(subtract(logarithm(truth), logarithm(prediction))), -1);
}

/**
 * Half the squared difference where it is small, linear beyond `delta`.
 *
 * @example keras.losses.huber([[0, 0]], [[1, 3]]).array() // [ 1.5 ]
 */
export function huber(yTrue: TensorLike, yPred: TensorLike, delta = 1): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "huber");
  const error = abs(subtract(prediction, truth));
  const small = multiply(0.5, square(error));
  const large = subtract(multiply(delta, error), 0.5 * delta * delta);
  return reduceMean(where(lessEqual(error, delta), small, large), -1);
}

/**
 * Logarithm of the hyperbolic cosine of the difference: mean(ln cosh(yPred − yTrue)).
 *
 * @example keras.losses.logCosh([[2]], [[2]]).array() // [ 0 ]
 */
export function logCosh(yTrue: TensorLike, yPred: TensorLike): Tensor {
  const [truth, prediction] = aligned(yTrue, yPred, "logCosh");
  const d = subtract(prediction, truth);
  return reduceMean(subtract(add(d, nn.softplus(multiply(d, -2))), Math.fround(Math.LN2)), -1);
}

/**
 * Mean squared error.
 *
 * @example new keras.losses.MeanSquaredError()([[0], [1]], [[1], [1]]).item() // 0.5
 */
export class MeanSquaredError extends LossFunctionWrapper {
  constructor(options: LossOptions = {}) {
    super(meanSquaredError, { name: "mean_squared_error", ...options });
  }
}

/**
 * Mean absolute error.
 *
 * @example new keras.losses.MeanAbsoluteError()([[0], [1]], [[2], [1]]).item() // 1
 */
export class MeanAbsoluteError extends LossFunctionWrapper {
  constructor(options: LossOptions = {}) {
    super(meanAbsoluteError, { name: "mean_absolute_error", ...options });
  }
}

/**
 * Mean absolute error in per cent of the labels.
 *
 * @example new keras.losses.MeanAbsolutePercentageError()([[4]], [[3]]).item() // 25
 */
export class MeanAbsolutePercentageError extends LossFunctionWrapper {
  constructor(options: LossOptions = {}) {
    super(meanAbsolutePercentageError, { name: "mean_absolute_percentage_error", ...options });
  }
}

/**
 * Mean squared error of logarithms.
 *
 * @example new keras.losses.MeanSquaredLogarithmicError()([[1]], [[1]]).item() // 0
 */
export class MeanSquaredLogarithmicError extends LossFunctionWrapper {
  constructor(options: LossOptions = {}) {
    super(meanSquaredLogarithmicError, { name: "mean_squared_logarithmic_error", ...options });
  }
}

/**
 * Huber's loss: quadratic for small differences, linear for large ones.
 *
 * @example new keras.losses.Huber({ delta: 2 })([[0]], [[3]]).item() // 4
 */
export class Huber extends LossFunctionWrapper {
  readonly delta: number;

  /** @param options  `delta`: where it turns linear; default 1 */
  constructor(options: LossOptions & { delta?: number; dtype?: DType | null } = {}) {
    const { delta = 1, ...rest } = options;
    super((yTrue, yPred) => huber(yTrue, yPred, delta), { name: "huber_loss", ...rest });
    this.delta = delta;
  }

  override getConfig(): Config {
    return { ...super.getConfig(), delta: this.delta };
  }
}

/**
 * Logarithm of the hyperbolic cosine of the difference.
 *
 * @example new keras.losses.LogCosh()([[2]], [[2]]).item() // 0
 */
export class LogCosh extends LossFunctionWrapper {
  constructor(options: LossOptions = {}) {
    super(logCosh, { name: "log_cosh", ...options });
  }
}
