/**
 * @file Diagonals of matrices.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { ShapeError } from "../core/errors.js";
import { view } from "../core/kinds.js";
import type { Copy } from "../core/op.js";
import { checkShape, type Shape, showShape, stridesOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { isAtMost } from "../ir/openSize.js";
import { reduceSum } from "./reductions.js";

/** The shape of the diagonals of matrices in the last two axes of a shape. */
function diagonalsOf(matrices: Shape): Shape {
  const [rows, columns] = matrices.slice(-2) as [number, number];
  return [...matrices.slice(0, -2), isAtMost(rows, columns) ? rows : columns];
}

/** How to walk along them. */
function stepsAlongDiagonals(matrices: Shape): number[] {
  const strides = stridesOf(matrices);
  return [...strides.slice(0, -2), strides[matrices.length - 2]! + 1];
}

/**
 * The diagonals of matrices.
 *
 * @param x  any dtype, shape […, m, n]
 * @returns  shape […, min(m, n)]
 * @throws {ShapeError} rank below 2
 * Gradient: dy on the diagonals, zeros elsewhere.
 * @example diagPart([[1, 2], [3, 4]]).array() // [ 1, 4 ]
 */
export function diagPart(x: TensorLike): Tensor {
  const tensor = toTensor(x, undefined, "diagPart");
  if (tensor.rank < 2)
    throw new ShapeError(`diagPart: expected matrices, got shape ${showShape(tensor.shape)}`);
  return apply(diagPartOp, [tensor]);
}
export const diagPartOp = view({
  name: "MatrixDiagPart",
  inputs: ["x"],
  infer: ([x]) => specOf(diagonalsOf(x!.shape), x!.dtype),
  plan: ([x]) => {
    const shape = diagonalsOf(x!.shape);
    const copy: Copy = {
      source: 0,
      shape,
      from: 0,
      fromStrides: stepsAlongDiagonals(x!.shape),
      to: 0,
      toStrides: stridesOf(shape),
    };
    return { copies: [copy], fill: null };
  },
  grad: (dy, _, context) => ({ x: () => onDiagonal(dy, context.shapeOf("x")) }),
});

/**
 * Matrices with given diagonals and zeros elsewhere.
 *
 * @param diagonal  any dtype, shape […, n]
 * @returns         shape […, n, n]
 * @throws {ShapeError} a scalar
 * Gradient: the diagonals of dy.
 * @example diag([1, 2]).array() // [ [ 1, 0 ], [ 0, 2 ] ]
 */
export function diag(diagonal: TensorLike): Tensor {
  const tensor = toTensor(diagonal, undefined, "diag");
  const { shape, rank } = tensor;
  if (rank === 0) throw new ShapeError("diag: expected rank 1 or more, got a scalar");
  return onDiagonal(tensor, checkShape([...shape, shape[rank - 1]!], "diag"));
}
const onDiagonal = (diagonal: Tensor, shape: Shape): Tensor => apply(diagOp, [diagonal], { shape });
export const diagOp = view({
  name: "MatrixDiag",
  inputs: ["diagonal"],
  infer: ([diagonal], { shape }: { shape: Shape }) => specOf(shape, diagonal!.dtype),
  plan: ([diagonal], { shape }) => {
    const strides = stepsAlongDiagonals(shape);
    const from = stridesOf(diagonal!.shape);
    const copy: Copy = {
      source: 0,
      shape: diagonal!.shape,
      from: 0,
      fromStrides: from,
      to: 0,
      toStrides: strides,
    };
    return { copies: [copy], fill: 0 };
  },
  grad: (dy) => ({ diagonal: () => diagPart(dy) }),
});

/**
 * Sum of the diagonal of matrices.
 *
 * @param x  any number, shape […, m, n]
 * @returns  shape […]
 * @throws {ShapeError} rank below 2
 * Gradient: dy on the diagonals, zeros elsewhere.
 * @example trace([[1, 2], [3, 4]]).item() // 5
 */
export const trace = (x: TensorLike): Tensor => reduceSum(diagPart(x), -1);
