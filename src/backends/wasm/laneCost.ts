/**
 * @file Rough costs of lanes, for what must know whether work is worth sharing, or a loop worth unrolling.
 */
import type { TypedLane } from "../../ir/typedLane.js";
import { importOf } from "./laneCalls.js";
import { divisionCost } from "./laneDivision.js";
import { visitLanes } from "./lanes.js";
import { vectorMathCost } from "./vectorMath.js";

/** Nanoseconds per element of an instruction, and of a call into JavaScript. */
const INSTRUCTION = 0.06;
const IMPORTED = 12;
/** Reading and writing one element where it does not lie in a cache. */
const MEMORY = 0.12;

/** Nanoseconds, about, to compute one element of some lanes. */
export function laneCost(lanes: readonly TypedLane[]): number {
  let cost = MEMORY * lanes.length;
  visitLanes(lanes, (node) => {
    if (node.kind === "input") cost += MEMORY;
    else cost += node.kind === "call" ? callCost(node) : INSTRUCTION;
  });
  return cost;
}

function callCost(node: TypedLane & { readonly kind: "call" }): number {
  const division = divisionCost(node);
  // The function that a division imports is called only to fail.
  if (division === null && importOf(node) !== null) return IMPORTED;
  return INSTRUCTION * (division ?? vectorMathCost(node.fn, node.args[0]!.dtype));
}
