/**
 * @file Dead code: ops whose results nobody needs go away, and constants nobody reads.
 */
import type { GraphValue } from "../ir/graph.js";
import type { OpGraph, OpNode } from "./program.js";

export function prune(graph: OpGraph): OpGraph {
  const needed = new Set<GraphValue>(graph.outputs);
  const kept: OpNode[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.op.effect && !node.outputs.some((output) => needed.has(output))) continue;
    kept.push(node);
    for (const input of node.inputs) needed.add(input);
  }
  const constants = new Map([...graph.constants].filter(([value]) => needed.has(value)));
  return { ...graph, constants, nodes: kept.reverse() };
}
