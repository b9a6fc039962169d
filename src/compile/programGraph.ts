/**
 * @file A program as a graph whose nodes are its kernels: for pictures.
 */
import type { KernelNode } from "../core/compiler.js";
import type { ConstantData, Graph, GraphNode, GraphValue } from "../ir/graph.js";
import { type Buffer, type Program, readCount, type Step } from "./program.js";

/** The kernels of a program and the arrays between them. Arrays of a program are flat, and so are the graph's. */
export function programGraph(program: Program): Graph<KernelNode> {
  const values = new Map<Buffer, GraphValue>();
  const valueFor = (buffer: Buffer): GraphValue => {
    let value = values.get(buffer);
    if (value === undefined) {
      value = { dtype: buffer.dtype, size: buffer.size, shape: [buffer.size] };
      values.set(buffer, value);
    }
    return value;
  };
  const constants = [...program.constants].map(([buffer, data]): [GraphValue, ConstantData] => [
    valueFor(buffer),
    data,
  ]);
  return {
    inputs: program.inputs.map(valueFor),
    constants: new Map(constants),
    nodes: program.steps.map((step) => nodeOf(step, valueFor)),
    outputs: program.outputs.map(valueFor),
  };
}

function nodeOf(step: Step, valueFor: (buffer: Buffer) => GraphValue): GraphNode<KernelNode> {
  if (step.kind === "host") {
    const { node, inputs, outputs } = step;
    const op = { name: "host", ops: [node.op.name] };
    return { op, attrs: {}, inputs: inputs.map(valueFor), outputs: outputs.map(valueFor), line: node.line };
  }
  const count = readCount(step);
  const op = { name: step.kernel.kind, ops: step.nodes.map((node) => node.op.name) };
  const reads = [...new Set(step.arrays.slice(0, count))];
  return {
    op,
    attrs: {},
    inputs: reads.map(valueFor),
    outputs: step.arrays.slice(count).map(valueFor),
    line: null,
  };
}
