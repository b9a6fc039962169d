/**
 * @file The passes in order: over the graph, then down to kernels and over those.
 */
import { commonSubexpressions } from "./commonSubexpressions.js";
import { fuse } from "./fuse.js";
import { lower } from "./lower.js";
import type { OpGraph, Program } from "./program.js";
import { prune } from "./prune.js";
import { simplify } from "./simplify.js";

/** The passes over a graph, in order. */
const GRAPH_PASSES: readonly { readonly name: string; readonly run: (graph: OpGraph) => OpGraph }[] = [
  { name: "prune", run: prune },
  { name: "simplify", run: simplify },
  { name: "common subexpressions", run: commonSubexpressions },
];

/** The graph after each pass. */
export function passesOver(graph: OpGraph): { name: string; graph: OpGraph }[] {
  let current = graph;
  return GRAPH_PASSES.map(({ name, run }) => ({ name, graph: (current = run(current)) }));
}

/** The fused program of a graph. */
export const programOf = (graph: OpGraph): Program => fuse(lower(passesOver(graph).at(-1)!.graph));
