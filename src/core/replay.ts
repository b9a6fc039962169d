/**
 * @file Runs a graph op by op, as if its function were called: for tapes that must see the ops, and where nothing is compiled.
 */
import type { ConstantData, Graph, GraphNode, GraphValue } from "../ir/graph.js";
import { apply, applyMany } from "./apply.js";
import { arrayConstructor, type TypedArray } from "./dtype.js";
import type { Op } from "./op.js";
import { specOfValue } from "./spec.js";
import { Tensor } from "./tensor.js";

/** Tensors by the value they stand for. */
export type Environment = Map<GraphValue, Tensor>;

/** A constant as a tensor. */
export function constantTensor(value: GraphValue, data: ConstantData): Tensor {
  const spec = specOfValue(value);
  if (typeof data !== "number") return new Tensor(data as TypedArray, spec);
  return new Tensor(spec.shape.length === 0 ? data : filledWith(data, value), spec);
}

function filledWith(number: number, { dtype, size }: GraphValue): TypedArray {
  return new (arrayConstructor(dtype))(size).fill(number);
}

/** Runs nodes; reads what they need from the environment and adds what they give. */
export function replay(
  nodes: readonly GraphNode<Op>[],
  constants: Graph<Op>["constants"],
  environment: Environment,
): void {
  const tensorOf = (value: GraphValue): Tensor => {
    let tensor = environment.get(value);
    if (tensor === undefined) {
      tensor = constantTensor(value, constants.get(value)!);
      environment.set(value, tensor);
    }
    return tensor;
  };
  for (const { op, attrs, inputs, outputs } of nodes) {
    const tensors = inputs.map(tensorOf);
    const results = op.multiple ? applyMany(op, tensors, attrs) : [apply(op, tensors, attrs)];
    outputs.forEach((value, k) => {
      environment.set(value, results[k]!);
    });
  }
}
