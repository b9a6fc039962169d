/**
 * @file Metrics: numbers kept over many batches.
 */
import { type DType, standardizeDtype } from "../../core/dtype.js";
import type { Tensor, TensorLike } from "../../core/tensor.js";
import { fill } from "../../ops/public.js";
import { floatx } from "../base/config.js";
import { configurable } from "../base/configurable.js";
import { autoName } from "../base/naming.js";
import { withNameScope } from "../base/scope.js";
import type { Config } from "../base/serialization.js";
import { visitMembers } from "../base/tracking.js";
import { type InitializerFunction, Variable } from "../base/variable.js";

export interface MetricOptions {
  /** Default the class's in snake case. */
  name?: string | null;
  /** Default `keras.config.floatx()`. */
  dtype?: DType | null;
}

/** How metrics are called: update, then result. */
export interface MetricCall {
  (...args: Parameters<this["updateState"]>): ReturnType<this["result"]>;
  updateState(...args: any[]): void;
  result(): Tensor | Record<string, Tensor>;
}

/**
 * Base of metrics. A subclass makes its variables with `addVariable` and writes `updateState(yTrue, yPred,
 * sampleWeight)` and `result()`; a call does both.
 */
export abstract class Metric extends configurable<MetricCall>() {
  declare name: string;
  readonly dtype: DType;
  /** Whether larger is better; null where that is not known. */
  direction: "up" | "down" | null = null;
  readonly #variables: Variable[] = [];

  constructor(options: MetricOptions = {}) {
    super();
    const name = options.name ?? autoName(this.constructor.name);
    Object.defineProperty(this, "name", { value: name, enumerable: true, writable: true });
    this.dtype = options.dtype ? standardizeDtype(options.dtype, name) : floatx();
  }

  /** Takes in a batch. */
  abstract override updateState(...args: any[]): void;

  /** The metric over all batches since the last reset. */
  abstract override result(): Tensor | Record<string, Tensor>;

  /** Forgets all batches. */
  resetState(): void {
    for (const variable of this.variables) variable.assign(fill(variable.shape, 0, variable.dtype));
  }

  protected override invoke(a: unknown, b: unknown, c: unknown): Tensor | Record<string, Tensor> {
    this.updateState(a, b, c);
    return this.result();
  }

  /** Makes a variable that the metric keeps. */
  addVariable(options: {
    name: string;
    shape?: readonly number[];
    initializer?: InitializerFunction;
    dtype?: DType;
  }): Variable {
    const {
      name,
      shape = [],
      initializer = (s, d): TensorLike => fill(s, 0, d),
      dtype = this.dtype,
    } = options;
    const scope = this.name.replaceAll("/", ">");
    const variable = withNameScope(
      scope,
      this,
      () => new Variable(initializer, { shape, dtype, name, trainable: false }),
    );
    this.#variables.push(variable);
    return variable;
  }

  /** Its variables, and those of metrics that it holds. */
  get variables(): Variable[] {
    const inner: Variable[] = [];
    visitMembers(this, (member) => {
      if (member instanceof Metric) inner.push(...member.variables);
    });
    return [...this.#variables, ...inner];
  }

  override getConfig(): Config {
    return { name: this.name, dtype: this.dtype };
  }

  override toString(): string {
    return `<${this.constructor.name} name=${this.name}>`;
  }
}
