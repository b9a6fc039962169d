/**
 * @file Order: sorting, positions in sorted order, the largest few.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { opaque } from "../core/kinds.js";
import { normalizeAxis } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { gather } from "./gather.js";
import { slice } from "./slice.js";
import { moveaxis } from "./views.js";

export type SortDirection = "ASCENDING" | "DESCENDING";

export interface SortOptions {
  /** Along which axis; default the last. */
  axis?: number;
  /** Smallest first (default) or largest first. */
  direction?: SortDirection;
}

export const argsortOp = opaque({
  name: "ArgSort",
  inputs: ["x"],
  infer: ([x]) => specOf(x!.shape, "int32"),
  kernel: ([x], [y], { descending }: { descending: boolean }) => {
    const { data, shape } = x!;
    const length = shape[shape.length - 1]!;
    const sign = descending ? -1 : 1;
    for (let start = 0; start < data.length; start += length) {
      const order = y!.data.subarray(start, start + length) as Int32Array;
      for (let i = 0; i < length; i++) order[i] = i;
      order.sort((p, q) => compare(data[start + p]!, data[start + q]!, sign));
    }
  },
  grad: null,
});

/** Order of two numbers; NaN comes last either way. */
function compare(a: number, b: number, sign: number): number {
  if (a < b) return -sign;
  if (a > b) return sign;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

/** The tensor with the axis last, and the order along it. */
function ordered(x: TensorLike, { axis = -1, direction = "ASCENDING" }: SortOptions, who: string) {
  const tensor = toTensor(x, undefined, who);
  if (tensor.rank === 0) throw new ShapeError(`${who}: expected rank 1 or more, got a scalar`);
  if (direction !== "ASCENDING" && direction !== "DESCENDING") {
    throw new ValueError(
      `${who}: direction must be "ASCENDING" or "DESCENDING", got ${JSON.stringify(direction)}`,
    );
  }
  const place = normalizeAxis(axis, tensor.rank, who);
  const lines = place === tensor.rank - 1 ? tensor : moveaxis(tensor, place, -1);
  return { lines, place, order: apply(argsortOp, [lines], { descending: direction === "DESCENDING" }) };
}

const back = (y: Tensor, place: number): Tensor => (place === y.rank - 1 ? y : moveaxis(y, -1, place));

/**
 * The elements in order along an axis; equal ones keep their order, NaN comes last.
 *
 * @param x        any number, rank at least 1
 * @param options  `{ axis, direction }`
 * @throws {ShapeError} the axis is out of range
 * Gradient: dy back at the places the elements came from.
 * @example sort([3, 1, 2]).array() // [ 1, 2, 3 ]
 * @example sort([3, 1, 2], { direction: "DESCENDING" }).array() // [ 3, 2, 1 ]
 */
export function sort(x: TensorLike, options: SortOptions = {}): Tensor {
  const { lines, place, order } = ordered(x, options, "sort");
  return back(gather(lines, order, { batchDims: -1 }), place);
}

/**
 * Positions of the elements in order along an axis; equal ones keep their order, NaN comes last.
 *
 * @param x        any number, rank at least 1
 * @param options  `{ axis, direction }`
 * @returns        int32
 * @throws {ShapeError} the axis is out of range
 * Gradient: none.
 * @example argsort([3, 1, 2]).array() // [ 1, 2, 0 ]
 */
export function argsort(x: TensorLike, options: SortOptions = {}): Tensor {
  const { place, order } = ordered(x, options, "argsort");
  return back(order, place);
}

/**
 * The largest elements along the last axis and where they are; of equals the first counts.
 *
 * @param x  any number, rank at least 1
 * @param k  how many; default 1
 * @throws {ValueError} the axis has fewer than k elements
 * Gradient: dy at the places of the elements chosen.
 * @example topK([1, 3, 2], 2).values.array() // [ 3, 2 ]
 * @example topK([1, 3, 2], 2).indices.array() // [ 1, 2 ]
 */
export function topK(x: TensorLike, k = 1): { values: Tensor; indices: Tensor } {
  const { lines, order } = ordered(x, { direction: "DESCENDING" }, "topK");
  const length = lines.shape[lines.rank - 1]!;
  if (!Number.isInteger(k) || k < 0 || k > length) {
    throw new ValueError(
      `topK: k must be a whole number from 0 to ${length}, the size of the last axis, got ${k}`,
    );
  }
  const size = lines.shape.map((n, i) => (i === lines.rank - 1 ? k : n));
  const indices = slice(order, new Array<number>(lines.rank).fill(0), size);
  return { values: gather(lines, indices, { batchDims: -1 }), indices };
}
