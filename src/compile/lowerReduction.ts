/**
 * @file Reductions as kernels: the record's states, combine and finish, typed for the input's dtype.
 */
import type { LaneState, ReductionOp } from "../core/op.js";
import { stridesOf } from "../core/shape.js";
import type { DType } from "../ir/dtype.js";
import type { ReduceKernel, StateLanes } from "../ir/kernel.js";
import { type Lane, lane } from "../ir/lane.js";
import { type TypedLane, typeLane } from "../ir/typedLane.js";
import { copyLane, inputName } from "./lowerMap.js";
import type { Buffer, KernelStep, OpNode } from "./program.js";

type Body = Pick<ReduceKernel, "states" | "identity" | "element" | "combine" | "finish">;

/** Bodies by op and input dtype: a large graph has few kinds of nodes. */
const known = new WeakMap<ReductionOp, Map<DType, Body>>();

/** The lanes of a reduction for one input dtype. */
function typedBody(op: ReductionOp, dtype: DType): Body {
  const bodies = known.get(op) ?? new Map<DType, Body>();
  known.set(op, bodies);
  const body = bodies.get(dtype) ?? newTypedBody(op, dtype);
  bodies.set(dtype, body);
  return body;
}

function newTypedBody(op: ReductionOp, dtype: DType): Body {
  const states = op.stateDtypes(dtype);
  const names = Object.keys(states);
  const typed = (lanes: LaneState, inputs: Record<string, DType>): StateLanes =>
    Object.fromEntries(names.map((name) => [name, typeLane(lanes[name]!, inputs, states[name]!)]));
  const inputs = (prefix: string): Record<string, Lane> =>
    Object.fromEntries(names.map((name) => [name, lane.input(prefix + name)]));
  const both = Object.fromEntries(
    ["a_", "b_"].flatMap((prefix) => names.map((name) => [prefix + name, states[name]!])),
  );
  return {
    states,
    identity: op.identity === null ? null : typed(op.identity, {}),
    element: typed(op.element(lane.input("x"), lane.input("index")), { x: dtype, index: "int32" }),
    combine: typed(op.combine(inputs("a_"), inputs("b_")), both),
    finish: typeLane(op.finish(inputs(""), lane.attr("count")), states, dtype),
  };
}

const asDtype = (x: TypedLane, dtype: DType): TypedLane =>
  x.dtype === dtype ? x : { kind: "cast", dtype, x };

export function reduceStep(
  op: ReductionOp,
  node: OpNode,
  number: number,
  input: Buffer,
  output: Buffer,
): KernelStep {
  const { shape } = node.inputs[0]!;
  const axes = node.attrs["axes"] as readonly number[];
  const strides = stridesOf(shape);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const at = (list: readonly number[], order: readonly number[]): number[] =>
    order.map((axis) => list[axis]!);
  const body = typedBody(op, input.dtype);
  const { dtype } = output;
  const name = inputName(number, 0);
  const result: TypedLane = { kind: "input", name: "result", dtype: body.finish.dtype };
  const kernel: ReduceKernel = {
    kind: "reduce",
    shape: at(shape, kept),
    reduced: at(shape, axes),
    sources: [{ name, dtype: input.dtype, offset: 0, strides: at(strides, [...kept, ...axes]) }],
    extras: [],
    targets: [{ dtype, offset: 0, strides: stridesOf(at(shape, kept)), lane: asDtype(result, dtype) }],
    params: { count: axes.reduce((count, axis) => count * shape[axis]!, 1) },
    x: copyLane(name, input.dtype),
    ...body,
  };
  return { kind: "kernel", kernel, arrays: [input, output], nodes: [node] };
}
