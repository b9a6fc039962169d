/**
 * @file Homes of variables: blocks of the heap in which their values stay between runs of programs.
 */
import { bytesOf, copyOfArray, type TypedArray } from "../../core/dtype.js";
import { type Home, ResidentTensor } from "../../core/residentTensor.js";
import type { Spec } from "../../core/spec.js";
import type { Tensor } from "../../core/tensor.js";
import type { Variable } from "../../core/variable.js";
import type { Heap } from "./heap.js";

/** Where one variable lives. */
export class VariableHome implements Home {
  readonly address: number;
  /** The tensor whose values are here. */
  #holds: Tensor | null = null;

  constructor(
    private readonly heap: Heap,
    private readonly spec: Spec,
    name: string,
  ) {
    this.address = heap.allocate(spec.size * bytesOf(spec.dtype), `variable '${name}'`);
  }

  read(): TypedArray {
    return copyOfArray(this.spec.dtype, this.#view());
  }

  #view(): TypedArray {
    return this.heap.view(this.spec.dtype, this.address, this.spec.size);
  }

  /** Makes sure that the variable's present value is here. */
  load(variable: Variable): void {
    const tensor = variable.peek();
    if (this.#holds === tensor) return;
    this.#view().set(tensor.storage);
    this.#holds = tensor;
  }

  /** The bytes here are being written: they are nobody's until `commit`. */
  release(): void {
    this.#holds = null;
  }

  /** What is here now is the variable's value. */
  commit(variable: Variable): void {
    const before = variable.peek();
    const tensor = new ResidentTensor(this, this.spec, variable.id);
    tensor.mark = before.mark;
    tensor.slot = before.slot;
    variable.put(tensor);
    this.#holds = tensor;
  }
}

/** The homes of one heap. A variable's home is given back some time after the variable is gone. */
export class VariableHomes {
  readonly #homes = new WeakMap<Variable, VariableHome>();
  readonly #registry: FinalizationRegistry<number>;

  constructor(private readonly heap: Heap) {
    this.#registry = new FinalizationRegistry((address) => heap.free(address));
  }

  of(variable: Variable): VariableHome {
    let home = this.#homes.get(variable);
    if (home === undefined) {
      home = new VariableHome(this.heap, variable.peek().spec, variable.name);
      this.#homes.set(variable, home);
      this.#registry.register(variable, home.address);
    }
    return home;
  }
}
