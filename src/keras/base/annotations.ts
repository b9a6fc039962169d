/**
 * @file What Keras remembers about a tensor beside its values: the logits it came from, the mask of what counts.
 */
import type { Tensor } from "../../core/tensor.js";

const LOGITS = Symbol.for("keras.logits");
const MASK = Symbol.for("keras.mask");

type Annotated = Tensor & { [LOGITS]?: Tensor; [MASK]?: Tensor };

/**
 * Notes on a tensor of probabilities the logits that they are the softmax or sigmoid of. Cross-entropies computed from
 * the tensor then start from the logits, which is exact where the probabilities round to 0 or 1.
 */
export function setLogits(probabilities: Tensor, logits: Tensor): Tensor {
  (probabilities as Annotated)[LOGITS] = logits;
  return probabilities;
}

/** The logits noted on a tensor of probabilities, if any. */
export const getLogits = (x: object): Tensor | undefined => (x as Annotated)[LOGITS];

/** Notes on a tensor which of its entries count: a bool tensor of leading axes. */
export function setMask(x: Tensor, mask: Tensor): Tensor {
  (x as Annotated)[MASK] = mask;
  return x;
}

/** The mask noted on a tensor, if any. */
export const getMask = (x: unknown): Tensor | undefined =>
  typeof x === "object" && x !== null ? (x as Annotated)[MASK] : undefined;
