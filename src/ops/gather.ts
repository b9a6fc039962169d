/**
 * @file Picking slices of a tensor by index.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { IndexedSlices } from "../core/indexedSlices.js";
import { opaque } from "../core/kinds.js";
import { normalizeAxis, type Shape, sameShape, showShape, sizeOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { mulSizes } from "../ir/openSize.js";
import { add, multiply } from "./arithmetic.js";
import { range } from "./grid.js";
import { scatterRows } from "./scatter.js";
import { reshape, transpose } from "./views.js";

export interface GatherOptions {
  /** Axis of `params` that the indices count along; default `batchDims`. */
  axis?: number;
  /** Leading axes that `params` and `indices` share, matched one to one; default 0. */
  batchDims?: number;
}

interface GatherAttrs {
  readonly axis: number;
  readonly batchDims: number;
}

/** Row-major sizes of a gather: params are [batch, outer, length, inner], indices [batch, count]. */
function gatherSizes(params: Shape, indices: Shape, { axis, batchDims }: GatherAttrs) {
  return {
    batch: sizeOf(params.slice(0, batchDims)),
    outer: sizeOf(params.slice(batchDims, axis)),
    length: params[axis]!,
    inner: sizeOf(params.slice(axis + 1)),
    count: sizeOf(indices.slice(batchDims)),
  };
}

/**
 * Slices of `params` at `indices` along an axis: y[…, i, …] = params[…, indices[i], …].
 *
 * @param params   any dtype, rank at least 1
 * @param indices  integers from 0 to the axis' size − 1, any shape
 * @param options  the axis, or `{ axis, batchDims }`
 * @returns        the shape of `params` with the axis replaced by the indices' axes (batch axes only once)
 * @throws {ValueError} an index is out of range
 * @throws {ShapeError} the batch axes differ
 * Gradient: for axis 0 an IndexedSlices of dy's rows, otherwise dense; none for the indices.
 * @example gather([10, 20, 30], [2, 0]).array() // [ 30, 10 ]
 */
export function gather(
  params: TensorLike,
  indices: TensorLike,
  options: number | GatherOptions = {},
): Tensor {
  const table = toTensor(params, undefined, "gather");
  const { axis, batchDims = 0 } = typeof options === "number" ? { axis: options } : options;
  const batch = batchDims < 0 ? batchDims + toTensor(indices, undefined, "gather").rank : batchDims;
  const place = normalizeAxis(axis ?? batch, table.rank, "gather");
  if (!Number.isInteger(batch) || batch < 0 || batch > place) {
    throw new ShapeError(`gather: batchDims must be between 0 and the axis, ${place}, got ${batchDims}`);
  }
  return apply(gatherOp, [table, indices], { axis: place, batchDims: batch });
}
export const gatherOp = opaque({
  name: "Gather",
  inputs: ["params", "indices"],
  roles: { indices: "index" },
  linear: true,
  accepts: "any",
  saves: ["indices"],
  infer: ([params, indices], { axis, batchDims }: GatherAttrs) => {
    const from = params!.shape;
    const at = indices!.shape;
    if (at.length < batchDims || !sameShape(from.slice(0, batchDims), at.slice(0, batchDims))) {
      throw new ShapeError(
        `gather: the first ${batchDims} sizes must agree: params is ${showShape(from)}, indices is ${showShape(at)}`,
      );
    }
    return specOf([...from.slice(0, axis), ...at.slice(batchDims), ...from.slice(axis + 1)], params!.dtype);
  },
  kernel: ([params, indices], [y], attrs) => {
    const { batch, outer, length, inner, count } = gatherSizes(params!.shape, indices!.shape, attrs);
    const from = params!.data;
    const at = indices!.data;
    const out = y!.data;
    let next = 0;
    for (let b = 0; b < batch; b++) {
      for (let o = 0; o < outer; o++) {
        const base = (b * outer + o) * length;
        for (let i = 0; i < count; i++) {
          const index = at[b * count + i]!;
          if (index < 0 || index >= length) throw outOfRange(index, attrs.axis, length);
          const start = (base + index) * inner;
          for (let k = 0; k < inner; k++) out[next++] = from[start + k]!;
        }
      }
    }
  },
  grad: (dy: Tensor, { indices }, context) => ({
    params: () => gatherGradient(dy, indices, context.shapeOf("params"), context.attrs),
    indices: null,
  }),
});

const outOfRange = (index: number, axis: number, length: number): ValueError =>
  new ValueError(`gather: index ${index} is out of range for axis ${axis} of size ${length}`);

/** The rows of dy at their indices; for other axes than the first they are brought there, summed, and put back. */
function gatherGradient(
  dy: Tensor,
  indices: Tensor,
  shape: Shape,
  attrs: GatherAttrs,
): Tensor | IndexedSlices {
  const { axis, batchDims } = attrs;
  if (axis === 0) {
    const rows = reshape(dy, [indices.size, ...shape.slice(1)]);
    return new IndexedSlices(rows, reshape(indices, [indices.size]), shape);
  }
  const { batch, outer, length, inner, count } = gatherSizes(shape, indices.shape, attrs);
  const rows = transpose(reshape(dy, [batch, outer, count, inner]), [0, 2, 1, 3]);
  const shared = batchDims === 0 ? reshape(indices, [count]) : flatIndices(indices, batch, count, length);
  const summed = scatterRows(reshape(rows, [mulSizes(batch, count), outer, inner]), shared, [
    mulSizes(batch, length),
    outer,
    inner,
  ]);
  return reshape(transpose(reshape(summed, [batch, length, outer, inner]), [0, 2, 1, 3]), shape);
}

/** Indices into batches laid end to end. */
const flatIndices = (indices: Tensor, batch: number, count: number, length: number): Tensor =>
  reshape(add(reshape(indices, [batch, count]), reshape(multiply(range(batch), length), [batch, 1])), [
    mulSizes(batch, count),
  ]);
