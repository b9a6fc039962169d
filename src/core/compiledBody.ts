/**
 * @file Bodies of loops and branches as programs of their own, for the ops that run them one by one.
 */
import type { Graph } from "../ir/graph.js";
import { compileTask, type Executable } from "./compiler.js";
import type { Op } from "./op.js";

const programs = new WeakMap<Graph<Op>, Executable>();

/** The program of a body, compiled once. */
export function compiledBody(name: string, graph: Graph<Op>): Executable {
  let program = programs.get(graph);
  if (program === undefined)
    programs.set(graph, (program = compileTask({ name, graph, variables: [], updated: [] })));
  return program;
}
