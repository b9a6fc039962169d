/**
 * @file Functions of the host inside programs: JavaScript that a traced function calls each time it runs.
 */
import { apply } from "../core/apply.js";
import { tensorFrom } from "../core/convert.js";
import { ShapeError } from "../core/errors.js";
import { opaque } from "../core/kinds.js";
import { sameShape, showShape } from "../core/shape.js";
import { specOf } from "../core/spec.js";
import { Operand, type Tensor, type TensorLike } from "../core/tensor.js";
import type { TensorSpec } from "../core/tensorSpec.js";
import { closeSizes } from "../ir/openSize.js";
import { ownTensor } from "./hostValues.js";

/** What `pyFunction` calls. */
export type HostFunction = (...inputs: Tensor[]) => TensorLike;

interface HostAttrs {
  readonly func: HostFunction;
  readonly output: TensorSpec;
}

/**
 * Calls a JavaScript function with the tensors' values, each time: also in a traced function, whose ops run as one program.
 *
 * @param func  gets tensors that can be read, and gives numbers or a tensor
 * @param inp   its arguments: any dtypes and shapes
 * @param Tout  shape and dtype of the result
 * @throws {ShapeError} the function gave another shape
 * Gradient: none.
 * @example
 * const f = tf.function((x: tf.Tensor) => tf.pyFunction((v) => Math.hypot(...v!.data()), [x], new tf.TensorSpec([])));
 * f(tf.constant([3, 4])).item() // 5
 */
export function pyFunction(func: HostFunction, inp: readonly TensorLike[], Tout: TensorSpec): Tensor {
  // The function may know sizes of the trace by their names, and it is called with numbers.
  closeSizes("pyFunction calls a function that may need the numbers of sizes");
  return apply(hostFunctionOp, [...inp], { func, output: Tout });
}
export const hostFunctionOp = opaque({
  name: "PyFunc",
  inputs: ["inp"],
  roles: { inp: "any" },
  accepts: "any",
  variadic: true,
  effect: true,
  infer: (_, { output }: HostAttrs) => specOf(output.shape as readonly number[], output.dtype),
  kernel: (inputs, [out], { func }) => {
    const given = func(...inputs.map(ownTensor));
    const result =
      given instanceof Operand ? given.asTensor() : tensorFrom(given as number, out!.dtype, "PyFunc");
    if (!sameShape(result.shape, out!.shape)) {
      throw new ShapeError(
        `pyFunction: the function gave shape ${showShape(result.shape)}, Tout has ${showShape(out!.shape)}`,
      );
    }
    out!.data.set(result.storage);
  },
  grad: null,
});
