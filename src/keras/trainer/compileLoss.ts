/**
 * @file The loss of a compiled model: one function, or one per output with weights.
 */
import { toTensor } from "../../core/convert.js";
import { ValueError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { flattenTree } from "../../core/tree.js";
import { add, cast, multiply } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { isStructure } from "../base/structure.js";
import {
  binaryCrossentropy,
  categoricalCrossentropy,
  sparseCategoricalCrossentropy,
} from "../losses/crossentropy.js";
import { get, type LossLike } from "../losses/index.js";
import { Loss, type LossFunction, LossFunctionWrapper } from "../losses/loss.js";
import { Mean } from "../metrics/reduction.js";
import { isKeyed, type Output, pairOutputs, settingPerOutput } from "./outputs.js";

/** A loss for all outputs, or one for each. */
export type LossSetting =
  | LossLike
  | null
  | readonly (LossLike | null)[]
  | { readonly [output: string]: LossLike | null };

/** How much each output's loss counts. */
export type LossWeights = number | readonly number[] | { readonly [output: string]: number };

/** Which of three choices the shapes of labels and predictions call for. */
export function chooseByShapes<T>(
  yTrue: Tensor,
  yPred: Tensor,
  choices: { binary: T; sparse: T; categorical: T },
): T {
  if (yPred.shape.at(-1) === 1) return choices.binary;
  const isSparse = yTrue.rank < yPred.rank || (yTrue.shape.at(-1) === 1 && yPred.shape.at(-1)! > 1);
  return isSparse ? choices.sparse : choices.categorical;
}

interface OutputLoss {
  readonly index: number;
  readonly loss: Loss;
  readonly weight: number | null;
  /** Keeps the output's own loss, where there are several. */
  tracker: Mean | null;
}

/** What `compile({ loss, lossWeights })` stands for, resolved at the first batch. */
export class CompileLoss {
  readonly #setting: LossSetting;
  readonly #weights: LossWeights | null;
  #losses: OutputLoss[] | null = null;

  constructor(setting: LossSetting, weights: LossWeights | null) {
    this.#setting = setting;
    this.#weights = weights;
    // Names that mean nothing are told at once, not at the first batch.
    for (const one of flattenSettings(setting)) if (!isByShapes(one)) get(one as LossLike | null);
  }

  /** Whether the first batch has been seen. */
  get built(): boolean {
    return this.#losses !== null;
  }

  /** The outputs' own losses. */
  get metrics(): Mean[] {
    return (this.#losses ?? []).flatMap(({ tracker }) => (tracker === null ? [] : [tracker]));
  }

  /**
   * The loss of a batch: the weighted sum over outputs; null if no output has one.
   *
   * @throws {ValueError} there are no labels, or their structure is not that of the predictions
   */
  compute(yTrue: unknown, yPred: unknown, sampleWeight: unknown): Tensor | null {
    if (this.#losses?.length === 1 && !isStructure(yPred)) {
      return this.#one(
        this.#losses[0]!,
        checkedLabel(yTrue as Tensor | null),
        yPred as Tensor,
        onlyWeight(sampleWeight),
      );
    }
    const outputs = pairOutputs(yTrue, yPred);
    this.#losses ??= this.#resolve(outputs);
    const weights = sampleWeight === null ? null : (flattenTree(sampleWeight) as Tensor[]);
    let total: Tensor | null = null;
    for (const output of this.#losses) {
      const { yTrue: label, yPred: prediction } = outputs[output.index]!;
      const weight = weights === null ? null : (weights[output.index] ?? weights[0]!);
      const value = this.#one(output, checkedLabel(label), prediction, weight);
      total = total === null ? value : add(total, value);
    }
    return total;
  }

  #one(
    { loss, weight, tracker }: OutputLoss,
    yTrue: Tensor,
    yPred: Tensor,
    sampleWeight: Tensor | null,
  ): Tensor {
    const raw = loss(yTrue, yPred, sampleWeight);
    const value = raw.dtype === floatx() ? raw : cast(raw, floatx());
    tracker?.updateState(value, yPred.shape[0] ?? 1);
    return weight === null ? value : multiply(value, weight);
  }

  #resolve(outputs: readonly Output[]): OutputLoss[] {
    const setting = this.#setting;
    const isPerOutput = Array.isArray(setting) || isKeyed(setting);
    const losses = isPerOutput
      ? settingPerOutput(setting as readonly (LossLike | null)[], outputs, "loss")
      : outputs.map(() => setting as LossLike | null);
    const weights = this.#outputWeights(outputs);
    const found: OutputLoss[] = [];
    outputs.forEach((output, index) => {
      const loss = losses[index] ?? null;
      if (loss === null) return;
      found.push({ index, loss: resolveLoss(loss, output), weight: weights[index] ?? null, tracker: null });
    });
    if (found.length > 1) {
      for (const one of found)
        one.tracker = new Mean({ name: `${outputs[one.index]!.name ?? one.loss.name}_loss` });
    }
    return found;
  }

  #outputWeights(outputs: readonly Output[]): (number | null)[] {
    const weights = this.#weights;
    if (weights === null) return outputs.map(() => null);
    if (typeof weights === "number") return outputs.map(() => weights);
    return settingPerOutput(weights as readonly number[], outputs, "loss_weights");
  }
}

const onlyWeight = (sampleWeight: unknown): Tensor | null =>
  isStructure(sampleWeight) ? (flattenTree(sampleWeight)[0] as Tensor) : (sampleWeight as Tensor | null);

function flattenSettings(setting: unknown): unknown[] {
  if (Array.isArray(setting)) return setting.flatMap(flattenSettings);
  return isKeyed(setting) ? Object.values(setting).flatMap(flattenSettings) : [setting];
}

function checkedLabel(label: Tensor | null): Tensor {
  if (label === null || label === undefined) throw new ValueError("None values not supported.");
  return label;
}

const isByShapes = (loss: unknown): boolean =>
  typeof loss === "string" && ["crossentropy", "ce"].includes(loss.toLowerCase());

function resolveLoss(loss: LossLike, { yTrue, yPred }: Output): Loss {
  const found: Loss | LossFunction = isByShapes(loss)
    ? chooseByShapes<LossFunction>(toTensor(yTrue!), yPred, {
        binary: binaryCrossentropy,
        sparse: sparseCategoricalCrossentropy,
        categorical: categoricalCrossentropy,
      })
    : get(loss);
  if (found instanceof Loss) return found;
  return new LossFunctionWrapper(found, { name: typeof loss === "string" ? loss : found.name || "loss" });
}
