/**
 * @file Programs as text: buffers as %0, %1 …, kernels by their loops, lanes as expressions.
 */
import type { ConstantData } from "../ir/graph.js";
import type { TypedLane } from "../ir/typedLane.js";
import { type OpenKernel, openStep, type Reading } from "./fuseKernel.js";
import { argumentsOf, nodesOf } from "./fuseLane.js";
import type { Buffer, HostStep, Program } from "./program.js";

/** The text of a program, the same for the same program. */
export function printProgram(program: Program): string {
  const numbers = new Map<Buffer, number>();
  const name = (buffer: Buffer): string => {
    if (!numbers.has(buffer)) numbers.set(buffer, numbers.size);
    return `%${numbers.get(buffer)}`;
  };
  const declared = (buffer: Buffer): string => `${name(buffer)} ${buffer.dtype}×${buffer.size}`;
  const lines = [`program (${program.inputs.map(declared).join(", ")})`];
  for (const [buffer, data] of program.constants)
    lines.push(`  const ${declared(buffer)} = ${dataText(data)}`);
  for (const step of program.steps) {
    lines.push(...(step.kind === "host" ? hostLines(step, name) : kernelLines(openStep(step), name)));
  }
  lines.push(`  return ${program.outputs.map(name).join(", ")}`);
  return lines.join("\n");
}

type Name = (buffer: Buffer) => string;

/** Long constants by their beginning. */
function dataText(data: ConstantData): string {
  if (typeof data === "number") return String(data);
  const shown = Array.from({ length: Math.min(data.length, 4) }, (_, i) => String(data[i]));
  return `[${shown.join(", ")}${data.length > 4 ? ", …" : ""}]`;
}

function hostLines({ node, inputs, outputs }: HostStep, name: Name): string[] {
  return [`  host ${node.op.name} ${inputs.map(name).join(", ")} → ${outputs.map(name).join(", ")}`];
}

/** A walk as its strides, with the offset before them where there is one. */
const walkText = (offset: number, strides: readonly number[]): string =>
  `[${offset === 0 ? "" : `${offset}; `}${strides.join(" ")}]`;

function kernelLines(open: OpenKernel, name: Name): string[] {
  const ops = open.nodes.map((node) => node.op.name).join(" ");
  const lines = [`  ${open.kind} ${loopsText(open)} — ${ops}`];
  const arrays = new Map<string, string>();
  const kept = open.loops.filter(({ role }) => role !== "reduced").length;
  const text = ({ use, buffer, offset, strides }: Reading): string =>
    name(buffer) + walkText(offset, use === "target" ? strides.slice(0, kept) : strides);
  for (const read of open.reads) arrays.set(read.name, text(read));
  for (const factor of open.reads) {
    if (factor.use === "a" || factor.use === "b") lines.push(`    ${factor.use} ${text(factor)}`);
  }
  const lanes = laneTexts(open, arrays, lines);
  if (open.reduction !== null) {
    lines.push(`    x = ${lanes(open.x!)}`);
    const { states, element, combine, finish, identity } = open.reduction;
    const plain = (lane: TypedLane): string => expression(lane, new Map(), new Map());
    for (const state of Object.keys(states)) {
      const from = identity === null ? "" : ` from ${plain(identity[state]!)}`;
      lines.push(`    ${state}${from}: ${plain(element[state]!)}; ${plain(combine[state]!)}`);
    }
    lines.push(`    result = ${plain(finish)}`);
  }
  for (const { buffer, offset, strides, lane } of open.writes)
    lines.push(`    ${name(buffer)}${walkText(offset, strides.slice(0, kept))} = ${lanes(lane)}`);
  const params = Object.entries(open.params);
  if (params.length > 0)
    lines.push(`    with ${params.map(([key, value]) => `${key} = ${value}`).join(", ")}`);
  return lines;
}

function loopsText({ kind, loops }: OpenKernel): string {
  const sizes = (role: string): string =>
    `[${loops
      .filter((loop) => loop.role === role)
      .map((loop) => loop.size)
      .join(", ")}]`;
  if (kind === "map") return sizes("each");
  if (kind === "reduce") return `${sizes("each")} over ${sizes("reduced")}`;
  return `[${loops.map(({ role, size }) => `${role} ${size}`).join(", ")}]`;
}

/** Writes nodes that are used more than once as lines of their own; gives the text of a lane. */
function laneTexts(
  open: OpenKernel,
  arrays: ReadonlyMap<string, string>,
  lines: string[],
): (lane: TypedLane) => string {
  const lanes = open.writes.map((write) => write.lane);
  if (open.x !== null) lanes.unshift(open.x);
  const uses = new Map<TypedLane, number>();
  const use = (node: TypedLane): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  lanes.forEach(use);
  const nodes = nodesOf(lanes);
  for (const node of nodes) argumentsOf(node).forEach(use);
  const shared = new Map<TypedLane, string>();
  for (const node of nodes) {
    if (uses.get(node)! < 2 || argumentsOf(node).length === 0) continue;
    const value = expression(node, shared, arrays);
    shared.set(node, `t${shared.size}`);
    lines.push(`    ${shared.get(node)} = ${value}`);
  }
  return (lane) => expression(lane, shared, arrays);
}

function expression(
  node: TypedLane,
  shared: ReadonlyMap<TypedLane, string>,
  arrays: ReadonlyMap<string, string>,
): string {
  const known = shared.get(node);
  if (known !== undefined) return known;
  const args = argumentsOf(node).map((arg) => expression(arg, shared, arrays));
  switch (node.kind) {
    case "input":
      return arrays.get(node.name) ?? node.name;
    case "attr":
      return node.name;
    case "const":
      return Object.is(node.value, -0) ? "-0" : String(node.value);
    case "limit":
      return node.which;
    case "call":
      return `${node.fn}(${args.join(", ")})`;
    case "select":
      return `(${args[0]} ? ${args[1]} : ${args[2]})`;
    case "cast":
      return `${node.dtype}(${args[0]})`;
  }
}
