/**
 * @file Ops at the root of the main door: those that TensorFlow has there, and `log`, `floordiv`, `floormod`.
 */
export { sigmoid } from "../activations.js";
export {
  abs,
  add,
  addN,
  clipByValue,
  divide,
  floordiv,
  floormod,
  maximum,
  minimum,
  multiply,
  negative,
  sign,
  subtract,
  truncatediv,
  truncatemod,
} from "../arithmetic.js";
export { cast } from "../cast.js";
export { clipByGlobalNorm, clipByNorm } from "../clip.js";
export {
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  logicalAnd,
  logicalNot,
  logicalOr,
  notEqual,
} from "../comparison.js";
export {
  cond,
  type Predicate,
  type ScanOptions,
  scan,
  type WhileLoopOptions,
  whileLoop,
} from "../controlFlow.js";
export {
  type ConstantOptions,
  constant,
  convertToTensor,
  eye,
  fill,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from "../creation.js";
export { type CumulativeOptions, cumsum } from "../cumulative.js";
export { rank, shape, size } from "../dimensions.js";
export { einsum } from "../einsum.js";
export { exp, log, pow, sqrt, square } from "../exponential.js";
export { type ArgExtremeOptions, argmax, argmin, reduceMax, reduceMin } from "../extremes.js";
export { type GatherOptions, gather } from "../gather.js";
export { stopGradient } from "../gradientFlow.js";
export {
  type LinspaceOptions,
  linspace,
  type MeshgridOptions,
  meshgrid,
  type RangeOptions,
  range,
} from "../grid.js";
export { type HostFunction, pyFunction } from "../hostFunction.js";
export { concat, split, stack, unstack } from "../join.js";
export { type MatmulOptions, matmul, tensordot } from "../matmul.js";
export type { TensorMethods } from "../methods.js";
export { type OneHotOptions, oneHot } from "../oneHot.js";
export { type PadOptions, pad } from "../pad.js";
export {
  type ReduceArgument,
  type ReduceOptions,
  reduceAll,
  reduceAny,
  reduceMean,
  reduceProd,
  reduceSum,
} from "../reductions.js";
export { floor, round } from "../rounding.js";
export { gatherNd, scatterNd, tensorScatterNdAdd, tensorScatterNdUpdate } from "../scatter.js";
export { where } from "../select.js";
export { getItem, type IndexItem, reverse, type StridedSliceOptions, slice, stridedSlice } from "../slice.js";
export { argsort, type SortDirection, type SortOptions, sort } from "../sort.js";
export { type NormOptions, norm, reduceLogsumexp } from "../statistics.js";
export { repeat, roll, tile } from "../tile.js";
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
export { broadcastTo, expandDims, identity, reshape, squeeze, transpose } from "../views.js";
