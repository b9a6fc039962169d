/**
 * @file Steps of training, testing and prediction as compiled programs.
 */
import { ReadError } from "../../core/errors.js";
import { tfFunction } from "../../core/function.js";
import { Tensor } from "../../core/tensor.js";
import { flattenTree, packTree } from "../../core/tree.js";
import type { Batch } from "./data.js";

/** One kind of step of one model. Batches of one structure share its traces; another structure gets others. */
export class StepFunction<R> {
  #structure: readonly unknown[] | null = null;
  #compiled: (...tensors: Tensor[]) => R = () => {
    throw new Error("no batch yet");
  };

  constructor(
    private readonly name: string,
    private readonly step: (batch: Batch) => R,
  ) {}

  run(batch: Batch): R {
    const leaves = flattenTree(batch);
    const tensors = leaves.filter((leaf) => leaf instanceof Tensor);
    if (!this.#fits(leaves)) this.#compile(batch, leaves);
    try {
      return this.#compiled(...tensors);
    } catch (error) {
      if (error instanceof ReadError)
        error.message += " (or compile the model with runEagerly: true, which is slower).";
      throw error;
    }
  }

  /** Whether tensors stand where they stood. */
  #fits(leaves: readonly unknown[]): boolean {
    const known = this.#structure;
    return (
      known?.length === leaves.length && known.every((tensor, i) => tensor === leaves[i] instanceof Tensor)
    );
  }

  #compile(batch: Batch, leaves: readonly unknown[]): void {
    this.#structure = leaves.map((leaf) => leaf instanceof Tensor);
    const call = (...tensors: Tensor[]): R => {
      let next = 0;
      const filled = leaves.map((leaf) => (leaf instanceof Tensor ? tensors[next++] : leaf));
      return this.step(packTree(batch, filled) as unknown as Batch);
    };
    // The last batch of an epoch is often smaller: from the second shape on one trace serves all.
    this.#compiled = tfFunction(call, { name: this.name, reduceRetracing: true });
  }
}
