/**
 * @file Elementwise ops as maps: the record's lane, typed for the inputs' dtypes, over the output's shape.
 */
import type { ElementwiseOp } from "../core/op.js";
import { stridesOf } from "../core/shape.js";
import type { Source } from "../ir/kernel.js";
import { lane as build } from "../ir/lane.js";
import { type TypedLane, typeLane } from "../ir/typedLane.js";
import { nodesOf, rewriter, sharing } from "./fuseLane.js";
import { inputName, mapStep } from "./lowerMap.js";
import type { Buffer, KernelStep, OpNode } from "./program.js";

export function elementwiseStep(
  op: ElementwiseOp,
  node: OpNode,
  number: number,
  inputs: readonly Buffer[],
  output: Buffer,
): KernelStep {
  const { shape, dtype } = node.outputs[0]!;
  const names = namesOf(op, node, number);
  const own = (name: string): string => `n${number}_${name}`;
  const rename = rewriter((lane) => {
    if (lane.kind === "attr") return { ...lane, name: own(lane.name) };
    return lane.kind === "input" ? { ...lane, name: names.get(lane.name)! } : lane;
  });
  const typed = typedLane(op, node, inputs);
  const attrs = nodesOf([typed]).flatMap((lane) => (lane.kind === "attr" ? [lane.name] : []));
  const params = Object.fromEntries(attrs.map((name) => [own(name), Number(node.attrs[name])]));
  const lane = rename(typed);
  const { sources, arrays } = sourcesOf(lane, node, number, inputs);
  const target = { dtype, offset: 0, strides: stridesOf(shape), lane };
  return mapStep({ kind: "map", shape, sources, targets: [target], params }, [...arrays, output], node);
}

/** Typed lanes by op, dtypes and variant: a large graph has few kinds of nodes. */
const known = new WeakMap<ElementwiseOp, Map<string, TypedLane>>();

function typedLane(op: ElementwiseOp, { attrs }: OpNode, inputs: readonly Buffer[]): TypedLane {
  const key = `${inputs.map(({ dtype }) => dtype)} ${op.variant?.(attrs) ?? ""}`;
  const lanes = known.get(op) ?? new Map<string, TypedLane>();
  known.set(op, lanes);
  const lane = lanes.get(key) ?? newTypedLane(op, attrs, inputs);
  lanes.set(key, lane);
  return lane;
}

function newTypedLane(op: ElementwiseOp, attrs: OpNode["attrs"], inputs: readonly Buffer[]): TypedLane {
  const lanes = Object.fromEntries(op.inputs.map((name) => [name, build.input(name)]));
  const types = Object.fromEntries(op.inputs.map((name, i) => [name, inputs[i]!.dtype]));
  return sharing()(typeLane(op.lane(lanes, attrs), types, inputs[0]!.dtype));
}

/** The names that the op's inputs have in its kernel. A value given twice is read once. */
const namesOf = (op: ElementwiseOp, { inputs }: OpNode, number: number): Map<string, string> =>
  new Map(op.inputs.map((name, i) => [name, inputName(number, inputs.indexOf(inputs[i]!))]));

/** The arrays that a lane asks for. */
function sourcesOf(
  lane: TypedLane,
  { inputs: values, outputs }: OpNode,
  number: number,
  inputs: readonly Buffer[],
): { sources: Source[]; arrays: Buffer[] } {
  const asked = new Set(nodesOf([lane]).flatMap((node) => (node.kind === "input" ? [node.name] : [])));
  const sources: Source[] = [];
  const arrays: Buffer[] = [];
  values.forEach(({ shape, dtype }, i) => {
    const name = inputName(number, i);
    if (!asked.has(name)) return;
    sources.push({ name, dtype, offset: 0, strides: broadcastStrides(shape, outputs[0]!.shape) });
    arrays.push(inputs[i]!);
  });
  return { sources, arrays };
}

/** Broadcast inputs stand still along the loops they do not have. */
function broadcastStrides(shape: readonly number[], out: readonly number[]): number[] {
  const own = stridesOf(shape);
  const lead = out.length - shape.length;
  return out.map((_, i) => (i < lead || shape[i - lead] === 1 ? 0 : own[i - lead]!));
}
