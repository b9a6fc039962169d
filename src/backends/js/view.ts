/**
 * @file Views in JavaScript: strided copies into one output, or the source's own storage.
 */
import { arrayConstructor, type TypedArray } from "../../core/dtype.js";
import type { Attrs, Copy, ViewOp } from "../../core/op.js";
import { Tensor } from "../../core/tensor.js";

/** One axis of a copy: its length and the steps on both sides. */
interface Axis {
  readonly size: number;
  readonly from: number;
  readonly to: number;
}

/** The axes of a copy, innermost first, without those of size 1; neighbours that go on evenly are one. */
function copyAxes({ shape, fromStrides, toStrides }: Copy): Axis[] {
  const axes: Axis[] = [];
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i]!;
    if (size === 1) continue;
    const inner = axes[axes.length - 1];
    const [from, to] = [fromStrides[i]!, toStrides[i]!];
    if (inner !== undefined && from === inner.from * inner.size && to === inner.to * inner.size) {
      axes[axes.length - 1] = { size: inner.size * size, from: inner.from, to: inner.to };
    } else axes.push({ size, from, to });
  }
  return axes;
}

/** Below this length a loop is faster than a block move. */
const SHORT = 32;

/** Copies one line of elements. */
function copyLine(
  source: TypedArray,
  f: number,
  p: number,
  out: TypedArray,
  t: number,
  q: number,
  n: number,
): void {
  if (n >= SHORT && q === 1 && p === 1) out.set(source.subarray(f, f + n), t);
  else if (n >= SHORT && q === 1 && p === 0) out.fill(source[f]!, t, t + n);
  else for (let i = 0; i < n; i++, f += p, t += q) out[t] = source[f]!;
}

/** Side of the squares in which planes are copied that one side walks across: both sides of a square fit the cache. */
const TILE = 32;

/** Copies two axes. */
function copyPlane(
  source: TypedArray,
  f: number,
  out: TypedArray,
  t: number,
  inner: Axis,
  outer: Axis,
): void {
  if (Math.abs(inner.from) <= Math.abs(outer.from) || outer.from === 0 || inner.size <= TILE) {
    for (let i = 0; i < outer.size; i++) {
      copyLine(source, f + i * outer.from, inner.from, out, t + i * outer.to, inner.to, inner.size);
    }
    return;
  }
  for (let i = 0; i < outer.size; i += TILE) {
    const rows = Math.min(TILE, outer.size - i);
    for (let j = 0; j < inner.size; j += TILE) {
      const columns = Math.min(TILE, inner.size - j);
      for (let r = i; r < i + rows; r++) {
        const from = f + r * outer.from + j * inner.from;
        copyLine(source, from, inner.from, out, t + r * outer.to + j * inner.to, inner.to, columns);
      }
    }
  }
}

const POINT: Axis = { size: 1, from: 0, to: 0 };

function copyBlock(
  source: TypedArray,
  f: number,
  out: TypedArray,
  t: number,
  axes: readonly Axis[],
  depth: number,
): void {
  if (depth <= 2) {
    copyPlane(source, f, out, t, axes[0] ?? POINT, axes[1] ?? POINT);
    return;
  }
  const { size, from, to } = axes[depth - 1]!;
  for (let i = 0; i < size; i++) copyBlock(source, f + i * from, out, t + i * to, axes, depth - 1);
}

function runCopy(copy: Copy, source: TypedArray, out: TypedArray): void {
  const { shape, from, to } = copy;
  for (let i = 0; i < shape.length; i++) if (shape[i] === 0) return;
  if (shape.length === 1)
    copyLine(source, from, copy.fromStrides[0]!, out, to, copy.toStrides[0]!, shape[0]!);
  else {
    const axes = copyAxes(copy);
    copyBlock(source, from, out, to, axes, axes.length);
  }
}

/** A loop beats the built-in for a few elements. */
function filled(out: TypedArray, value: number): TypedArray {
  for (let i = 0; i < out.length; i++) out[i] = value;
  return out;
}

/** The runner of a view. */
export function bindView(op: ViewOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  return (inputs, attrs) => {
    const specs = inputs.length === 1 ? [inputs[0]!.spec] : inputs.map((input) => input.spec);
    const spec = op.infer(specs, attrs)[0]!;
    const plan = op.plan(specs, attrs, spec);
    if (plan === "alias") return inputs[0]!.as(spec);
    const out = new (arrayConstructor(spec.dtype))(spec.size);
    if (plan === "repeat")
      return new Tensor(out.length > 32 ? out.fill(inputs[0]!.first) : filled(out, inputs[0]!.first), spec);
    if (plan.fill !== null && plan.fill !== 0) out.fill(plan.fill);
    for (const copy of plan.copies) runCopy(copy, inputs[copy.source]!.storage, out);
    return new Tensor(out, spec);
  };
}
