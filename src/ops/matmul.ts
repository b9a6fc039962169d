/**
 * @file Products of matrices, vectors and tensors: sums of products over shared axes.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { contraction } from "../core/kinds.js";
import type { ContractionLoop } from "../core/op.js";
import { broadcastShapes, normalizeAxis, type Shape, showShape, sizeOf, stridesOf } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { sameSize } from "../ir/openSize.js";
import { sumTo } from "./reductions.js";
import { expandDims, reshape, squeeze, transpose } from "./views.js";

export interface MatmulOptions {
  /** Transpose the last two axes of a first. */
  transposeA?: boolean;
  /** Transpose the last two axes of b first. */
  transposeB?: boolean;
  /** Transpose and conjugate a first; for real numbers the same as `transposeA`. */
  adjointA?: boolean;
  /** Transpose and conjugate b first; for real numbers the same as `transposeB`. */
  adjointB?: boolean;
}

interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

const PLAIN: MatmulAttrs = Object.freeze({ transposeA: false, transposeB: false });
const FIRST: MatmulAttrs = Object.freeze({ transposeA: true, transposeB: false });
const SECOND: MatmulAttrs = Object.freeze({ transposeA: false, transposeB: true });
const BOTH: MatmulAttrs = Object.freeze({ transposeA: true, transposeB: true });

/**
 * Product of matrices: y[…, i, j] = Σₖ a[…, i, k] · b[…, k, j]. Leading axes are batches and broadcast.
 *
 * @param a        any number, shape […, m, k]
 * @param b        the same dtype, shape […, k, n]
 * @param options  which of the two to transpose first
 * @returns        shape […, m, n]
 * @throws {ShapeError} a rank below 2, or inner sizes that differ
 * Gradient: dy · bᵀ and aᵀ · dy, summed over broadcast batches.
 * Accuracy: sums are kept in float64 and rounded once.
 * @example matmul([[1, 2], [3, 4]], [[5], [6]]).array() // [ [ 17 ], [ 39 ] ]
 */
export function matmul(a: TensorLike, b: TensorLike, options?: MatmulOptions): Tensor {
  return product(a, b, options === undefined ? PLAIN : flags(options));
}

function flags({
  transposeA = false,
  transposeB = false,
  adjointA = false,
  adjointB = false,
}: MatmulOptions): MatmulAttrs {
  if ((transposeA && adjointA) || (transposeB && adjointB)) {
    throw new ValueError("matmul: give transpose or adjoint of one matrix, not both");
  }
  if (transposeA || adjointA) return transposeB || adjointB ? BOTH : FIRST;
  return transposeB || adjointB ? SECOND : PLAIN;
}

function product(a: TensorLike, b: TensorLike, attrs: MatmulAttrs): Tensor {
  const rankA = rankOf(a);
  const rankB = rankOf(b);
  if (rankA < 2 || rankB < 2) {
    throw new ShapeError(
      `matmul: expected rank 2 or more, got ranks ${rankA} and ${rankB} (tf.linalg.matvec multiplies by a vector)`,
    );
  }
  return apply(rankA === 2 && rankB === 2 ? matmulOp : batchMatmulOp, [a, b], attrs);
}

function rankOf(x: TensorLike): number {
  if (!Array.isArray(x)) return toTensor(x, undefined, "matmul").rank;
  let rank = 0;
  for (let item: unknown = x; Array.isArray(item); item = item[0]) rank++;
  return rank;
}

function inferProduct([a, b]: readonly Spec[], { transposeA, transposeB }: MatmulAttrs): Spec {
  const p = a!.shape;
  const q = b!.shape;
  const inner = p[p.length - (transposeA ? 2 : 1)]!;
  if (!sameSize(inner, q[q.length - (transposeB ? 1 : 2)]!)) {
    const note = (flag: boolean): string => (flag ? " transposed" : "");
    throw new ShapeError(
      `matmul: inner sizes differ: a is ${showShape(p)}${note(transposeA)}, b is ${showShape(q)}${note(transposeB)}`,
    );
  }
  const rows = p[p.length - (transposeA ? 1 : 2)]!;
  const columns = q[q.length - (transposeB ? 2 : 1)]!;
  if (p.length === 2 && q.length === 2) return specOf([rows, columns], a!.dtype);
  const batch = broadcastShapes(p.slice(0, -2), q.slice(0, -2), "matmul");
  return specOf([...batch, rows, columns], a!.dtype);
}

function productLoops([a, b]: readonly Spec[], { transposeA, transposeB }: MatmulAttrs): ContractionLoop[] {
  const p = a!.shape;
  const q = b!.shape;
  const [aRow, aColumn] = [p[p.length - 2]!, p[p.length - 1]!];
  const [bRow, bColumn] = [q[q.length - 2]!, q[q.length - 1]!];
  const n = transposeB ? bRow : bColumn;
  const loops: ContractionLoop[] =
    p.length === 2 && q.length === 2 ? [] : batchLoops(p, q, (transposeA ? aColumn : aRow) * n);
  loops.push(
    transposeA
      ? { role: "m", size: aColumn, a: 1, b: 0, out: n }
      : { role: "m", size: aRow, a: aColumn, b: 0, out: n },
    { role: "n", size: n, a: 0, b: transposeB ? bColumn : 1, out: 1 },
    transposeA
      ? { role: "k", size: aRow, a: aColumn, b: transposeB ? 1 : bColumn, out: 0 }
      : { role: "k", size: aColumn, a: 1, b: transposeB ? 1 : bColumn, out: 0 },
  );
  return loops;
}

/** One loop per batch axis; a side that is broadcast along it stands still. */
function batchLoops(p: Shape, q: Shape, matrix: number): ContractionLoop[] {
  const batch = broadcastShapes(p.slice(0, -2), q.slice(0, -2), "matmul");
  const steps = (shape: Shape): number[] => {
    const strides = stridesOf(shape);
    const lead = batch.length - (shape.length - 2);
    return batch.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : strides[i - lead]!));
  };
  const [a, b, out] = [steps(p), steps(q), stridesOf(batch)];
  return batch.map((size, i) => ({ role: "batch", size, a: a[i]!, b: b[i]!, out: out[i]! * matrix }));
}

const productOp = (name: string) =>
  contraction({
    name,
    inputs: ["a", "b"],
    saves: ["a", "b"],
    infer: inferProduct,
    loops: productLoops,
    grad: (dy, { a, b }, { attrs: { transposeA, transposeB } }) => ({
      a: () =>
        sumTo(
          transposeA
            ? product(b, dy, transposeB ? BOTH : SECOND)
            : product(dy, b, transposeB ? PLAIN : SECOND),
          a.shape,
        ),
      b: () =>
        sumTo(
          transposeB ? product(dy, a, transposeA ? BOTH : FIRST) : product(a, dy, transposeA ? PLAIN : FIRST),
          b.shape,
        ),
    }),
  });

export const matmulOp = productOp("MatMul");
export const batchMatmulOp = productOp("BatchMatMul");

/**
 * Product of matrices and vectors: y[…, i] = Σₖ a[…, i, k] · b[…, k].
 *
 * @param a        any number, shape […, m, k]
 * @param b        the same dtype, shape […, k]
 * @param options  which to transpose first
 * @throws {ShapeError} inner sizes differ
 * Gradient: that of the matrix product.
 * @example matvec([[1, 2], [3, 4]], [5, 6]).array() // [ 17, 39 ]
 */
export const matvec = (
  a: TensorLike,
  b: TensorLike,
  options?: Pick<MatmulOptions, "transposeA" | "adjointA">,
): Tensor => squeeze(matmul(a, expandDims(b, -1), options), -1);

/**
 * Product of two tensors summed over pairs of axes.
 *
 * @param a     any number, any shape
 * @param b     the same dtype
 * @param axes  how many of the last axes of a meet the first axes of b, or the two lists of axes that meet
 * @returns     the other axes of a, then the other axes of b
 * @throws {ShapeError} axes that meet differ in size
 * Gradient: that of the matrix product.
 * @example tensordot([1, 2], [3, 4], 1).array() // 11
 */
export function tensordot(
  a: TensorLike,
  b: TensorLike,
  axes: number | readonly [number | readonly number[], number | readonly number[]],
): Tensor {
  const dtype = a instanceof Operand ? a.dtype : b instanceof Operand ? b.dtype : undefined;
  const first = toTensor(a, dtype, "tensordot");
  const second = toTensor(b, dtype, "tensordot");
  const [left, right] = meetingAxes(axes, first.rank, second.rank);
  const fits =
    left.length === right.length &&
    left.every((axis, i) => sameSize(first.shape[axis]!, second.shape[right[i]!]!));
  if (!fits) {
    throw new ShapeError(
      `tensordot: axes [${left}] of ${showShape(first.shape)} and [${right}] of ${showShape(second.shape)} do not match`,
    );
  }
  const freeLeft = first.shape.map((_, i) => i).filter((i) => !left.includes(i));
  const freeRight = second.shape.map((_, i) => i).filter((i) => !right.includes(i));
  const sizes = (x: Tensor, list: readonly number[]): number[] => list.map((axis) => x.shape[axis]!);
  const inner = sizeOf(sizes(first, left));
  const rows = sizes(first, freeLeft);
  const columns = sizes(second, freeRight);
  const p = reshape(transpose(first, [...freeLeft, ...left]), [sizeOf(rows), inner]);
  const q = reshape(transpose(second, [...right, ...freeRight]), [inner, sizeOf(columns)]);
  return reshape(matmul(p, q), [...rows, ...columns]);
}

/** The axes of both sides that meet, counted from the front. */
function meetingAxes(
  axes: number | readonly [number | readonly number[], number | readonly number[]],
  rankA: number,
  rankB: number,
): [number[], number[]] {
  if (typeof axes === "number") {
    if (!Number.isInteger(axes) || axes < 0 || axes > Math.min(rankA, rankB)) {
      throw new ShapeError(`tensordot: ${axes} axes do not fit ranks ${rankA} and ${rankB}`);
    }
    return [
      Array.from({ length: axes }, (_, i) => rankA - axes + i),
      Array.from({ length: axes }, (_, i) => i),
    ];
  }
  const list = (one: number | readonly number[], rank: number): number[] =>
    (typeof one === "number" ? [one] : one).map((axis) => normalizeAxis(axis, rank, "tensordot"));
  return [list(axes[0], rankA), list(axes[1], rankB)];
}
