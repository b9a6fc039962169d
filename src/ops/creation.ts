/**
 * @file Tensors from nothing: constants, fills, ranges, grids.
 */
import { toDtype, toTensor } from "../core/convert.js";
import { arrayConstructor, type DType, standardizeDtype } from "../core/dtype.js";
import { ShapeError } from "../core/errors.js";
import { checkShape, SCALAR, type Shape, sizeOf } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import { Operand, Tensor, type TensorLike } from "../core/tensor.js";
import { activeTracer } from "../core/tracer.js";
import { sameSize } from "../ir/openSize.js";
import { cast } from "./cast.js";
import { broadcastTo, reshape } from "./views.js";

export interface ConstantOptions {
  /** Element type; default float32 for numbers, bool for booleans, that of a typed array or tensor. */
  dtype?: DType;
  /** Shape to fill or reshape to; default that of the value. */
  shape?: readonly number[];
}

/**
 * A tensor from numbers, nested lists or a typed array.
 *
 * @param value    any TensorLike; copied
 * @param options  a dtype, or `{ dtype, shape }`
 * @throws {ShapeError} a ragged list, or a shape that does not fit
 * @throws {DtypeError} something is not a number
 * @example constant([[1, 2], [3, 4]], "float64").dtype // "float64"
 */
export function constant(value: TensorLike, options: DType | ConstantOptions = {}): Tensor {
  const { dtype, shape } = typeof options === "string" ? { dtype: options, shape: undefined } : options;
  const wanted = dtype === undefined ? undefined : standardizeDtype(dtype, "constant");
  const first = toTensor(value, wanted, "constant");
  const typed = wanted === undefined || first.dtype === wanted ? first : cast(first, wanted);
  // A constant is a tensor of its own, even when its value is one already.
  const own = value instanceof Operand ? typed.as(typed.spec) : typed;
  if (shape === undefined) return own;
  const target = checkShape(shape, "constant");
  if (sameSize(own.size, sizeOf(target))) return own.as(specOf(target, own.dtype));
  if (own.size === 1) return fill(target, own, own.dtype);
  throw new ShapeError(`constant: ${own.size} values do not fill shape [${target.join(", ")}]`);
}

/**
 * Any value an op takes, as a tensor; a tensor comes back as it is.
 *
 * @param value  any TensorLike
 * @param dtype  element type wanted
 * @example convertToTensor([1, 2], "int32").dtype // "int32"
 */
export function convertToTensor(value: TensorLike, dtype?: DType): Tensor {
  const tensor = toTensor(
    value,
    dtype === undefined ? undefined : standardizeDtype(dtype, "convertToTensor"),
  );
  return dtype === undefined ? tensor : cast(tensor, dtype);
}

/**
 * A tensor with one value everywhere.
 *
 * @param shape  sizes
 * @param value  the value
 * @param dtype  element type; default float32 (bool for a boolean)
 * @throws {ShapeError} a size is not a whole number ≥ 0
 * @example fill([2], 7).array() // [ 7, 7 ]
 */
export function fill(shape: readonly number[], value: number | boolean | Operand, dtype?: DType): Tensor {
  const own = value instanceof Operand ? value.dtype : typeof value === "boolean" ? "bool" : "float32";
  const type = dtype === undefined ? own : standardizeDtype(dtype, "fill");
  if (activeTracer() !== null) return repeated(value, checkShape(shape, "fill"), type);
  const number = value instanceof Operand ? value.item() : Number(value);
  if (shape.length === 0) return new Tensor(toDtype(number, type, "fill"), specOf(SCALAR, type));
  const spec = specOf(checkShape(shape, "fill"), type);
  const storage = new (arrayConstructor(type))(spec.size);
  if (number !== 0) storage.fill(toDtype(number, type, "fill"));
  return new Tensor(storage, spec);
}

/** A traced program repeats the number instead of carrying an array of it. */
function repeated(value: number | boolean | Operand, shape: Shape, dtype: DType): Tensor {
  const one =
    value instanceof Operand ? cast(reshape(value, []), dtype) : toTensor(Number(value), dtype, "fill");
  return shape.length === 0 ? one : broadcastTo(one, shape);
}

/**
 * A tensor of zeros.
 *
 * @example zeros([2, 2]).array() // [ [ 0, 0 ], [ 0, 0 ] ]
 */
export const zeros = (shape: readonly number[], dtype: DType = "float32"): Tensor => fill(shape, 0, dtype);

/**
 * A tensor of ones.
 *
 * @example ones([3], "int32").array() // [ 1, 1, 1 ]
 */
export const ones = (shape: readonly number[], dtype: DType = "float32"): Tensor => fill(shape, 1, dtype);

/**
 * Zeros in the shape (and, unless told otherwise, the dtype) of another tensor. No gradient flows back.
 *
 * @example zerosLike([[1, 2]]).array() // [ [ 0, 0 ] ]
 */
export const zerosLike = (x: TensorLike, dtype?: DType): Tensor => fillLike(x, 0, dtype);

/**
 * Ones in the shape (and, unless told otherwise, the dtype) of another tensor. No gradient flows back.
 *
 * @example onesLike([[1, 2]]).array() // [ [ 1, 1 ] ]
 */
export const onesLike = (x: TensorLike, dtype?: DType): Tensor => fillLike(x, 1, dtype);

function fillLike(x: TensorLike, value: number, dtype: DType | undefined): Tensor {
  const like = x instanceof Operand ? x : toTensor(x);
  return fill(like.shape, value, dtype ?? like.dtype);
}

/**
 * Ones on the diagonal, zeros elsewhere.
 *
 * @param rows     number of rows
 * @param columns  number of columns; default as many as rows
 * @param options  `batchShape`: leading axes, each with the same matrix; `dtype`: default float32
 * @example eye(2).array() // [ [ 1, 0 ], [ 0, 1 ] ]
 */
export function eye(
  rows: number,
  columns: number = rows,
  options: { batchShape?: readonly number[]; dtype?: DType } = {},
): Tensor {
  const { batchShape = [], dtype = "float32" } = options;
  const spec = specOf(checkShape([rows, columns], "eye"), standardizeDtype(dtype, "eye"));
  const storage = new (arrayConstructor(dtype))(spec.size);
  for (let i = 0; i < Math.min(rows, columns); i++) storage[i * columns + i] = 1;
  const matrix = new Tensor(storage, spec);
  return batchShape.length === 0 ? matrix : broadcastTo(matrix, [...batchShape, rows, columns]);
}
