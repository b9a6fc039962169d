/**
 * @file How tensors print: nested lists as in NumPy, long ones elided, with shape and dtype.
 */
import type { DType, TypedArray } from "./dtype.js";
import type { Shape } from "./shape.js";
import { showShape } from "./shape.js";

/** More elements than this are elided… */
const THRESHOLD = 1000;
/** …to this many at each end of every axis. */
const EDGE = 3;

type Nested = number | boolean | Nested[];

/** The values as nested lists; a plain value for a scalar. */
export function nestedValues(values: TypedArray, shape: Shape, dtype: DType): Nested {
  const read = dtype === "bool" ? (i: number) => values[i] !== 0 : (i: number) => values[i]!;
  let next = 0;
  const level = (axis: number): Nested => {
    if (axis === shape.length) return read(next++);
    return Array.from({ length: shape[axis]! }, () => level(axis + 1));
  };
  return level(0);
}

/** The shortest decimal text that reads back as the same value of this dtype. */
function formatNumber(value: number, dtype: DType): string {
  if (dtype === "bool") return value === 0 ? "false" : "true";
  if (Object.is(value, -0)) return "-0";
  if (dtype !== "float32" || !Number.isFinite(value)) return String(value);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

/** The nested-list text of the values, elided when there are many, columns aligned. */
export function formatValues(values: TypedArray, shape: Shape, dtype: DType): string {
  const elide = values.length > THRESHOLD;
  const cells: string[] = [];
  const collect = (axis: number, offset: number, step: number): void => {
    if (axis === shape.length) cells.push(formatNumber(values[offset]!, dtype));
    else
      for (const i of shown(shape[axis]!, elide))
        if (i >= 0) collect(axis + 1, offset + i * step, innerStep(axis, step));
  };
  const innerStep = (axis: number, step: number): number =>
    axis + 1 < shape.length ? step / shape[axis + 1]! : 1;
  const firstStep = shape.length === 0 || values.length === 0 ? 1 : values.length / shape[0]!;
  if (values.length > 0) collect(0, 0, firstStep);
  const width = shape.length > 1 ? Math.max(0, ...cells.map((cell) => cell.length)) : 0;

  let next = 0;
  const print = (axis: number): string => {
    if (axis === shape.length) return cells[next++]!.padStart(width);
    const parts =
      values.length === 0 ? [] : shown(shape[axis]!, elide).map((i) => (i < 0 ? "..." : print(axis + 1)));
    const depth = shape.length - axis;
    const separator = depth === 1 ? ", " : `,${"\n".repeat(Math.min(depth - 1, 2))}${" ".repeat(axis + 1)}`;
    return `[${parts.join(separator)}]`;
  };
  return print(0);
}

/** Indices along one axis that are printed; −1 stands for the gap. */
function shown(length: number, elide: boolean): number[] {
  if (!elide || length <= 2 * EDGE) return Array.from({ length }, (_, i) => i);
  const head = Array.from({ length: EDGE }, (_, i) => i);
  return [...head, -1, ...head.map((i) => length - EDGE + i)];
}

interface Printable {
  readonly storage: TypedArray;
  readonly shape: Shape;
  readonly dtype: DType;
}

/** `tf.Tensor([[1, 2]], shape=[1, 2], dtype=float32)`; several rows start on a line of their own. */
export function formatTensor(tensor: Printable): string {
  const { shape, dtype } = tensor;
  const values = formatValues(tensor.storage, shape, dtype);
  return `tf.Tensor(${values.includes("\n") ? "\n" : ""}${values}, shape=${showShape(shape)}, dtype=${dtype})`;
}

/** `<tf.Variable 'w' shape=[2] dtype=float32, value=[1, 2]>`. */
export function formatVariable(variable: Printable & { readonly name: string }): string {
  const { shape, dtype, name } = variable;
  const values = formatValues(variable.storage, shape, dtype);
  const gap = values.includes("\n") ? "\n" : " ";
  return `<tf.Variable '${name}' shape=${showShape(shape)} dtype=${dtype},${gap}value=${values}>`;
}
