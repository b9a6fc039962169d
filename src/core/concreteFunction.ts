/**
 * @file One trace of a function, compiled: what runs for one signature, and how it is differentiated.
 */
import type { GraphNode, GraphValue } from "../ir/graph.js";
import { printGraph } from "../ir/printGraph.js";
import { compileTask, type Executable, type Task } from "./compiler.js";
import { isTrainable } from "./dtype.js";
import { DtypeError, ShapeError, ValueError } from "./errors.js";
import type { Grad, Op } from "./op.js";
import { activeRecorders, checkSynchronous, withoutRecording } from "./recorder.js";
import { type Environment, replay } from "./replay.js";
import { sameShape } from "./shape.js";
import type { Spec } from "./spec.js";
import { GradientTape } from "./tape.js";
import { Operand, type Tensor } from "./tensor.js";
import { activeTracer, type Read, type TracedTensor, type TraceResult, Tracer } from "./tracer.js";
import { flattenTree, packTree } from "./tree.js";
import type { Variable } from "./variable.js";

type Nodes = readonly GraphNode<Op>[];

/** Everything one trace gave. */
interface Traced {
  readonly tape: GradientTape;
  readonly trace: TraceResult<unknown, Variable>;
  readonly args: readonly TracedTensor[];
  /** What the function returned. */
  readonly result: unknown;
  /** The leaves of the result that are tensors. */
  readonly outputs: readonly Tensor[];
  readonly outputValues: readonly GraphValue[];
}

/** The gradient program: forward with what backward needs, and backward. */
interface Differentiable {
  readonly forward: Executable;
  readonly backward: Executable;
  /** Which results count: those gradients flow through. */
  readonly targets: readonly number[];
  readonly residuals: readonly GraphValue[];
  /** Variables that only the gradient reads. */
  readonly reads: readonly Read<Variable>[];
  /** Gradient of each argument and variable; null for none. */
  readonly gradients: readonly (GraphValue | null)[];
  readonly nodes: Nodes;
  readonly dys: readonly GraphValue[];
}

/** A function for one signature. */
export class ConcreteFunction {
  readonly name: string;
  readonly #tracer: Tracer<Variable>;
  readonly #traced: Traced;
  readonly #task: Task;
  readonly #single: boolean;
  #executable: Executable | null = null;
  /** By the tensors from outside that gradients are wanted for. */
  readonly #differentiable = new Map<string, Differentiable>();

  /**
   * Traces a function.
   *
   * @param specs      what its tensors will be, in the order of its argument's leaves
   * @param callWith   calls the function with tensors in those places
   */
  constructor(name: string, specs: readonly Spec[], callWith: (tensors: readonly Tensor[]) => unknown) {
    this.name = name;
    const tape = new GradientTape({ persistent: true });
    const watch = (tensor: Tensor): void => {
      if (isTrainable(tensor.dtype)) tape.watch(tensor);
    };
    // Frozen variables and tensors of a closure too: a tape outside may watch them.
    const tracer = new Tracer<Variable>(watch);
    this.#tracer = tracer;
    this.inputSpecs = specs;
    const args = specs.map((spec) => tracer.input(spec));
    const body = (): { result: unknown; outputs: Tensor[] } => {
      args.forEach(watch);
      const result = callWith(args);
      checkSynchronous(result, `tf.function ${name}`);
      return { result, outputs: operandsOf(result).map((leaf) => leaf.current()) };
    };
    const trace = tracer.trace(() => withoutRecording(() => tape.record(body)));
    const { result, outputs } = trace.result;
    const outputValues = outputs.map((output) => tracer.valueOf(output));
    this.#traced = { tape, trace, args, result, outputs, outputValues };
    this.#single = result instanceof Operand;
    this.#task = this.#taskOf(trace.nodes, outputValues);
  }

  /** Variables that were made while tracing. */
  get created(): readonly Variable[] {
    return this.#tracer.created;
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
    return printGraph(
      this.#task.graph,
      this.name,
      this.#task.variables.map((variable) => variable.name),
    );
  }

  /** The specs of the arguments. */
  readonly inputSpecs: readonly Spec[];

  /** The compiled program. */
  get executable(): Executable {
    this.#executable ??= compileTask(this.#task);
    return this.#executable;
  }

  #taskOf(nodes: Nodes, results: readonly GraphValue[]): Task {
    const { args, trace } = this.#traced;
    const inputs = [...args.map(({ value }) => value), ...trace.reads.map(({ value }) => value)];
    return {
      name: this.name,
      graph: {
        inputs,
        nodes,
        constants: trace.constants,
        outputs: [...results, ...trace.updates.map(({ value }) => value)],
      },
      variables: trace.reads.map(({ variable }) => variable),
      updated: trace.updates.map(({ variable }) => variable),
    };
  }

  /**
   * Runs the program.
   *
   * @param tensors  the arguments' tensors, of this function's specs
   * @returns        what the function returned, with tensors in place of the traced ones
   */
  call(tensors: readonly Tensor[]): unknown {
    const results = activeRecorders().length > 0 ? this.#recorded(tensors) : this.executable.run(tensors);
    if (this.#single) return results[0];
    let next = 0;
    const { result } = this.#traced;
    const leaves = flattenTree(result).map((leaf) => (leaf instanceof Operand ? results[next++] : leaf));
    return packTree(result, leaves);
  }

  /** Runs the program as one block that the tapes can differentiate. */
  #recorded(tensors: readonly Tensor[]): Tensor[] {
    const recorders = activeRecorders();
    const watched = this.#tracer.captures.filter((tensor) => recorders.some((one) => one.knows(tensor)));
    const program = this.#withGradient(watched);
    const variables = this.#task.variables.map((variable) => variable.asTensor());
    const all = withoutRecording(() => program.forward.run(tensors));
    const count = this.#traced.outputs.length;
    const outputs = all.slice(0, count);
    const residuals = all.slice(count);
    const inputs = [...tensors, ...variables, ...watched];
    const gradientOfFunction = (dys: Tensor[]): Grad[] => this.#gradients(program, inputs, residuals, dys);
    for (const recorder of recorders) {
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
      environment.set(this.#tracer.valueOf(tensor), tensor);
    for (const [i, value] of program.dys.entries()) environment.set(value, dys[i]!);
    for (const { variable, value } of program.reads) environment.set(value, variable.asTensor());
    replay([...this.#traced.trace.nodes, ...program.nodes], graph.constants, environment);
    return program.gradients.map((gradient) =>
      gradient === null ? null : (environment.get(gradient) ?? null),
    );
  }

  #withGradient(watched: readonly Tensor[]): Differentiable {
    const key = watched.map(({ id }) => id).join();
    let program = this.#differentiable.get(key);
    if (program === undefined) this.#differentiable.set(key, (program = this.#differentiate(watched)));
    return program;
  }

  /** Goes on tracing where the function ended: its gradient, and what that needs of the forward pass. */
  #differentiate(watched: readonly Tensor[]): Differentiable {
    const { tape, args, trace, outputs, outputValues } = this.#traced;
    const targets = outputs.map((_, k) => k).filter((k) => isTrainable(outputs[k]!.dtype));
    const sources = [...args, ...trace.reads.map(({ tensor }) => tensor), ...watched];
    const continued = this.#tracer.trace(() => {
      const dys = targets.map((k) => this.#tracer.input(outputs[k]!.spec));
      const grads = withoutRecording(() =>
        tape.gradient(
          targets.map((k) => outputs[k]!),
          sources,
          { outputGradients: dys },
        ),
      ) as readonly (Grad | null)[];
      return { dys, grads: grads.map((grad) => grad?.asTensor() ?? null) };
    });
    const dys = continued.result.dys.map(({ value }) => value);
    const { added: nodes, constants, updates: assigned } = continued;
    if (assigned.length > 0) {
      throw new ValueError(
        `${this.name}: variable '${assigned[0]!.variable.name}' is assigned in a gradient function, which a tape outside ` +
          "cannot run as a program; put the tape into the traced function",
      );
    }
    const reads = continued.reads.slice(trace.reads.length);
    const inputs = [...dys, ...reads.map(({ value }) => value)];
    const gradients = continued.result.grads.map((grad) => grad && this.#tracer.valueOf(grad));
    const wanted = gradients.filter((gradient) => gradient !== null);
    const residuals = valuesBetween(nodes, wanted, constants, inputs);
    const { graph, updated, variables } = this.#taskOf(trace.nodes, outputValues);
    const results = graph.outputs.slice(0, outputs.length);
    const updates = graph.outputs.slice(outputs.length);
    return {
      targets,
      residuals,
      reads,
      gradients,
      nodes,
      dys,
      forward: compileTask({
        name: this.name,
        graph: { ...graph, outputs: [...results, ...residuals, ...updates] },
        variables,
        updated,
      }),
      backward: compileTask({
        name: `gradient of ${this.name}`,
        graph: { inputs: [...residuals, ...inputs], constants, nodes, outputs: wanted },
        variables: reads.map(({ variable }) => variable),
        updated: [],
      }),
    };
  }

  /** That tensors are what the function was traced for. */
  check(tensors: readonly Tensor[]): void {
    const { args } = this.#traced;
    if (tensors.length !== args.length) {
      throw new ValueError(`${this.name}: expected ${args.length} tensors, got ${tensors.length}`);
    }
    tensors.forEach((tensor, i) => {
      const { spec } = args[i]!;
      if (tensor.dtype === spec.dtype && sameShape(tensor.shape, spec.shape)) return;
      const Wrong = tensor.dtype === spec.dtype ? ShapeError : DtypeError;
      throw new Wrong(`${this.name}: argument ${i} is ${tensor.spec}, the function was traced for ${spec}`);
    });
  }
}

const operandsOf = (tree: unknown): Operand[] => flattenTree(tree).filter((leaf) => leaf instanceof Operand);

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
