/**
 * @file The body of a loop or a branch as a graph of its own, and its gradient as another.
 */
import { isTrainable } from "../core/dtype.js";
import { ValueError } from "../core/errors.js";
import type { Grad, Op } from "../core/op.js";
import { listenToReads, type Watchable, withoutRecording } from "../core/recorder.js";
import { constantTensor, type Environment, replay } from "../core/replay.js";
import { type Spec, specOfValue } from "../core/spec.js";
import { GradientTape } from "../core/tape.js";
import { Operand, type Tensor } from "../core/tensor.js";
import { activeTracer, type TraceResult, Tracer } from "../core/tracer.js";
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

/** The bodies that graphs were traced as: attributes of ops are plain data. */
const bodies = new WeakMap<OpGraph, Body>();

export interface BodyOptions {
  /** How many of its tensors are states, and how many of its results their next values; default all. */
  readonly states?: number;
  /** How many of its tensors are different in every round; default all. */
  readonly varying?: number;
}

/** What a trace of a body gave. */
interface Traced {
  readonly result: unknown;
  readonly outputs: readonly Tensor[];
  /** Variables that were assigned, with their new values. */
  readonly assigned: ReadonlyMap<Variable, Tensor>;
}

/**
 * A body that has been traced. Variables that it assigns are states too, behind its others: they come in and go out. That is
 * what a loop needs; for branches and conditions see `arrange`.
 */
export class Body {
  readonly #tracer: Tracer<Variable>;
  readonly #tape = new GradientTape({ persistent: true });
  readonly #args: readonly Tensor[];
  readonly #trace: TraceResult<Traced, Variable>;
  /** How many of the function's own tensors are states, and how many differ in every round. */
  readonly #states: number;
  readonly #varying: number;
  #inputs: readonly Tensor[] = [];
  #outputs: readonly Tensor[] = [];
  #graph: OpGraph = null as unknown as OpGraph;
  /** How many inputs are different in every round; the others are captured. */
  #changing = 0;
  #captured: readonly Tensor[] = [];
  #gradient: BodyGradient | null = null;

  /**
   * Traces a function.
   *
   * @param specs  its tensors: states, then slices, then what is the same in every round
   * @param f      gets tensors, gives a structure of them
   */
  constructor(
    specs: readonly Spec[],
    f: (tensors: readonly Tensor[]) => unknown,
    { states = specs.length, varying = specs.length }: BodyOptions = {},
  ) {
    this.#states = states;
    this.#varying = varying;
    this.#tracer = new Tracer<Variable>((tensor) => this.#watch(tensor), true);
    this.#args = specs.map((spec) => this.#tracer.input(spec));
    const read = new Set<Watchable>();
    this.#trace = listenToReads(
      (variable) => read.add(variable),
      () => this.#tracer.trace(() => withoutRecording(() => this.#tape.record(() => this.#run(f)))),
    );
    // The trace around, and the tapes there, see what goes on in here: reads, and variables that are made.
    for (const variable of read) (variable as Variable).asTensor();
    activeTracer()?.created.push(...this.#tracer.created);
    this.arrange(this.assigned, this.assigned);
  }

  #watch(tensor: Tensor): void {
    if (isTrainable(tensor.dtype)) this.#tape.watch(tensor);
  }

  #run(f: (tensors: readonly Tensor[]) => unknown): Traced {
    for (const arg of this.#args) this.#watch(arg);
    const result = f(this.#args);
    const leaves = flattenTree(result).filter((leaf) => leaf instanceof Operand);
    const outputs = leaves.map((leaf) => leaf.current());
    const assigned = new Map(this.#tracer.assigned.map((variable) => [variable, variable.current()]));
    return { result, outputs, assigned };
  }

  /** What the function gave. */
  get result(): unknown {
    return this.#trace.result.result;
  }

  /** Variables that the function assigns. */
  get assigned(): readonly Variable[] {
    return [...this.#trace.result.assigned.keys()];
  }

  get graph(): OpGraph {
    return this.#graph;
  }

  /** Tensors of the trace around that it uses: inputs behind its own. */
  get captured(): readonly Tensor[] {
    return this.#captured;
  }

  /**
   * Says which variables are inputs behind the states, and which are outputs behind the states' next values. A variable that
   * the function does not assign goes out as it came in.
   */
  arrange(taken: readonly Variable[], given: readonly Variable[]): this {
    const { outputs, assigned } = this.#trace.result;
    const { reads } = this.#tracer.trace(() => [...taken, ...given].map((variable) => variable.current()));
    const tensors = new Map(reads.map(({ variable, tensor }) => [variable, tensor]));
    const tensorOf = (variable: Variable): Tensor => tensors.get(variable)!;
    const others = [...tensors.keys()].filter((variable) => !taken.includes(variable));
    const imports = [...this.#tracer.imports.keys()];
    const states = this.#states;
    this.#captured = [...others.map((variable) => variable.current()), ...imports];
    this.#changing = this.#varying + taken.length;
    this.#inputs = [
      ...this.#args.slice(0, states),
      ...taken.map(tensorOf),
      ...this.#args.slice(states),
      ...others.map(tensorOf),
      ...imports,
    ];
    this.#outputs = [
      ...outputs.slice(0, states),
      ...given.map((variable) => assigned.get(variable) ?? tensorOf(variable)),
      ...outputs.slice(states),
    ];
    this.#graph = {
      inputs: this.#inputs.map((tensor) => this.#tracer.valueOf(tensor)),
      constants: this.#trace.constants,
      nodes: this.#trace.nodes,
      outputs: this.#outputs.map((tensor) => this.#tracer.valueOf(tensor)),
    };
    bodies.set(this.#graph, this);
    return this;
  }

  /** The body that a graph was traced as; a graph that was put together otherwise is replayed. */
  static of(graph: OpGraph, options?: BodyOptions): Body {
    const known = bodies.get(graph);
    if (known !== undefined) return known;
    const body = new Body(graph.inputs.map(specOfValue), (inputs) => runGraph(graph, inputs), options);
    bodies.set(graph, body);
    return body;
  }

  /** Forward and backward in one: from inputs and the gradients of the float outputs to the gradients that `sources` names. */
  pullback(inputs: readonly Tensor[], dys: readonly Tensor[]): Tensor[] {
    const { graph, targets } = this.gradient;
    const seeds = graph.inputs.slice(graph.inputs.length - targets.length);
    const nodes = [...this.graph.nodes, ...graph.nodes];
    return runGraph({ ...graph, inputs: [...this.graph.inputs, ...seeds], nodes }, [...inputs, ...dys]);
  }

  /** Runs the backward pass on tensors: residuals, captured values it needs, gradients of the float outputs. */
  pull(residuals: readonly Tensor[], captured: readonly Tensor[], dys: readonly Tensor[]): Tensor[] {
    return runGraph(this.gradient.graph, [...residuals, ...captured, ...dys]);
  }

  get gradient(): BodyGradient {
    this.#gradient ??= this.#differentiate();
    return this.#gradient;
  }

  #differentiate(): BodyGradient {
    const outputs = this.#outputs;
    const floats = outputs.map((_, k) => k).filter((k) => isTrainable(outputs[k]!.dtype));
    const traced = this.#tracer.trace(() => {
      const dys = floats.map((k) => this.#tracer.input(outputs[k]!.spec));
      const targets = floats.map((k) => outputs[k]!);
      const grads = withoutRecording(() =>
        this.#tape.gradient(targets, [...this.#inputs], { outputGradients: dys }),
      ) as readonly (Grad | null)[];
      return { dys, grads: grads.map((grad) => grad?.asTensor() ?? null) };
    });
    const { dys, grads } = traced.result;
    this.#checkGradient(traced);
    // What a variable held before is the variable, as tapes see it: its gradient counts once.
    const slots = this.#inputs.map((tensor) => this.#tape.slotOf(tensor));
    const sources = grads.map((_, i) => i).filter((i) => grads[i] !== null && slots.indexOf(slots[i]!) === i);
    const nodes = traced.added;
    const results = sources.map((i) => this.#tracer.valueOf(grads[i]!));
    const given = dys.map(({ value }) => value);
    const used = valuesUsed(nodes, results, new Set([...traced.constants.keys(), ...given]));
    const inputs = this.graph.inputs;
    const needed = inputs.map((_, i) => i).filter((i) => i >= this.#changing && used.has(inputs[i]!));
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

  /** The op has run when its gradient is asked for: what that needs must have gone in. */
  #checkGradient({ updates, reads }: TraceResult<unknown, Variable>): void {
    const refuse = (what: string, remedy: string): never => {
      throw new ValueError(`a gradient function in the body of a traced loop or branch ${what}; ${remedy}`);
    };
    const [assigned] = updates;
    if (assigned !== undefined)
      refuse(`assigns variable '${assigned.variable.name}'`, "assign it in the body");
    const tensors = [...reads.map(({ tensor }) => tensor), ...this.#tracer.imports.keys()];
    const late = tensors.find((tensor) => !this.#inputs.includes(tensor));
    if (late !== undefined)
      refuse(`uses a tensor (${late.spec}) of outside that the body does not`, "use it in the body too");
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
