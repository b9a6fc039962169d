/**
 * @file Lowers a graph: every op becomes kernels over buffers, by its kind alone.
 */
import type { ContractionOp } from "../core/op.js";
import { specOfValue } from "../core/spec.js";
import type { GraphValue } from "../ir/graph.js";
import { elementwiseStep } from "./lowerElementwise.js";
import { reduceStep } from "./lowerReduction.js";
import { viewSteps } from "./lowerView.js";
import type { Buffer, KernelStep, OpGraph, OpNode, Program, Step } from "./program.js";

/** The buffers of a graph's values. Values that are views of one row-major array share its buffer. */
class Buffers {
  readonly #of = new Map<GraphValue, Buffer>();

  of(value: GraphValue): Buffer {
    let buffer = this.#of.get(value);
    if (buffer === undefined) {
      buffer = { dtype: value.dtype, size: value.size };
      this.#of.set(value, buffer);
    }
    return buffer;
  }

  alias(value: GraphValue, buffer: Buffer): void {
    this.#of.set(value, buffer);
  }
}

/**
 * The program of a graph, one step or a few for each node.
 *
 * @throws {Error} a composite op, which the tracer should have replaced by its body
 */
export function lower(graph: OpGraph): Program {
  const buffers = new Buffers();
  const inputs = graph.inputs.map((value) => buffers.of(value));
  const constants = new Map([...graph.constants].map(([value, data]) => [buffers.of(value), data]));
  const steps = graph.nodes.flatMap((node, number) => nodeSteps(node, number, buffers));
  return { inputs, constants, steps, outputs: graph.outputs.map((value) => buffers.of(value)) };
}

function nodeSteps(node: OpNode, number: number, buffers: Buffers): Step[] {
  const { op } = node;
  const inputs = node.inputs.map((value) => buffers.of(value));
  if (op.kind === "composite") throw new Error(`lower: ${op.name} is composite; its body belongs here`);
  if (op.kind === "opaque") {
    return [{ kind: "host", node, inputs, outputs: node.outputs.map((value) => buffers.of(value)) }];
  }
  const specs = node.inputs.map(specOfValue);
  const output = node.outputs[0]!;
  if (op.kind === "view") {
    const plan = op.plan(specs, node.attrs, specOfValue(output));
    if (plan === "alias") {
      buffers.alias(output, inputs[0]!);
      return [];
    }
    return output.size === 0 ? [] : viewSteps(node, number, plan, inputs, buffers.of(output));
  }
  if (output.size === 0) return [];
  if (op.kind === "reduction") return [reduceStep(op, node, number, inputs[0]!, buffers.of(output))];
  if (op.kind === "contraction") return [contractStep(op, node, inputs, buffers.of(output))];
  return [elementwiseStep(op, node, number, inputs, buffers.of(output))];
}

function contractStep(
  op: ContractionOp,
  node: OpNode,
  inputs: readonly Buffer[],
  output: Buffer,
): KernelStep {
  const loops = op.loops(node.inputs.map(specOfValue), node.attrs);
  const { dtype } = output;
  const [a, b] = inputs as [Buffer, Buffer];
  return {
    kind: "kernel",
    kernel: {
      kind: "contract",
      dtype,
      a: { dtype: a.dtype, offset: 0 },
      b: { dtype: b.dtype, offset: 0 },
      loops: loops.map(({ role, size, a: moveA, b: moveB }) => ({ role, size, a: moveA, b: moveB })),
      sources: [],
      targets: [
        {
          dtype,
          offset: 0,
          strides: loops.map((loop) => loop.out),
          lane: { kind: "input", name: "sum", dtype },
        },
      ],
      params: {},
    },
    arrays: [a, b, output],
    nodes: [node],
  };
}
