/**
 * @file Steps that map: a kernel at one node, and the lanes that views need.
 */
import type { DType } from "../ir/dtype.js";
import type { MapKernel } from "../ir/kernel.js";
import type { TypedLane } from "../ir/typedLane.js";
import type { Buffer, KernelStep, OpNode } from "./program.js";

export const mapStep = (kernel: MapKernel, arrays: readonly Buffer[], node: OpNode): KernelStep => ({
  kind: "kernel",
  kernel,
  arrays,
  nodes: [node],
});

/** The name of an op's input in its kernel: no two in a program are the same, so that lanes can be joined as they are. */
export const inputName = (number: number, input: number): string => `n${number}_${input}`;

/** The lane of a copy: the one source as it is. */
export const copyLane = (name: string, dtype: DType): TypedLane => ({ kind: "input", name, dtype });
