/**
 * @file Every built-in op, in the order the gradient registry lists them.
 */
import type { Op } from "../core/op.js";
import * as activations from "./activations.js";
import * as arithmetic from "./arithmetic.js";
import { castOp } from "./cast.js";
import * as comparison from "./comparison.js";
import { condOp } from "./condOp.js";
import * as conv from "./conv.js";
import * as cumulative from "./cumulative.js";
import * as diagonal from "./diagonal.js";
import { einsumOp } from "./einsum.js";
import * as exponential from "./exponential.js";
import * as extremes from "./extremes.js";
import { gatherOp } from "./gather.js";
import * as flow from "./gradientFlow.js";
import { hostFunctionOp } from "./hostFunction.js";
import * as join from "./join.js";
import * as linalg from "./linalg.js";
import * as matmul from "./matmul.js";
import { padOp } from "./pad.js";
import * as pool from "./pool.js";
import * as random from "./randomBits.js";
import * as rectifiers from "./rectifiers.js";
import * as reductions from "./reductions.js";
import * as rounding from "./rounding.js";
import { scanOp } from "./scanLoop.js";
import * as scatter from "./scatter.js";
import { selectOp } from "./select.js";
import * as slice from "./slice.js";
import * as softmax from "./softmax.js";
import { argsortOp } from "./sort.js";
import * as special from "./special.js";
import * as statistics from "./statistics.js";
import * as tile from "./tile.js";
import * as trigonometry from "./trigonometry.js";
import * as views from "./views.js";
import { whileGradOp, whileOp } from "./whileOp.js";

export const allOps: readonly Op[] = [
  arithmetic.addOp,
  arithmetic.subtractOp,
  arithmetic.multiplyOp,
  arithmetic.divideOp,
  arithmetic.divideNoNanOp,
  arithmetic.multiplyNoNanOp,
  arithmetic.floordivOp,
  arithmetic.floormodOp,
  arithmetic.truncatedivOp,
  arithmetic.truncatemodOp,
  arithmetic.negativeOp,
  arithmetic.absOp,
  arithmetic.signOp,
  arithmetic.maximumOp,
  arithmetic.minimumOp,
  arithmetic.squaredDifferenceOp,
  arithmetic.clipByValueOp,
  exponential.squareOp,
  exponential.sqrtOp,
  exponential.rsqrtOp,
  exponential.reciprocalOp,
  exponential.powOp,
  exponential.powGradOp,
  exponential.expOp,
  exponential.expm1Op,
  exponential.logOp,
  exponential.log1pOp,
  exponential.xlogyOp,
  exponential.xlog1pyOp,
  exponential.xdivyOp,
  trigonometry.sinOp,
  trigonometry.cosOp,
  trigonometry.tanOp,
  trigonometry.asinOp,
  trigonometry.acosOp,
  trigonometry.atanOp,
  trigonometry.atan2Op,
  trigonometry.sinhOp,
  trigonometry.coshOp,
  trigonometry.tanhOp,
  trigonometry.tanhGradOp,
  trigonometry.asinhOp,
  trigonometry.acoshOp,
  trigonometry.atanhOp,
  special.erfOp,
  special.erfcOp,
  special.erfinvOp,
  special.lgammaOp,
  special.digammaOp,
  special.polygammaOp,
  special.zetaOp,
  rounding.floorOp,
  rounding.ceilOp,
  rounding.roundOp,
  rounding.rintOp,
  rounding.truncOp,
  activations.sigmoidOp,
  activations.sigmoidGradOp,
  rectifiers.reluOp,
  rectifiers.reluGradOp,
  rectifiers.relu6Op,
  rectifiers.relu6GradOp,
  rectifiers.leakyReluOp,
  rectifiers.leakyReluGradOp,
  rectifiers.eluOp,
  rectifiers.seluOp,
  activations.geluOp,
  activations.siluOp,
  activations.softplusOp,
  activations.softsignOp,
  softmax.softmaxOp,
  softmax.logSoftmaxOp,
  softmax.softmaxCrossEntropyOp,
  softmax.sparseSoftmaxCrossEntropyOp,
  softmax.sigmoidCrossEntropyOp,
  comparison.lessOp,
  comparison.lessEqualOp,
  comparison.greaterOp,
  comparison.greaterEqualOp,
  comparison.equalOp,
  comparison.notEqualOp,
  comparison.logicalAndOp,
  comparison.logicalOrOp,
  comparison.logicalXorOp,
  comparison.logicalNotOp,
  comparison.isNanOp,
  comparison.isInfOp,
  comparison.isFiniteOp,
  selectOp,
  castOp,
  reductions.sumOp,
  reductions.meanOp,
  reductions.prodOp,
  reductions.anyOp,
  reductions.allOp,
  extremes.maxOp,
  extremes.minOp,
  extremes.argmaxOp,
  extremes.argminOp,
  statistics.logsumexpOp,
  statistics.euclideanNormOp,
  cumulative.cumsumOp,
  cumulative.cumprodOp,
  cumulative.recurrenceOp,
  views.reshapeOp,
  views.identityOp,
  views.transposeOp,
  views.broadcastToOp,
  views.expandDimsOp,
  views.squeezeOp,
  slice.sliceOp,
  slice.stridedSliceOp,
  slice.stridedSliceGradOp,
  slice.reverseOp,
  tile.tileOp,
  tile.rollOp,
  padOp,
  join.concatOp,
  join.stackOp,
  join.unstackOp,
  join.splitOp,
  gatherOp,
  scatter.unsortedSegmentSumOp,
  scatter.gatherNdOp,
  scatter.scatterNdOp,
  scatter.tensorScatterUpdateOp,
  argsortOp,
  matmul.matmulOp,
  matmul.batchMatmulOp,
  einsumOp,
  conv.conv2dOp,
  conv.conv2dBackpropInputOp,
  conv.conv2dBackpropFilterOp,
  conv.conv3dOp,
  conv.conv3dBackpropInputOp,
  conv.conv3dBackpropFilterOp,
  pool.maxPool2dOp,
  pool.maxPool2dGradOp,
  pool.maxPool2dGradGradOp,
  pool.maxPool3dOp,
  pool.maxPool3dGradOp,
  pool.maxPool3dGradGradOp,
  pool.maxPoolWithArgmaxOp,
  pool.avgPool2dOp,
  pool.avgPool2dGradOp,
  pool.avgPool3dOp,
  pool.avgPool3dGradOp,
  diagonal.diagOp,
  diagonal.diagPartOp,
  linalg.bandPartOp,
  linalg.triangularSolveOp,
  linalg.qrOp,
  random.randomBitsOp,
  random.rngSkipOp,
  random.randomIntegersOp,
  random.randomPermutationOp,
  random.unitFromWordOp,
  random.unitFromWordsOp,
  random.boxMullerOp,
  flow.stopGradientOp,
  flow.preventGradientOp,
  flow.readVariableOp,
  flow.checkNumericsOp,
  hostFunctionOp,
  condOp,
  scanOp,
  whileOp,
  whileGradOp,
];
