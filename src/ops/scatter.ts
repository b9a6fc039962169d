/**
 * @file Putting slices into a tensor by index: sums over segments, and reads and writes at index tuples.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import type { TypedArray } from "../core/dtype.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { opaque } from "../core/kinds.js";
import type { Flat } from "../core/op.js";
import { checkShape, type Shape, sameShape, showShape, sizeOf, stridesOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { add, maximum } from "./arithmetic.js";
import { equal, greaterEqual } from "./comparison.js";
import { fill, zerosLike } from "./creation.js";
import { gather } from "./gather.js";
import { range } from "./grid.js";
import { where } from "./select.js";
import { reshape } from "./views.js";

/** Sums go through float64 and are rounded once, so that many small terms do not vanish beside a large one. */
const accumulator = (out: Flat): TypedArray =>
  out.dtype === "float32" ? new Float64Array(out.data.length) : out.data;

/**
 * Sums of slices that share a segment: y[s] = Σ data[i] over all i with segmentIds[i] = s.
 *
 * @param data         any number; its first axes are those of the ids
 * @param segmentIds   integers below `numSegments`, any order; slices with a negative id are left out
 * @param numSegments  how many segments; those without a slice are zero
 * @throws {ShapeError} the shape of data does not begin with that of the ids
 * @throws {ValueError} an id is too large
 * Gradient: dy at the ids, zero for negative ones.
 * @example unsortedSegmentSum([1, 2, 3], [0, 1, 0], 2).array() // [ 4, 2 ]
 */
export const unsortedSegmentSum = (data: TensorLike, segmentIds: TensorLike, numSegments: number): Tensor =>
  apply(unsortedSegmentSumOp, [data, segmentIds], { numSegments });
export const unsortedSegmentSumOp = opaque({
  name: "UnsortedSegmentSum",
  inputs: ["data", "segmentIds"],
  roles: { segmentIds: "index" },
  linear: true,
  saves: ["segmentIds"],
  infer: ([data, ids], { numSegments }: { numSegments: number }) => {
    if (!sameShape(data!.shape.slice(0, ids!.shape.length), ids!.shape)) {
      throw new ShapeError(
        `unsortedSegmentSum: data ${showShape(data!.shape)} does not begin with the shape of the ids, ${showShape(ids!.shape)}`,
      );
    }
    return specOf(
      checkShape([numSegments, ...data!.shape.slice(ids!.shape.length)], "unsortedSegmentSum"),
      data!.dtype,
    );
  },
  kernel: ([data, ids], [y], { numSegments }) => {
    const sums = accumulator(y!);
    const inner = sizeOf(y!.shape.slice(1));
    const from = data!.data;
    for (let i = 0; i < ids!.data.length; i++) {
      const id = ids!.data[i]!;
      if (id >= numSegments) {
        throw new ValueError(`unsortedSegmentSum: id ${id} is out of range for ${numSegments} segments`);
      }
      if (id < 0) continue;
      for (let k = 0; k < inner; k++) sums[id * inner + k]! += from[i * inner + k]!;
    }
    if (sums !== y!.data) y!.data.set(sums);
  },
  grad: (dy: Tensor, { segmentIds }, context) => ({
    data: () => {
      const rows = gather(dy, maximum(segmentIds, 0));
      const lead = [...segmentIds.shape, ...new Array<number>(rows.rank - segmentIds.rank).fill(1)];
      const kept = greaterEqual(reshape(segmentIds, lead), 0);
      return context.shapeOf("data").length === 0 ? rows : where(kept, rows, zerosLike(rows));
    },
    segmentIds: null,
  }),
});

/** Rows added into a tensor of zeros: what a sparse gradient stands for. */
export const scatterRows = (values: Tensor, indices: Tensor, shape: Shape): Tensor =>
  unsortedSegmentSum(values, indices, shape[0]!);

/** How index tuples address a tensor: `count` tuples of `depth` numbers, each naming a slice of `inner` elements. */
function tuples(indices: Shape, shape: Shape, who: string) {
  const depth = indices[indices.length - 1];
  if (depth === undefined || depth > shape.length) {
    throw new ShapeError(
      `${who}: indices ${showShape(indices)} must end in at most ${shape.length} numbers for shape ${showShape(shape)}`,
    );
  }
  const outer = indices.slice(0, -1);
  return { depth, outer, rest: shape.slice(depth), count: sizeOf(outer), inner: sizeOf(shape.slice(depth)) };
}

/** Calls `visit` with the offset of each tuple's slice. */
function eachOffset(
  indices: Flat,
  shape: Shape,
  who: string,
  visit: (i: number, offset: number) => void,
): void {
  const { depth, count } = tuples(indices.shape, shape, who);
  const strides = stridesOf(shape);
  for (let i = 0; i < count; i++) {
    let offset = 0;
    for (let d = 0; d < depth; d++) {
      const index = indices.data[i * depth + d]!;
      if (index < 0 || index >= shape[d]!) {
        throw new ValueError(`${who}: index ${index} is out of range for axis ${d} of size ${shape[d]}`);
      }
      offset += index * strides[d]!;
    }
    visit(i, offset);
  }
}

/**
 * Slices of `params` at index tuples: y[…] = params[indices[…, 0], indices[…, 1], …].
 *
 * @param params   any dtype
 * @param indices  integers; the last axis holds one index for each of the first axes of `params`
 * @returns        shape of the indices without the last axis, then the axes of `params` that they leave open
 * @throws {ValueError} an index is out of range
 * Gradient: dy added at the tuples; none for the indices.
 * @example gatherNd([[1, 2], [3, 4]], [[1, 0], [0, 1]]).array() // [ 3, 2 ]
 */
export const gatherNd = (params: TensorLike, indices: TensorLike): Tensor =>
  apply(gatherNdOp, [params, indices]);
export const gatherNdOp = opaque({
  name: "GatherNd",
  inputs: ["params", "indices"],
  roles: { indices: "index" },
  linear: true,
  accepts: "any",
  saves: ["indices"],
  infer: ([params, indices]) => {
    const { outer, rest } = tuples(indices!.shape, params!.shape, "gatherNd");
    return specOf(checkShape([...outer, ...rest], "gatherNd"), params!.dtype);
  },
  kernel: ([params, indices], [y]) => {
    const { inner } = tuples(indices!.shape, params!.shape, "gatherNd");
    eachOffset(indices!, params!.shape, "gatherNd", (i, offset) => {
      for (let k = 0; k < inner; k++) y!.data[i * inner + k] = params!.data[offset + k]!;
    });
  },
  grad: (dy: Tensor, { indices }, context) => ({
    params: () => scatterNd(indices, dy, context.shapeOf("params")),
    indices: null,
  }),
});

/** Checks that updates hold one slice for each tuple. */
function checkUpdates(indices: Shape, updates: Shape, shape: Shape, who: string): void {
  const { outer, rest } = tuples(indices, shape, who);
  if (!sameShape(updates, [...outer, ...rest])) {
    throw new ShapeError(
      `${who}: updates are ${showShape(updates)}, expected ${showShape([...outer, ...rest])}`,
    );
  }
}

/**
 * Slices added into a tensor of zeros at index tuples; slices that meet are summed.
 *
 * @param indices  integers; the last axis holds one index for each of the first axes of the result
 * @param updates  numbers: the indices' shape without the last axis, then the axes that they leave open
 * @param shape    of the result
 * @throws {ShapeError} the updates do not fit
 * @throws {ValueError} an index is out of range
 * Gradient: dy at the tuples, for the updates.
 * @example scatterNd([[1], [1]], [2, 3], [3]).array() // [ 0, 5, 0 ]
 */
export const scatterNd = (indices: TensorLike, updates: TensorLike, shape: Shape): Tensor =>
  apply(scatterNdOp, [indices, updates], { shape: checkShape(shape, "scatterNd") });
export const scatterNdOp = opaque({
  name: "ScatterNd",
  inputs: ["indices", "updates"],
  roles: { indices: "index" },
  linear: true,
  saves: ["indices"],
  infer: ([indices, updates], { shape }: { shape: Shape }) => {
    checkUpdates(indices!.shape, updates!.shape, shape, "scatterNd");
    return specOf(shape, updates!.dtype);
  },
  kernel: ([indices, updates], [y], { shape }) => {
    const { inner } = tuples(indices!.shape, shape, "scatterNd");
    const sums = accumulator(y!);
    eachOffset(indices!, shape, "scatterNd", (i, offset) => {
      for (let k = 0; k < inner; k++) sums[offset + k]! += updates!.data[i * inner + k]!;
    });
    if (sums !== y!.data) y!.data.set(sums);
  },
  grad: (dy: Tensor, { indices }) => ({ indices: null, updates: () => gatherNd(dy, indices) }),
});

/**
 * A tensor with some slices replaced.
 *
 * @param tensor   any dtype
 * @param indices  integers; the last axis holds one index for each of the first axes of `tensor`
 * @param updates  the new slices; of two for one place the last counts
 * @throws {ShapeError} the updates do not fit
 * @throws {ValueError} an index is out of range
 * Gradient: dy with zeros at the places, for the tensor; dy at the places, for the updates that lasted.
 * @example tensorScatterNdUpdate([1, 2, 3], [[1]], [9]).array() // [ 1, 9, 3 ]
 */
export const tensorScatterNdUpdate = (tensor: TensorLike, indices: TensorLike, updates: TensorLike): Tensor =>
  apply(tensorScatterUpdateOp, [tensor, indices, updates]);
export const tensorScatterUpdateOp = opaque({
  name: "TensorScatterUpdate",
  inputs: ["tensor", "indices", "updates"],
  roles: { indices: "index" },
  linear: true,
  accepts: "any",
  saves: ["indices"],
  infer: ([tensor, indices, updates]) => {
    checkUpdates(indices!.shape, updates!.shape, tensor!.shape, "tensorScatterNdUpdate");
    return tensor!;
  },
  kernel: ([tensor, indices, updates], [y]) => {
    const { inner } = tuples(indices!.shape, tensor!.shape, "tensorScatterNdUpdate");
    y!.data.set(tensor!.data);
    eachOffset(indices!, tensor!.shape, "tensorScatterNdUpdate", (i, offset) => {
      for (let k = 0; k < inner; k++) y!.data[offset + k] = updates!.data[i * inner + k]!;
    });
  },
  grad: (dy: Tensor, { indices }, context) => ({
    tensor: () => tensorScatterNdUpdate(dy, indices, fill(context.shapeOf("updates"), 0, dy.dtype)),
    indices: null,
    updates: () => {
      const taken = gatherNd(dy, indices);
      const outer = indices.shape.slice(0, -1);
      const lasted = lastUpdates(indices, context.shapeOf("tensor"));
      return where(
        reshape(lasted, [...outer, ...new Array<number>(taken.rank - outer.length).fill(1)]),
        taken,
        zerosLike(taken),
      );
    },
  }),
});

/** Which tuples no later one overwrites: each place is given the number of its last tuple. */
function lastUpdates(indices: Tensor, shape: Shape): Tensor {
  const { depth, outer, count } = tuples(indices.shape, shape, "tensorScatterNdUpdate");
  const numbers = reshape(range(count), outer);
  const last = tensorScatterNdUpdate(fill(shape.slice(0, depth), 0, "int32"), indices, numbers);
  return equal(gatherNd(last, indices), numbers);
}

/**
 * A tensor with something added to some slices; additions that meet are summed.
 *
 * @param tensor   any number
 * @param indices  integers; the last axis holds one index for each of the first axes of `tensor`
 * @param updates  what to add
 * @throws {ShapeError} the updates do not fit
 * @throws {ValueError} an index is out of range
 * Gradient: dy for the tensor, dy at the places for the updates.
 * @example tensorScatterNdAdd([1, 2, 3], [[1], [1]], [5, 5]).array() // [ 1, 12, 3 ]
 */
export function tensorScatterNdAdd(tensor: TensorLike, indices: TensorLike, updates: TensorLike): Tensor {
  const dtype =
    tensor instanceof Operand ? tensor.dtype : updates instanceof Operand ? updates.dtype : undefined;
  const base = toTensor(tensor, dtype, "tensorScatterNdAdd");
  return add(base, scatterNd(indices, toTensor(updates, dtype, "tensorScatterNdAdd"), base.shape));
}
