/**
 * @file Common subexpressions: of two ops that do the same to the same values, one is enough.
 */

import { attrsKey } from "../core/attrsKey.js";
import { identityOf } from "../core/identity.js";
import type { OpGraph, OpNode } from "./program.js";
import { rewritten } from "./rewrite.js";

export function commonSubexpressions(graph: OpGraph): OpGraph {
  const seen = new Map<string, OpNode>();
  return rewritten(graph, (node, substitution) => {
    if (node.op.effect) return node;
    const key = keyOf(node, graph);
    const known = seen.get(key);
    if (known === undefined) {
      seen.set(key, node);
      return node;
    }
    for (const [k, output] of node.outputs.entries()) substitution.replace(output, known.outputs[k]!);
    return null;
  });
}

/** Constants that are one number count by it: each line of a program makes its own. */
function keyOf(node: OpNode, { constants }: OpGraph): string {
  const inputs = node.inputs.map((input) => {
    const data = constants.get(input);
    if (typeof data !== "number") return identityOf(input);
    return `${input.dtype}[${input.shape.join()}]${Object.is(data, -0) ? "-0" : data}`;
  });
  const types = node.outputs.map(({ dtype, shape }) => `${dtype}[${shape.join()}]`);
  return `${identityOf(node.op)}(${inputs.join(";")})${attrsKey(node.attrs)}${types.join()}`;
}
