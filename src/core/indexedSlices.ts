/**
 * @file Sparse gradients: some rows of a tensor, as gather's backward pass makes them.
 */
import { engine } from "./engine.js";
import type { Shape } from "./shape.js";
import type { NestedArray, Tensor } from "./tensor.js";
import { Operand } from "./tensor.js";

/**
 * The rows `values[i]` of a tensor of shape `denseShape`, at `indices[i]` along its first axis; the rest is zero.
 * Rows that occur twice are not merged; `dense()` adds them up. Ops that take tensors take it too, as its dense form.
 */
export class IndexedSlices extends Operand {
  readonly values: Tensor;
  readonly indices: Tensor;
  readonly denseShape: Shape;
  #dense: Tensor | null = null;

  constructor(values: Tensor, indices: Tensor, denseShape: Shape) {
    super();
    this.values = values;
    this.indices = indices;
    this.denseShape = denseShape;
  }

  get id(): number {
    return this.current().id;
  }

  get shape(): Shape {
    return this.denseShape;
  }

  get dtype() {
    return this.values.dtype;
  }

  get storage() {
    return this.current().storage;
  }

  /** The whole tensor, rows with the same index summed; made anew each time, so that every tape sees it made. */
  dense(): Tensor {
    this.#dense = engine.scatterRows(this.values, this.indices, this.denseShape);
    return this.#dense;
  }

  asTensor(): Tensor {
    return this.dense();
  }

  current(): Tensor {
    return this.#dense ?? this.dense();
  }

  override array(): NestedArray {
    return this.current().array();
  }

  override toString(): string {
    return `IndexedSlices(indices=${this.indices}, values=${this.values}, denseShape=[${this.denseShape.join(", ")}])`;
  }
}
