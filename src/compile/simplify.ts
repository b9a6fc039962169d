/**
 * @file Ops that change nothing go away: elementwise ops whose lane is their input, views that are their source.
 */

import { specOfValue } from "../core/spec.js";
import type { GraphValue } from "../ir/graph.js";
import { lane } from "../ir/lane.js";
import type { OpGraph, OpNode } from "./program.js";
import { rewritten } from "./rewrite.js";

export function simplify(graph: OpGraph): OpGraph {
  return rewritten(graph, (node, substitution) => {
    const source = unchangedSource(node);
    if (source === null) return node;
    substitution.replace(node.outputs[0]!, source);
    return null;
  });
}

/** The input that the node's only output equals in all: values, shape and dtype. */
function unchangedSource({ op, attrs, inputs, outputs }: OpNode): GraphValue | null {
  const [first] = inputs;
  const [output] = outputs;
  if (first === undefined || outputs.length !== 1 || op.effect || !sameType(first, output!)) return null;
  if (op.kind === "view") {
    const specs = inputs.map(specOfValue);
    return op.plan(specs, attrs, specOfValue(output!)) === "alias" ? first : null;
  }
  if (op.kind !== "elementwise" || inputs.length !== 1) return null;
  const name = op.inputs[0]!;
  const body = op.lane({ [name]: lane.input(name) }, attrs);
  const sameCast = body.kind === "cast" && body.x.kind === "input" && body.to === first.dtype;
  return body.kind === "input" || sameCast ? first : null;
}

const sameType = (a: GraphValue, b: GraphValue): boolean =>
  a.dtype === b.dtype && a.shape.length === b.shape.length && a.shape.every((size, i) => size === b.shape[i]);
