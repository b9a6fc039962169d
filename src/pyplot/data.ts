import { describe, PlotShapeError, PlotTypeError } from "./errors.js";

/** An object that gives its values as nested numbers, as tensors do. */
export interface HasArray {
  array(): unknown;
}

type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Uint8Array
  | Uint8ClampedArray
  | Uint16Array
  | Uint32Array;

type Leaf = number | boolean | null | HasArray;

/** Anything that can be plotted: a number, (nested) arrays, typed arrays, tensors. */
export type PlotData = Leaf | TypedArray | readonly PlotData[];

/** Plot data, or the names of categories. */
export type CategoricalData = PlotData | readonly string[];

/** Values in row-major order with their shape. */
export interface NumericArray {
  shape: number[];
  values: number[];
}

function hasArray(value: unknown): value is HasArray {
  return typeof value === "object" && value !== null && typeof (value as HasArray).array === "function";
}

function isTyped(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

function leafNumber(who: string, value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean" || typeof value === "bigint") return Number(value);
  if (value === null) return Number.NaN;
  if (hasArray(value) || Array.isArray(value) || isTyped(value)) return undefined;
  throw new PlotTypeError(`${who} must hold numbers; got ${describe(value)}`);
}

/** Reads any plot data; `who` is the beginning of an error message, such as "plot: x". */
export function toNumeric(who: string, data: unknown): NumericArray {
  const number = leafNumber(who, data);
  if (number !== undefined) return { shape: [], values: [number] };
  if (hasArray(data)) return toNumeric(who, data.array());
  if (isTyped(data)) return { shape: [data.length], values: Array.from(data) };
  const items = data as readonly unknown[];
  if (items.every((item) => typeof item === "number")) return { shape: [items.length], values: [...items] };
  const parts = items.map((item) => toNumeric(who, item));
  const inner = parts[0]!.shape;
  const odd = parts.findIndex((part) => part.shape.join() !== inner.join());
  if (odd > 0) {
    throw new PlotShapeError(
      `${who} is ragged: item 0 has shape [${inner.join(", ")}], item ${odd} has [${parts[odd]!.shape.join(", ")}]`,
    );
  }
  return { shape: [items.length, ...inner], values: parts.flatMap((part) => part.values) };
}

/** One-dimensional values; a number becomes one value, and `[n, 1]` or `[1, n]` is flattened. */
export function toVector(who: string, data: unknown): number[] {
  const { shape, values } = toNumeric(who, data);
  if (shape.filter((size) => size !== 1).length > 1) {
    throw new PlotShapeError(`${who} must be one-dimensional; got shape [${shape.join(", ")}]`);
  }
  return values;
}

/** All values in row-major order, whatever the shape. */
export function toFlat(who: string, data: unknown): number[] {
  return toNumeric(who, data).values;
}

/** A two-dimensional array as rows. */
export function toMatrix(who: string, data: unknown): number[][] {
  const { shape, values } = toNumeric(who, data);
  if (shape.length !== 2) {
    throw new PlotShapeError(`${who} must be two-dimensional; got shape [${shape.join(", ")}]`);
  }
  const [rows, columns] = shape as [number, number];
  return Array.from({ length: rows }, (_, row) => values.slice(row * columns, (row + 1) * columns));
}

/** One finite number. */
export function toNumber(who: string, data: unknown): number {
  const { values } = toNumeric(who, data);
  if (values.length !== 1) throw new PlotShapeError(`${who} must be one number; got ${values.length} values`);
  return values[0]!;
}

/** True for a list that names categories. */
export function isNames(data: unknown): data is readonly string[] {
  return Array.isArray(data) && data.length > 0 && data.every((item) => typeof item === "string");
}

/** True for anything `toNumeric` may read, as opposed to a format string or an options object. */
export function isPlotData(value: unknown): boolean {
  return (
    typeof value === "number" ||
    Array.isArray(value) ||
    isTyped(value) ||
    hasArray(value) ||
    typeof value === "boolean"
  );
}

/** Throws unless all named vectors have the same number of values. */
export function requireSameLength(who: string, vectors: Readonly<Record<string, readonly unknown[]>>): void {
  const entries = Object.entries(vectors);
  if (entries.every(([, values]) => values.length === entries[0]![1].length)) return;
  const parts = entries.map(
    ([name, values]) => `${name} has ${values.length} ${values.length === 1 ? "value" : "values"}`,
  );
  throw new PlotShapeError(`${who}: lengths differ: ${parts.join(", ")}`);
}

/** Repeats a single value to `length`; throws for any other difference. */
export function broadcastTo(who: string, values: number[], length: number): number[] {
  if (values.length === length) return values;
  if (values.length === 1) return new Array<number>(length).fill(values[0]!);
  throw new PlotShapeError(`${who} must have 1 or ${length} values; got ${values.length}`);
}

/** Smallest and largest finite value, or null when there is none. */
export function finiteRange(values: Iterable<number>): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return low <= high ? [low, high] : null;
}
