/**
 * @file Numbers in order: ranges, evenly spaced points, coordinate grids.
 */
import { toDtype, toTensor } from "../core/convert.js";
import { arrayConstructor, type DType, isInt, resultType, standardizeDtype } from "../core/dtype.js";
import { ShapeError, ValueError } from "../core/errors.js";
import { specOf } from "../core/spec.js";
import { Operand, Tensor, type TensorLike } from "../core/tensor.js";
import { isOpen } from "../ir/openSize.js";
import { add, divide, multiply, subtract } from "./arithmetic.js";
import { cast } from "./cast.js";
import { fill } from "./creation.js";
import { cumsum } from "./cumulative.js";
import { concat } from "./join.js";
import { slice } from "./slice.js";
import { broadcastTo, expandDims, reshape } from "./views.js";

/** A number, or a scalar tensor. */
export type Scalar = number | Operand;

const numberOf = (x: Scalar): number => (x instanceof Operand ? x.item() : x);

/** int32 for whole numbers, float32 for others; tensors bring their own dtype. */
function dtypeOfAll(values: readonly Scalar[]): DType {
  const strong = values.flatMap((x) => (x instanceof Operand ? [x.dtype] : []));
  const fraction = values.some((x) => typeof x === "number" && !Number.isInteger(x));
  if (strong.length === 0) return fraction ? "float32" : "int32";
  const dtype = strong.reduce((a, b) => resultType(a, b));
  return fraction && isInt(dtype) ? "float32" : dtype;
}

export interface RangeOptions {
  /** Element type; default int32 for whole numbers, float32 for others. */
  dtype?: DType;
}

/**
 * Numbers from `start` on, `delta` apart, up to but without `limit`: start + i · delta.
 *
 * @param start    the first number; the limit if it stands alone
 * @param limit    where to stop
 * @param delta    the step; default 1
 * @param options  a dtype, or `{ dtype }`, last in any form; default int32 for whole numbers, float32 for others
 * @throws {ValueError} a step of 0, or one that leads away from the limit
 * Gradient: none.
 * @example range(3).array() // [ 0, 1, 2 ]
 * @example range(3, 1, -0.5).array() // [ 3, 2.5, 2, 1.5 ]
 * @example range(2, { dtype: "float64" }).dtype // "float64"
 */
export function range(limit: Scalar, options?: DType | RangeOptions): Tensor;
export function range(start: Scalar, limit: Scalar, options?: DType | RangeOptions): Tensor;
export function range(start: Scalar, limit: Scalar, delta: Scalar, options?: DType | RangeOptions): Tensor;
export function range(...args: (Scalar | DType | RangeOptions | undefined)[]): Tensor {
  const [first, second] = args;
  if (isOpen(first) && typeof second !== "number" && !(second instanceof Operand) && !isOpen(second))
    return openRange(first, second);
  // In other places the number is needed.
  for (const arg of args) if (isOpen(arg)) Number(arg);
  const numbers = args.filter((arg): arg is Scalar => typeof arg === "number" || arg instanceof Operand);
  const options = args.slice(numbers.length).find((arg) => arg !== undefined) as
    | DType
    | RangeOptions
    | undefined;
  const [start, limit, delta] =
    numbers.length === 1 ? [0, numbers[0]!, 1] : [numbers[0]!, numbers[1]!, numbers[2] ?? 1];
  const wanted = typeof options === "string" ? options : options?.dtype;
  const dtype = wanted === undefined ? dtypeOfAll([start, limit, delta]) : standardizeDtype(wanted, "range");
  return evenSteps(
    rounded(numberOf(start), dtype),
    rounded(numberOf(limit), dtype),
    rounded(numberOf(delta), dtype),
    dtype,
  );
}

/** The numbers below a size that is open: how many of them stand before each. */
function openRange(size: number, options: DType | RangeOptions | undefined): Tensor {
  const dtype = (typeof options === "string" ? options : options?.dtype) ?? "int32";
  return cumsum(fill([size], 1, standardizeDtype(dtype, "range")), { exclusive: true });
}

function evenSteps(start: number, limit: number, delta: number, dtype: DType): Tensor {
  if (!Number.isFinite(start) || !Number.isFinite(limit) || !Number.isFinite(delta) || delta === 0) {
    throw new ValueError(
      `range: expected finite numbers and a step other than 0, got ${start}, ${limit}, ${delta}`,
    );
  }
  if ((limit - start) / delta < 0)
    throw new ValueError(`range: a step of ${delta} leads from ${start} away from ${limit}`);
  // Rounded like the numbers themselves: 0.3 / 0.1 is 3 in float32 and a little more in float64.
  const size = Math.ceil(
    dtype === "float32" ? Math.fround(Math.fround(limit - start) / delta) : (limit - start) / delta,
  );
  const storage = new (arrayConstructor(dtype))(size);
  for (let i = 0; i < size; i++) storage[i] = start + i * delta;
  return new Tensor(storage, specOf([size], dtype));
}

/** A number as its dtype holds it. */
const rounded = (x: number, dtype: DType): number => toDtype(x, dtype, "range");

export interface LinspaceOptions {
  /** Element type; default that of the ends. */
  dtype?: DType;
  /** Where the axis of points goes when the ends are tensors; default 0. */
  axis?: number;
}

/**
 * Evenly spaced numbers, both ends included exactly.
 *
 * @param start    first number, or a tensor of them
 * @param stop     last number, of the same shape
 * @param num      how many points, at least 0
 * @param options  a dtype, or `{ dtype, axis }`
 * @throws {ValueError} num is not a whole number ≥ 0
 * Gradient: flows to both ends.
 * @example linspace(0, 1, 5).array() // [ 0, 0.25, 0.5, 0.75, 1 ]
 */
export function linspace(
  start: TensorLike,
  stop: TensorLike,
  num: number,
  options: DType | LinspaceOptions = {},
): Tensor {
  const { dtype, axis = 0 } = typeof options === "string" ? { dtype: options } : options;
  if (!Number.isInteger(num) || num < 0)
    throw new ValueError(`linspace: num must be a whole number ≥ 0, got ${num}`);
  const [from, to] = ends(start, stop, dtype);
  const first = expandDims(from, axis);
  const last = expandDims(to, axis);
  const place = axis < 0 ? axis + first.rank : axis;
  if (num < 2)
    return slice(
      concat([first, last], axis),
      zerosOf(first.rank),
      first.shape.map((n, i) => (i === place ? num : n)),
    );
  if (num === 2) return concat([first, last], axis);
  const steps = reshape(
    range(1, num - 1, 1, from.dtype),
    first.shape.map((_, i) => (i === place ? num - 2 : 1)),
  );
  const inner = add(first, multiply(divide(subtract(last, first), num - 1), steps));
  return concat([first, inner, last], axis);
}

const zerosOf = (rank: number): number[] => new Array<number>(rank).fill(0);

/** Both ends as floats of one dtype and shape. */
function ends(start: TensorLike, stop: TensorLike, dtype: DType | undefined): [Tensor, Tensor] {
  const weak = start instanceof Operand ? start.dtype : stop instanceof Operand ? stop.dtype : undefined;
  const [a, b] = [toTensor(start, dtype ?? weak, "linspace"), toTensor(stop, dtype ?? weak, "linspace")];
  const shared = dtype ?? resultType(a.dtype, b.dtype);
  const type = isInt(shared) ? "float32" : standardizeDtype(shared, "linspace");
  const shape = add(cast(a, type), cast(b, type)).shape;
  return [broadcastTo(cast(a, type), shape), broadcastTo(cast(b, type), shape)];
}

export interface MeshgridOptions {
  /** "xy" (default) puts the second tensor along the rows, as pictures do; "ij" keeps the order, as matrices do. */
  indexing?: "xy" | "ij";
}

/**
 * Coordinate grids from the coordinates along each axis.
 *
 * @param args  vectors, then perhaps `{ indexing }`
 * @returns     one tensor per vector, all of the grid's shape
 * @throws {ValueError} an unknown indexing
 * Gradient: dy summed over the other axes.
 * @example meshgrid([1, 2], [3, 4]).map((t) => t.array()) // [ [ [ 1, 2 ], [ 1, 2 ] ], [ [ 3, 3 ], [ 4, 4 ] ] ]
 */
export function meshgrid(...args: (TensorLike | MeshgridOptions)[]): Tensor[] {
  const final = args[args.length - 1];
  const hasOptions = final !== null && typeof final === "object" && "indexing" in final;
  const { indexing = "xy" } = hasOptions ? (final as MeshgridOptions) : {};
  if (indexing !== "xy" && indexing !== "ij") {
    throw new ValueError(`meshgrid: indexing must be "xy" or "ij", got ${JSON.stringify(indexing)}`);
  }
  const axes = (hasOptions ? args.slice(0, -1) : args).map((x) =>
    toTensor(x as TensorLike, undefined, "meshgrid"),
  );
  if (axes.length > 8) throw new ShapeError(`meshgrid: ${axes.length} vectors make a rank above 8`);
  const place = (i: number): number => (indexing === "xy" && axes.length > 1 && i < 2 ? 1 - i : i);
  const shape = new Array<number>(axes.length);
  axes.forEach((x, i) => {
    shape[place(i)] = x.size;
  });
  return axes.map((x, i) => {
    const own = shape.map((n, k) => (k === place(i) ? n : 1));
    return broadcastTo(reshape(x, own), shape);
  });
}
