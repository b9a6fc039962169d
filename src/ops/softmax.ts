/**
 * @file Softmax, what is written with it, and the cross-entropies from logits.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError } from "../core/errors.js";
import { composite, elementwise } from "../core/kinds.js";
import { normalizeAxis, reducedShape, type Shape, sameShape, showShape } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { sigmoid } from "./activations.js";
import { divide, maximum, multiply, negative, squaredDifference, subtract } from "./arithmetic.js";
import { exp, log, rsqrt, square } from "./exponential.js";
import { reduceMax } from "./extremes.js";
import { gather } from "./gather.js";
import { stopGradient } from "./gradientFlow.js";
import { split } from "./join.js";
import { oneHot } from "./oneHot.js";
import { type ReduceArgument, reduceMean, reduceSum } from "./reductions.js";
import { expandDims, reshape, squeeze } from "./views.js";

interface AxisAttrs {
  /** Counted from the front. */
  readonly axis: number;
}

/** x less its largest element along the axis: exponentials of it cannot overflow. */
const shifted = (x: Tensor, axis: number): Tensor => subtract(x, reduceMax(x, axis, true));

/**
 * Positive numbers that sum to 1 along an axis: eˣ / Σ eˣ.
 *
 * @param x     floats (integers become float32), rank at least 1
 * @param axis  the axis of the classes; default the last
 * @throws {ShapeError} the axis is out of range
 * Gradient: y · (dy − Σ dy · y).
 * @example softmax([0, 0]).array() // [ 0.5, 0.5 ]
 */
export function softmax(x: TensorLike, axis = -1): Tensor {
  const logits = toTensor(x, undefined, "softmax");
  return apply(softmaxOp, [logits], { axis: normalizeAxis(axis, logits.rank, "softmax") });
}
export const softmaxOp = composite({
  name: "Softmax",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  infer: ([x], _attrs: AxisAttrs) => x!,
  body: ([x], { axis }) => {
    const e = exp(shifted(x!, axis));
    return divide(e, reduceSum(e, axis, true));
  },
  grad: (dy: Tensor, { y }, { attrs: { axis } }) => ({
    x: () => multiply(subtract(dy, reduceSum(multiply(dy, y), axis, true)), y),
  }),
});

/**
 * Logarithm of the softmax: x − ln Σ eˣ, without overflow.
 *
 * @param x     floats (integers become float32), rank at least 1
 * @param axis  the axis of the classes; default the last
 * @throws {ShapeError} the axis is out of range
 * Gradient: dy − softmax(x) · Σ dy.
 * @example logSoftmax([0, 1000]).array() // [ -1000, 0 ]
 */
export function logSoftmax(x: TensorLike, axis = -1): Tensor {
  const logits = toTensor(x, undefined, "logSoftmax");
  return apply(logSoftmaxOp, [logits], { axis: normalizeAxis(axis, logits.rank, "logSoftmax") });
}
export const logSoftmaxOp = composite({
  name: "LogSoftmax",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  infer: ([x], _attrs: AxisAttrs) => x!,
  body: ([x], { axis }) => {
    const centred = shifted(x!, axis);
    return subtract(centred, log(reduceSum(exp(centred), axis, true)));
  },
  grad: (dy: Tensor, { y }, { attrs: { axis } }) => ({
    x: () => subtract(dy, multiply(exp(y), reduceSum(dy, axis, true))),
  }),
});

/**
 * Gated linear unit: the first half along an axis times the sigmoid of the second.
 *
 * @param x     floats (integers become float32); an even size along the axis
 * @param axis  which axis to halve; default the last
 * @throws {ShapeError} the size is odd
 * Gradient: through its parts.
 * @example glu([2, 0]).array() // [ 1 ]
 */
export function glu(x: TensorLike, axis = -1): Tensor {
  const [values, gates] = split(x, 2, axis);
  return multiply(values!, sigmoid(gates!));
}

/** Labels and logits by name, as most people pass them. */
export interface LabelsAndLogits {
  labels: TensorLike;
  logits: TensorLike;
  /** The axis of the classes; default the last. */
  axis?: number;
}

/** Both ways to call a cross-entropy: by position, and by name. */
function byName(
  first: TensorLike | LabelsAndLogits,
  logits: TensorLike | undefined,
  axis: number,
): LabelsAndLogits {
  const isNamed = typeof first === "object" && !(first instanceof Operand) && "logits" in first;
  return isNamed ? (first as LabelsAndLogits) : { labels: first as TensorLike, logits: logits!, axis };
}

/**
 * Cross-entropy between given probabilities and the softmax of logits: −Σ labels · ln softmax(logits).
 *
 * @param labels  probabilities, the shape of the logits; or `{ labels, logits, axis }`
 * @param logits  floats (integers become float32), rank at least 1
 * @param axis    the axis of the classes; default the last
 * @returns       the shape without that axis
 * @throws {ShapeError} the shapes differ, or the axis is out of range
 * Gradient: dy · (softmax · Σ labels − labels) for the logits, −dy · ln softmax for the labels. Where labels sum to 1
 * the first is TensorFlow's softmax − labels; it stays the derivative where they do not.
 * @example softmaxCrossEntropyWithLogits([[1, 0]], [[0, 0]]).array() // [ 0.6931471824645996 ]
 */
export function softmaxCrossEntropyWithLogits(
  labels: TensorLike | LabelsAndLogits,
  logits?: TensorLike,
  axis = -1,
): Tensor {
  const given = byName(labels, logits, axis);
  const scores = toTensor(given.logits, undefined, "softmaxCrossEntropyWithLogits");
  const place = normalizeAxis(given.axis ?? -1, scores.rank, "softmaxCrossEntropyWithLogits");
  return apply(softmaxCrossEntropyOp, [scores, given.labels], { axis: place });
}
export const softmaxCrossEntropyOp = composite({
  name: "SoftmaxCrossEntropyWithLogits",
  inputs: ["logits", "labels"],
  accepts: "float",
  saves: ["logits", "labels"],
  infer: ([logits, labels], { axis }: AxisAttrs): Spec => {
    checkSameShape(logits!, labels!, "softmaxCrossEntropyWithLogits");
    return specOf(reducedShape(logits!.shape, [axis], false), logits!.dtype);
  },
  body: ([logits, labels], { axis }) =>
    negative(reduceSum(multiply(labels!, logSoftmax(logits!, axis)), axis)),
  grad: (dy: Tensor, { logits, labels }, { attrs: { axis } }) => ({
    logits: () => {
      const predicted = multiply(softmax(logits, axis), reduceSum(labels, axis, true));
      return multiply(expandDims(dy, axis), subtract(predicted, labels));
    },
    labels: () => multiply(negative(expandDims(dy, axis)), logSoftmax(logits, axis)),
  }),
});

function checkSameShape(logits: { shape: Shape }, labels: { shape: Shape }, who: string): void {
  if (sameShape(logits.shape, labels.shape)) return;
  const [a, b] = [showShape(labels.shape), showShape(logits.shape)];
  throw new ShapeError(`${who}: labels and logits must have the same shape, got ${a} and ${b}`);
}

/**
 * Cross-entropy between given classes and the softmax of logits: −ln softmax(logits)[label].
 *
 * @param labels  whole numbers from 0 to classes − 1, the logits' shape without the last axis; or `{ labels, logits }`
 * @param logits  floats (integers become float32), shape […, classes]
 * @returns       the shape of the labels
 * @throws {ShapeError} the shapes do not fit
 * @throws {ValueError} a label is no class
 * Gradient: dy · (softmax − one-hot labels) for the logits, none for the labels.
 * @example sparseSoftmaxCrossEntropyWithLogits([0], [[0, 1000]]).array() // [ 1000 ]
 */
export function sparseSoftmaxCrossEntropyWithLogits(
  labels: TensorLike | LabelsAndLogits,
  logits?: TensorLike,
): Tensor {
  const given = byName(labels, logits, -1);
  return apply(sparseSoftmaxCrossEntropyOp, [given.logits, given.labels]);
}
export const sparseSoftmaxCrossEntropyOp = composite({
  name: "SparseSoftmaxCrossEntropyWithLogits",
  inputs: ["logits", "labels"],
  roles: { labels: "index" },
  accepts: "float",
  saves: ["logits", "labels"],
  infer: ([logits, labels]): Spec => {
    const { shape } = logits!;
    if (shape.length === 0 || !sameShape(shape.slice(0, -1), labels!.shape)) {
      throw new ShapeError(
        "sparseSoftmaxCrossEntropyWithLogits: labels must have the logits' shape without the last axis, got " +
          `${showShape(labels!.shape)} and ${showShape(shape)}`,
      );
    }
    return specOf(labels!.shape, logits!.dtype);
  },
  body: ([logits, labels]) => {
    const rank = labels!.rank;
    const places = expandDims(labels!, rank);
    return negative(squeeze(gather(logSoftmax(logits!), places, { axis: rank, batchDims: rank }), rank));
  },
  grad: (dy: Tensor, { logits, labels }) => ({
    logits: () => {
      const chosen = oneHot(labels, logits.shape[logits.rank - 1]!, { dtype: logits.dtype });
      return multiply(expandDims(dy, -1), subtract(softmax(logits), chosen));
    },
    labels: null,
  }),
});

/**
 * Cross-entropy between given probabilities and the sigmoid of logits, each element on its own:
 * max(x, 0) − x · label + ln(1 + e^(−|x|)).
 *
 * @param labels  probabilities, the shape of the logits; or `{ labels, logits }`
 * @param logits  floats (integers become float32), any shape
 * @throws {ShapeError} the shapes differ
 * Gradient: dy · (sigmoid − label) for the logits, −dy · logits for the labels.
 * @example sigmoidCrossEntropyWithLogits([1], [1000]).array() // [ 0 ]
 */
export function sigmoidCrossEntropyWithLogits(
  labels: TensorLike | LabelsAndLogits,
  logits?: TensorLike,
): Tensor {
  const given = byName(labels, logits, -1);
  const scores = toTensor(given.logits, undefined, "sigmoidCrossEntropyWithLogits");
  const flags = toTensor(given.labels, scores.dtype, "sigmoidCrossEntropyWithLogits");
  checkSameShape(scores, flags, "sigmoidCrossEntropyWithLogits");
  return apply(sigmoidCrossEntropyOp, [scores, flags]);
}
export const sigmoidCrossEntropyOp = elementwise({
  name: "SigmoidCrossEntropyWithLogits",
  inputs: ["logits", "labels"],
  accepts: "float",
  saves: ["logits", "labels"],
  lane: ({ logits, labels }) =>
    lane.add(
      lane.sub(lane.max(logits, 0), lane.mul(logits, labels)),
      lane.log1p(lane.exp(lane.neg(lane.abs(logits)))),
    ),
  grad: (dy, { logits, labels }) => ({
    logits: () => multiply(dy, subtract(sigmoid(logits), labels)),
    labels: () => multiply(negative(dy), logits),
  }),
});

/**
 * Half the sum of squares: Σ x² / 2.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · x.
 * @example l2Loss([3, 4]).item() // 12.5
 */
export const l2Loss = (x: TensorLike): Tensor => divide(reduceSum(square(x)), 2);

/**
 * Vectors brought to length 1 along axes: x / √max(Σ x², epsilon).
 *
 * @param x        floats (integers become float32), any shape
 * @param axis     axis or axes of the vectors; default all
 * @param epsilon  lower bound of the squared length
 * Gradient: through its parts.
 * @example l2Normalize([0, 2]).array() // [ 0, 1 ]
 */
export function l2Normalize(
  x: TensorLike,
  axis: number | readonly number[] | null = null,
  epsilon = 1e-12,
): Tensor {
  const tensor = toTensor(x, undefined, "l2Normalize");
  return multiply(tensor, rsqrt(maximum(reduceSum(square(tensor), axis, true), epsilon)));
}

/**
 * Mean and variance along axes.
 *
 * @param x         floats (integers become float32), any shape
 * @param axes      which axes
 * @param keepdims  keep reduced axes with size 1
 * @returns         the two
 * Gradient: through its parts.
 * @example moments([1, 3], [0]).map((m) => m.item()) // [ 2, 1 ]
 */
export function moments(x: TensorLike, axes: number | readonly number[], keepdims = false): [Tensor, Tensor] {
  const tensor = toTensor(x, undefined, "moments");
  const mean = reduceMean(tensor, axes, true);
  // The mean is where the squares are least, so nothing flows through it to the variance.
  const squares = squaredDifference(tensor, stopGradient(mean));
  const options: ReduceArgument = { axis: axes, keepdims };
  const variance = reduceMean(squares, options);
  return [keepdims ? mean : reshape(mean, variance.shape), variance];
}
