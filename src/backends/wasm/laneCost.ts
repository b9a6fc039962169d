/**
 * @file Rough costs of lanes, for what must know whether work is worth sharing, or a loop worth unrolling.
 */
import type { TypedLane } from "../../ir/typedLane.js";
import { importOf } from "./laneCalls.js";
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
    else if (node.kind === "call" && importOf(node) !== null) cost += IMPORTED;
    else if (node.kind === "call") cost += INSTRUCTION * vectorMathCost(node.fn);
    else cost += INSTRUCTION;
  });
  return cost;
}
