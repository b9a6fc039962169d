/**
 * @file Dead code: ops whose results nobody needs go away, and constants nobody reads.
 */
import type { Op } from "../core/op.js";
import { specOfValue } from "../core/spec.js";
import type { GraphValue } from "../ir/graph.js";
import type { Loop } from "../ir/loop.js";
import type { OpGraph, OpNode } from "./program.js";

export function prune(graph: OpGraph): OpGraph {
  const needed = new Set<GraphValue>(graph.outputs);
  const kept: OpNode[] = [];
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.op.effect && !node.outputs.some((output) => needed.has(output))) continue;
    const smaller = withoutUnused(node, needed);
    kept.push(smaller);
    for (const input of smaller.inputs) needed.add(input);
  }
  const constants = new Map([...graph.constants].filter(([value]) => needed.has(value)));
  return { ...graph, constants, nodes: kept.reverse() };
}

/** A loop collects only what is needed of each round. */
function withoutUnused(node: OpNode, needed: ReadonlySet<GraphValue>): OpNode {
  if (node.op.kind !== "opaque" || !node.op.loop) return node;
  const loop = node.attrs["loop"] as Loop<Op>;
  const keeps = (k: number): boolean => k < loop.states || needed.has(node.outputs[k]!);
  if (node.outputs.every((_, k) => keeps(k))) return node;
  const body = { ...loop.body, outputs: loop.body.outputs.filter((_, k) => keeps(k)) };
  const outputs = node.outputs.filter((_, k) => keeps(k));
  return { ...node, outputs, attrs: { loop: { ...loop, body }, outputs: outputs.map(specOfValue) } };
}
