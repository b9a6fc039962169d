/**
 * @file A program in JavaScript as an executable: values in and out of tensors and variables.
 */
import type { Task } from "../core/compiler.js";
import type { TypedArray } from "../core/dtype.js";
import { type Spec, specOfValue } from "../core/spec.js";
import { Tensor } from "../core/tensor.js";
import type { Variable } from "../core/variable.js";

/** Arrays of size 1 come and go as numbers. */
type Values = (number | TypedArray)[];

const numbersOf = (tensor: Tensor): number | TypedArray =>
  tensor.spec.size === 1 ? tensor.first : tensor.storage;

export class JsExecutable {
  readonly peakBytes = 0;
  readonly #variables: readonly Variable[];
  readonly #updated: readonly Variable[];
  readonly #specs: readonly Spec[];
  readonly #results: number;

  constructor(
    task: Task,
    private readonly compiled: (inputs: Values) => Values,
  ) {
    this.#variables = task.variables;
    this.#updated = task.updated;
    this.#specs = task.graph.outputs.map(specOfValue);
    this.#results = task.graph.outputs.length - task.updated.length;
  }

  run(args: readonly Tensor[]): Tensor[] {
    const inputs: Values = [];
    for (let i = 0; i < args.length; i++) inputs.push(numbersOf(args[i]!));
    const variables = this.#variables;
    for (let i = 0; i < variables.length; i++) inputs.push(numbersOf(variables[i]!.peek()));
    const values = this.compiled(inputs);
    const results: Tensor[] = [];
    const count = this.#results;
    for (let i = 0; i < count; i++) results.push(new Tensor(values[i]!, this.#specs[i]!));
    const updated = this.#updated;
    for (let i = 0; i < updated.length; i++) {
      const variable = updated[i]!;
      const before = variable.peek();
      const tensor = new Tensor(values[count + i]!, this.#specs[count + i]!, variable.id);
      tensor.mark = before.mark;
      tensor.slot = before.slot;
      variable.put(tensor);
    }
    return results;
  }
}
