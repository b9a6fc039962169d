/**
 * @file One trace of a function for known sizes, compiled: what runs for one signature, and how it is differentiated.
 */
import type { GraphValue } from "../ir/graph.js";
import { isOpen } from "../ir/openSize.js";
import { printGraph } from "../ir/printGraph.js";
import { compileTask, type Executable, type Task } from "./compiler.js";
import type { FunctionTrace, GradientTrace } from "./functionTrace.js";
import type { Grad } from "./op.js";
import { activeRecorders, withoutRecording } from "./recorder.js";
import { type Environment, replay } from "./replay.js";
import type { Sizes } from "./sizes.js";
import type { Spec } from "./spec.js";
import { Operand, type Tensor } from "./tensor.js";
import { activeTracer } from "./tracer.js";
import { flattenTree, packTree } from "./tree.js";
import type { Variable } from "./variable.js";

/** A gradient that can be run. */
interface Differentiable extends Omit<GradientTrace, "forward" | "backward"> {
  readonly forward: Executable;
  readonly backward: Executable;
}

/** What a trace with open sizes needs to become a function for some sizes. */
export interface Filling {
  readonly sizes: Sizes;
  /** Whether all that has been decided while tracing holds for the sizes. */
  holds(): boolean;
  /** The function traced anew, for these sizes alone. */
  retrace(): ConcreteFunction;
}

/** A function for one signature. */
export class ConcreteFunction {
  readonly name: string;
  readonly #trace: FunctionTrace;
  readonly #filling: Filling | null;
  readonly #task: Task;
  /** What the function returned. */
  readonly #result: unknown;
  readonly #single: boolean;
  #executable: Executable | null = null;
  /** By the tensors from outside that gradients are wanted for. */
  readonly #differentiable = new Map<string, Differentiable>();
  /** What differentiates where the trace with open sizes cannot. */
  #closed: ConcreteFunction | null = null;

  /**
   * @param trace       the function written down
   * @param inputSpecs  the specs of its arguments: those of the trace, with its open sizes filled in
   * @param filling     where the trace has open sizes
   */
  constructor(
    trace: FunctionTrace,
    readonly inputSpecs: readonly Spec[],
    filling: Filling | null = null,
  ) {
    this.name = trace.name;
    this.#trace = trace;
    this.#filling = filling;
    this.#task = filling?.sizes.task(trace.task) ?? trace.task;
    this.#single = trace.result instanceof Operand;
    this.#result = trace.result;
    if (filling !== null && flattenTree(trace.result).some(isOpen)) {
      const leaves = flattenTree(trace.result).map((leaf) => filling.sizes.plain(leaf));
      this.#result = packTree(trace.result, leaves);
    }
  }

  /** Variables that are read or assigned. */
  get variables(): readonly Variable[] {
    return this.#task.variables;
  }

  /** Variables that are assigned: their new values are the last outputs of the graph. */
  get updated(): readonly Variable[] {
    return this.#task.updated;
  }

  /** The traced program. */
  get graph(): Task["graph"] {
    return this.#task.graph;
  }

  /** The traced program as text. */
  describe(): string {
    return describeTask(this.#trace.task);
  }

  /** The compiled program. */
  get executable(): Executable {
    this.#executable ??= compileTask(this.#task);
    return this.#executable;
  }

  /**
   * Runs the program.
   *
   * @param tensors  the arguments' tensors, of this function's specs
   * @returns        what the function returned, with tensors in place of the traced ones
   */
  call(tensors: readonly Tensor[]): unknown {
    if (activeRecorders().length === 0) return this.#packed(this.executable.run(tensors));
    const captures = this.#trace.captures;
    const watched = captures.filter((tensor) => activeRecorders().some((one) => one.knows(tensor)));
    const program = this.#withGradient(watched);
    if (program !== null) return this.#packed(this.#recorded(tensors, watched, program));
    this.#closed ??= this.#filling!.retrace();
    return this.#closed.call(tensors);
  }

  /** What the function returned, with tensors in the places of its own. */
  #packed(results: readonly Tensor[]): unknown {
    if (this.#single) return results[0];
    let next = 0;
    const result = this.#result;
    const leaves = flattenTree(result).map((leaf) => (leaf instanceof Operand ? results[next++] : leaf));
    return packTree(result, leaves);
  }

  /** Runs the program as one block that the tapes can differentiate. */
  #recorded(tensors: readonly Tensor[], watched: readonly Tensor[], program: Differentiable): Tensor[] {
    const variables = this.#task.variables.map((variable) => variable.asTensor());
    const all = withoutRecording(() => program.forward.run(tensors));
    const count = this.#trace.outputs.length;
    const outputs = all.slice(0, count);
    const residuals = all.slice(count);
    const inputs = [...tensors, ...variables, ...watched];
    const gradientOfFunction = (dys: Tensor[]): Grad[] => this.#gradients(program, inputs, residuals, dys);
    for (const recorder of activeRecorders()) {
      recorder.blockRan(`Function ${this.name}`, inputs, outputs, gradientOfFunction);
    }
    return outputs;
  }

  #gradients(
    program: Differentiable,
    inputs: readonly Tensor[],
    residuals: readonly Tensor[],
    dys: readonly Tensor[],
  ): Grad[] {
    const targets = program.targets.map((k) => dys[k]!);
    if (activeRecorders().length > 0 || activeTracer() !== null)
      return this.#replayedGradients(program, inputs, targets);
    const given = program.backward.run([...residuals, ...targets]);
    let next = 0;
    return program.gradients.map((gradient) => (gradient === null ? null : given[next++]!));
  }

  /** Someone differentiates the gradient: it is computed op by op, from the inputs on, so that all is seen. */
  #replayedGradients(program: Differentiable, inputs: readonly Tensor[], dys: readonly Tensor[]): Grad[] {
    const { graph } = this.#task;
    const environment: Environment = new Map();
    for (const [i, value] of graph.inputs.entries()) environment.set(value, inputs[i]!);
    // Tensors from outside take the place of the constants they became.
    for (const tensor of inputs.slice(graph.inputs.length))
      environment.set(this.#trace.valueOf(tensor), tensor);
    for (const [i, value] of program.dys.entries()) environment.set(value, dys[i]!);
    for (const [i, value] of program.readValues.entries())
      environment.set(value, program.reads[i]!.asTensor());
    replay(program.nodes, program.constants, environment);
    return program.gradients.map((gradient) =>
      gradient === null ? null : (environment.get(gradient) ?? null),
    );
  }

  /** The programs of the gradient; null where a trace with open sizes has none that would be right for these. */
  #withGradient(watched: readonly Tensor[]): Differentiable | null {
    const key = watched.map(({ id }) => id).join();
    const known = this.#differentiable.get(key);
    if (known !== undefined) return known;
    const traced = this.#trace.gradient(watched);
    if (traced === null || this.#filling?.holds() === false) return null;
    const filled = this.#filling === null ? traced : filledGradient(traced, this.#filling.sizes);
    const { forward, backward } = filled;
    const program = { ...filled, forward: compileTask(forward), backward: compileTask(backward) };
    this.#differentiable.set(key, program);
    return program;
  }
}

/** A traced program as text. */
export const describeTask = ({ graph, name, variables }: Task): string =>
  printGraph(
    graph,
    name,
    variables.map((variable) => variable.name),
  );

function filledGradient(gradient: GradientTrace, sizes: Sizes): GradientTrace {
  const valueOrNull = (value: GraphValue | null): GraphValue | null => value && sizes.value(value);
  return {
    ...gradient,
    forward: sizes.task(gradient.forward),
    backward: sizes.task(gradient.backward),
    gradients: gradient.gradients.map(valueOrNull),
    nodes: sizes.nodeList(gradient.nodes),
    constants: sizes.constants(gradient.constants),
    dys: sizes.valueList(gradient.dys),
    readValues: sizes.valueList(gradient.readValues),
  };
}
