/**
 * @file Linear algebra beyond products: triangular parts, triangular systems, the QR decomposition.
 */
import { apply, applyMany } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import type { TypedArray } from "../core/dtype.js";
import { GradientError, ShapeError } from "../core/errors.js";
import { opaque } from "../core/kinds.js";
import { sameShape, showShape } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { isAtMost, sameSize, subSizes } from "../ir/openSize.js";
import { add, negative, subtract } from "./arithmetic.js";
import { concat } from "./join.js";
import { matmul } from "./matmul.js";
import { slice } from "./slice.js";
import { transpose } from "./views.js";

/** Rows and columns of the matrices in the last two axes. */
function matrixShape(spec: Spec, who: string): { batch: readonly number[]; rows: number; columns: number } {
  const { shape } = spec;
  if (shape.length < 2) throw new ShapeError(`${who}: expected matrices, got shape ${showShape(shape)}`);
  return { batch: shape.slice(0, -2), rows: shape[shape.length - 2]!, columns: shape[shape.length - 1]! };
}

/**
 * The last two axes exchanged.
 *
 * @param x  any dtype, [...batch, m, n]
 * @throws {ShapeError} rank below 2
 * Gradient: dy transposed back.
 * @example matrixTranspose([[1, 2]]).array() // [ [ 1 ], [ 2 ] ]
 */
export function matrixTranspose(x: TensorLike): Tensor {
  const tensor = toTensor(x);
  matrixShape(tensor.spec, "matrixTranspose");
  const { rank } = tensor;
  const axes = Array.from({ length: rank - 2 }, (_, i) => i);
  return transpose(tensor, [...axes, rank - 1, rank - 2]);
}

/**
 * Matrices with zeros outside a band around the diagonal.
 *
 * @param x         any number, [...batch, m, n]
 * @param numLower  diagonals kept below the main one; negative keeps all
 * @param numUpper  diagonals kept above; negative keeps all
 * @throws {ShapeError} rank below 2
 * Gradient: dy within the band.
 * @example bandPart([[1, 2], [3, 4]], -1, 0).array() // [ [ 1, 0 ], [ 3, 4 ] ]
 */
export const bandPart = (x: TensorLike, numLower: number, numUpper: number): Tensor =>
  apply(bandPartOp, [x], { numLower, numUpper });
export const bandPartOp = opaque({
  name: "MatrixBandPart",
  inputs: ["x"],
  accepts: "any",
  linear: true,
  infer: ([x]) => {
    matrixShape(x!, "bandPart");
    return x!;
  },
  kernel: ([x], [y], { numLower, numUpper }: { numLower: number; numUpper: number }) => {
    const { rows, columns } = matrixShape(specOf(x!.shape, x!.dtype), "bandPart");
    const size = rows * columns;
    for (let i = 0; i < x!.data.length; i++) {
      const row = Math.floor((i % size) / columns);
      const column = i % columns;
      const inside = (numLower < 0 || row - column <= numLower) && (numUpper < 0 || column - row <= numUpper);
      if (inside) y!.data[i] = x!.data[i]!;
    }
  },
  grad: (dy, _, { attrs }) => ({ x: () => bandPart(dy, attrs.numLower, attrs.numUpper) }),
});

export interface TriangularSolveOptions {
  /** The matrix is lower triangular (default) or upper; the other half is not read. */
  lower?: boolean;
  /** Solve with the transposed matrix. */
  adjoint?: boolean;
}

/**
 * Solves triangular systems: x with matrix · x = rhs.
 *
 * @param matrix  floats, [...batch, n, n]
 * @param rhs     the same dtype, [...batch, n, k]
 * @param options `lower`, `adjoint`
 * @returns       [...batch, n, k]
 * @throws {ShapeError} shapes that do not fit
 * Gradient: a triangular system with the transposed matrix.
 * @example triangularSolve([[2, 0], [1, 1]], [[4], [5]]).array() // [ [ 2 ], [ 3 ] ]
 */
export const triangularSolve = (
  matrix: TensorLike,
  rhs: TensorLike,
  options: TriangularSolveOptions = {},
): Tensor =>
  apply(triangularSolveOp, [matrix, rhs], {
    lower: options.lower ?? true,
    adjoint: options.adjoint ?? false,
  });
export const triangularSolveOp = opaque({
  name: "MatrixTriangularSolve",
  inputs: ["matrix", "rhs"],
  accepts: "float",
  saves: ["matrix", "y"],
  infer: ([matrix, rhs]) => {
    const a = matrixShape(matrix!, "triangularSolve");
    const b = matrixShape(rhs!, "triangularSolve");
    if (!sameShape([...a.batch, a.rows, a.rows], [...b.batch, b.rows, a.columns])) {
      throw new ShapeError(
        `triangularSolve: a ${showShape(matrix!.shape)} matrix does not fit ${showShape(rhs!.shape)}`,
      );
    }
    return rhs!;
  },
  kernel: ([matrix, rhs], [y], { lower, adjoint }: { lower: boolean; adjoint: boolean }) => {
    const n = matrix!.shape[matrix!.shape.length - 1]!;
    const k = rhs!.shape[rhs!.shape.length - 1]!;
    const [rowStep, columnStep] = adjoint ? [1, n] : [n, 1];
    for (let batch = 0; n > 0 && k > 0 && batch * n * k < y!.data.length; batch++) {
      const at = (i: number, j: number): number =>
        matrix!.data[batch * n * n + i * rowStep + j * columnStep]!;
      solveOne(at, rhs!.data, y!.data, batch * n * k, n, k, lower !== adjoint);
    }
  },
  grad: (dy, { matrix, y }, { attrs: { lower, adjoint } }) => {
    const ofRhs = triangularSolve(matrix, dy, { lower, adjoint: !adjoint });
    return {
      rhs: ofRhs,
      matrix: () => {
        const full = adjoint
          ? matmul(y, ofRhs, { transposeB: true })
          : matmul(ofRhs, y, { transposeB: true });
        return bandPart(negative(full), lower ? -1 : 0, lower ? 0 : -1);
      },
    };
  },
});

/** Forward substitution down a lower triangle, back substitution up an upper one. */
function solveOne(
  at: (i: number, j: number) => number,
  rhs: TypedArray,
  out: TypedArray,
  offset: number,
  n: number,
  k: number,
  downward: boolean,
): void {
  for (let step = 0; step < n; step++) {
    const i = downward ? step : n - 1 - step;
    for (let c = 0; c < k; c++) {
      let sum = rhs[offset + i * k + c]!;
      for (let done = 0; done < step; done++) {
        const j = downward ? done : n - 1 - done;
        sum -= at(i, j) * out[offset + j * k + c]!;
      }
      out[offset + i * k + c] = sum / at(i, i);
    }
  }
}

export interface QrOptions {
  /** Q square, R as tall as the matrix; default false: Q as wide as R is tall. Not differentiable for tall matrices. */
  fullMatrices?: boolean;
}

/**
 * QR decomposition: matrix = Q · R with orthonormal columns in Q and R upper triangular.
 *
 * @param matrix  floats, [...batch, m, n]
 * @param options `fullMatrices`
 * @returns       `{ q, r }`: [...batch, m, p] and [...batch, p, n] with p = min(m, n), or p = m for full matrices
 * @throws {ShapeError} rank below 2
 * @throws {GradientError} when differentiated: full matrices of a tall matrix
 * Gradient: by triangular systems in R; the matrix must have full rank.
 * @see Walter and Lehmann, Algorithmic Differentiation of Linear Algebra Functions, 2018
 * @example qr([[3, 0], [4, 5]]).r.array() // [ [ -5, -4 ], [ 0, 3 ] ]
 */
export function qr(matrix: TensorLike, options: QrOptions = {}): { q: Tensor; r: Tensor } {
  const [q, r] = applyMany(qrOp, [matrix], { fullMatrices: options.fullMatrices ?? false }) as [
    Tensor,
    Tensor,
  ];
  return { q, r };
}
export const qrOp = opaque({
  name: "Qr",
  inputs: ["matrix"],
  accepts: "float",
  saves: ["y0", "y1"],
  multiple: true,
  infer: ([matrix], { fullMatrices }: { fullMatrices: boolean }) => {
    const { batch, rows, columns } = matrixShape(matrix!, "qr");
    const inner = fullMatrices || isAtMost(rows, columns) ? rows : columns;
    return [
      specOf([...batch, rows, inner], matrix!.dtype),
      specOf([...batch, inner, columns], matrix!.dtype),
    ];
  },
  kernel: ([matrix], [q, r]) => {
    const { rows, columns } = matrixShape(specOf(matrix!.shape, matrix!.dtype), "qr");
    const inner = q!.shape[q!.shape.length - 1]!;
    const size = rows * columns;
    for (let batch = 0; size > 0 && batch * size < matrix!.data.length; batch++) {
      const work = Float64Array.from(matrix!.data.subarray(batch * size, (batch + 1) * size));
      const basis = householder(work, rows, columns);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < inner; j++) q!.data[batch * rows * inner + i * inner + j] = basis[i * rows + j]!;
      }
      for (let i = 0; i < inner; i++) {
        for (let j = i; j < columns; j++)
          r!.data[batch * inner * columns + i * columns + j] = work[i * columns + j]!;
      }
    }
  },
  grad: (dys: Tensor[], { y0, y1 }, { attrs }) => ({
    matrix: () => qrGradient(y0, y1, dys[0]!, dys[1]!, attrs.fullMatrices),
  }),
});

/** Reduces `work` to R in place by reflections; returns the square Q. */
function householder(work: Float64Array, rows: number, columns: number): Float64Array {
  const q = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i++) q[i * rows + i] = 1;
  const v = new Float64Array(rows);
  for (let c = 0; c < Math.min(rows, columns); c++) {
    let tail = 0;
    for (let i = c + 1; i < rows; i++) tail += work[i * columns + c]! ** 2;
    // A column that is zero below the diagonal needs no reflection, and keeps its sign.
    if (tail === 0) continue;
    const head = work[c * columns + c]!;
    const beta = head >= 0 ? -Math.sqrt(head * head + tail) : Math.sqrt(head * head + tail);
    for (let i = c; i < rows; i++) v[i] = work[i * columns + c]!;
    v[c] = head - beta;
    const scale = 2 / (v[c]! ** 2 + tail);
    reflect(work, v, scale, c, rows, columns, columns, 1);
    reflect(q, v, scale, c, rows, rows, 1, rows);
  }
  return q;
}

/** Subtracts scale · v · (vᵀ · column) from every column of a matrix with the given steps. */
function reflect(
  matrix: Float64Array,
  v: Float64Array,
  scale: number,
  from: number,
  rows: number,
  count: number,
  step: number,
  next: number,
): void {
  for (let j = 0; j < count; j++) {
    let dot = 0;
    for (let i = from; i < rows; i++) dot += v[i]! * matrix[i * step + j * next]!;
    for (let i = from; i < rows; i++) matrix[i * step + j * next]! -= scale * dot * v[i]!;
  }
}

function qrGradient(q: Tensor, r: Tensor, dq: Tensor, dr: Tensor, fullMatrices: boolean): Tensor {
  const rows = q.shape[q.rank - 2]!;
  const columns = r.shape[r.rank - 1]!;
  if (isAtMost(columns, rows)) {
    if (fullMatrices && !sameSize(rows, columns)) {
      throw new GradientError("qr: with fullMatrices a tall matrix has no gradient; leave fullMatrices out");
    }
    return deepGradient(q, r, dq, dr);
  }
  // A wide matrix is [X | Y] with X square: R = [U | V], and Y = Q · V.
  const part = (x: Tensor, from: number, to: number): Tensor =>
    slice(x, [...x.shape.slice(0, -1).map(() => 0), from], [...x.shape.slice(0, -1), subSizes(to, from)]);
  const u = part(r, 0, rows);
  const v = part(r, rows, columns);
  const du = part(dr, 0, rows);
  const dv = part(dr, rows, columns);
  const dy = matmul(q, dv);
  const y = matmul(q, v);
  const dx = deepGradient(q, u, add(dq, matmul(y, dv, { transposeB: true })), du);
  return concat([dx, dy], -1);
}

/** The gradient for matrices at least as tall as wide. */
function deepGradient(q: Tensor, r: Tensor, dq: Tensor, dr: Tensor): Tensor {
  const qdq = matmul(q, dq, { transposeA: true });
  const rdr = matmul(r, dr, { transposeB: true });
  const skew = add(subtract(qdq, matrixTranspose(qdq)), subtract(rdr, matrixTranspose(rdr)));
  /** x · R⁻ᵀ. */
  const byInverse = (x: Tensor): Tensor =>
    matrixTranspose(triangularSolve(r, matrixTranspose(x), { lower: false, adjoint: false }));
  const first = matmul(q, add(dr, byInverse(bandPart(skew, -1, 0))));
  return add(first, byInverse(subtract(dq, matmul(q, qdq))));
}
