/**
 * @file Putting tensors together and taking them apart along an axis.
 */
import { apply, applyMany } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { composite, view } from "../core/kinds.js";
import type { Copy, LazyGrad } from "../core/op.js";
import { normalizeAxis, type Shape, sameShape, showShape, stridesOf } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { addSizes, divSizes, sameSize } from "../ir/openSize.js";
import { slice } from "./slice.js";
import { reshape } from "./views.js";

/** A variadic op has one input name; its gradient is the list of all inputs' gradients. */
const perInput = (count: number, grad: (i: number) => Tensor): LazyGrad =>
  Array.from({ length: count }, (_, i) => () => grad(i)) as unknown as LazyGrad;

/** The rank of the first of several tensors, with an error for none. */
function firstRank(xs: readonly TensorLike[], who: string): number {
  if (!Array.isArray(xs) || xs.length === 0) {
    throw new ValueError(
      `${who}: expected a list of at least one tensor, got ${Array.isArray(xs) ? "[]" : String(xs)}`,
    );
  }
  return toTensor(xs[0]!, undefined, who).rank;
}

/** The shape with another size along one axis. */
const withSize = (shape: Shape, axis: number, size: number): Shape =>
  shape.map((n, i) => (i === axis ? size : n));

/** Whether two shapes agree but for one axis. */
function fitsBeside(a: Shape, b: Shape, axis: number): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (i !== axis && !sameSize(a[i]!, b[i]!)) return false;
  return true;
}

/** Where each tensor's part of a concatenation begins. */
function partStarts(sizes: readonly number[]): number[] {
  let end = 0;
  return sizes.map((size) => {
    const start = end;
    end = addSizes(start, size);
    return start;
  });
}

/**
 * Tensors side by side along an axis they have.
 *
 * @param xs    tensors of one rank, with the same sizes along the other axes
 * @param axis  along which; default 0
 * @throws {ShapeError} sizes along another axis differ
 * Gradient: the part of dy that came from each.
 * @example concat([[1, 2], [3]], 0).array() // [ 1, 2, 3 ]
 */
export function concat(xs: readonly TensorLike[], axis = 0): Tensor {
  const place = normalizeAxis(axis, firstRank(xs, "concat"), "concat");
  return apply(concatOp, [...xs], { axis: place });
}
export const concatOp = view({
  name: "Concat",
  inputs: ["xs"],
  variadic: true,
  infer: (xs, { axis }: { axis: number }) => {
    const first = xs[0]!;
    let size = 0;
    for (const x of xs) {
      if (!fitsBeside(x.shape, first.shape, axis)) {
        throw new ShapeError(
          `concat: sizes differ beside axis ${axis}: ${showShape(first.shape)} and ${showShape(x.shape)}`,
        );
      }
      size = addSizes(size, x.shape[axis]!);
    }
    return specOf(withSize(first.shape, axis, size), first.dtype);
  },
  plan: (xs, { axis }, y) => {
    const toStrides = stridesOf(y.shape);
    const starts = partStarts(xs.map((x) => x.shape[axis]!));
    const copies = xs.map((x, source): Copy => {
      const fromStrides = stridesOf(x.shape);
      return {
        source,
        shape: x.shape,
        from: 0,
        fromStrides,
        to: starts[source]! * toStrides[axis]!,
        toStrides,
      };
    });
    return { copies, fill: null };
  },
  grad: (dy: Tensor, _, context) => {
    const { axis } = context.attrs;
    const shapes = Array.from({ length: context.inputCount }, (__, i) => context.shapeAt(i));
    const starts = partStarts(shapes.map((shape) => shape[axis]!));
    const begin = (i: number) => withSize(new Array<number>(dy.rank).fill(0), axis, starts[i]!);
    return { xs: perInput(shapes.length, (i) => slice(dy, begin(i), shapes[i]!)) };
  },
});

/**
 * Tensors of one shape stacked along a new axis.
 *
 * @param xs    tensors of the same shape
 * @param axis  where the new axis goes in the result; default 0
 * @throws {ShapeError} the shapes differ
 * Gradient: the part of dy that came from each.
 * @example stack([[1, 2], [3, 4]], 1).array() // [ [ 1, 3 ], [ 2, 4 ] ]
 */
export function stack(xs: readonly TensorLike[], axis = 0): Tensor {
  const place = normalizeAxis(axis, firstRank(xs, "stack") + 1, "stack");
  return apply(stackOp, [...xs], { axis: place });
}
export const stackOp = view({
  name: "Pack",
  inputs: ["xs"],
  variadic: true,
  infer: (xs, { axis }: { axis: number }) => {
    const { shape, dtype } = xs[0]!;
    for (const x of xs) {
      if (!sameShape(x.shape, shape)) {
        throw new ShapeError(`stack: shapes differ: ${showShape(shape)} and ${showShape(x.shape)}`);
      }
    }
    if (shape.length === 8)
      throw new ShapeError(`stack: the result of ${showShape(shape)} would have rank 9, above 8`);
    return specOf([...shape.slice(0, axis), xs.length, ...shape.slice(axis)], dtype);
  },
  plan: (xs, { axis }, y) => {
    const { shape } = xs[0]!;
    const fromStrides = stridesOf(shape);
    const all = stridesOf(y.shape);
    const toStrides = all.filter((_, i) => i !== axis);
    const copies = xs.map(
      (_, source): Copy => ({ source, shape, from: 0, fromStrides, to: source * all[axis]!, toStrides }),
    );
    return { copies, fill: null };
  },
  grad: (dy: Tensor, _, context) => {
    const parts = sharedParts(() => unstack(dy, context.attrs.axis));
    return { xs: perInput(context.inputCount, (i) => parts()[i]!) };
  },
});

/** Computes a list once, when its first element is asked for. */
function sharedParts(make: () => Tensor[]): () => Tensor[] {
  let parts: Tensor[] | null = null;
  return () => (parts ??= make());
}

/**
 * A tensor taken apart along an axis, which goes away.
 *
 * @param x     any dtype, rank at least 1
 * @param axis  along which; default 0
 * @returns     as many tensors as the axis is long
 * @throws {ShapeError} the axis is out of range
 * Gradient: the parts' gradients stacked.
 * @example unstack([[1, 2], [3, 4]]).map((row) => row.array()) // [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function unstack(x: TensorLike, axis = 0): Tensor[] {
  const tensor = toTensor(x, undefined, "unstack");
  const place = normalizeAxis(axis, tensor.rank, "unstack");
  return tensor.shape[place] === 0 ? [] : applyMany(unstackOp, [tensor], { axis: place });
}
export const unstackOp = composite({
  name: "Unpack",
  inputs: ["x"],
  accepts: "any",
  linear: true,
  multiple: true,
  infer: ([x], { axis }: { axis: number }) => {
    const spec = specOf(
      x!.shape.filter((_, i) => i !== axis),
      x!.dtype,
    );
    return new Array<Spec>(x!.shape[axis]!).fill(spec);
  },
  body: ([x], { axis }) => {
    const rest = x!.shape.filter((_, i) => i !== axis);
    const begin = new Array<number>(x!.rank).fill(0);
    const size = withSize(x!.shape, axis, 1);
    return Array.from({ length: x!.shape[axis]! }, (_, i) =>
      reshape(slice(x!, withSize(begin, axis, i), size), rest),
    );
  },
  grad: (dys: Tensor[], _, context) => ({ x: () => stack(dys, context.attrs.axis) }),
});

/**
 * A tensor cut into pieces along an axis, which stays.
 *
 * @param x              any dtype, rank at least 1
 * @param numOrSizes     how many equal pieces, or the size of each; one size may be −1
 * @param axis           along which; default 0
 * @throws {ShapeError} the pieces do not fill the axis
 * Gradient: the pieces' gradients concatenated.
 * @example split([1, 2, 3, 4], 2).map((piece) => piece.array()) // [ [ 1, 2 ], [ 3, 4 ] ]
 */
export function split(x: TensorLike, numOrSizes: number | readonly number[], axis = 0): Tensor[] {
  const tensor = toTensor(x, undefined, "split");
  const place = normalizeAxis(axis, tensor.rank, "split");
  const sizes = pieceSizes(numOrSizes, tensor.shape[place]!);
  return sizes.length === 0 ? [] : applyMany(splitOp, [tensor], { axis: place, sizes });
}
export const splitOp = composite({
  name: "Split",
  inputs: ["x"],
  accepts: "any",
  linear: true,
  multiple: true,
  infer: ([x], { axis, sizes }: { axis: number; sizes: readonly number[] }) =>
    sizes.map((size) => specOf(withSize(x!.shape, axis, size), x!.dtype)),
  body: ([x], { axis, sizes }) => {
    const begin = new Array<number>(x!.rank).fill(0);
    const starts = partStarts(sizes);
    return sizes.map((size, i) =>
      slice(x!, withSize(begin, axis, starts[i]!), withSize(x!.shape, axis, size)),
    );
  },
  grad: (dys: Tensor[], _, context) => ({ x: () => concat(dys, context.attrs.axis) }),
});

/** The size of each piece of an axis. */
function pieceSizes(numOrSizes: number | readonly number[], length: number): readonly number[] {
  if (typeof numOrSizes === "number") {
    const size = Number.isInteger(numOrSizes) && numOrSizes >= 1 ? divSizes(length, numOrSizes) : undefined;
    if (size === undefined)
      throw new ShapeError(`split: ${numOrSizes} equal pieces do not fill an axis of size ${length}`);
    return new Array<number>(numOrSizes).fill(size);
  }
  const known = numOrSizes.reduce((sum, size) => sum + (size === -1 ? 0 : size), 0);
  const holes = numOrSizes.filter((size) => size === -1).length;
  const valid = numOrSizes.every((size) => Number.isInteger(size) && size >= -1);
  if (!valid || holes > 1 || (holes === 0 ? known !== length : known > length)) {
    throw new ShapeError(`split: sizes ${showShape(numOrSizes)} do not fill an axis of size ${length}`);
  }
  return numOrSizes.map((size) => (size === -1 ? length - known : size));
}
