/**
 * @file Several lanes at once: what they share is computed once per element, in text and in closures.
 */
import type { TypedLane } from "../../ir/typedLane.js";
import { type LaneClosure, type LaneScope, type LaneWords, laneText, nodeClosure } from "./renderLane.js";

/** The nodes directly below one. */
function childrenOf(node: TypedLane): readonly TypedLane[] {
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

/** How many places use each node, in an order in which they can be computed. */
function usesOf(lanes: readonly TypedLane[]): Map<TypedLane, number> {
  const uses = new Map<TypedLane, number>();
  const ordered = new Map<TypedLane, number>();
  const visit = (node: TypedLane): void => {
    const known = uses.get(node);
    uses.set(node, (known ?? 0) + 1);
    if (known !== undefined) return;
    childrenOf(node).forEach(visit);
    ordered.set(node, 0);
  };
  lanes.forEach(visit);
  for (const node of ordered.keys()) ordered.set(node, uses.get(node)!);
  return ordered;
}

const isOperation = (node: TypedLane): boolean => childrenOf(node).length > 0;

/** How many operations one element takes. */
export const operationsOf = (lanes: readonly TypedLane[]): number =>
  [...usesOf(lanes).keys()].filter(isOperation).length;

/** The nodes worth a name: used more than once, and more than a number. */
const sharedNodes = (lanes: readonly TypedLane[]): TypedLane[] =>
  [...usesOf(lanes)].filter(([node, uses]) => uses > 1 && isOperation(node)).map(([node]) => node);

/**
 * Text of several lanes: an expression for each.
 *
 * @param assign  is given the text of each node that several places use, in order, and says by what name it is known
 */
export type LanesText = (words: LaneWords, assign: (text: string) => string) => string[];

/** Gets lanes ready to be written, any number of times. */
export function sharedText(lanes: readonly TypedLane[]): LanesText {
  const shared = sharedNodes(lanes);
  return (words, assign) => {
    const known = new Map<TypedLane, string>();
    const knowing = { ...words, known };
    for (const node of shared) known.set(node, assign(laneText(node, knowing)));
    return lanes.map((lane) => laneText(lane, knowing));
  };
}

/** Several lanes as one closure; the list it returns is the same each time. */
export function sharedClosure(lanes: readonly TypedLane[]): (scope: LaneScope) => readonly number[] {
  const shared = new Set(sharedNodes(lanes));
  const built = new Map<TypedLane, LaneClosure>();
  let element = 0;
  const remembered = (compute: LaneClosure): LaneClosure => {
    let at = -1;
    let value = 0;
    return (scope) => {
      if (at !== element) {
        value = compute(scope);
        at = element;
      }
      return value;
    };
  };
  const build = (node: TypedLane): LaneClosure => {
    const known = built.get(node);
    if (known !== undefined) return known;
    const plain = nodeClosure(node, build);
    const closure = shared.has(node) ? remembered(plain) : plain;
    built.set(node, closure);
    return closure;
  };
  const closures = lanes.map(build);
  const values = lanes.map(() => 0);
  return (scope) => {
    element++;
    for (let k = 0; k < closures.length; k++) values[k] = closures[k]!(scope);
    return values;
  };
}
