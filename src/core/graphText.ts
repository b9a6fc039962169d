/**
 * @file Graphs as text by which two are compared: every op, attribute, shape and constant, with what depends on constants alone
 * computed — a trace with open sizes leaves that to the program, a trace with numbers does it at once.
 */
import type { Graph, GraphValue } from "../ir/graph.js";
import { applyMany } from "./apply.js";
import { attrsKey } from "./attrsKey.js";
import { identityOf } from "./identity.js";
import type { Op } from "./op.js";
import { constantTensor } from "./replay.js";
import { specOfValue } from "./spec.js";
import type { Tensor } from "./tensor.js";

type OpGraph = Graph<Op>;

/** Constants beyond this size are written as a sum over their numbers and places. */
const LONGEST = 4096;

function showConstant({ spec, storage }: Tensor): string {
  if (storage.length <= LONGEST)
    return `${spec}=${Array.from(storage, (x) => (Object.is(x, -0) ? "-0" : x)).join()}`;
  let sum = 0;
  for (let i = 0; i < storage.length; i++) sum += storage[i]! * (1 + (i % 8191));
  return `${spec} of sum ${sum}`;
}

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
