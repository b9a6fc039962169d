/**
 * @file Graphs with some values replaced by others.
 */
import type { GraphValue } from "../ir/graph.js";
import type { OpGraph, OpNode } from "./program.js";

/** Replacements that hold so far: a value stands for another that computes the same. */
export class Substitution {
  readonly #others = new Map<GraphValue, GraphValue>();

  replace(value: GraphValue, by: GraphValue): void {
    this.#others.set(value, this.of(by));
  }

  of(value: GraphValue): GraphValue {
    return this.#others.get(value) ?? value;
  }

  /** A node that reads the replacements. */
  in(node: OpNode): OpNode {
    if (!node.inputs.some((input) => this.#others.has(input))) return node;
    return { ...node, inputs: node.inputs.map((input) => this.of(input)) };
  }
}

/**
 * A graph made over node by node: `visit` gets each node with replaced inputs, may add replacements, and gives the node to
 * keep, or null.
 */
export function rewritten(
  graph: OpGraph,
  visit: (node: OpNode, substitution: Substitution) => OpNode | null,
): OpGraph {
  const substitution = new Substitution();
  const nodes: OpNode[] = [];
  for (const node of graph.nodes) {
    const kept = visit(substitution.in(node), substitution);
    if (kept !== null) nodes.push(kept);
  }
  return { ...graph, nodes, outputs: graph.outputs.map((value) => substitution.of(value)) };
}
