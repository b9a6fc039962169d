/**
 * @file The records of pooling: the largest element or the mean of each window, for every channel. Axes are batch, 1 to 3
 * spatial ones, channels; cells in the padding do not count.
 *
 * Where the largest elements are depends on x alone, so the gradient of a largest element only moves numbers: dy to
 * the place that won, and in the gradient of that, from there.
 */
import { apply } from "../core/apply.js";
import type { TypedArray } from "../core/dtype.js";
import { opaque } from "../core/kinds.js";
import type { Flat, OpaqueOp } from "../core/op.js";
import { type Shape, sizeOf } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import type { Tensor } from "../core/tensor.js";
import { addSizes } from "../ir/openSize.js";
import { type Windows, windowCount } from "./convWindow.js";

/** Windows whose elements are neighbours. */
export type PoolAttrs = Omit<Windows, "dilations">;

/** `sizes` are those of the spatial axes that were pooled. */
type MeanGradAttrs = PoolAttrs & { readonly sizes: readonly number[] };
type ArgmaxAttrs = PoolAttrs & { readonly includeBatchInIndex: boolean };

const isVolume = (x: Tensor): boolean => x.rank === 5;

/** One shape in another's place: the spatial sizes after pooling. */
function pooledShape(x: Shape, { window, strides, pads }: PoolAttrs): Shape {
  const count = (size: number, i: number): number =>
    windowCount(addSizes(size, pads[i]![0] + pads[i]![1]), window[i]!, strides[i]!, 1, "pool");
  return [x[0]!, ...x.slice(1, -1).map(count), x[x.length - 1]!];
}

const inferPooled = ([x]: readonly Spec[], attrs: PoolAttrs): Spec =>
  specOf(pooledShape(x!.shape, attrs), x!.dtype);

/** The same number three times: what axes that a tensor lacks are filled up with. */
const three = (list: readonly number[], missing: number): [number, number, number] =>
  [...new Array<number>(3 - list.length).fill(missing), ...list] as [number, number, number];

/** Where the window at a place begins and ends inside an axis. */
const clipped = (at: number, stride: number, before: number, window: number, size: number) =>
  [Math.max(at * stride - before, 0), Math.min(at * stride - before + window, size)] as const;

/** Places in an array. Integers that fit index faster than doubles do. */
type Offsets = Int32Array | Float64Array;
const offsets = (count: number, limit: number): Offsets =>
  limit <= 2 ** 31 ? new Int32Array(count) : new Float64Array(count);

/**
 * Calls `visit` for every window in order, with the offset of its row of channels in the pooled array, and those of its
 * cells' rows in the whole one (the first `count` of `cells`, which is used again).
 */
function eachWindow(
  whole: Shape,
  pooled: Shape,
  { window, strides, pads }: PoolAttrs,
  visit: (row: number, cells: Offsets, count: number) => void,
): void {
  const channels = whole[whole.length - 1]!;
  const [depth, height, width] = three(whole.slice(1, -1), 1);
  const [planes, rows, columns] = three(pooled.slice(1, -1), 1);
  const [window0, window1, window2] = three(window, 1);
  const [stride0, stride1, stride2] = three(strides, 1);
  const [before0, before1, before2] = three(
    pads.map(([before]) => before),
    0,
  );
  const cells = offsets(window0 * window1 * window2, sizeOf(whole));
  let row = 0;
  for (let n = 0; n < whole[0]!; n++) {
    for (let i = 0; i < planes; i++) {
      const [z0, z1] = clipped(i, stride0, before0, window0, depth);
      for (let j = 0; j < rows; j++) {
        const [y0, y1] = clipped(j, stride1, before1, window1, height);
        for (let k = 0; k < columns; k++) {
          const [x0, x1] = clipped(k, stride2, before2, window2, width);
          let count = 0;
          for (let z = z0; z < z1; z++) {
            for (let y = y0; y < y1; y++) {
              const line = ((n * depth + z) * height + y) * width;
              for (let x = x0; x < x1; x++) cells[count++] = (line + x) * channels;
            }
          }
          visit(row, cells, count);
          row += channels;
        }
      }
    }
  }
}

/** Whether an element takes the place of the largest so far: equals do not, and NaN does. */
const beats = (value: number, largest: number): boolean => value > largest || Number.isNaN(value);

/** The largest element of each window: among equals the first counts. */
function largest(x: Flat, y: Flat, attrs: PoolAttrs): void {
  const channels = x.shape[x.shape.length - 1]!;
  const [from, to] = [x.data, y.data];
  eachWindow(x.shape, y.shape, attrs, (row, cells, count) => {
    for (let c = 0, cell = cells[0]!; c < channels; c++) to[row + c] = from[cell + c]!;
    for (let i = 1; i < count; i++) {
      for (let c = 0, cell = cells[i]!; c < channels; c++) {
        const value = from[cell + c]!;
        if (beats(value, to[row + c]!)) to[row + c] = value;
      }
    }
  });
}

/** Where the largest elements are: an offset into x for each element of the pooled shape. */
function winners(x: Flat, pooled: Shape, attrs: PoolAttrs): Offsets {
  const channels = x.shape[x.shape.length - 1]!;
  const from = x.data;
  const places = offsets(sizeOf(pooled), x.data.length);
  eachWindow(x.shape, pooled, attrs, (row, cells, count) => {
    for (let c = 0, cell = cells[0]!; c < channels; c++) places[row + c] = cell + c;
    for (let i = 1; i < count; i++) {
      for (let c = 0, cell = cells[i]!; c < channels; c++) {
        if (beats(from[cell + c]!, from[places[row + c]!]!)) places[row + c] = cell + c;
      }
    }
  });
  return places;
}

const largestOp = (name: string): OpaqueOp =>
  opaque({
    name,
    inputs: ["x"],
    saves: ["x"],
    infer: inferPooled,
    kernel: ([x], [y], attrs: PoolAttrs) => largest(x!, y!, attrs),
    grad: (dy: Tensor, { x }, { attrs }) => ({ x: () => maxPoolGradient(x, dy, attrs) }),
  });

/** dy put where the largest elements are. */
const largestGradOp = (name: string): OpaqueOp =>
  opaque({
    name,
    inputs: ["x", "dy"],
    saves: ["x"],
    infer: ([x]) => x!,
    kernel: ([x, dy], [y], attrs: PoolAttrs) => {
      const places = winners(x!, dy!.shape, attrs);
      const [from, to] = [dy!.data, y!.data];
      for (let i = 0; i < places.length; i++) to[places[i]!]! += from[i]!;
    },
    grad: (dx: Tensor, { x }, { attrs }) => ({ x: null, dy: () => takeLargest(x, dx, attrs) }),
  });

/** The elements of another tensor that are where the largest are. */
const largestGradGradOp = (name: string): OpaqueOp =>
  opaque({
    name,
    inputs: ["x", "dx"],
    saves: ["x"],
    infer: inferPooled,
    kernel: ([x, dx], [y], attrs: PoolAttrs) => {
      const places = winners(x!, y!.shape, attrs);
      const [from, to] = [dx!.data, y!.data];
      for (let i = 0; i < places.length; i++) to[i] = from[places[i]!]!;
    },
    grad: (dy: Tensor, { x }, { attrs }) => ({ x: null, dx: () => maxPoolGradient(x, dy, attrs) }),
  });

export const maxPool2dOp = largestOp("MaxPool");
export const maxPool2dGradOp = largestGradOp("MaxPoolGrad");
export const maxPool2dGradGradOp = largestGradGradOp("MaxPoolGradGrad");
export const maxPool3dOp = largestOp("MaxPool3D");
export const maxPool3dGradOp = largestGradOp("MaxPool3DGrad");
export const maxPool3dGradGradOp = largestGradGradOp("MaxPool3DGradGrad");

/** The largest element of each window of x, which has its channels last. */
export const largestOf = (x: Tensor, { window, strides, pads }: PoolAttrs): Tensor =>
  apply(isVolume(x) ? maxPool3dOp : maxPool2dOp, [x], { window, strides, pads });

const maxPoolGradient = (x: Tensor, dy: Tensor, { window, strides, pads }: PoolAttrs): Tensor =>
  apply(isVolume(x) ? maxPool3dGradOp : maxPool2dGradOp, [x, dy], { window, strides, pads });

const takeLargest = (x: Tensor, dx: Tensor, attrs: PoolAttrs): Tensor =>
  apply(isVolume(x) ? maxPool3dGradGradOp : maxPool2dGradGradOp, [x, dx], attrs);

export const maxPoolWithArgmaxOp: OpaqueOp = opaque({
  name: "MaxPoolWithArgmax",
  inputs: ["x"],
  saves: ["x"],
  multiple: true,
  infer: ([x], attrs: ArgmaxAttrs) => {
    const shape = pooledShape(x!.shape, attrs);
    return [specOf(shape, x!.dtype), specOf(shape, "int32")];
  },
  kernel: ([x], [y, at], attrs) => {
    const places = winners(x!, y!.shape, attrs);
    const example = attrs.includeBatchInIndex ? x!.data.length : sizeOf(x!.shape.slice(1));
    for (let i = 0; i < places.length; i++) {
      y!.data[i] = x!.data[places[i]!]!;
      at!.data[i] = places[i]! % example;
    }
  },
  grad: ([dy]: Tensor[], { x }, { attrs }) => ({ x: () => maxPoolGradient(x, dy!, attrs) }),
});

/** An array for sums that are rounded once, when they are stored. */
const sumsOf = (like: TypedArray, length: number): Float64Array | TypedArray =>
  like instanceof Float64Array ? like : new Float64Array(length);

const meanOp = (name: string): OpaqueOp =>
  opaque({
    name,
    inputs: ["x"],
    accepts: "float",
    linear: true,
    infer: inferPooled,
    kernel: ([x], [y], attrs: PoolAttrs) => {
      const channels = x!.shape[x!.shape.length - 1]!;
      const [from, to] = [x!.data, y!.data];
      const sums = new Float64Array(channels);
      eachWindow(x!.shape, y!.shape, attrs, (row, cells, count) => {
        for (let c = 0, cell = cells[0]!; c < channels; c++) sums[c] = from[cell + c]!;
        for (let i = 1; i < count; i++) {
          for (let c = 0, cell = cells[i]!; c < channels; c++) sums[c]! += from[cell + c]!;
        }
        for (let c = 0; c < channels; c++) to[row + c] = sums[c]! / count;
      });
    },
    grad: (dy: Tensor, _, context) => ({
      x: () => shareOf(dy, context.attrs, context.shapeOf("x").slice(1, -1)),
    }),
  });

/** Each element of dy shared equally among the cells of its window. */
const meanGradOp = (name: string): OpaqueOp =>
  opaque({
    name,
    inputs: ["dy"],
    accepts: "float",
    linear: true,
    infer: ([dy], { sizes }: MeanGradAttrs) => {
      const { shape, dtype } = dy!;
      return specOf([shape[0]!, ...sizes, shape[shape.length - 1]!], dtype);
    },
    kernel: ([dy], [x], attrs) => {
      const channels = x!.shape[x!.shape.length - 1]!;
      const from = dy!.data;
      const sums = sumsOf(x!.data, x!.data.length);
      eachWindow(x!.shape, dy!.shape, attrs, (row, cells, count) => {
        for (let i = 0; i < count; i++) {
          for (let c = 0, cell = cells[i]!; c < channels; c++) sums[cell + c]! += from[row + c]! / count;
        }
      });
      if (sums !== x!.data) x!.data.set(sums);
    },
    grad: (dx: Tensor, _, { attrs }) => ({ dy: () => meanOf(dx, attrs) }),
  });

export const avgPool2dOp = meanOp("AvgPool");
export const avgPool2dGradOp = meanGradOp("AvgPoolGrad");
export const avgPool3dOp = meanOp("AvgPool3D");
export const avgPool3dGradOp = meanGradOp("AvgPool3DGrad");

/** The mean of each window of x, which has its channels last. */
export const meanOf = (x: Tensor, { window, strides, pads }: PoolAttrs): Tensor =>
  apply(isVolume(x) ? avgPool3dOp : avgPool2dOp, [x], { window, strides, pads });

const shareOf = (dy: Tensor, { window, strides, pads }: PoolAttrs, sizes: Shape): Tensor =>
  apply(isVolume(dy) ? avgPool3dGradOp : avgPool2dGradOp, [dy], { window, strides, pads, sizes });
