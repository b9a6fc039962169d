/**
 * @file What each dtype is: its array, its class, and what two of them make together (the lattice of Keras 3 and JAX).
 */
import { DTYPES, type DType } from "../ir/dtype.js";
import { DtypeError } from "./errors.js";

export { DTYPES, type DType };

/** Arrays that hold tensors. Booleans are bytes, 0 or 1. */
export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array;

type ArrayConstructor = {
  new (length: number): TypedArray;
  new (values: ArrayLike<number>): TypedArray;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): TypedArray;
  readonly BYTES_PER_ELEMENT: number;
};

export type DTypeClass = "float" | "int" | "bool" | "complex";

interface DTypeRow {
  readonly class: DTypeClass;
  /** Place in the promotion order; float16 and bfloat16 share one and meet in float32. */
  readonly rank: number;
  /** Null while the library has no kernels for it. */
  readonly array: ArrayConstructor | null;
  readonly bytes: number;
}

const TABLE: Record<DType, DTypeRow> = {
  bool: { class: "bool", rank: 0, array: Uint8Array, bytes: 1 },
  uint8: { class: "int", rank: 1, array: Uint8Array, bytes: 1 },
  int32: { class: "int", rank: 2, array: Int32Array, bytes: 4 },
  int64: { class: "int", rank: 3, array: null, bytes: 8 },
  float16: { class: "float", rank: 4, array: null, bytes: 2 },
  bfloat16: { class: "float", rank: 4, array: null, bytes: 2 },
  float32: { class: "float", rank: 5, array: Float32Array, bytes: 4 },
  float64: { class: "float", rank: 6, array: Float64Array, bytes: 8 },
  complex64: { class: "complex", rank: 7, array: null, bytes: 8 },
  complex128: { class: "complex", rank: 8, array: null, bytes: 16 },
};

/** Small integers that stand for dtypes in kernel caches. */
export const DTYPE_CODE = Object.fromEntries(DTYPES.map((dtype, code) => [dtype, code])) as Record<
  DType,
  number
>;

const isDtype = (x: unknown): x is DType => typeof x === "string" && x in TABLE;
export const dtypeClass = (dtype: DType): DTypeClass => TABLE[dtype].class;
export const bytesOf = (dtype: DType): number => TABLE[dtype].bytes;
export const isFloat = (dtype: DType): boolean => TABLE[dtype].class === "float";
export const isInt = (dtype: DType): boolean => TABLE[dtype].class === "int";

/** Gradients flow through floats and complex numbers only, as in TensorFlow. */
export const isTrainable = (dtype: DType): boolean =>
  TABLE[dtype].class === "float" || TABLE[dtype].class === "complex";

/**
 * The array constructor of a dtype.
 *
 * @throws {DtypeError} the library has no arrays of it yet
 */
export function arrayConstructor(dtype: DType): ArrayConstructor {
  const { array } = TABLE[dtype];
  if (array === null)
    throw new DtypeError(`${dtype} has no kernels yet; use float32, float64, int32, uint8 or bool`);
  return array;
}

/** From so many bytes on, zeros cost more than the way to memory without them. */
const LARGE_BYTES = 1 << 16;
/** Node's memory without zeros. Pages have none. */
const unzeroed = (globalThis as { Buffer?: { allocUnsafeSlow(bytes: number): Uint8Array } }).Buffer;

/** An array for values that are all written at once: what is in it before may be anything. */
export function unwrittenArray(dtype: DType, size: number): TypedArray {
  const Values = arrayConstructor(dtype);
  const bytes = size * bytesOf(dtype);
  if (unzeroed === undefined || bytes < LARGE_BYTES) return new Values(size);
  return new Values(unzeroed.allocUnsafeSlow(bytes).buffer, 0, size);
}

/** A copy of an array, of the length it has. */
export function copyOfArray(dtype: DType, values: TypedArray): TypedArray {
  const copy = unwrittenArray(dtype, values.length);
  copy.set(values);
  return copy;
}

/** Checks a dtype that came from a caller. */
export function standardizeDtype(dtype: unknown, who: string): DType {
  if (!isDtype(dtype))
    throw new DtypeError(
      `${who}: unknown dtype ${JSON.stringify(dtype)}; expected one of ${DTYPES.join(", ")}`,
    );
  arrayConstructor(dtype);
  return dtype;
}

/** A JavaScript number or list has no dtype of its own: it takes the other operand's, within its class. */
export type WeakClass = "bool" | "int" | "float";

/**
 * The dtype that two dtypes make together.
 *
 * @example resultType("float32", "float64") // "float64"
 * @example resultType("int32", "float32") // "float32"
 */
export function resultType(a: DType, b: DType): DType {
  if (a === b) return a;
  const [low, high] = TABLE[a].rank < TABLE[b].rank ? [a, b] : [b, a];
  if (TABLE[low].rank === TABLE[high].rank) return "float32";
  return high === "complex64" && low === "float64" ? "complex128" : high;
}

const WEAK_DEFAULT: Record<WeakClass, DType> = { bool: "bool", int: "int32", float: "float32" };
const WEAK_ORDER: Record<DTypeClass, number> = { bool: 0, int: 1, float: 2, complex: 3 };

/** The dtype that a dtype and a weak number make together. */
export function weakResultType(dtype: DType, weak: WeakClass): DType {
  return WEAK_ORDER[weak] > WEAK_ORDER[TABLE[dtype].class] ? WEAK_DEFAULT[weak] : dtype;
}
