/**
 * @file Running sums and products along an axis.
 */
import { apply } from "../core/apply.js";
import { toTensor } from "../core/convert.js";
import { opaque } from "../core/kinds.js";
import type { Flat, OpaqueOp } from "../core/op.js";
import { normalizeAxis, sizeOf } from "../core/shape.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { subSizes } from "../ir/openSize.js";
import { multiply } from "./arithmetic.js";
import { pad } from "./pad.js";
import { slice } from "./slice.js";

export interface CumulativeOptions {
  /** Along which axis; default 0. */
  axis?: number;
  /** Leave each element itself out; default false. */
  exclusive?: boolean;
  /** From the last element to the first; default false. */
  reverse?: boolean;
}

interface CumulativeAttrs {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

function cumulative(op: OpaqueOp, x: TensorLike, options: number | CumulativeOptions, who: string): Tensor {
  const tensor = toTensor(x, undefined, who);
  const {
    axis = 0,
    exclusive = false,
    reverse = false,
  } = typeof options === "number" ? { axis: options } : options;
  return apply(op, [tensor], { axis: normalizeAxis(axis, tensor.rank, who), exclusive, reverse });
}

/** Calls `run` for every line along an axis: where it begins and how far apart its elements are, in walking order. */
function eachLine(
  { shape }: Flat,
  { axis, reverse }: { axis: number; reverse: boolean },
  run: (start: number, step: number, length: number) => void,
): void {
  const length = shape[axis]!;
  const inner = sizeOf(shape.slice(axis + 1));
  const outer = sizeOf(shape.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const first = o * length * inner + i;
      if (reverse) run(first + (length - 1) * inner, -inner, length);
      else run(first, inner, length);
    }
  }
}

/** The kernel of a running fold. Values are kept in float64 (or wrapped to the integer type) and rounded when stored. */
function runningKernel(start: number, combine: (a: number, x: number) => number) {
  return ([x]: readonly Flat[], [y]: readonly Flat[], attrs: CumulativeAttrs): void => {
    eachLine(x!, attrs, (first, step, length) => {
      let value = start;
      for (let i = 0, p = first; i < length; i++, p += step) {
        const next = combine(value, x!.data[p]!);
        y!.data[p] = attrs.exclusive ? value : next;
        value = next;
      }
    });
  };
}

const isFloatData = (x: Flat): boolean => x.dtype === "float32" || x.dtype === "float64";

/**
 * Running sums: y[i] = x[0] + … + x[i].
 *
 * @param x        any number, rank at least 1
 * @param options  the axis, or `{ axis, exclusive, reverse }`
 * @throws {ShapeError} the axis is out of range
 * Gradient: running sums of dy from the other end.
 * @example cumsum([1, 2, 3]).array() // [ 1, 3, 6 ]
 * @example cumsum([1, 2, 3], { exclusive: true, reverse: true }).array() // [ 5, 3, 0 ]
 */
export const cumsum = (x: TensorLike, options: number | CumulativeOptions = {}): Tensor =>
  cumulative(cumsumOp, x, options, "cumsum");
const addFloats = runningKernel(0, (a, x) => a + x);
const addIntegers = runningKernel(0, (a, x) => (a + x) | 0);
export const cumsumOp = opaque({
  name: "Cumsum",
  inputs: ["x"],
  linear: true,
  infer: ([x]) => x!,
  kernel: (inputs, outputs, attrs: CumulativeAttrs) =>
    (isFloatData(inputs[0]!) ? addFloats : addIntegers)(inputs, outputs, attrs),
  grad: (dy: Tensor, _, { attrs }) => ({ x: () => cumsum(dy, { ...attrs, reverse: !attrs.reverse }) }),
});

/**
 * Running products: y[i] = x[0] · … · x[i].
 *
 * @param x        any number, rank at least 1
 * @param options  the axis, or `{ axis, exclusive, reverse }`
 * @throws {ShapeError} the axis is out of range
 * Gradient: dx[k] = Σ_{i ≥ k} dy[i] · Π_{j ≤ i, j ≠ k} x[j], also where some are zero (TensorFlow gives 0 there).
 * @example cumprod([1, 2, 3]).array() // [ 1, 2, 6 ]
 */
export const cumprod = (x: TensorLike, options: number | CumulativeOptions = {}): Tensor =>
  cumulative(cumprodOp, x, options, "cumprod");
const multiplyFloats = runningKernel(1, (a, x) => a * x);
const multiplyIntegers = runningKernel(1, Math.imul);
export const cumprodOp: OpaqueOp = opaque({
  name: "Cumprod",
  inputs: ["x"],
  saves: ["x"],
  infer: ([x]) => x!,
  kernel: (inputs, outputs, attrs: CumulativeAttrs) =>
    (isFloatData(inputs[0]!) ? multiplyFloats : multiplyIntegers)(inputs, outputs, attrs),
  grad: (dy: Tensor, { x }, { attrs }) => ({
    x: () => {
      // What follows x[k] is a recurrence from the far end, r[k] = dy[k] + x[k+1] · r[k+1]; what precedes it, a product.
      const { axis, exclusive, reverse } = attrs;
      const later = (t: Tensor): Tensor => shifted(t, axis, reverse ? 1 : -1);
      const rest = recurrence(exclusive ? later(dy) : dy, later(x), axis, !reverse);
      return multiply(rest, cumprod(x, { axis, exclusive: true, reverse }));
    },
  }),
});

/** The elements moved one place along an axis, with a zero where one is missing. */
function shifted(x: Tensor, axis: number, by: 1 | -1): Tensor {
  const length = x.shape[axis]!;
  if (length === 0) return x;
  const begin = x.shape.map((_, i) => (i === axis && by === -1 ? 1 : 0));
  const kept = slice(
    x,
    begin,
    x.shape.map((n, i) => (i === axis ? subSizes(n, 1) : n)),
  );
  return pad(
    kept,
    x.shape.map((_, i) => (i !== axis ? [0, 0] : by === 1 ? [1, 0] : [0, 1])),
  );
}

/**
 * The first-order recurrence y[i] = x[i] + a[i] · y[i−1] along an axis, from y[−1] = 0 (or from the last element back).
 * Its gradient is a recurrence of the same kind from the other end, so it can be differentiated any number of times.
 */
const recurrence = (x: Tensor, a: Tensor, axis: number, reverse: boolean): Tensor =>
  apply(recurrenceOp, [x, a], { axis, reverse });
export const recurrenceOp: OpaqueOp = opaque({
  name: "LinearRecurrence",
  inputs: ["x", "a"],
  saves: ["a", "y"],
  infer: ([x]) => x!,
  kernel: ([x, a], [y], attrs: { axis: number; reverse: boolean }) => {
    eachLine(x!, attrs, (first, step, length) => {
      let value = 0;
      for (let i = 0, p = first; i < length; i++, p += step) {
        value = i === 0 ? x!.data[p]! : x!.data[p]! + a!.data[p]! * value;
        y!.data[p] = value;
      }
    });
  },
  grad: (dy: Tensor, { a, y }, { attrs: { axis, reverse } }) => {
    const total = recurrence(dy, shifted(a, axis, reverse ? 1 : -1), axis, !reverse);
    return { x: total, a: () => multiply(total, shifted(y, axis, reverse ? -1 : 1)) };
  },
});
