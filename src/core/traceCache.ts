/**
 * @file The traces of one function: finds the one for a call, and makes it where there is none.
 */
import { EscapeError } from "../ir/openSize.js";
import { ConcreteFunction } from "./concreteFunction.js";
import { toTensor } from "./convert.js";
import { DtypeError, ShapeError, ValueError } from "./errors.js";
import { FunctionTrace } from "./functionTrace.js";
import { type CallWith, OpenFunction, type OpenShapes, OpenTrace, OpenTraces } from "./openTraces.js";
import { overridesKey } from "./registry.js";
import { sameShape, showShape } from "./shape.js";
import { signatureOf, withTensors } from "./signature.js";
import { type Spec, specOf } from "./spec.js";
import { Operand, Tensor, type TensorLike } from "./tensor.js";
import { TensorSpec } from "./tensorSpec.js";

export interface FunctionOptions {
  /** What every call must fit, one for each argument; null sizes are open: they stand for any. Other calls are errors. */
  inputSignature?: readonly TensorSpec[];
  /** Sizes that change from call to call are left open from the second shape on, and no warning is given; default false. */
  reduceRetracing?: boolean;
  /** For messages; default the function's own name. */
  name?: string;
}

/** How many of the last calls are looked at for the warning, how many traces among them are too many, how often it comes. */
const HISTORY = 10;
const TOO_MANY = 5;
const MAX_WARNINGS = 2;

export class TraceCache {
  /** By signature, with sizes as they are. */
  readonly #functions = new Map<string, ConcreteFunction>();
  /** Traces with open sizes, by the signature without sizes. */
  readonly #groups = new Map<string, OpenTraces>();
  #count = 0;
  /** The last trace where all arguments were tensors, and the overrides it is for. */
  #last: ConcreteFunction | null = null;
  #lastSpecs: readonly Spec[] = [];
  #lastOverrides = "";
  #calls = 0;
  /** The numbers of the calls that traced lately. */
  #tracing: number[] = [];
  #warnings = 0;

  /** @param f  the function, bound to what it is called on */
  constructor(
    private readonly f: (...args: any[]) => unknown,
    private readonly name: string,
    private readonly options: FunctionOptions,
  ) {}

  /** How often the function has been traced. */
  get size(): number {
    return this.#count;
  }

  /** The last trace that was made or asked for. */
  latest: ConcreteFunction | OpenFunction | null = null;

  call(args: readonly unknown[]): unknown {
    this.#calls++;
    const last = this.#last;
    if (last !== null && this.#fitsLast(args)) return last.call(args as readonly Tensor[]);
    const given = this.#signed(args);
    const { key, tensors } = signatureOf(given);
    const concrete = this.#find(key, given, tensors);
    const plain = given.length === args.length && given.every((arg) => arg instanceof Tensor);
    this.#last = plain ? concrete : null;
    this.#lastSpecs = concrete.inputSpecs;
    this.#lastOverrides = overridesKey();
    return concrete.call(tensors);
  }

  #fitsLast(args: readonly unknown[]): boolean {
    const specs = this.#lastSpecs;
    if (args.length !== specs.length || this.#lastOverrides !== overridesKey()) return false;
    for (let i = 0; i < specs.length; i++) {
      const arg = args[i];
      if (!(arg instanceof Tensor)) return false;
      const spec = specs[i]!;
      if (arg.spec !== spec && (arg.spec.code !== spec.code || !sameShape(arg.spec.shape, spec.shape)))
        return false;
    }
    return true;
  }

  /** The function for arguments that may be `TensorSpec`s; without arguments, for the input signature. */
  functionFor(args: readonly unknown[]): ConcreteFunction | OpenFunction {
    const wanted = args.length === 0 ? (this.options.inputSignature ?? args) : args;
    const given = wanted.map((arg) => (arg instanceof TensorSpec ? placeholder(arg) : arg));
    const { key, tensors } = signatureOf(given);
    const shapes = tensors.map((tensor) => (tensor instanceof SpecTensor ? tensor.open : tensor.shape));
    if (!shapes.some((shape) => shape.includes(null))) return this.#find(key, given, tensors);
    const { trace } = this.#groupOf(given).for(shapes) ?? this.#openOrThrow(shapes, given, tensors);
    return (this.latest = new OpenFunction(trace, (others) => {
      const arranged = withTensors(given, others);
      return this.#find(signatureOf(arranged).key, arranged, others);
    }));
  }

  #find(key: string, args: readonly unknown[], tensors: readonly Tensor[]): ConcreteFunction {
    let concrete = this.#functions.get(key);
    if (concrete === undefined) {
      const before = this.#count;
      concrete = this.#fromOpen(args, tensors) ?? this.#traced(args, tensors);
      this.#functions.set(key, concrete);
      if (this.#count > before) this.#warn();
    }
    this.latest = concrete;
    return concrete;
  }

  /** The function from a trace with open sizes, made now if need be; null where the sizes are to be traced as they are. */
  #fromOpen(args: readonly unknown[], tensors: readonly Tensor[]): ConcreteFunction | null {
    const { inputSignature, reduceRetracing } = this.options;
    const mayBeOpen = inputSignature !== undefined || reduceRetracing === true;
    if (!mayBeOpen && this.#groups.size === 0) return null;
    const group = this.#groupOf(args);
    const open = inputSignature?.map(({ shape }) => shape) ?? group.inCommon(tensors);
    let found = group.find(tensors);
    const shapes = found === null && mayBeOpen ? group.shapesFor(tensors, open) : null;
    if (shapes !== null) {
      if (this.#traceOpen(shapes, args, tensors) !== null) {
        // A mistake in the call throws here, and says nothing about its shapes.
        const concrete = this.#traced(args, tensors);
        group.fail(shapes);
        return concrete;
      }
      found = group.find(tensors);
    }
    if (found === null) return null;
    // The call's tensors are not kept for the day when a gradient needs numbers.
    const specs = tensors.map(({ spec }) => new SpecTensor(spec));
    const bare = withTensors(args, specs);
    return found.trace.filled(tensors, found.sizes, () => this.#traced(bare, specs));
  }

  /** Traces with open sizes; gives why not, or null when all went well. */
  #traceOpen(
    shapes: OpenShapes,
    args: readonly unknown[],
    tensors: readonly Tensor[],
  ): { failure: unknown } | null {
    const open = OpenTrace.of(this.name, shapes, tensors, this.#callWith(args));
    if (!(open instanceof OpenTrace)) return open;
    if (!this.#groupOf(args).agrees(open))
      return { failure: new ValueError(`${this.name} is another function for open sizes than for numbers`) };
    this.#checkCreated(open.trace);
    this.#count++;
    this.#groupOf(args).add(open);
    return null;
  }

  #openOrThrow(shapes: OpenShapes, args: readonly unknown[], tensors: readonly Tensor[]): OpenTrace {
    const failed = this.#traceOpen(shapes, args, tensors);
    if (failed === null) return this.#groupOf(args).for(shapes)!;
    if (!(failed.failure instanceof EscapeError)) throw failed.failure;
    throw new ShapeError(
      `${this.name}: ${shapes.map((shape) => `[${shape.map(String).join(", ")}]`).join(", ")} leaves sizes open whose ` +
        "numbers the function needs while it is traced; give them here, or call the function itself",
      { cause: failed.failure },
    );
  }

  /** The signatures that differ from this one in sizes alone. */
  #groupOf(args: readonly unknown[]): OpenTraces {
    const { key } = signatureOf(args, ({ dtype, rank }) => `${dtype} of rank ${rank}`);
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = new OpenTraces()));
    return group;
  }

  #callWith(args: readonly unknown[]): CallWith {
    return (traced) => this.f(...withTensors(args, traced));
  }

  /** Traces for the sizes as they are. */
  #traced(args: readonly unknown[], tensors: readonly Tensor[]): ConcreteFunction {
    const specs = tensors.map(({ spec }) => spec);
    const trace = new FunctionTrace(this.name, specs, this.#callWith(args));
    this.#checkCreated(trace);
    this.#count++;
    const concrete = new ConcreteFunction(trace, specs);
    if (this.options.reduceRetracing) this.#groupOf(args).testify(concrete);
    return concrete;
  }

  #checkCreated({ created }: FunctionTrace): void {
    if (created.length === 0 || this.#count === 0) return;
    throw new ValueError(
      "tf.function only supports singleton tf.Variables created on the first call. Make sure the tf.Variable is only " +
        `created once or created outside tf.function. (${this.name} made '${created[0]!.name}'.)`,
    );
  }

  /** The arguments as the input signature wants them. */
  #signed(args: readonly unknown[]): readonly unknown[] {
    const signature = this.options.inputSignature;
    if (signature === undefined) return args;
    if (args.length !== signature.length) {
      throw new ValueError(
        `${this.name}: inputSignature has ${signature.length} arguments, got ${args.length}`,
      );
    }
    return args.map((arg, i) => {
      const spec = signature[i]!;
      const tensor =
        arg instanceof Operand ? arg.asTensor() : toTensor(arg as TensorLike, spec.dtype, this.name);
      if (spec.isCompatibleWith(tensor)) return tensor;
      const Wrong = tensor.dtype === spec.dtype ? ShapeError : DtypeError;
      throw new Wrong(`${this.name}: argument ${i} is ${tensor.spec}, inputSignature has ${spec}`);
    });
  }

  /** Says so when calls keep tracing: each costs far more than a run. */
  #warn(): void {
    if (this.options.reduceRetracing || this.options.inputSignature !== undefined) return;
    this.#tracing = [...this.#tracing, this.#calls].filter((call) => call > this.#calls - HISTORY);
    if (this.#tracing.length < TOO_MANY || this.#warnings >= MAX_WARNINGS) return;
    this.#warnings++;
    const calls = Math.min(this.#calls, HISTORY);
    console.warn(
      `${this.#tracing.length} out of the last ${calls} calls to ${this.name} triggered tf.function retracing. ` +
        "Tracing is expensive: numbers count by value (pass tf.constant(n) instead of n), tensors by shape and dtype " +
        "(pad them, or set reduceRetracing), and a tf.function made in a loop is new each time.",
    );
  }
}

/** The size that stands in the place of an open one where there is no call to take it from. */
const SAMPLE = 16;

/** A tensor that stands for a `TensorSpec`. */
function placeholder({ shape, dtype }: TensorSpec): SpecTensor {
  const sizes = shape.map((size) => size ?? SAMPLE);
  return new SpecTensor(specOf(sizes, dtype), shape);
}

/** Has a spec and no values: never leaves this file but for its spec. */
class SpecTensor extends Tensor {
  /** @param open  the shape with its open sizes */
  constructor(
    spec: Spec,
    readonly open: TensorSpec["shape"] = spec.shape,
  ) {
    super(0, spec);
  }

  override toString(): string {
    return showShape(this.shape);
  }
}
