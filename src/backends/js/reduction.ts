/**
 * @file Reductions in JavaScript: the kernel of the op and dtype, run over the axes that are reduced.
 */
import { storable } from "../../core/convert.js";
import { arrayConstructor, DTYPES, type DType, type TypedArray } from "../../core/dtype.js";
import type { Attrs, LaneState, ReductionOp } from "../../core/op.js";
import { SCALAR, stridesOf } from "../../core/shape.js";
import type { Spec } from "../../core/spec.js";
import { Tensor } from "../../core/tensor.js";
import { type Lane, lane } from "../../ir/lane.js";
import { type TypedLane, typeLane } from "../../ir/typedLane.js";
import {
  type ReductionKernel,
  reductionKernel,
  type States,
  type TypedReduction,
} from "./reductionKernel.js";

function typeReduction(op: ReductionOp, dtype: DType): TypedReduction {
  const types = op.stateDtypes(dtype);
  const names = Object.keys(types);
  const each = (lanes: LaneState, inputs: Record<string, DType>): States<TypedLane> =>
    Object.fromEntries(names.map((name) => [name, typeLane(lanes[name]!, inputs, types[name]!)]));
  const side = (prefix: string): Record<string, Lane> =>
    Object.fromEntries(names.map((name) => [name, lane.input(prefix + name)]));
  const sideTypes = Object.fromEntries(
    ["a_", "b_"].flatMap((p) => names.map((name) => [p + name, types[name]!])),
  );
  const state = Object.fromEntries(names.map((name) => [name, lane.input(name)]));
  return {
    names,
    identity: op.identity === null ? null : each(op.identity, {}),
    element: each(op.element(lane.input("x"), lane.input("index")), { x: dtype, index: "int32" }),
    combine: each(op.combine(side("a_"), side("b_")), sideTypes),
    finish: typeLane(op.finish(state, lane.attr("count")), types, dtype),
  };
}

/** Offsets of the elements that stay, in row-major order of the output. */
export function keptOffsets(
  shape: readonly number[],
  strides: readonly number[],
  kept: readonly number[],
): Int32Array {
  const offsets = new Int32Array(kept.reduce((n, axis) => n * shape[axis]!, 1));
  let block = 1;
  for (const axis of [...kept].reverse()) {
    for (let i = 0; i < offsets.length; i++)
      offsets[i]! += (Math.floor(i / block) % shape[axis]!) * strides[axis]!;
    block *= shape[axis]!;
  }
  return offsets;
}

/** The reduced axes as one run of elements, or null if they are not evenly spaced. */
export function oneRun(
  shape: readonly number[],
  strides: readonly number[],
  axes: readonly number[],
): { count: number; stride: number } | null {
  let count = 1;
  let stride = 1;
  for (const axis of [...axes].reverse()) {
    if (shape[axis] === 1) continue;
    if (count === 1) stride = strides[axis]!;
    else if (strides[axis] !== stride * count) return null;
    count *= shape[axis]!;
  }
  return { count, stride };
}

/** The elements gathered so that each output's lie side by side. */
function gathered(x: Tensor, offsets: Int32Array, inner: Int32Array): TypedArray {
  const out = new (arrayConstructor(x.dtype))(offsets.length * inner.length);
  let next = 0;
  for (let i = 0; i < offsets.length; i++)
    for (let k = 0; k < inner.length; k++) out[next++] = x.storage[offsets[i]! + inner[k]!]!;
  return out;
}

/** The runner of a reduction, with its kernels cached by dtype. */
export function bindReduction(op: ReductionOp): (inputs: Tensor[], attrs: Attrs) => Tensor {
  const kernels: (ReductionKernel | undefined)[] = [];
  /** The spec of a reduction of everything, known once it has been inferred for the dtype. */
  const scalars: (Spec | undefined)[] = [];
  return ([x], attrs) => {
    const { spec, storage } = x!;
    const { shape, code, size } = spec;
    const kernel = (kernels[code] ??= reductionKernel(typeReduction(op, DTYPES[code]!)));
    const axes = attrs["axes"] as readonly number[];
    const known = axes.length === shape.length && size > 0 && !attrs["keepdims"] ? scalars[code] : undefined;
    const output = known ?? op.infer([spec], attrs)[0]!;
    if (output.shape === SCALAR) {
      if (size > 0) scalars[code] = output;
      return new Tensor(storable(kernel(storage, 0, size, 1), output.dtype), output);
    }
    const out = new (arrayConstructor(output.dtype))(output.size);
    const strides = stridesOf(shape);
    const offsets = keptOffsets(
      shape,
      strides,
      shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis)),
    );
    const run = oneRun(shape, strides, axes);
    if (run !== null)
      for (let i = 0; i < out.length; i++) out[i] = kernel(storage, offsets[i]!, run.count, run.stride);
    else {
      const inner = keptOffsets(shape, strides, axes);
      const side = gathered(x!, offsets, inner);
      for (let i = 0; i < out.length; i++) out[i] = kernel(side, i * inner.length, inner.length, 1);
    }
    return new Tensor(out, output);
  };
}
