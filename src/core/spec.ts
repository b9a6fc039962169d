/**
 * @file A spec: what is known of a tensor before its values are: shape and dtype. Specs are shared and never change.
 */
import { DTYPE_CODE, DTYPES, type DType, isTrainable } from "./dtype.js";
import { SCALAR, type Shape, showShape, sizeOf } from "./shape.js";

export class Spec {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly size: number;
  /** The dtype as a small integer, for kernel caches. */
  readonly code: number;
  /** Whether gradients flow through it. */
  readonly trainable: boolean;

  constructor(shape: Shape, dtype: DType) {
    // Scalars share one shape object, so that kernels recognise them by identity.
    this.shape = shape.length === 0 ? SCALAR : shape;
    this.dtype = dtype;
    this.size = sizeOf(shape);
    this.code = DTYPE_CODE[dtype];
    this.trainable = isTrainable(dtype);
  }

  toString(): string {
    return `${this.dtype}${showShape(this.shape)}`;
  }
}

const scalars = DTYPES.map((dtype) => new Spec(SCALAR, dtype));

/** The spec of a shape and a dtype; the one of a scalar is always the same object. */
export const specOf = (shape: Shape, dtype: DType): Spec =>
  shape.length === 0 ? scalars[DTYPE_CODE[dtype]]! : new Spec(shape, dtype);

/** The spec of a value in a graph. */
export const specOfValue = ({ shape, dtype }: Pick<Spec, "shape" | "dtype">): Spec => specOf(shape, dtype);
