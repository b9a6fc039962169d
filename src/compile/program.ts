/**
 * @file Programs: what a graph is lowered to. Kernels over buffers, in order; and steps that only the host can do.
 */
import type { Op } from "../core/op.js";
import type { DType } from "../ir/dtype.js";
import type { ConstantData, Graph, GraphNode } from "../ir/graph.js";
import type { Kernel } from "../ir/kernel.js";

export type OpGraph = Graph<Op>;
export type OpNode = GraphNode<Op>;

/** An array of a program: `size` elements, row-major. Identity is the object. */
export interface Buffer {
  readonly dtype: DType;
  readonly size: number;
}

/** A kernel at work. */
export interface KernelStep {
  readonly kind: "kernel";
  readonly kernel: Kernel;
  /** One buffer per array: map: sources, targets; reduce: sources, extras, targets; contract: a, b, sources, targets. */
  readonly arrays: readonly Buffer[];
  /** The ops it computes, first to last: for printing, and for errors that name the op. */
  readonly nodes: readonly OpNode[];
}

/** An op that has no kernel as data: the host runs it on the buffers' values. */
export interface HostStep {
  readonly kind: "host";
  readonly node: OpNode;
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
}

export type Step = KernelStep | HostStep;

/** A whole program. Inputs are never written; outputs may be inputs, constants, or one buffer several times. */
export interface Program {
  readonly inputs: readonly Buffer[];
  readonly constants: ReadonlyMap<Buffer, ConstantData>;
  readonly steps: readonly Step[];
  readonly outputs: readonly Buffer[];
}

/** How many of a kernel step's arrays, from the front, are only read. */
export function readCount({ kernel }: KernelStep): number {
  const sources = kernel.sources.length;
  if (kernel.kind === "reduce") return sources + kernel.extras.length;
  return kernel.kind === "contract" ? sources + 2 : sources;
}
