/**
 * @file Classes as vectors: a one at the class, zeros elsewhere.
 */
import { containsOperand, toTensor, typedArrayDtype, weakClassOf } from "../core/convert.js";
import { type DType, isInt, resultType, standardizeDtype } from "../core/dtype.js";
import { DtypeError, ValueError } from "../core/errors.js";
import { normalizeAxis } from "../core/shape.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import { isSize } from "../ir/openSize.js";
import { cast } from "./cast.js";
import { equal } from "./comparison.js";
import { range } from "./grid.js";
import { where } from "./select.js";
import { expandDims, reshape } from "./views.js";

export interface OneHotOptions {
  /** Value at the index; default 1. */
  onValue?: number | boolean | Operand;
  /** Value everywhere else; default 0. */
  offValue?: number | boolean | Operand;
  /** Where the new axis goes in the result; default last. */
  axis?: number;
  /** Element type; default that of the values, or float32. */
  dtype?: DType;
}

/**
 * Indices as vectors with one value at the index and another everywhere else.
 *
 * @param indices  integers, any shape; those outside 0 … depth − 1 give no "on" value
 * @param depth    length of the new axis
 * @param options  `{ onValue, offValue, axis, dtype }`
 * @throws {ValueError} depth is not a whole number ≥ 0
 * @throws {DtypeError} the indices are not integers
 * Gradient: none for the indices.
 * @example oneHot([0, 2], 3).array() // [ [ 1, 0, 0 ], [ 0, 0, 1 ] ]
 */
export function oneHot(indices: TensorLike, depth: number, options: OneHotOptions = {}): Tensor {
  if (!isSize(depth)) {
    throw new ValueError(`oneHot: depth must be a whole number ≥ 0, got ${depth}`);
  }
  const at = integers(indices);
  const place = normalizeAxis(options.axis ?? -1, at.rank + 1, "oneHot");
  const { onValue = 1, offValue = 0 } = options;
  const type = standardizeDtype(options.dtype ?? valueDtype(onValue, offValue), "oneHot");
  const classes = reshape(
    range(depth),
    Array.from({ length: at.rank + 1 }, (_, i) => (i === place ? depth : 1)),
  );
  return where(equal(expandDims(at, place), classes), cast(onValue, type), cast(offValue, type));
}

/** Indices as integers; whole numbers serve. */
function integers(indices: TensorLike): Tensor {
  const plain = !containsOperand(indices) && typedArrayDtype(indices) === null;
  if (plain && weakClassOf(indices) === "float") {
    throw new DtypeError(`oneHot: indices must be whole numbers, got ${JSON.stringify(indices)}`);
  }
  const tensor = toTensor(indices, plain ? "int32" : undefined, "oneHot");
  if (!isInt(tensor.dtype)) throw new DtypeError(`oneHot: indices must be integers, got ${tensor.dtype}`);
  return tensor;
}

/** The dtype that the two values make: float32 for plain numbers. */
function valueDtype(on: number | boolean | Operand, off: number | boolean | Operand): DType {
  const strong = [on, off].flatMap((value) => (value instanceof Operand ? [value.dtype] : []));
  if (strong.length > 0) return strong.reduce((a, b) => resultType(a, b));
  return typeof on === "boolean" && typeof off === "boolean" ? "bool" : "float32";
}
