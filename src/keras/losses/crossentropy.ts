/**
 * @file Losses of probabilities: cross-entropies between labels and predictions.
 *
 * Predictions that an activation made (`softmax`, `sigmoid`) carry the logits they came from, and the loss is computed
 * from those: nothing is clipped, and gradients do not vanish where a probability rounds to 0 or 1.
 */
import { toTensor } from "../../core/convert.js";
import { ShapeError, ValueError } from "../../core/errors.js";
import { normalizeAxis, type Shape, sameShape } from "../../core/shape.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import {
  add,
  cast,
  clipByValue,
  divide,
  expandDims,
  log,
  multiply,
  negative,
  nn,
  notEqual,
  reduceMean,
  reduceSum,
  squeeze,
  subtract,
  where,
} from "../../ops/public.js";
import { getLogits, setMask } from "../base/annotations.js";
import { epsilon, floatx } from "../base/config.js";
import { showPythonShape } from "../base/pythonText.js";
import type { Config } from "../base/serialization.js";
import { LossFunctionWrapper, type LossOptions } from "./loss.js";

interface LogitsOptions {
  /** Predictions are logits, not probabilities; default false. */
  fromLogits?: boolean;
}

export interface CrossentropyOptions extends LogitsOptions {
  /** How much of each label is spread over all classes: 0 (default) to 1. */
  labelSmoothing?: number;
  /** The axis of the classes; default the last. */
  axis?: number;
}

export interface SparseCrossentropyOptions extends LogitsOptions {
  /** Entries with this label count for nothing; default none. */
  ignoreClass?: number | null;
  /** The axis of the classes: the last. */
  axis?: number;
}

/** The logits behind the predictions, if they are logits or came from an activation. */
function logitsOf(prediction: Tensor, fromLogits: boolean, who: string): Tensor | null {
  const noted = getLogits(prediction);
  if (noted === undefined) return fromLogits ? prediction : null;
  if (fromLogits) {
    console.warn(
      `"\`${who}\` received \`from_logits=True\`, but the \`output\` argument was produced by a Softmax or Sigmoid ` +
        "activation and thus does not represent logits. Was this intended?",
    );
  }
  return noted;
}

/** Probabilities away from 0 and 1, where logarithms are finite. */
const clipped = (p: Tensor): Tensor => clipByValue(p, epsilon(), 1 - epsilon());

function checkShapes(target: Shape, output: Shape, fits: boolean): void {
  if (fits) return;
  const shapes = `target.shape=${showPythonShape(target)}, output.shape=${showPythonShape(output)}`;
  const what = target.length === output.length ? "shape" : "rank (ndim)";
  throw new ShapeError(`Arguments \`target\` and \`output\` must have the same ${what}. Received: ${shapes}`);
}

/**
 * Cross-entropy of yes-or-no labels, averaged along an axis: mean(−y ln p − (1 − y) ln(1 − p)).
 *
 * @param yTrue    labels from 0 to 1, any shape
 * @param yPred    probabilities, or logits; the same shape
 * @param options  `fromLogits`, `labelSmoothing`, `axis`
 * @throws {ShapeError} the shapes differ
 * @example keras.losses.binaryCrossentropy([[1, 0]], [[0, 0]], { fromLogits: true }).array() // [ 0.6931471824645996 ]
 */
export function binaryCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CrossentropyOptions = {},
): Tensor {
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  const prediction = toTensor(yPred, floatx(), "binaryCrossentropy");
  const labels = cast(toTensor(yTrue, prediction.dtype), prediction.dtype);
  const truth =
    labelSmoothing === 0 ? labels : add(multiply(labels, 1 - labelSmoothing), 0.5 * labelSmoothing);
  checkShapes(truth.shape, prediction.shape, sameShape(truth.shape, prediction.shape));
  const logits = logitsOf(prediction, fromLogits, "binary_crossentropy");
  if (logits !== null) return reduceMean(nn.sigmoidCrossEntropyWithLogits(truth, logits), axis);
  const p = clipped(prediction);
  const gain = add(multiply(truth, log(p)), multiply(subtract(1, truth), log(subtract(1, p))));
  return reduceMean(negative(gain), axis);
}

/**
 * Cross-entropy of one-hot labels: −Σ y ln p along an axis, with the probabilities scaled to sum 1.
 *
 * @param yTrue    labels, one number per class
 * @param yPred    probabilities, or logits; the same shape
 * @param options  `fromLogits`, `labelSmoothing`, `axis`
 * @throws {ShapeError} the shapes differ
 * @example keras.losses.categoricalCrossentropy([[1, 0]], [[0, 0]], { fromLogits: true }).array() // [ 0.6931471824645996 ]
 */
export function categoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: CrossentropyOptions = {},
): Tensor {
  const { fromLogits = false, labelSmoothing = 0, axis = -1 } = options;
  const prediction = toTensor(yPred, floatx(), "categoricalCrossentropy");
  const labels = cast(toTensor(yTrue, prediction.dtype), prediction.dtype);
  if (prediction.shape.at(-1) === 1) warnOneClass(prediction.shape);
  const share = labelSmoothing / (labels.shape.at(-1) ?? 1);
  const truth = labelSmoothing === 0 ? labels : add(multiply(labels, 1 - labelSmoothing), share);
  checkShapes(truth.shape, prediction.shape, sameShape(truth.shape, prediction.shape));
  const logits = logitsOf(prediction, fromLogits, "categorical_crossentropy");
  if (logits !== null) return nn.softmaxCrossEntropyWithLogits(truth, logits, axis);
  const p = clipped(divide(prediction, reduceSum(prediction, { axis, keepdims: true })));
  return negative(reduceSum(multiply(truth, log(p)), axis));
}

function warnOneClass(shape: Shape): void {
  console.warn(
    "In loss categorical_crossentropy, expected y_pred.shape to be (batch_size, num_classes) with num_classes > 1. " +
      `Received: y_pred.shape=${showPythonShape(shape)}. Consider using 'binary_crossentropy' if you only have 2 classes.`,
  );
}

/**
 * Cross-entropy of labels that are class numbers: −ln p[label].
 *
 * @param yTrue    class numbers: the shape of the predictions without the last axis, or with 1 in its place
 * @param yPred    probabilities, or logits
 * @param options  `fromLogits`, `ignoreClass`
 * @throws {ShapeError} the shapes do not fit
 * @example keras.losses.sparseCategoricalCrossentropy([1], [[0, 0]], { fromLogits: true }).array() // [ 0.6931471824645996 ]
 */
export function sparseCategoricalCrossentropy(
  yTrue: TensorLike,
  yPred: TensorLike,
  options: SparseCrossentropyOptions = {},
): Tensor {
  const { fromLogits = false, ignoreClass = null, axis = -1 } = options;
  const prediction = toTensor(yPred, floatx(), "sparseCategoricalCrossentropy");
  if (normalizeAxis(axis, prediction.rank, "sparseCategoricalCrossentropy") !== prediction.rank - 1) {
    throw new ValueError(`Only axis=-1 is currently supported. Received: axis=${axis}`);
  }
  const given = toTensor(yTrue, prediction.dtype, "sparseCategoricalCrossentropy");
  const labels = given.rank === prediction.rank && given.shape.at(-1) === 1 ? squeeze(given, -1) : given;
  if (ignoreClass === null) return sparseValues(labels, prediction, fromLogits);
  const valid = notEqual(labels, ignoreClass);
  const values = sparseValues(
    where(valid, labels, 0),
    // Logits noted on the predictions are left aside with the entries that are replaced.
    where(expandDims(valid, -1), prediction, 0),
    fromLogits,
  );
  return setMask(where(valid, values, 0), valid);
}

function sparseValues(labels: Tensor, prediction: Tensor, fromLogits: boolean): Tensor {
  const logits = logitsOf(prediction, fromLogits, "sparse_categorical_crossentropy");
  const classes = cast(labels, "int32");
  const { shape } = prediction;
  if (!sameShape(classes.shape, shape.slice(0, -1))) {
    throw new ShapeError(
      "Arguments `target` and `output` must have the same shape up until the last dimension: " +
        `target.shape=${showPythonShape(classes.shape)}, output.shape=${showPythonShape(shape)}`,
    );
  }
  return nn.sparseSoftmaxCrossEntropyWithLogits(classes, logits ?? log(clipped(prediction)));
}

type Options<O> = LossOptions & O;

/** A loss that may smooth its labels. */
abstract class SmoothedCrossentropy extends LossFunctionWrapper {
  readonly #options: Required<CrossentropyOptions>;

  constructor(
    fn: typeof binaryCrossentropy,
    { fromLogits = false, labelSmoothing = 0, axis = -1, ...rest }: Options<CrossentropyOptions>,
  ) {
    const options = { fromLogits, labelSmoothing, axis };
    super((yTrue, yPred) => fn(yTrue, yPred, options), rest);
    this.#options = options;
  }

  override getConfig(): Config {
    const { fromLogits, labelSmoothing, axis } = this.#options;
    return { ...super.getConfig(), from_logits: fromLogits, label_smoothing: labelSmoothing, axis };
  }
}

/**
 * Cross-entropy of yes-or-no labels.
 *
 * @example new keras.losses.BinaryCrossentropy({ fromLogits: true })([[1], [0]], [[0], [0]]).item() // 0.6931471824645996
 */
export class BinaryCrossentropy extends SmoothedCrossentropy {
  constructor(options: Options<CrossentropyOptions> = {}) {
    super(binaryCrossentropy, { name: "binary_crossentropy", ...options });
  }
}

/**
 * Cross-entropy of one-hot labels.
 *
 * @example new keras.losses.CategoricalCrossentropy({ fromLogits: true })([[1, 0]], [[0, 0]]).item() // 0.6931471824645996
 */
export class CategoricalCrossentropy extends SmoothedCrossentropy {
  constructor(options: Options<CrossentropyOptions> = {}) {
    super(categoricalCrossentropy, { name: "categorical_crossentropy", ...options });
  }
}

/**
 * Cross-entropy of labels that are class numbers.
 *
 * @example new keras.losses.SparseCategoricalCrossentropy({ fromLogits: true })([1], [[0, 0]]).item() // 0.6931471824645996
 */
export class SparseCategoricalCrossentropy extends LossFunctionWrapper {
  readonly #options: Required<SparseCrossentropyOptions>;

  constructor({
    fromLogits = false,
    ignoreClass = null,
    axis = -1,
    ...rest
  }: Options<SparseCrossentropyOptions> = {}) {
    const options = { fromLogits, ignoreClass, axis };
    const fn = (yTrue: TensorLike, yPred: TensorLike): Tensor =>
      sparseCategoricalCrossentropy(yTrue, yPred, options);
    super(fn, { name: "sparse_categorical_crossentropy", ...rest });
    this.#options = options;
  }

  override getConfig(): Config {
    const { fromLogits, ignoreClass } = this.#options;
    return { ...super.getConfig(), from_logits: fromLogits, ignore_class: ignoreClass };
  }
}
