/**
 * @file The traces of one function: finds the one for a call, and makes it where there is none.
 */
import { ConcreteFunction } from "./concreteFunction.js";
import { toTensor } from "./convert.js";
import { DtypeError, ShapeError, ValueError } from "./errors.js";
import { overridesKey } from "./registry.js";
import { sameShape, showShape } from "./shape.js";
import { signatureOf, withTensors } from "./signature.js";
import { type Spec, specOf } from "./spec.js";
import { Operand, Tensor, type TensorLike } from "./tensor.js";
import { TensorSpec } from "./tensorSpec.js";

export interface FunctionOptions {
  /** What every call must fit, one for each argument; null sizes stand for any. Other calls are errors. */
  inputSignature?: readonly TensorSpec[];
  /** No warning when many shapes are traced; default false. */
  reduceRetracing?: boolean;
  /** For messages; default the function's own name. */
  name?: string;
}

/** How many of the last calls are looked at for the warning, how many traces among them are too many, how often it comes. */
const HISTORY = 10;
const TOO_MANY = 5;
const MAX_WARNINGS = 2;

export class TraceCache {
  readonly #traces = new Map<string, ConcreteFunction>();
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

  /** How many traces there are. */
  get size(): number {
    return this.#traces.size;
  }

  /** The last trace that was made or asked for. */
  latest: ConcreteFunction | null = null;

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

  /** The trace for arguments that may be `TensorSpec`s of known shape. */
  concreteFor(args: readonly unknown[]): ConcreteFunction {
    const given = args.map((arg) => (arg instanceof TensorSpec ? placeholder(arg, this.name) : arg));
    const { key, tensors } = signatureOf(given);
    return this.#find(key, given, tensors);
  }

  #find(key: string, args: readonly unknown[], tensors: readonly Tensor[]): ConcreteFunction {
    let concrete = this.#traces.get(key);
    if (concrete === undefined) {
      concrete = this.#trace(args, tensors);
      this.#traces.set(key, concrete);
      this.#warn();
    }
    this.latest = concrete;
    return concrete;
  }

  #trace(args: readonly unknown[], tensors: readonly Tensor[]): ConcreteFunction {
    const specs = tensors.map(({ spec }) => spec);
    const concrete = new ConcreteFunction(this.name, specs, (traced) => this.f(...withTensors(args, traced)));
    if (concrete.created.length > 0 && this.#traces.size > 0) {
      throw new ValueError(
        "tf.function only supports singleton tf.Variables created on the first call. Make sure the tf.Variable is only " +
          `created once or created outside tf.function. (${this.name} made '${concrete.created[0]!.name}'.)`,
      );
    }
    return concrete;
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

/** A tensor that stands for a spec. */
function placeholder(spec: TensorSpec, who: string): Tensor {
  const open = spec.shape.indexOf(null);
  if (open !== -1) {
    throw new ShapeError(
      `${who}: ${spec} leaves axis ${open} open; a trace is made for the sizes of a call. Give it a size here`,
    );
  }
  const shape = spec.shape as readonly number[];
  return new SpecTensor(specOf(shape, spec.dtype));
}

/** Has a spec and no values: never leaves this file but for its spec. */
class SpecTensor extends Tensor {
  constructor(spec: Spec) {
    super(0, spec);
  }

  override toString(): string {
    return showShape(this.shape);
  }
}
