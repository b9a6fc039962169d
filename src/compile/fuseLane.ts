/**
 * @file Lanes under fusion: putting one lane into another, sharing equal nodes, and what a lane costs.
 */
import type { LaneFunction } from "../ir/lane.js";
import type { TypedLane } from "../ir/typedLane.js";

/** The nodes a lane is made of, one level down. */
export function argumentsOf(node: TypedLane): readonly TypedLane[] {
  switch (node.kind) {
    case "call":
      return node.args;
    case "select":
      return [node.condition, node.yes, node.no];
    case "cast":
      return [node.x];
    default:
      return [];
  }
}

/** The node with other arguments; itself where they are the same objects. */
function withArguments(node: TypedLane, before: readonly TypedLane[], args: readonly TypedLane[]): TypedLane {
  if (before.every((arg, i) => arg === args[i])) return node;
  switch (node.kind) {
    case "call":
      return { ...node, args };
    case "select":
      return { ...node, condition: args[0]!, yes: args[1]!, no: args[2]! };
    case "cast":
      return { ...node, x: args[0]! };
    default:
      return node;
  }
}

/** Rewrites lanes from the leaves up. One rewriter visits each node once, so what is shared stays shared. */
export function rewriter(change: (node: TypedLane) => TypedLane): (lane: TypedLane) => TypedLane {
  const done = new Map<TypedLane, TypedLane>();
  const rewrite = (node: TypedLane): TypedLane => {
    const args = argumentsOf(node);
    if (args.length === 0) return change(node);
    let result = done.get(node);
    if (result === undefined) {
      result = change(withArguments(node, args, args.map(rewrite)));
      done.set(node, result);
    }
    return result;
  };
  return rewrite;
}

/** Puts lanes in the place of inputs, by name. */
export const substitution = (lanes: ReadonlyMap<string, TypedLane>): ((lane: TypedLane) => TypedLane) =>
  lanes.size === 0
    ? (lane) => lane
    : rewriter((node) => (node.kind === "input" ? (lanes.get(node.name) ?? node) : node));

/** Makes equal nodes one object, across all lanes given to one sharing. */
export function sharing(): (lane: TypedLane) => TypedLane {
  const known = new Map<string, TypedLane>();
  const numbers = new Map<TypedLane, number>();
  return rewriter((node) => {
    const key = `${node.kind} ${node.dtype} ${labelOf(node)} ${argumentsOf(node).map((arg) => numbers.get(arg))}`;
    const same = known.get(key);
    if (same !== undefined) return same;
    known.set(key, node);
    numbers.set(node, numbers.size);
    return node;
  });
}

/** What a node is, beside its kind, dtype and arguments. */
function labelOf(node: TypedLane): string {
  switch (node.kind) {
    case "input":
    case "attr":
      return node.name;
    case "const":
      return Object.is(node.value, -0) ? "-0" : String(node.value);
    case "limit":
      return node.which;
    case "call":
      return node.fn;
    default:
      return "";
  }
}

const paths = new WeakMap<TypedLane, number>();

/** The number of a lane's nodes where those that are shared count as often as they are used. */
export function pathsOf(node: TypedLane): number {
  const args = argumentsOf(node);
  if (args.length === 0) return 1;
  let count = paths.get(node);
  if (count === undefined) {
    count = 1;
    for (const arg of args) count += pathsOf(arg);
    paths.set(node, count);
  }
  return count;
}

/** All nodes of some lanes, arguments before what uses them, each once. */
export function nodesOf(lanes: readonly TypedLane[]): TypedLane[] {
  const seen = new Set<TypedLane>();
  const visit = (node: TypedLane): void => {
    if (seen.has(node)) return;
    for (const arg of argumentsOf(node)) visit(arg);
    seen.add(node);
  };
  lanes.forEach(visit);
  return [...seen];
}

/** Functions that a vector unit has, at about the price of an addition. */
const CHEAP = new Set<LaneFunction>([
  ...(["add", "sub", "mul", "min", "max", "neg", "abs", "floor", "ceil", "round", "trunc"] as const),
  ...(["lt", "le", "gt", "ge", "eq", "ne", "and", "or", "xor", "not", "isnan", "isinf", "isfinite"] as const),
]);

/** Functions that a vector unit has, but that take it several times as long. */
const SLOW = new Set<LaneFunction>(["div", "sqrt", "rsqrt", "sign"]);

/** What computing some lanes once costs, in additions. */
export function costOf(lanes: readonly TypedLane[]): number {
  let cost = 0;
  for (const node of nodesOf(lanes)) {
    if (node.kind === "select" || node.kind === "cast") cost += 1;
    else if (node.kind === "call") cost += CHEAP.has(node.fn) ? 1 : SLOW.has(node.fn) ? 4 : 20;
  }
  return cost;
}
