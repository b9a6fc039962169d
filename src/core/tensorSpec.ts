/**
 * @file TensorSpec: what a traced function may be called with.
 */
import { type DType, standardizeDtype } from "./dtype.js";
import { ShapeError } from "./errors.js";
import type { Tensor } from "./tensor.js";

/**
 * A shape and a dtype for a function's argument; null stands for any size.
 *
 * @example `${new tf.TensorSpec([null, 2], "float32")}` // "TensorSpec(shape=[null, 2], dtype=float32)"
 */
export class TensorSpec {
  readonly shape: readonly (number | null)[];
  readonly dtype: DType;
  readonly name: string | null;

  /**
   * @param shape  sizes; null for any
   * @param dtype  default "float32"
   * @throws {ShapeError} a size is neither null nor a whole number
   */
  constructor(shape: readonly (number | null)[], dtype: DType = "float32", name: string | null = null) {
    if (!shape.every((size) => size === null || (Number.isInteger(size) && size >= 0)))
      throw new ShapeError(`TensorSpec: expected sizes or null, got [${shape.join(", ")}]`);
    this.shape = [...shape];
    this.dtype = standardizeDtype(dtype, "TensorSpec");
    this.name = name;
  }

  /** Whether a tensor has the dtype and fits the shape. */
  isCompatibleWith(tensor: Pick<Tensor, "dtype" | "shape">): boolean {
    const { shape } = tensor;
    return (
      tensor.dtype === this.dtype &&
      shape.length === this.shape.length &&
      this.shape.every((size, i) => size === null || size === shape[i])
    );
  }

  toString(): string {
    const sizes = this.shape.map((size) => String(size)).join(", ");
    return `TensorSpec(shape=[${sizes}], dtype=${this.dtype})`;
  }
}
