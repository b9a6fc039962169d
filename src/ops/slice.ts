/**
 * @file Parts of a tensor: contiguous, strided, reversed, by JavaScript-friendly indices.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { view } from "../core/kinds.js";
import { checkShape, normalizeAxes, type Shape, showShape, stridesOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { addSizes, isAtMost, isSize, subSizes } from "../ir/openSize.js";
import { pad } from "./pad.js";

/** The offset of an index tuple. */
const offsetOf = (index: readonly number[], strides: readonly number[]): number =>
  index.reduce((sum, n, i) => sum + n * strides[i]!, 0);

/**
 * A block of a tensor: `size` elements from `begin` on, along every axis.
 *
 * @param x      any dtype, any shape
 * @param begin  first index along each axis
 * @param size   how many along each axis; −1 takes the rest
 * @throws {ShapeError} the block does not lie inside x
 * Gradient: dy in its place, zeros around it.
 * @example slice([1, 2, 3, 4], [1], [2]).array() // [ 2, 3 ]
 */
export function slice(x: TensorLike, begin: readonly number[], size: readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "slice");
  const { shape } = tensor;
  const whole = begin.length === shape.length && size.length === shape.length;
  const sizes = whole ? size.map((n, i) => (n === -1 ? subSizes(shape[i]!, begin[i]!) : n)) : size;
  if (!whole || !liesInside(begin, sizes, shape)) {
    throw new ShapeError(
      `slice: begin ${showShape(begin)} with size ${showShape(size)} does not lie inside shape ${showShape(shape)}`,
    );
  }
  return apply(sliceOp, [tensor], { begin, size: sizes });
}

function liesInside(begin: readonly number[], size: readonly number[], shape: Shape): boolean {
  for (let i = 0; i < shape.length; i++) {
    const from = begin[i]!;
    const n = size[i]!;
    if (!isSize(from) || !isSize(n) || !isAtMost(addSizes(from, n), shape[i]!)) return false;
  }
  return true;
}

export const sliceOp = view({
  name: "Slice",
  inputs: ["x"],
  infer: ([x], { size }: { begin: readonly number[]; size: Shape }) => specOf(size, x!.dtype),
  plan: ([x], { begin }, y) => {
    const fromStrides = stridesOf(x!.shape);
    const from = offsetOf(begin, fromStrides);
    return {
      copies: [{ source: 0, shape: y.shape, from, fromStrides, to: 0, toStrides: stridesOf(y.shape) }],
      fill: null,
    };
  },
  grad: (dy, _, context) => ({
    x: () => {
      const { begin, size } = context.attrs;
      return pad(
        dy,
        context.shapeOf("x").map((n, i) => [begin[i]!, subSizes(subSizes(n, begin[i]!), size[i]!)] as const),
      );
    },
  }),
});

/** A strided part in normal form: along axis i, `size[i]` elements from `begin[i]` on, `strides[i]` apart. */
interface Part {
  readonly begin: readonly number[];
  readonly size: readonly number[];
  readonly strides: readonly number[];
}

/** A part, and the shape it is given: without the axes that a position drops, with new ones. */
interface PartAttrs extends Part {
  readonly shape: Shape;
}

/** The part in the storage of a tensor of that shape: where it begins, and how far each step goes. */
function walk({ begin, strides }: Part, shape: Shape): { from: number; steps: number[] } {
  const whole = stridesOf(shape);
  return { from: offsetOf(begin, whole), steps: strides.map((stride, i) => stride * whole[i]!) };
}

export const stridedSliceOp = view({
  name: "StridedSlice",
  inputs: ["x"],
  infer: ([x], { shape }: PartAttrs) => specOf(shape, x!.dtype),
  plan: ([x], part) => {
    const { from, steps } = walk(part, x!.shape);
    return {
      copies: [
        { source: 0, shape: part.size, from, fromStrides: steps, to: 0, toStrides: stridesOf(part.size) },
      ],
      fill: null,
    };
  },
  grad: (dy, _, context) => ({ x: () => putPart(dy, context.attrs, context.shapeOf("x")) }),
});

/** The transpose of a strided slice: its elements back in their places, zeros elsewhere. */
export const stridedSliceGradOp = view({
  name: "StridedSliceGrad",
  inputs: ["dy"],
  infer: ([dy], { target }: PartAttrs & { target: Shape }) => specOf(target, dy!.dtype),
  plan: (_, { target, ...part }) => {
    const { from, steps } = walk(part, target);
    return {
      copies: [
        {
          source: 0,
          shape: part.size,
          from: 0,
          fromStrides: stridesOf(part.size),
          to: from,
          toStrides: steps,
        },
      ],
      fill: 0,
    };
  },
  grad: (dy, _, { attrs: { target: __, ...part } }) => ({ dy: () => takePart(dy, part) }),
});

const takePart = (x: Tensor, part: PartAttrs): Tensor => apply(stridedSliceOp, [x], part);
const putPart = (dy: Tensor, part: PartAttrs, target: Shape): Tensor =>
  apply(stridedSliceGradOp, [dy], { ...part, target });

/** One item of an index: a position, `[start, stop, step]` with null for "from the end", `"..."`, or null for a new axis. */
export type IndexItem = number | readonly (number | null | undefined)[] | "..." | null;

/** One axis of the source while an index is worked out. */
interface AxisPart {
  begin: number;
  size: number;
  stride: number;
  shrink: boolean;
}

const wholeAxis = (length: number): AxisPart => ({ begin: 0, size: length, stride: 1, shrink: false });

function positionPart(index: number, length: number, axis: number, who: string): AxisPart {
  const isInside = isSize(index) ? isAtMost(addSizes(index, 1), length) : isAtMost(-index, length);
  if (!isInside || (!isSize(index) && !Number.isInteger(index))) {
    throw new ValueError(`${who}: index ${index} is out of range for axis ${axis} of size ${length}`);
  }
  return { begin: isSize(index) ? index : subSizes(length, -index), size: 1, stride: 1, shrink: true };
}

/** `start:stop:step` as Python reads it: negative counts from the end, and ends outside are moved in. */
function rangePart(
  start: number | null | undefined,
  stop: number | null | undefined,
  step: number | null | undefined,
  length: number,
  who: string,
): AxisPart {
  const stride = step ?? 1;
  if (![start ?? 0, stop ?? 0, stride].every(Number.isInteger) || stride === 0) {
    throw new ValueError(
      `${who}: expected whole numbers and a step other than 0, got [${start}, ${stop}, ${step}]`,
    );
  }
  if (stride === 1 && typeof length !== "number") return openRange(start ?? 0, stop ?? length, length);
  const low = stride > 0 ? 0 : -1;
  const high = stride > 0 ? length : length - 1;
  const clamp = (n: number): number => Math.min(Math.max(n < 0 ? n + length : n, low), high);
  const from = start === null || start === undefined ? (stride > 0 ? low : high) : clamp(start);
  const to = stop === null || stop === undefined ? (stride > 0 ? high : low) : clamp(stop);
  const size = Math.max(0, Math.ceil((to - from) / stride));
  return { begin: size === 0 ? 0 : from, size, stride, shrink: false };
}

/** The same for an axis whose length is open, without gaps. */
function openRange(start: number, stop: number, length: number): AxisPart {
  const clamp = (n: number): number => {
    if (isSize(n)) return isAtMost(n, length) ? n : length;
    return isAtMost(-n, length) ? subSizes(length, -n) : 0;
  };
  const [from, to] = [clamp(start), clamp(stop)];
  const size = isAtMost(from, to) ? subSizes(to, from) : 0;
  return { begin: size === 0 ? 0 : from, size, stride: 1, shrink: false };
}

/** Runs a strided slice over axes that are worked out; `newAxes[i]` axes of size 1 come before axis i. */
function takeParts(x: Tensor, parts: readonly AxisPart[], newAxes: readonly number[], who: string): Tensor {
  const shape: number[] = [];
  for (let i = 0; i <= parts.length; i++) {
    for (let k = 0; k < (newAxes[i] ?? 0); k++) shape.push(1);
    const part = parts[i];
    if (part !== undefined && !part.shrink) shape.push(part.size);
  }
  return takePart(x, {
    begin: parts.map((part) => part.begin),
    size: parts.map((part) => part.size),
    strides: parts.map((part) => part.stride),
    shape: checkShape(shape, who),
  });
}

/**
 * A part of a tensor, as Python's brackets give it: `x[1:3, ..., None, -1]` is
 * `getItem(x, [[1, 3], "...", null, -1])`.
 *
 * @param x      any dtype, any shape
 * @param index  one item or a list of them. A number picks a position and drops the axis; `[start, stop, step]` a range
 *               (null or left out: the end); `"..."` stands for the axes not named; null makes a new axis
 * @throws {ValueError} a position is out of range, or a step is 0
 * @throws {ShapeError} more items than axes
 * Gradient: dy in its place, zeros elsewhere.
 * @example getItem([[1, 2, 3], [4, 5, 6]], [1, [null, null, -1]]).array() // [ 6, 5, 4 ]
 */
export function getItem(x: TensorLike, index: readonly IndexItem[]): Tensor {
  const tensor = toTensor(x, undefined, "slice");
  const { shape, rank } = tensor;
  const named = index.filter((item) => item !== null && item !== "...").length;
  if (named > rank) throw new ShapeError(`slice: ${named} indices for shape ${showShape(shape)}`);
  if (index.filter((item) => item === "...").length > 1)
    throw new ValueError('slice: "..." may occur only once');
  const parts: AxisPart[] = [];
  const newAxes = new Array<number>(rank + 1).fill(0);
  for (const item of index) {
    const axis = parts.length;
    if (item === null) newAxes[axis]!++;
    else if (item === "...") for (let k = named; k < rank; k++) parts.push(wholeAxis(shape[parts.length]!));
    else if (typeof item === "number") parts.push(positionPart(item, shape[axis]!, axis, "slice"));
    else if (Array.isArray(item)) parts.push(rangePart(item[0], item[1], item[2], shape[axis]!, "slice"));
    else
      throw new ValueError(
        `slice: expected a number, [start, stop, step], "..." or null, got ${String(item)}`,
      );
  }
  while (parts.length < rank) parts.push(wholeAxis(shape[parts.length]!));
  return takeParts(tensor, parts, newAxes, "slice");
}

export interface StridedSliceOptions {
  /** Bit i set: `begin[i]` does not count. */
  beginMask?: number;
  /** Bit i set: `end[i]` does not count. */
  endMask?: number;
  /** Bit i set: entry i stands for all axes not named. */
  ellipsisMask?: number;
  /** Bit i set: entry i makes a new axis. */
  newAxisMask?: number;
  /** Bit i set: entry i is one position, and its axis goes away. */
  shrinkAxisMask?: number;
}

/**
 * A part of a tensor, `strides` apart from `begin` to before `end`, with TensorFlow's bit masks.
 *
 * @param x        any dtype, any shape
 * @param begin    first index along each axis; negative counts from the end
 * @param end      where each stops
 * @param strides  steps, not 0; default 1
 * @param options  masks: bit i is about entry i
 * @throws {ValueError} a step is 0, or a position is out of range
 * Gradient: dy in its place, zeros elsewhere.
 * @example stridedSlice([1, 2, 3, 4], [3], [0], [-2]).array() // [ 4, 2 ]
 */
export function stridedSlice(
  x: TensorLike,
  begin: readonly number[],
  end: readonly number[],
  strides: readonly number[] = begin.map(() => 1),
  options: StridedSliceOptions = {},
): Tensor {
  if (begin.length !== end.length || begin.length !== strides.length) {
    throw new ShapeError(
      `stridedSlice: begin, end and strides differ in length: ${begin.length}, ${end.length}, ${strides.length}`,
    );
  }
  const bit = (mask: number | undefined, i: number): boolean => (((mask ?? 0) >> i) & 1) === 1;
  return getItem(
    x,
    begin.map((start, i): IndexItem => {
      if (bit(options.ellipsisMask, i)) return "...";
      if (bit(options.newAxisMask, i)) return null;
      if (bit(options.shrinkAxisMask, i)) return start;
      return [
        bit(options.beginMask, i) ? null : start,
        bit(options.endMask, i) ? null : end[i]!,
        strides[i]!,
      ];
    }),
  );
}

/**
 * The elements in reverse order along axes.
 *
 * @param x     any dtype, any shape
 * @param axis  which axis or axes
 * @throws {ShapeError} an axis is out of range or named twice
 * Gradient: dy reversed.
 * @example reverse([1, 2, 3], 0).array() // [ 3, 2, 1 ]
 */
export function reverse(x: TensorLike, axis: number | readonly number[]): Tensor {
  const tensor = toTensor(x, undefined, "reverse");
  return apply(reverseOp, [tensor], { axes: normalizeAxes(axis, tensor.rank, "reverse") });
}
export const reverseOp = view({
  name: "Reverse",
  inputs: ["x"],
  infer: ([x]) => x!,
  plan: ([x], { axes }: { axes: readonly number[] }, y) => {
    const { shape } = x!;
    const toStrides = stridesOf(y.shape);
    const fromStrides = toStrides.map((stride, i) => (axes.includes(i) ? -stride : stride));
    const from = axes.reduce((sum, axis) => sum + Math.max(shape[axis]! - 1, 0) * toStrides[axis]!, 0);
    return { copies: [{ source: 0, shape, from, fromStrides, to: 0, toStrides }], fill: null };
  },
  grad: (dy, _, context) => ({ x: () => reverse(dy, context.attrs.axes) }),
});
