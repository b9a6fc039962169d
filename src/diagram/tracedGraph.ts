/**
 * @file A traced function as a picture: arguments and variables at the top, ops or kernels below them, results at the bottom.
 */
import { ValueError } from "../core/errors.js";
import type { TracedGraph } from "../core/function.js";
import { showShape } from "../core/shape.js";
import type { Graph, GraphNode, GraphValue } from "../ir/graph.js";
import { box, boxGraph, colors, shortPlace } from "./look.js";
import { Picture } from "./picture.js";

/** How a traced function is drawn. */
export interface PlotGraphOptions {
  /**
   * Which state of it: "traced" (default), what a pass over the graph left ("prune", "simplify", "common
   * subexpressions"), or "kernels" for what runs.
   */
  pass?: string;
  /** Shapes on the edges and in the boxes of inputs and results; default true. Arrays between kernels are flat. */
  showShapes?: boolean;
  /** Element types beside the shapes; default false. */
  showDtype?: boolean;
  /** The line that made each op, where it is known; default true. */
  showLines?: boolean;
  /** The largest number of ops that is drawn; default 300. */
  maxOps?: number;
}

/** What all nodes have in common; ops name their inputs, kernels name the ops they compute. */
interface Drawable {
  readonly name: string;
  readonly inputs?: readonly string[];
  readonly variadic?: boolean;
  readonly ops?: readonly string[];
}

/**
 * A picture of a traced function: arguments, variables, ops and results, before or after the compiler's passes. It
 * displays itself in a notebook.
 *
 * @param f        a `tf.function` that has been called, or one of its concrete functions
 * @param options  which pass, shapes, lines
 * @throws {ValueError} the function has not been traced, there is no such pass, or more than `maxOps` ops
 * @example
 * const f = tf.function((x: tf.Tensor) => tf.exp(x).mul(x), { name: "f" });
 * f(tf.constant([1, 2])).shape // [ 2 ]
 * tf.plotGraph(f) // <Picture of f, traced, 2 ops>
 * tf.plotGraph(f, { pass: "kernels" }) // <Picture of f, kernels, 1 kernel>
 */
export function plotGraph(f: { readonly graph: TracedGraph }, options: PlotGraphOptions = {}): Picture {
  const { concrete } = f.graph;
  const { pass = "traced", maxOps = 300 } = options;
  const graph = graphAfter(concrete, pass);
  const count = graph.nodes.length;
  if (count > maxOps)
    throw new ValueError(`plotGraph: ${concrete.name} has ${count} ops, more than maxOps (${maxOps})`);
  const drawing = new GraphDrawing(graph, concrete, options);
  const what = pass === "kernels" ? "kernel" : "op";
  return new Picture(drawing.draw(), `${concrete.name}, ${pass}, ${count} ${what}${count === 1 ? "" : "s"}`);
}

type Traced = TracedGraph["concrete"];

function graphAfter(concrete: Traced, pass: string): Graph<Drawable> {
  if (pass === "traced") return concrete.graph;
  const { executable } = concrete;
  if (pass === "kernels") return executable.kernels;
  const found = executable.passes.find(({ name }) => name === pass);
  if (found !== undefined) return found.graph;
  const names = ["traced", ...executable.passes.map(({ name }) => name), "kernels"];
  throw new ValueError(
    `plotGraph: no pass "${pass}"; there are ${names.map((name) => `"${name}"`).join(", ")}`,
  );
}

/** Ops of a kernel in one line of its box. */
const OPS_IN_LINE = 4;

class GraphDrawing {
  readonly #picture = boxGraph();
  /** Which box a value comes out of. */
  readonly #sources = new Map<GraphValue, string>();

  constructor(
    private readonly graph: Graph<Drawable>,
    private readonly concrete: Traced,
    private readonly options: PlotGraphOptions,
  ) {}

  draw(): ReturnType<typeof boxGraph> {
    const { inputs, nodes, outputs } = this.graph;
    const { variables, updated } = this.concrete;
    const args = inputs.length - variables.length;
    const results = outputs.length - updated.length;
    for (const [i, value] of inputs.entries())
      this.#drawInput(`input ${i}`, i < args ? `x${i}` : variables[i - args]!.name, value);
    for (const [i, node] of nodes.entries()) this.#drawNode(`op ${i}`, node);
    for (const [i, value] of outputs.entries())
      this.#drawResult(
        `result ${i}`,
        i < results ? "result" : `${updated[i - results]!.name} becomes`,
        value,
      );
    return this.#picture;
  }

  #drawInput(id: string, title: string, value: GraphValue): void {
    this.#sources.set(value, id);
    this.#picture.node(id, { label: box(colors.input, title, this.#below(value)) });
  }

  #drawNode(id: string, { op, inputs, outputs, line }: GraphNode<Drawable>): void {
    const below = [...linesOf(op.ops ?? []), ...this.#place(line)];
    const look = op.ops === undefined ? colors.op : colors.block;
    this.#picture.node(id, { label: box(look, op.name, below, this.#ports(op, inputs)) });
    for (const [i, value] of inputs.entries())
      this.#connect(value, id, inputs.length === 1 || op.inputs === undefined ? undefined : String(i));
    for (const value of outputs) this.#sources.set(value, id);
  }

  /** Which input is which, where that can be asked; constants stand there themselves. */
  #ports(op: Drawable, inputs: readonly GraphValue[]): string[] {
    const constant = (value: GraphValue): string | null =>
      this.graph.constants.has(value) ? this.#constantText(value) : null;
    if (op.inputs === undefined) return inputs.map(constant).filter((text) => text !== null);
    if (inputs.length === 1 && constant(inputs[0]!) === null) return [];
    return inputs.map((value, i) => constant(value) ?? (op.variadic ? String(i) : op.inputs![i]!));
  }

  #constantText(value: GraphValue): string {
    if (value.size !== 1) return `constant ${showShape(value.shape)}`;
    const data = this.graph.constants.get(value)!;
    return String(Number((typeof data === "number" ? data : data[0]!).toPrecision(6)));
  }

  #connect(value: GraphValue, to: string, port?: string): void {
    const from = this.#sources.get(value);
    if (from === undefined) return;
    const label = from.startsWith("input") ? "" : this.#describe(value);
    this.#picture.edge(from, to, label === "" ? {} : { label: ` ${label} ` }, port);
  }

  #drawResult(id: string, title: string, value: GraphValue): void {
    const constant = this.graph.constants.has(value) ? [this.#constantText(value)] : [];
    this.#picture.node(id, { label: box(colors.result, title, [...constant, ...this.#below(value)]) });
    const from = this.#sources.get(value);
    if (from !== undefined) this.#picture.edge(from, id);
  }

  /** The line that made an op: `file:line` in the graph. */
  #place(line: string | null): string[] {
    if (line === null || this.options.showLines === false) return [];
    const colon = line.lastIndexOf(":");
    return [shortPlace(line.slice(0, colon), Number(line.slice(colon + 1)))];
  }

  #below(value: GraphValue): string[] {
    const text = this.#describe(value);
    return text === "" ? [] : [text];
  }

  #describe({ dtype, shape }: GraphValue): string {
    const { showShapes = true, showDtype = false } = this.options;
    return [showDtype ? dtype : "", showShapes ? showShape(shape) : ""].join(" ").trim();
  }
}

function linesOf(ops: readonly string[]): string[] {
  const count = Math.ceil(ops.length / OPS_IN_LINE);
  return Array.from({ length: count }, (_, i) => ops.slice(i * OPS_IN_LINE, (i + 1) * OPS_IN_LINE).join(" "));
}
