/**
 * @file What turns a graph into something that runs. There is exactly one; the main door puts it in.
 */
import type { Graph } from "../ir/graph.js";
import type { Op } from "./op.js";
import type { Tensor } from "./tensor.js";
import type { Variable } from "./variable.js";

/** A graph, and what its inputs and outputs stand for. */
export interface Task {
  /** For messages. */
  readonly name: string;
  /** Inputs: arguments, then variables. Outputs: results, then new values of variables. */
  readonly graph: Graph<Op>;
  readonly variables: readonly Variable[];
  /** The variables that the last outputs belong to. */
  readonly updated: readonly Variable[];
}

/** A step of a program as a node of a graph: what kind of kernel it is, and the ops that it computes. */
export interface KernelNode {
  readonly name: string;
  readonly ops: readonly string[];
}

/** A compiled graph. */
export interface Executable {
  /** Runs it: reads the variables, gives the results, and gives the variables their new values when all went well. */
  run(args: readonly Tensor[]): Tensor[];
  /** The graph as it runs, and the kernels, as text. */
  describe(): string;
  /** Graphs after each pass, by the pass's name. */
  readonly passes: readonly { readonly name: string; readonly graph: Graph<Op> }[];
  /** What runs: its kernels and the arrays between them. */
  readonly kernels: Graph<KernelNode>;
  /** Bytes of scratch memory that a run needs at most. */
  readonly peakBytes: number;
}

export type Compile = (task: Task) => Executable;

let compiler: Compile = () => {
  throw new Error('no compiler is set up: import "nabla" before its parts');
};

export function installCompiler(compile: Compile): void {
  compiler = compile;
}

export const compileTask: Compile = (task) => compiler(task);
