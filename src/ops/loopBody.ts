/**
 * @file The body of a loop or a branch as a graph of its own, and its gradient as another.
 */
import { isTrainable } from "../core/dtype.js";
import { ValueError } from "../core/errors.js";
import type { Grad, Op } from "../core/op.js";
import { withoutRecording } from "../core/recorder.js";
import { constantTensor, type Environment, replay } from "../core/replay.js";
import { type Spec, specOfValue } from "../core/spec.js";
import { GradientTape } from "../core/tape.js";
import { Operand, type Tensor } from "../core/tensor.js";
import { Tracer } from "../core/tracer.js";
import { flattenTree } from "../core/tree.js";
import type { Variable } from "../core/variable.js";
import type { Graph, GraphValue } from "../ir/graph.js";

type OpGraph = Graph<Op>;

/** The gradient of a body. */
export interface BodyGradient {
  /** What the backward pass needs of the forward one. */
  readonly residuals: readonly GraphValue[];
  /** Inputs: residuals, captured values it needs, gradients of the float outputs. Outputs: gradients of float inputs. */
  readonly graph: OpGraph;
  /** Which captured inputs of the body the graph takes, by number. */
  readonly needed: readonly number[];
  /** Which outputs have gradients. */
  readonly targets: readonly number[];
  /** Which inputs get gradients, in the order of the graph's outputs. */
  readonly sources: readonly number[];
}

/** A body that has been traced. */
export class Body {
  readonly #tracer: Tracer<Variable>;
  readonly #tape = new GradientTape({ persistent: true });
  readonly #inputs: readonly Tensor[];
  readonly #outputs: readonly Tensor[];
  /** What the function gave. */
  readonly result: unknown;
  /** Tensors of the trace around that it uses: inputs behind its own. */
  readonly captured: readonly Tensor[];
  readonly graph: OpGraph;
  /** How many inputs are different in every round; the others are captured. */
  readonly #varying: number;
  #gradient: BodyGradient | null = null;

  /**
   * Traces a function.
   *
   * @param who    the function of the library that it is for
   * @param specs  its tensors: states and slices
   * @param f      gets tensors, gives a structure of them
   * @param varying  how many of its tensors are different in every round; default all
   * @throws {ValueError} it assigns a variable
   */
  constructor(
    who: string,
    specs: readonly Spec[],
    f: (tensors: readonly Tensor[]) => unknown,
    varying: number = specs.length,
  ) {
    this.#varying = varying;
    const watch = (tensor: Tensor): void => {
      if (isTrainable(tensor.dtype)) this.#tape.watch(tensor);
    };
    this.#tracer = new Tracer<Variable>(watch, true);
    const args = specs.map((spec) => this.#tracer.input(spec));
    const trace = this.#tracer.trace(() =>
      withoutRecording(() =>
        this.#tape.record(() => {
          args.forEach(watch);
          const result = f(args);
          const leaves = flattenTree(result).filter((leaf) => leaf instanceof Operand);
          return { result, outputs: leaves.map((leaf) => leaf.current()) };
        }),
      ),
    );
    this.result = trace.result.result;
    if (trace.updates.length > 0) {
      throw new ValueError(
        `${who}: variable '${trace.updates[0]!.variable.name}' is assigned in a traced body; make it one of the values ` +
          "that go from round to round, and assign it afterwards",
      );
    }
    const imports = [...this.#tracer.imports.keys()];
    this.captured = [...trace.reads.map(({ variable }) => variable.asTensor()), ...imports];
    this.#inputs = [...args, ...trace.reads.map(({ tensor }) => tensor), ...imports];
    this.#outputs = trace.result.outputs;
    this.graph = {
      inputs: this.#inputs.map((tensor) => this.#tracer.valueOf(tensor)),
      constants: trace.constants,
      nodes: trace.nodes,
      outputs: this.#outputs.map((tensor) => this.#tracer.valueOf(tensor)),
    };
  }

  /** A body that is a graph already: it is replayed. */
  static of(who: string, graph: OpGraph, varying?: number): Body {
    return new Body(who, graph.inputs.map(specOfValue), (inputs) => runGraph(graph, inputs), varying);
  }

  /**
   * Forward and backward in one: from the inputs and the gradients of the float outputs to the gradients of the inputs that
   * have any.
   */
  get pullback(): OpGraph {
    const { graph, targets } = this.gradient;
    const dys = graph.inputs.slice(graph.inputs.length - targets.length);
    return {
      inputs: [...this.graph.inputs, ...dys],
      constants: graph.constants,
      nodes: [...this.graph.nodes, ...graph.nodes],
      outputs: graph.outputs,
    };
  }

  /** Runs the backward pass on tensors: residuals, captured values it needs, gradients of the float outputs. */
  pull(residuals: readonly Tensor[], captured: readonly Tensor[], dys: readonly Tensor[]): Tensor[] {
    return runGraph(this.gradient.graph, [...residuals, ...captured, ...dys]);
  }

  /** Runs the body on tensors for its inputs. */
  replay(given: readonly Tensor[]): Tensor[] {
    return runGraph(this.graph, given);
  }

  get gradient(): BodyGradient {
    this.#gradient ??= this.#differentiate();
    return this.#gradient;
  }

  #differentiate(): BodyGradient {
    const outputs = this.#outputs;
    const floats = outputs.map((_, k) => k).filter((k) => isTrainable(outputs[k]!.dtype));
    const before = this.graph.nodes.length;
    const traced = this.#tracer.trace(() => {
      const dys = floats.map((k) => this.#tracer.input(outputs[k]!.spec));
      const targets = floats.map((k) => outputs[k]!);
      const grads = withoutRecording(() =>
        this.#tape.gradient(targets, [...this.#inputs], { outputGradients: dys }),
      ) as readonly (Grad | null)[];
      return { dys, grads: grads.map((grad) => grad?.asTensor() ?? null) };
    });
    const { dys, grads } = traced.result;
    const sources = grads.map((_, i) => i).filter((i) => grads[i] !== null);
    const nodes = traced.nodes.slice(before);
    const results = sources.map((i) => this.#tracer.valueOf(grads[i]!));
    const given = dys.map(({ value }) => value);
    const used = valuesUsed(nodes, results, new Set([...traced.constants.keys(), ...given]));
    const inputs = this.graph.inputs;
    const needed = inputs.map((_, i) => i).filter((i) => i >= this.#varying && used.has(inputs[i]!));
    for (const i of needed) used.delete(inputs[i]!);
    const residuals = [...used];
    return {
      residuals,
      needed,
      targets: floats,
      sources,
      graph: {
        inputs: [...residuals, ...needed.map((i) => inputs[i]!), ...given],
        constants: traced.constants,
        nodes,
        outputs: results,
      },
    };
  }
}

/** Runs a graph op by op. */
function runGraph(graph: OpGraph, given: readonly Tensor[]): Tensor[] {
  const environment: Environment = new Map();
  for (const [i, value] of graph.inputs.entries()) environment.set(value, given[i]!);
  replay(graph.nodes, graph.constants, environment);
  return graph.outputs.map(
    (value) => environment.get(value) ?? constantTensor(value, graph.constants.get(value)!),
  );
}

/** What nodes and results use and the nodes do not make. */
function valuesUsed(
  nodes: OpGraph["nodes"],
  results: readonly GraphValue[],
  made: Set<GraphValue>,
): Set<GraphValue> {
  const used = new Set<GraphValue>();
  const use = (value: GraphValue): void => {
    if (!made.has(value)) used.add(value);
  };
  for (const { inputs, outputs } of nodes) {
    inputs.forEach(use);
    for (const output of outputs) made.add(output);
  }
  results.forEach(use);
  return used;
}
