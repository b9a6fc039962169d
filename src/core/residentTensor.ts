/**
 * @file A value that a compiled program left in its own memory: copied out when someone asks.
 */
import type { TypedArray } from "./dtype.js";
import type { Spec } from "./spec.js";
import { Tensor } from "./tensor.js";

/** Where a program keeps a value. */
export interface Home {
  /** A copy of the values, for the tensor to keep. */
  read(tensor: Tensor): TypedArray;
}

/** A variable's is settled before it is handed out, so that the program may go on writing there. */
export class ResidentTensor extends Tensor {
  #settled = false;

  constructor(
    readonly home: Home,
    spec: Spec,
    id?: number,
  ) {
    super(0, spec, id);
  }

  override settled(): Tensor {
    if (!this.#settled) {
      this.values = this.home.read(this);
      this.#settled = true;
    }
    return this;
  }

  override as(spec: Spec): Tensor {
    this.settled();
    return super.as(spec);
  }

  override under(id: number): Tensor {
    this.settled();
    return super.under(id);
  }

  override get first(): number {
    this.settled();
    return super.first;
  }

  override get storage(): TypedArray {
    this.settled();
    return super.storage;
  }
}
