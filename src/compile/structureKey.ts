/**
 * @file A graph's structure as text: graphs with equal texts have one program, whatever instance of a model they come from.
 */

import { attrsKey } from "../core/attrsKey.js";
import { identityOf } from "../core/identity.js";
import type { ConstantData, GraphValue } from "../ir/graph.js";
import type { OpGraph } from "./program.js";

/** Constants up to this size are part of the structure; of larger ones only the type is, and their values may differ. */
const INLINE = 64;

const typeKey = ({ dtype, shape }: GraphValue): string => `${dtype}[${shape.join()}]`;

function constantKey(value: GraphValue, data: ConstantData, anyLarge: boolean): string {
  if (typeof data === "number") return `${typeKey(value)}=${Object.is(data, -0) ? "-0" : data}`;
  if (value.size <= INLINE)
    return `${typeKey(value)}=${Array.from(data, (x) => (Object.is(x, -0) ? "-0" : x)).join()}`;
  return anyLarge ? typeKey(value) : `${typeKey(value)}#${identityOf(data as object)}`;
}

/**
 * The text of a graph.
 *
 * @param anyLarge  whether large constants count by their type alone; if not, by identity
 */
export function structureKey(graph: OpGraph, anyLarge = true): string {
  const numbers = new Map<GraphValue, number>();
  const parts: string[] = [];
  const name = (value: GraphValue): void => {
    numbers.set(value, numbers.size);
  };
  for (const value of graph.inputs) {
    name(value);
    parts.push(typeKey(value));
  }
  for (const [value, data] of graph.constants) {
    name(value);
    parts.push(constantKey(value, data, anyLarge));
  }
  const graphKey = (inner: OpGraph): string => structureKey(inner, false);
  for (const { op, attrs, inputs, outputs } of graph.nodes) {
    const read = inputs.map((value) => numbers.get(value)).join();
    parts.push(`${identityOf(op)}(${read})${attrsKey(attrs, graphKey)}${outputs.map(typeKey).join()}`);
    outputs.forEach(name);
  }
  parts.push(graph.outputs.map((value) => numbers.get(value)).join());
  return parts.join(";");
}
