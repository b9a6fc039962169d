/**
 * @file From what people write — numbers, nested lists, typed arrays — to tensors.
 */
import { isOpen, type OpenSize } from "../ir/openSize.js";
import { arrayConstructor, type DType, isFloat, type TypedArray, type WeakClass } from "./dtype.js";
import { engine } from "./engine.js";
import { DtypeError, ShapeError } from "./errors.js";
import { SCALAR, type Shape, showShape, sizeOf } from "./shape.js";
import { specOf } from "./spec.js";
import { type NestedNumbers, Operand, Tensor, type TensorLike } from "./tensor.js";
import { activeTracer } from "./tracer.js";

/** The dtype of a typed array, or null if it is something else. */
export function typedArrayDtype(x: unknown): DType | null {
  if (x instanceof Float32Array) return "float32";
  if (x instanceof Float64Array) return "float64";
  if (x instanceof Int32Array) return "int32";
  if (x instanceof Uint8Array || x instanceof Uint8ClampedArray) return "uint8";
  return null;
}

/** The shape of a nested list, by its first elements. */
function shapeOfList(list: unknown): number[] {
  const shape: number[] = [];
  for (let level: unknown = list; Array.isArray(level) || typedArrayDtype(level) !== null; ) {
    const items = level as ArrayLike<unknown>;
    shape.push(items.length);
    level = items[0];
  }
  return shape;
}

/** Copies a nested list of numbers into row-major order, checking that it is not ragged. */
function flatten(list: NestedNumbers | TypedArray, shape: Shape, out: TypedArray, who: string): void {
  let next = 0;
  if (shape.length === 1) {
    const items = list as ArrayLike<unknown>;
    for (let i = 0; i < items.length; i++) out[i] = numberOf(items[i], who);
    return;
  }
  const visit = (item: unknown, axis: number): void => {
    if (axis === shape.length) {
      out[next++] = numberOf(item, who);
      return;
    }
    const items = item as ArrayLike<unknown>;
    const isList = Array.isArray(item) || typedArrayDtype(item) !== null;
    if (!isList || items.length !== shape[axis]) {
      const got = isList ? `${items.length} elements` : String(item);
      throw new ShapeError(
        `${who}: a ragged list: expected ${shape[axis]} elements at depth ${axis + 1}, got ${got}`,
      );
    }
    for (let i = 0; i < items.length; i++) visit(items[i], axis + 1);
  };
  visit(list, 0);
}

function numberOf(item: unknown, who: string): number {
  if (typeof item === "number") return item;
  if (typeof item === "boolean") return Number(item);
  throw notANumber(item, who);
}

function notANumber(item: unknown, who: string): DtypeError {
  const what = Array.isArray(item)
    ? "a list (the nesting is ragged)"
    : typeof item === "string"
      ? JSON.stringify(item)
      : String(item);
  return new DtypeError(`${who}: expected numbers, got ${what}`);
}

/** The class of the numbers in a list: whole numbers fit integers, others need a float. */
export function weakClassOf(value: unknown): WeakClass {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number") return Number.isInteger(value) ? "int" : "float";
  // What is no list is refused by the conversion that follows.
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return isOpen(value) ? "int" : "float";
  const items = value as unknown as readonly unknown[];
  let widest: WeakClass = "bool";
  for (const item of items) {
    const inner = weakClassOf(item);
    if (inner === "float") return "float";
    if (inner === "int") widest = "int";
  }
  return items.length === 0 ? "int" : widest;
}

/** Whether a nested list has tensors or variables inside. */
export function containsOperand(value: unknown): boolean {
  if (value instanceof Operand) return true;
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) {
    if (typeof value[i] !== "number" && containsOperand(value[i])) return true;
  }
  return false;
}

/** The dtype a value has if nothing else decides: numbers make float32, booleans bool. */
export function defaultDtype(value: NestedNumbers | TypedArray): DType {
  return typedArrayDtype(value) ?? (weakClassOf(value) === "bool" ? "bool" : "float32");
}

/**
 * A tensor from numbers, nested lists or typed arrays; values are copied and converted.
 *
 * @throws {ShapeError} ragged lists
 * @throws {DtypeError} something in it is not a number
 */
export function tensorFrom(value: NestedNumbers | TypedArray, dtype: DType, who: string): Tensor {
  if (typeof value === "number" || typeof value === "boolean") {
    return new Tensor(toDtype(Number(value), dtype, who), specOf(SCALAR, dtype));
  }
  const ArrayType = arrayConstructor(dtype);
  if (!Array.isArray(value) && typedArrayDtype(value) === null) {
    if (isOpen(value)) return sizeTensor(value, dtype);
    throw notANumber(value, who);
  }
  if (typedArrayDtype(value) === dtype) {
    const { length } = value as TypedArray;
    return new Tensor(new ArrayType(value as TypedArray), specOf([length], dtype));
  }
  const shape = shapeOfList(value);
  if (shape.length > 8) throw new ShapeError(`${who}: rank ${shape.length} is above 8`);
  const size = sizeOf(shape);
  // Conversions that an array constructor would do by wrapping are done value by value, through float64.
  const narrow = !isFloat(dtype);
  const buffer: TypedArray = narrow ? new Float64Array(size) : new ArrayType(size);
  flatten(value as NestedNumbers, shape, buffer, who);
  const storage = narrow
    ? new ArrayType((buffer as Float64Array).map((v) => toDtype(v, dtype, who)))
    : buffer;
  return new Tensor(storage, specOf(shape, dtype));
}

/** An open size as a tensor: a constant of the trace, whose value each call knows. */
function sizeTensor(size: number & OpenSize, dtype: DType): Tensor {
  const tracer = activeTracer();
  return tracer === null ? size.scope.escape(size) : tracer.sizeTensor(size, dtype);
}

/** A number as an array of the dtype would hold it. */
export function storable(value: number, dtype: DType): number {
  switch (dtype) {
    case "float32":
      return Math.fround(value);
    case "int32":
      return value | 0;
    case "uint8":
      return value & 255;
    case "bool":
      return value !== 0 ? 1 : 0;
    default:
      return value;
  }
}

/** The whole numbers that a dtype holds. */
const RANGES: Partial<Record<DType, readonly [number, number]>> = {
  int32: [-2147483648, 2147483647],
  uint8: [0, 255],
};

/**
 * A caller's number as a dtype holds it: rounded to float32, 0 or 1 for bool, whole for integers.
 *
 * @throws {DtypeError} an integer dtype does not hold the number
 */
export function toDtype(value: number, dtype: DType, who: string): number {
  const range = RANGES[dtype];
  if (range !== undefined && !(Number.isInteger(value) && value >= range[0] && value <= range[1])) {
    throw new DtypeError(`${who}: ${dtype} does not hold ${value}; tf.cast(x, "${dtype}") truncates`);
  }
  return storable(value, dtype);
}

/**
 * Any value an op takes, as a tensor.
 *
 * @param value  tensor, variable, number, nested list (which may hold tensors: they are stacked) or typed array
 * @param dtype  the dtype wanted of numbers and lists; tensors keep theirs
 */
export function toTensor(value: TensorLike, dtype?: DType, who = "convertToTensor"): Tensor {
  if (value instanceof Operand) return value.asTensor();
  if (value === undefined || value === null)
    throw new DtypeError(`${who}: expected a tensor or numbers, got ${value}`);
  if (Array.isArray(value) && containsOperand(value))
    return stackList(value as readonly TensorLike[], dtype, who);
  const plain = value as NestedNumbers | TypedArray;
  return tensorFrom(plain, dtype ?? defaultDtype(plain), who);
}

/** A list with tensors in it becomes one tensor; plain numbers beside them take their dtype. */
function stackList(list: readonly TensorLike[], dtype: DType | undefined, who: string): Tensor {
  const inner = dtype ?? list.map(operandDtype).find((d) => d !== null) ?? undefined;
  const parts = list.map((item) => toTensor(item, inner, who));
  const odd = parts.find((part) => part.shape.length !== parts[0]!.shape.length);
  if (odd)
    throw new ShapeError(
      `${who}: a ragged list: shapes ${showShape(parts[0]!.shape)} and ${showShape(odd.shape)}`,
    );
  return engine.stack(parts);
}

function operandDtype(item: TensorLike): DType | null {
  if (item instanceof Operand) return item.dtype;
  if (!Array.isArray(item)) return null;
  for (const inner of item) {
    const dtype = operandDtype(inner as TensorLike);
    if (dtype !== null) return dtype;
  }
  return null;
}
