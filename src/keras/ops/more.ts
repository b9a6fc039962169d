/**
 * @file Ops that the main door keeps in namespaces, under the names `keras.ops` has for them.
 */
import { math, nn } from "../../ops/public.js";

export const {
  ceil,
  cumprod,
  divideNoNan,
  erf,
  erfinv,
  expm1,
  isFinite: isfinite,
  isInf: isinf,
  isNan: isnan,
  log,
  log1p,
  logicalXor,
  reciprocal,
  reduceLogsumexp: logsumexp,
  reduceStd: std,
  rsqrt,
  trunc,
} = math;

export const {
  celu,
  elu,
  gelu,
  hardSigmoid,
  hardSilu,
  leakyRelu,
  logSigmoid,
  logSoftmax,
  mish,
  relu,
  relu6,
  selu,
  sigmoid,
  silu,
  softmax,
  softplus,
  softsign,
} = nn;

const { reduceVariance } = math;

// `var` can be exported but not declared.
export { reduceVariance as var };
