/**
 * @file Which positions of attention may see which: masks of inputs, causal masks, windows, brought together.
 */
import type { Tensor } from "../../core/tensor.js";
import { cast, expandDims, greaterEqual, less, logicalAnd, math, range, subtract } from "../../ops/public.js";

/** What is masked, in any combination; null and false for what is not there. */
export interface AttentionMasks {
  /** [batch, T] */
  readonly queryMask: Tensor | null;
  /** [batch, S] */
  readonly valueMask: Tensor | null;
  /** [batch, S] */
  readonly keyMask: Tensor | null;
  /** [batch, T, S] */
  readonly attentionMask: Tensor | null;
  /** Whether a position sees none after it. */
  readonly isCausal: boolean;
  /** Positions this far apart or further do not see each other. */
  readonly slidingWindow: number | null;
}

/** All masks as one, bool, that broadcasts to [batch, T, S]; null if nothing is masked. */
export function combinedMask(masks: AttentionMasks, queries: number, values: number): Tensor | null {
  const { queryMask, valueMask, keyMask, attentionMask, isCausal, slidingWindow } = masks;
  const asBool = (mask: Tensor | null): Tensor | null => (mask === null ? null : cast(mask, "bool"));
  const along = (mask: Tensor | null, axis: number): Tensor | null =>
    mask === null ? null : expandDims(cast(mask, "bool"), axis);
  const parts = [
    along(queryMask, -1),
    along(valueMask, -2),
    along(keyMask, -2),
    isCausal ? causalMask(queries, values) : null,
    slidingWindow === null ? null : windowMask(queries, values, slidingWindow),
    asBool(attentionMask),
  ];
  return parts.reduce(
    (all, part) => (all === null || part === null ? (all ?? part) : logicalAnd(all, part)),
    null,
  );
}

const rows = (count: number): Tensor => expandDims(range(count, { dtype: "int32" }), -1);
const columns = (count: number): Tensor => range(count, { dtype: "int32" });

/** [1, T, S]: position t sees s ≤ t. */
const causalMask = (queries: number, values: number): Tensor =>
  expandDims(greaterEqual(rows(queries), columns(values)), 0);

/** [1, T, S]: positions see each other when less than `size` apart. */
const windowMask = (queries: number, values: number, size: number): Tensor =>
  expandDims(less(math.abs(subtract(rows(queries), columns(values))), size), 0);
