/**
 * @file Views in JavaScript: strided copies into one output, or the source's own storage.
 */
import { arrayConstructor, type TypedArray } from "../../core/dtype.js";
import type { Attrs, Copy, ViewOp } from "../../core/op.js";
import { Tensor } from "../../core/tensor.js";

/** Runs one copy; the innermost axis is a plain loop, or a block move where both sides are dense. */
function runCopy({ shape, from, fromStrides, to, toStrides }: Copy, source: TypedArray, out: TypedArray): void {
  if (shape.some((n) => n === 0)) return;
  const last = shape.length - 1;
  const visit = (axis: number, f: number, t: number): void => {
    if (axis < last) {
      for (let i = 0; i < shape[axis]!; i++) visit(axis + 1, f + i * fromStrides[axis]!, t + i * toStrides[axis]!);
      return;
    }
    if (last < 0) {
      out[t] = source[f]!;
      return;
    }
    const n = shape[last]!;
    const p = fromStrides[last]!;
    const q = toStrides[last]!;
    if (p === 1 && q === 1 && n > 16) out.set(source.subarray(f, f + n), t);
    else for (let i = 0; i < n; i++) out[t + i * q] = source[f + i * p]!;
  };
  visit(0, from, to);
}

/** The runner of a view. */
export function bindView(op: ViewOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  return (inputs, attrs) => {
    const specs = inputs.map((input) => input.spec);
    const spec = op.infer(specs, attrs)[0]!;
    const plan = op.plan(specs, attrs, spec);
    if (plan === "alias") return new Tensor(inputs[0]!.storage, spec);
    const out = new (arrayConstructor(spec.dtype))(spec.size);
    if (plan.fill !== null && plan.fill !== 0) out.fill(plan.fill);
    for (const copy of plan.copies) runCopy(copy, inputs[copy.source]!.storage, out);
    return new Tensor(out, spec);
  };
}
