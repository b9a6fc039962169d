/**
 * @file A function written down: its graph, and, where the function ended, the graph of its gradient. Sizes may be open.
 */
import type { GraphNode, GraphValue } from "../ir/graph.js";
import type { SizeScope } from "../ir/openSize.js";
import type { Task } from "./compiler.js";
import { isTrainable } from "./dtype.js";
import { ValueError } from "./errors.js";
import type { Grad, Op } from "./op.js";
import { checkSynchronous, withoutRecording } from "./recorder.js";
import type { Spec } from "./spec.js";
import { GradientTape } from "./tape.js";
import { Operand, type Tensor } from "./tensor.js";
import { type TracedTensor, type TraceResult, Tracer } from "./tracer.js";
import { flattenTree } from "./tree.js";
import type { Variable } from "./variable.js";

type Nodes = readonly GraphNode<Op>[];

/** A gradient as two programs: forward with what backward needs, and backward. */
export interface GradientTrace {
  readonly forward: Task;
  readonly backward: Task;
  /** Which results count: those gradients flow through. */
  readonly targets: readonly number[];
  /** Variables that only the gradient reads, in the order of their inputs. */
  readonly reads: readonly Variable[];
  /** Gradient of each argument and variable; null for none. */
  readonly gradients: readonly (GraphValue | null)[];
  /** The whole as one list of nodes; what stands for the results' gradients, and for the variables that it reads. */
  readonly nodes: Nodes;
  readonly constants: Task["graph"]["constants"];
  readonly dys: readonly GraphValue[];
  readonly readValues: readonly GraphValue[];
}

export class FunctionTrace {
  readonly name: string;
  readonly inputSpecs: readonly Spec[];
  /** The open sizes; null if all are known. */
  readonly scope: SizeScope | null;
  readonly task: Task;
  /** What the function returned, and those leaves of it that are tensors. */
  readonly result: unknown;
  readonly outputs: readonly Tensor[];
  readonly #tracer: Tracer<Variable>;
  readonly #tape = new GradientTape({ persistent: true });
  readonly #trace: TraceResult<unknown, Variable>;
  readonly #args: readonly TracedTensor[];
  /** By the tensors from outside that gradients are wanted for; null where the gradient needs a number for an open size. */
  readonly #gradients = new Map<string, GradientTrace | null>();

  /**
   * Traces a function.
   *
   * @param specs      what its tensors will be, in the order of its argument's leaves
   * @param callWith   calls the function with tensors in those places
   * @param scope      what sizes in the specs belong to that are open
   */
  constructor(
    name: string,
    specs: readonly Spec[],
    callWith: (tensors: readonly Tensor[]) => unknown,
    scope: SizeScope | null = null,
  ) {
    this.name = name;
    this.inputSpecs = specs;
    this.scope = scope;
    const watch = (tensor: Tensor): void => {
      if (isTrainable(tensor.dtype)) this.#tape.watch(tensor);
    };
    // Frozen variables and tensors of a closure too: a tape outside may watch them.
    const tracer = new Tracer<Variable>(watch);
    this.#tracer = tracer;
    this.#args = specs.map((spec) => tracer.input(spec));
    const body = (): { result: unknown; outputs: Tensor[] } => {
      this.#args.forEach(watch);
      const result = callWith(this.#args);
      checkSynchronous(result, `tf.function ${name}`);
      return { result, outputs: operandsOf(result).map((leaf) => leaf.current()) };
    };
    const trace = tracer.trace(() => withoutRecording(() => this.#tape.record(body)));
    this.#trace = trace;
    this.result = trace.result.result;
    this.outputs = trace.result.outputs;
    this.task = this.#taskOf(this.outputs.map((output) => tracer.valueOf(output)));
  }

  /** Variables that were made while tracing. */
  get created(): readonly Variable[] {
    return this.#tracer.created;
  }

  /** Tensors from outside whose values became constants. */
  get captures(): readonly Tensor[] {
    return this.#tracer.captures;
  }

  /** What stands for such a tensor. */
  valueOf(capture: Tensor): GraphValue {
    return this.#tracer.valueOf(capture);
  }

  #taskOf(results: readonly GraphValue[]): Task {
    const { nodes, constants, reads, updates } = this.#trace;
    return {
      name: this.name,
      graph: {
        inputs: [...this.#args.map(({ value }) => value), ...reads.map(({ value }) => value)],
        nodes,
        constants,
        outputs: [...results, ...updates.map(({ value }) => value)],
      },
      variables: reads.map(({ variable }) => variable),
      updated: updates.map(({ variable }) => variable),
    };
  }

  /** The gradient; null if it needs a number for an open size. */
  gradient(watched: readonly Tensor[]): GradientTrace | null {
    const key = watched.map(({ id }) => id).join();
    let known = this.#gradients.get(key);
    if (known === undefined) {
      const make = (): GradientTrace => this.#differentiate(watched);
      known = this.scope === null ? make() : this.scope.attempt(make);
      this.#gradients.set(key, known);
    }
    return known;
  }

  /** Goes on tracing where the function ended: its gradient, and what that needs of the forward pass. */
  #differentiate(watched: readonly Tensor[]): GradientTrace {
    const { outputs } = this;
    const targets = outputs.map((_, k) => k).filter((k) => isTrainable(outputs[k]!.dtype));
    const sources = [...this.#args, ...this.#trace.reads.map(({ tensor }) => tensor), ...watched];
    const continued = this.#tracer.trace(() => {
      const dys = targets.map((k) => this.#tracer.input(outputs[k]!.spec));
      const grads = withoutRecording(() =>
        this.#tape.gradient(
          targets.map((k) => outputs[k]!),
          sources,
          { outputGradients: dys },
        ),
      ) as readonly (Grad | null)[];
      return { dys, grads: grads.map((grad) => grad?.asTensor() ?? null) };
    });
    const dys = continued.result.dys.map(({ value }) => value);
    const { added, constants, updates } = continued;
    if (updates.length > 0) throw assignedInGradient(this.name, updates[0]!.variable);
    const reads = continued.reads.slice(this.#trace.reads.length);
    const readValues = reads.map(({ value }) => value);
    const gradients = continued.result.grads.map((grad) => grad && this.#tracer.valueOf(grad));
    const wanted = gradients.filter((gradient) => gradient !== null);
    const residuals = valuesBetween(added, wanted, constants, [...dys, ...readValues]);
    const { graph } = this.task;
    const results = graph.outputs.slice(0, outputs.length);
    const newValues = graph.outputs.slice(outputs.length);
    return {
      targets,
      reads: reads.map(({ variable }) => variable),
      readValues,
      gradients,
      nodes: [...graph.nodes, ...added],
      constants,
      dys,
      forward: { ...this.task, graph: { ...graph, outputs: [...results, ...residuals, ...newValues] } },
      backward: {
        name: `gradient of ${this.name}`,
        graph: { inputs: [...residuals, ...dys, ...readValues], constants, nodes: added, outputs: wanted },
        variables: reads.map(({ variable }) => variable),
        updated: [],
      },
    };
  }
}

const operandsOf = (tree: unknown): Operand[] => flattenTree(tree).filter((leaf) => leaf instanceof Operand);

const assignedInGradient = (name: string, variable: Variable): ValueError =>
  new ValueError(
    `${name}: variable '${variable.name}' is assigned in a gradient function, which a tape outside ` +
      "cannot run as a program; put the tape into the traced function",
  );

/** What nodes and results use that is neither constant, nor made by the nodes, nor among the given inputs. */
function valuesBetween(
  nodes: Nodes,
  results: readonly GraphValue[],
  constants: ReadonlyMap<GraphValue, unknown>,
  given: readonly GraphValue[],
): GraphValue[] {
  const made = new Set<GraphValue>(given);
  const needed = new Set<GraphValue>();
  const need = (value: GraphValue): void => {
    if (!made.has(value) && !constants.has(value)) needed.add(value);
  };
  for (const { inputs, outputs } of nodes) {
    inputs.forEach(need);
    for (const output of outputs) made.add(output);
  }
  results.forEach(need);
  return [...needed];
}
