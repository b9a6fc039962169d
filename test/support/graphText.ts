/**
 * @file Graphs as text by which two are compared: every op, attribute, shape and constant, with what depends on constants alone
 * computed — a trace with open sizes leaves that to the program, a trace with numbers does it at once.
 */
import { attrsKey } from "../../src/compile/attrsKey.js";
import { applyMany } from "../../src/core/apply.js";
import { identityOf } from "../../src/core/identity.js";
import type { Op } from "../../src/core/op.js";
import { constantTensor } from "../../src/core/replay.js";
import { specOfValue } from "../../src/core/spec.js";
import type { Tensor } from "../../src/core/tensor.js";
import type { Graph, GraphValue } from "../../src/ir/graph.js";

type OpGraph = Graph<Op>;

const showConstant = (tensor: Tensor): string =>
  `${tensor.spec}=${Array.from(tensor.storage, (x) => (Object.is(x, -0) ? "-0" : x)).join()}`;

/** The text of a graph, a line for each op. */
export function graphText(graph: OpGraph): string {
  const names = new Map<GraphValue, string>();
  const known = new Map<GraphValue, Tensor>();
  for (const [value, data] of graph.constants) known.set(value, constantTensor(value, data));
  for (const value of graph.inputs) names.set(value, `x${names.size}`);
  const nameOf = (value: GraphValue): string => {
    const constant = known.get(value);
    return constant === undefined ? names.get(value)! : showConstant(constant);
  };
  const lines = graph.inputs.map((value) => `${nameOf(value)}: ${specOfValue(value)}`);
  for (const { op, attrs, inputs, outputs } of graph.nodes) {
    if (!op.effect && inputs.length > 0 && inputs.every((value) => known.has(value))) {
      const results = [
        applyMany(
          op,
          inputs.map((value) => known.get(value)!),
          attrs,
        ),
      ].flat();
      for (const [k, value] of outputs.entries()) known.set(value, results[k]!);
      continue;
    }
    for (const value of outputs) names.set(value, `%${names.size}`);
    const results = outputs.map((value) => `${nameOf(value)}: ${specOfValue(value)}`);
    const settings = attrsKey(attrs, (inner) => `(${graphText(inner)})`);
    lines.push(`${results.join()} = ${op.name}#${identityOf(op)}(${inputs.map(nameOf).join()}) ${settings}`);
  }
  return [...lines, `return ${graph.outputs.map(nameOf).join()}`].join("\n");
}
