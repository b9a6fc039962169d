/**
 * @file Numbers in the places of open sizes: from what was traced with open sizes to what is run for the sizes of a call.
 */
import type { ConstantData, Graph, GraphNode, GraphValue } from "../ir/graph.js";
import { isOpen } from "../ir/openSize.js";
import type { Task } from "./compiler.js";
import { storable } from "./convert.js";
import type { Op } from "./op.js";
import { type Shape, sizeOf } from "./shape.js";
import { Spec, specOf } from "./spec.js";
import { isPlainObject } from "./tree.js";

type OpGraph = Graph<Op>;

const isGraph = (value: object): value is OpGraph => "nodes" in value && "constants" in value;

/** The same list if nothing in it changed. */
function mapped<T>(list: readonly T[], f: (item: T) => T): readonly T[] {
  const made = list.map(f);
  return made.every((item, i) => item === list[i]) ? list : made;
}

/** The open sizes of one trace as numbers. What has no open size in it stays the object that it is. */
export class Sizes {
  readonly #values = new Map<GraphValue, GraphValue>();
  readonly #nodes = new Map<GraphNode<Op>, GraphNode<Op>>();
  readonly #graphs = new Map<OpGraph, OpGraph>();

  /** @param sizes  by the order in which the trace's sizes were opened */
  constructor(private readonly sizes: readonly number[]) {}

  size(size: number): number {
    return isOpen(size) ? size.at(this.sizes) : size;
  }

  shape(shape: Shape): Shape {
    return mapped(shape, (size) => this.size(size));
  }

  value(value: GraphValue): GraphValue {
    let known = this.#values.get(value);
    if (known === undefined) {
      const shape = this.shape(value.shape);
      known = shape === value.shape ? value : { shape, dtype: value.dtype, size: sizeOf(shape) };
      this.#values.set(value, known);
    }
    return known;
  }

  valueList(values: readonly GraphValue[]): readonly GraphValue[] {
    return mapped(values, (value) => this.value(value));
  }

  nodeList(nodes: readonly GraphNode<Op>[]): readonly GraphNode<Op>[] {
    return mapped(nodes, (node) => this.#node(node));
  }

  #node(node: GraphNode<Op>): GraphNode<Op> {
    let known = this.#nodes.get(node);
    if (known === undefined) {
      const inputs = this.valueList(node.inputs);
      const outputs = this.valueList(node.outputs);
      const attrs = this.plain(node.attrs) as GraphNode<Op>["attrs"];
      const isSame = inputs === node.inputs && outputs === node.outputs && attrs === node.attrs;
      known = isSame ? node : { ...node, attrs, inputs, outputs };
      this.#nodes.set(node, known);
    }
    return known;
  }

  constants(constants: OpGraph["constants"]): OpGraph["constants"] {
    const number = (value: GraphValue, data: ConstantData): ConstantData =>
      isOpen(data) ? storable(data.at(this.sizes), value.dtype) : data;
    return new Map([...constants].map(([value, data]) => [value, number(value, data)]));
  }

  graph(graph: OpGraph): OpGraph {
    let known = this.#graphs.get(graph);
    if (known === undefined) {
      known = {
        inputs: this.valueList(graph.inputs),
        constants: this.constants(graph.constants),
        nodes: this.nodeList(graph.nodes),
        outputs: this.valueList(graph.outputs),
      };
      this.#graphs.set(graph, known);
    }
    return known;
  }

  task(task: Task): Task {
    return { ...task, graph: this.graph(task.graph) };
  }

  /** Plain data, such as attributes: sizes, specs and graphs in it too. */
  plain(data: unknown): unknown {
    if (isOpen(data)) return data.at(this.sizes);
    if (Array.isArray(data)) return mapped(data, (item) => this.plain(item));
    if (data instanceof Spec) {
      const shape = this.shape(data.shape);
      return shape === data.shape ? data : specOf(shape, data.dtype);
    }
    if (!isPlainObject(data)) return data;
    if (isGraph(data)) return this.graph(data);
    const entries = Object.entries(data);
    const made = entries.map(([key, value]) => [key, this.plain(value)] as const);
    return made.every(([, value], i) => value === entries[i]![1]) ? data : Object.fromEntries(made);
  }
}
