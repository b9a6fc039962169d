/**
 * @file The few ops that gradients are put together with. The core names no op of its own: the main door fills these in.
 */
import type { DType } from "./dtype.js";
import type { Shape } from "./shape.js";
import type { Tensor, TensorLike } from "./tensor.js";

export interface Engine {
  add(a: Tensor, b: Tensor): Tensor;
  sub(a: Tensor, b: Tensor): Tensor;
  cast(x: Tensor, dtype: DType): Tensor;
  fill(shape: Shape, value: number, dtype: DType): Tensor;
  identity(x: Tensor): Tensor;
  /** A value that a variable was given, as a value whose gradient is the variable's. */
  readVariable(value: Tensor, variable: Tensor): Tensor;
  stack(xs: readonly TensorLike[], axis?: number): Tensor;
  reshape(x: Tensor, shape: Shape): Tensor;
  /** Sums over the axes along which `shape` was broadcast. */
  sumTo(x: Tensor, shape: Shape): Tensor;
  broadcastTo(x: Tensor, shape: Shape): Tensor;
  /** Adds rows into a tensor of zeros: the dense form of sparse gradients. */
  scatterRows(values: Tensor, indices: Tensor, shape: Shape): Tensor;
  concatRows(xs: Tensor[]): Tensor;
}

const missing = (): never => {
  throw new Error('the engine is not set up: import "nabla" before its parts');
};

/** The one engine. `installEngine` fills it. */
export const engine: Engine = {
  add: missing,
  sub: missing,
  cast: missing,
  fill: missing,
  identity: missing,
  readVariable: missing,
  stack: missing,
  reshape: missing,
  sumTo: missing,
  broadcastTo: missing,
  scatterRows: missing,
  concatRows: missing,
};

export function installEngine(parts: Engine): void {
  Object.assign(engine, parts);
}
