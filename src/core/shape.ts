/**
 * @file Shapes: lists of sizes, outermost first. In a trace a size may be open (`ir/openSize.ts`): the functions here take such
 * sizes, and so must what computes with shapes while ops are applied or differentiated; kernels and plans get numbers.
 */
import { divSizes, isAtMost, isOpen, isSize, mulSizes, sameSize } from "../ir/openSize.js";
import { ShapeError, ValueError } from "./errors.js";

export type Shape = readonly number[];

export const SCALAR: Shape = Object.freeze([]) as Shape;

/** How shapes are written in errors and printouts: `[2, 3]`, with `null` for open sizes. */
export const showShape = (shape: Shape): string =>
  `[${shape.map((size) => (isOpen(size) ? "null" : size)).join(", ")}]`;

export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) {
    const n = shape[i]!;
    if (typeof n !== "number") return shape.reduce(mulSizes, 1);
    size *= n;
  }
  return size;
}

/** The number of elements along some axes. */
export const sizeAlong = (shape: Shape, axes: readonly number[]): number =>
  sizeOf(axes.map((axis) => shape[axis]!));

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true;
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameSize(a[i]!, b[i]!)) return false;
  return true;
}

/** Elements to skip for one step along each axis of a row-major array. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step;
    step *= shape[i]!;
  }
  return strides;
}

/**
 * The shape that two shapes broadcast to: sizes align at the right and must match or be 1.
 *
 * @throws {ShapeError} they do not broadcast
 * @example broadcastShapes([2, 1], [3], "add") // [ 2, 3 ]
 */
export function broadcastShapes(a: Shape, b: Shape, who: string): Shape {
  if (sameShape(a, b)) return a;
  const rank = Math.max(a.length, b.length);
  const out = new Array<number>(rank);
  for (let i = 1; i <= rank; i++) {
    const x = a[a.length - i] ?? 1;
    const y = b[b.length - i] ?? 1;
    if (x !== 1 && y !== 1 && !sameSize(x, y)) {
      throw new ShapeError(`${who}: shapes do not broadcast: ${showShape(a)} and ${showShape(b)}`);
    }
    out[rank - i] = x === 1 ? y : x;
  }
  return out;
}

/** Whether a tensor of one shape can be repeated to fill another. */
export function broadcastsTo(shape: Shape, target: Shape): boolean {
  const lead = target.length - shape.length;
  if (lead < 0) return false;
  for (let i = 0; i < shape.length; i++)
    if (shape[i] !== 1 && !sameSize(shape[i]!, target[i + lead]!)) return false;
  return true;
}

/**
 * An axis counted from the front.
 *
 * @throws {ShapeError} −rank ≤ axis < rank does not hold
 */
export function normalizeAxis(axis: number, rank: number, who: string): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    throw new ShapeError(`${who}: axis ${axis} is out of range for rank ${rank}`);
  }
  return axis < 0 ? axis + rank : axis;
}

/** All axes of each rank: ready-made, since most reductions want them. */
const ALL_AXES: readonly (readonly number[])[] = Array.from({ length: 10 }, (_, rank) =>
  Object.freeze(Array.from({ length: rank }, (__, i) => i)),
);

/** Axes counted from the front, ascending; null means all of them. */
export function normalizeAxes(
  axis: number | readonly number[] | null | undefined,
  rank: number,
  who: string,
): readonly number[] {
  if (axis === null || axis === undefined) return ALL_AXES[rank]!;
  const list = typeof axis === "number" ? [axis] : axis;
  const axes = list.map((a) => normalizeAxis(a, rank, who)).sort((p, q) => p - q);
  axes.forEach((a, i) => {
    if (i > 0 && axes[i - 1] === a)
      throw new ShapeError(`${who}: axis ${a} is named twice in [${list.join(", ")}]`);
  });
  return axes;
}

/**
 * A shape that came from a caller, checked.
 *
 * @throws {ShapeError} a size is not a whole number ≥ 0, or the rank is above 8
 */
export function checkShape(shape: readonly number[], who: string): Shape {
  if (!Array.isArray(shape))
    throw new ShapeError(`${who}: a shape is an array of sizes, got ${String(shape)}`);
  if (shape.length > 8) throw new ShapeError(`${who}: rank ${shape.length} is above 8: ${showShape(shape)}`);
  for (const n of shape) {
    if (!isSize(n)) throw new ShapeError(`${who}: sizes are whole numbers ≥ 0, got ${showShape(shape)}`);
  }
  return shape.length === 0 ? SCALAR : shape;
}

/**
 * Fills in one size given as −1 so that the whole holds `size` elements.
 *
 * @throws {ShapeError} it cannot
 */
export function resolveShape(shape: readonly number[], size: number, who: string): Shape {
  let hole = -1;
  let known = 1;
  for (let i = 0; i < shape.length; i++) {
    const n = shape[i]!;
    if (n !== -1) known = mulSizes(known, n);
    else if (hole === -1) hole = i;
    else throw new ShapeError(`${who}: only one size may be -1, got ${showShape(shape)}`);
  }
  if (hole === -1 && sameSize(known, size)) return checkShape([...shape], who);
  const rest = hole !== -1 && isAtMost(1, known) ? divSizes(size, known) : undefined;
  if (rest === undefined)
    throw new ShapeError(`${who}: ${showSize(size)} elements do not fill shape ${showShape(shape)}`);
  const filled = shape.slice();
  filled[hole] = rest;
  return checkShape(filled, who);
}

const showSize = (size: number): string => (isOpen(size) ? "null" : String(size));

/** The shape after reducing over some axes. */
export function reducedShape(shape: Shape, axes: readonly number[], keepdims: boolean): Shape {
  if (axes.length === shape.length && !keepdims) return SCALAR;
  if (keepdims) return shape.map((n, i) => (axes.includes(i) ? 1 : n));
  const out = shape.filter((_, i) => !axes.includes(i));
  return out.length === 0 ? SCALAR : out;
}

/** Checks a permutation of the axes. */
export function checkPermutation(perm: readonly number[], rank: number, who: string): number[] {
  const axes = perm.map((p) => normalizeAxis(p, rank, who));
  if (axes.length !== rank || new Set(axes).size !== rank) {
    throw new ValueError(`${who}: [${perm.join(", ")}] is not a permutation of ${rank} axes`);
  }
  return axes;
}
