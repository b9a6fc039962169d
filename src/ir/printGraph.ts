/**
 * @file Graphs as text: one line an op.
 */
import type { ConstantData, Graph, GraphValue } from "./graph.js";
import { isOpen } from "./openSize.js";

/** `float32[2, 3]`. */
const showValueType = ({ dtype, shape }: GraphValue): string =>
  `${dtype}[${shape.map((size) => (isOpen(size) ? "null" : size)).join(", ")}]`;

/** Names of values: `x0` for arguments, the variable's name for variables, `%0` for results. */
function nameValues(graph: Graph<{ name: string }>, variables: readonly string[]): Map<GraphValue, string> {
  const names = new Map<GraphValue, string>();
  const args = graph.inputs.length - variables.length;
  const used = new Set<string>();
  const unique = (name: string): string => {
    let free = name;
    for (let i = 1; used.has(free); i++) free = `${name}_${i}`;
    used.add(free);
    return free;
  };
  graph.inputs.forEach((value, i) => {
    names.set(value, unique(i < args ? `x${i}` : variables[i - args]!));
  });
  let next = 0;
  for (const { outputs } of graph.nodes) for (const value of outputs) names.set(value, `%${next++}`);
  return names;
}

function showNumber(value: number): string {
  return String(Number(value.toPrecision(9)));
}

/** A short array in full, a long one by its type. */
function showConstant(value: GraphValue, data: ConstantData): string {
  if (isOpen(data)) return "null";
  if (typeof data === "number")
    return value.size === 1 ? showNumber(data) : `${showValueType(value)} of ${showNumber(data)}`;
  const items = Array.from({ length: Math.min(value.size, 4) }, (_, i) => showNumber(data[i]!));
  return `${showValueType(value)} {${items.join(", ")}${value.size > 4 ? ", …" : ""}}`;
}

const isGraph = (value: unknown): value is Graph<{ name: string }> =>
  typeof value === "object" && value !== null && "nodes" in value && "constants" in value;

/** Graphs inside an op's attributes: bodies of loops, branches. */
function graphsIn(attrs: object): [string, Graph<{ name: string }>][] {
  return Object.entries(attrs).flatMap(([key, value]): [string, Graph<{ name: string }>][] => {
    if (isGraph(value)) return [[key, value]];
    const plain =
      typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
    return plain ? graphsIn(value) : [];
  });
}

/** What objects of the library's own would say is of no use to a reader. */
const isShown = (value: unknown): boolean =>
  (typeof value !== "object" && typeof value !== "function") ||
  value === null ||
  Array.isArray(value) ||
  isOpen(value) ||
  Object.getPrototypeOf(value) === Object.prototype;

function showAttribute(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(showAttribute).join(", ")}]`;
  if (typeof value === "number") return showNumber(value);
  if (isOpen(value)) return "null";
  if (isGraph(value)) return `(${value.nodes.length} ops)`;
  if (typeof value === "object" && value !== null) {
    if (Object.getPrototypeOf(value) !== Object.prototype) return String(value);
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}: ${showAttribute(item)}`)
      .join(", ")}}`;
  }
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

const indented = (text: string): string => text.replace(/^/gm, "    ");

/**
 * The text of a graph.
 *
 * @param name       of the function
 * @param variables  names of the last inputs, those that are variables
 */
export function printGraph(
  graph: Graph<{ name: string }>,
  name: string,
  variables: readonly string[] = [],
): string {
  const names = nameValues(graph, variables);
  const nameOf = (value: GraphValue): string =>
    names.get(value) ?? showConstant(value, graph.constants.get(value)!);
  const inputs = graph.inputs.map((value) => `${nameOf(value)}: ${showValueType(value)}`);
  const lines = graph.nodes.map(({ op, attrs, inputs: read, outputs, line }) => {
    const settings = Object.entries(attrs)
      .filter(([, value]) => isShown(value))
      .map(([key, value]) => `${key}=${showAttribute(value)}`);
    const results = outputs.map((value) => `${nameOf(value)}: ${showValueType(value)}`).join(", ");
    const where = line === null ? "" : `  // ${line}`;
    const inner = graphsIn(attrs).map(([key, body]) => `\n${indented(printGraph(body, key))}`);
    return `  ${results} = ${op.name}(${[...read.map(nameOf), ...settings].join(", ")})${where}${inner.join("")}`;
  });
  return [
    `${name}(${inputs.join(", ")}) {`,
    ...lines,
    `  return ${graph.outputs.map(nameOf).join(", ")}`,
    "}",
  ].join("\n");
}
