/**
 * @file `tf.math`: everything elementwise, and the reductions.
 */
export { logSigmoid, sigmoid, softplus, softsign } from "../activations.js";
export {
  abs,
  add,
  addN,
  divide,
  divideNoNan,
  floordiv,
  floormod,
  floormod as mod,
  maximum,
  minimum,
  multiply,
  multiplyNoNan,
  negative,
  sign,
  squaredDifference,
  subtract,
  truncatediv,
  truncatemod,
} from "../arithmetic.js";
export {
  equal,
  greater,
  greaterEqual,
  isFinite,
  isInf,
  isNan,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  logicalXor,
  notEqual,
} from "../comparison.js";
export { cumprod, cumsum } from "../cumulative.js";
export {
  exp,
  expm1,
  log,
  log1p,
  pow,
  reciprocal,
  rsqrt,
  sqrt,
  square,
  xdivy,
  xlog1py,
  xlogy,
} from "../exponential.js";
export { argmax, argmin, reduceMax, reduceMin } from "../extremes.js";
export { reduceAll, reduceAny, reduceMean, reduceProd, reduceSum } from "../reductions.js";
export { ceil, floor, rint, round, trunc } from "../rounding.js";
export { unsortedSegmentSum } from "../scatter.js";
export { l2Normalize, logSoftmax, softmax } from "../softmax.js";
export { topK } from "../sort.js";
export { digamma, erf, erfc, erfinv, lgamma, polygamma, zeta } from "../special.js";
export {
  countNonzero,
  reduceEuclideanNorm,
  reduceLogsumexp,
  reduceStd,
  reduceVariance,
} from "../statistics.js";
export {
  acos,
  acosh,
  asin,
  asinh,
  atan,
  atan2,
  atanh,
  cos,
  cosh,
  sin,
  sinh,
  tan,
  tanh,
} from "../trigonometry.js";
