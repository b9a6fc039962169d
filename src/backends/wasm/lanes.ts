/**
 * @file Lanes as WebAssembly, four elements at a time: what the elementwise part of every kernel is rendered with.
 */
import { storable } from "../../core/convert.js";
import type { DType } from "../../ir/dtype.js";
import type { TypedLane } from "../../ir/typedLane.js";
import type { ArgumentBlock } from "./argumentBlock.js";
import type { FunctionBuilder, Local } from "./assembler.js";
import type { Four } from "./fours.js";
import { callFour, importOf } from "./laneCalls.js";
import { castFour, selectFour } from "./laneCasts.js";
import { VectorWriter } from "./vectors.js";

export {
  elementBytes,
  type Four,
  gatherFour,
  loadFour,
  splatFour,
  storeFour,
  storeOne,
  storeSome,
} from "./fours.js";

/** What a lane is written into, and where its inputs come from. Made anew for every pass over a loop's body. */
export interface LaneContext {
  readonly f: FunctionBuilder;
  /** Whether the engine has relaxed SIMD. Whoever uses it must have it in the routine's key. */
  readonly relaxed: boolean;
  /** Four values of an input; asked for once per name. */
  input(name: string): Four;
  /** Four times a run-time number: see {@link attrReader}. */
  attr(name: string, dtype: DType): Four;
  /** What nodes and inputs have become: begin with an empty map. */
  readonly memo: Map<TypedLane | string, Four>;
}

/** Writes a lane, and gives its four values. A node that is met again in the same context is not computed again. */
export function emitLane(lane: TypedLane, context: LaneContext): Four {
  const key = lane.kind === "input" ? lane.name : lane;
  const known = context.memo.get(key);
  if (known !== undefined) return known;
  const value = emitNode(lane, context);
  context.memo.set(key, value);
  return value;
}

function emitNode(lane: TypedLane, context: LaneContext): Four {
  const { f } = context;
  switch (lane.kind) {
    case "input":
      return context.input(lane.name);
    case "attr":
      return context.attr(lane.name, lane.dtype);
    case "const":
      return constantFour(f, lane.dtype, lane.value);
    case "limit":
      return constantFour(f, lane.dtype, LIMITS[lane.which](lane.dtype));
    case "cast":
      return castFour(f, lane.x.dtype, lane.dtype, emitLane(lane.x, context));
    case "select": {
      const [condition, yes, no] = [lane.condition, lane.yes, lane.no].map((x) => emitLane(x, context));
      return selectFour(f, lane.dtype, condition!, yes!, no!);
    }
    case "call": {
      const args = lane.args.map((arg) => emitLane(arg, context));
      return callFour(f, lane, args, context.relaxed);
    }
  }
}

/** Smallest and largest values of a dtype. */
const LIMITS: Record<"lowest" | "highest", (dtype: DType) => number> = {
  lowest: (dtype) =>
    dtype === "int32" ? -2147483648 : dtype === "float32" || dtype === "float64" ? -Infinity : 0,
  highest: (dtype) =>
    dtype === "int32" ? 2147483647 : dtype === "uint8" ? 255 : dtype === "bool" ? 1 : Infinity,
};

/** A number as four elements of a dtype, set once at the function's beginning. */
export function constantFour(f: FunctionBuilder, dtype: DType, number: number): Four {
  const value = storable(number, dtype);
  const v = new VectorWriter(f, dtype === "float64" ? "f64x2" : "f32x4", false);
  if (dtype === "float32") return [v.constant(value)];
  if (dtype !== "float64") return [v.bits(BigInt(dtype === "bool" ? -value : value))];
  const both = v.constant(value);
  return [both, both];
}

/** Calls `visit` for every node of some lanes once. */
export function visitLanes(
  lanes: readonly TypedLane[],
  visit: (node: TypedLane, number: number) => void,
): void {
  const seen = new Set<TypedLane>();
  const walk = (node: TypedLane): void => {
    if (seen.has(node)) return;
    seen.add(node);
    const number = seen.size;
    childrenOf(node).forEach(walk);
    visit(node, number);
  };
  lanes.forEach(walk);
}

function childrenOf(node: TypedLane): readonly TypedLane[] {
  if (node.kind === "call") return node.args;
  if (node.kind === "cast") return [node.x];
  return node.kind === "select" ? [node.condition, node.yes, node.no] : [];
}

/** A text that tells lanes apart by everything their code depends on, shared nodes included. */
export function lanesKey(lanes: readonly TypedLane[]): string {
  const numbers = new Map<TypedLane, number>();
  const text = (node: TypedLane): string => {
    const known = numbers.get(node);
    if (known !== undefined) return `#${known}`;
    numbers.set(node, numbers.size);
    return `${nodeName(node)}:${node.dtype}${argumentsText(childrenOf(node).map(text))}`;
  };
  return lanes.map(text).join(" ");
}

const argumentsText = (texts: readonly string[]): string =>
  texts.length === 0 ? "" : `(${texts.join(", ")})`;

function nodeName(node: TypedLane): string {
  switch (node.kind) {
    case "input":
      return `input ${node.name}`;
    case "attr":
      return `attr ${node.name}`;
    case "const":
      return Object.is(node.value, -0) ? "-0" : String(node.value);
    case "limit":
      return node.which;
    case "call":
      return node.fn;
    default:
      return node.kind;
  }
}

/**
 * The imported functions that lanes call, for `Routine.imports`: names of lane functions, with "Int" behind where integers
 * have their own ("floordivInt").
 */
export function laneImports(lanes: readonly TypedLane[]): string[] {
  const names = new Set<string>();
  visitLanes(lanes, (node) => {
    const name = node.kind === "call" ? importOf(node) : null;
    if (name !== null) names.add(name);
  });
  return [...names];
}

/** Byte offsets in the argument block of the run-time numbers that lanes read, by name and dtype. */
export type AttrPlaces = ReadonlyMap<string, number>;

/** Appends the run-time numbers that lanes read to an argument block. */
export function placeAttrs(
  block: ArgumentBlock,
  lanes: readonly TypedLane[],
  params: Readonly<Record<string, number>>,
): AttrPlaces {
  const places = new Map<string, number>();
  visitLanes(lanes, (node) => {
    if (node.kind !== "attr" || places.has(`${node.name}:${node.dtype}`)) return;
    const number = params[node.name];
    if (number === undefined) throw new Error(`lane: no parameter is named "${node.name}"`);
    const value = storable(number, node.dtype);
    const word =
      node.dtype === "float32" ? { f32: value } : node.dtype === "float64" ? { f64: value } : { i32: value };
    places.set(`${node.name}:${node.dtype}`, block.add(word));
  });
  return places;
}

/** Reads run-time numbers once, at the function's beginning: the `attr` of a {@link LaneContext}. */
export function attrReader(f: FunctionBuilder, args: Local, places: AttrPlaces): LaneContext["attr"] {
  return (name, dtype) => {
    const offset = places.get(`${name}:${dtype}`)!;
    const local = f.hoist(`attr ${offset}`, "v128", () => {
      f.get(args).memory(dtype === "float64" ? "v128.load64_splat" : "v128.load32_splat", offset);
      if (dtype === "bool") f.op("i32x4.neg");
    });
    return dtype === "float64" ? [local, local] : [local];
  };
}
