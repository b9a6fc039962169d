/**
 * @file A tensor that is only promised: the input of a model, known by its shape.
 */
import type { DType } from "../../core/dtype.js";
import { showPythonShape } from "../base/pythonText.js";
import type { LayerShape } from "../base/shape.js";

/** Stands for the tensor that a model will be called on. */
export class KerasTensor {
  readonly shape: LayerShape;
  readonly dtype: DType;
  readonly name: string;
  /** The input layer that it comes from. */
  readonly origin: object;

  constructor(shape: LayerShape, dtype: DType, name: string, origin: object) {
    this.shape = shape;
    this.dtype = dtype;
    this.name = name;
    this.origin = origin;
  }

  toString(): string {
    return `<KerasTensor shape=${showPythonShape(this.shape)}, dtype=${this.dtype}, name=${this.name}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
