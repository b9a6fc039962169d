/**
 * @file Ops that let values through and gradients not, or elsewhere.
 */
import { apply } from "../core/apply.js";
import { isFloat } from "../core/dtype.js";
import { GradientError, ValueError } from "../core/errors.js";
import { opaque, view } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";

/**
 * The same values; gradients stop here.
 *
 * @param x  any dtype, any shape
 * Gradient: none.
 * @example stopGradient([1, 2]).array() // [ 1, 2 ]
 */
export const stopGradient = (x: TensorLike): Tensor => apply(stopGradientOp, [x]);
export const stopGradientOp = view({
  name: "StopGradient",
  inputs: ["x"],
  infer: ([x]) => x!,
  plan: () => "alias",
  grad: null,
});

/**
 * The same values; asking for a gradient through them is an error.
 *
 * @param x        any dtype, any shape
 * @param message  why
 * Gradient: throws GradientError.
 * @example preventGradient([1, 2], "frozen").array() // [ 1, 2 ]
 */
export const preventGradient = (x: TensorLike, message = ""): Tensor =>
  apply(preventGradientOp, [x], { message });
export const preventGradientOp = view({
  name: "PreventGradient",
  inputs: ["x"],
  linear: false,
  infer: ([x]) => x!,
  plan: () => "alias",
  grad: (_dy, _saved, { attrs }) => {
    throw new GradientError(`Gradient explicitly disabled. Reason: ${attrs["message"]}`);
  },
});

/** A value that a variable was given while a trace is made. For tapes all values of a variable are the variable itself. */
export const readVariable = (value: Tensor, variable: Tensor): Tensor =>
  apply(readVariableOp, [value, variable]);
export const readVariableOp = view({
  name: "ReadVariableOp",
  inputs: ["value", "variable"],
  linear: false,
  infer: ([value]) => value!,
  plan: () => "alias",
  grad: (dy) => ({ value: null, variable: dy }),
});

/**
 * The same values, after making sure that all of them are finite.
 *
 * @param x        floats, any shape
 * @param message  what to say if they are not
 * @throws {ValueError} a value is NaN or infinite; says which
 * Gradient: dy, checked too.
 * @example checkNumerics([1, 2], "weights").array() // [ 1, 2 ]
 * @example checkNumerics([1, NaN], "weights") // throws ValueError
 */
export const checkNumerics = (x: TensorLike, message: string): Tensor =>
  apply(checkNumericsOp, [x], { message });
export const checkNumericsOp = opaque({
  name: "CheckNumerics",
  inputs: ["x"],
  roles: { x: "any" },
  accepts: "any",
  linear: true,
  effect: true,
  infer: ([x]) => x!,
  kernel: ([x], [y], { message }: { message: string }) => {
    const { data, dtype } = x!;
    for (let i = 0; isFloat(dtype) && i < data.length; i++) {
      if (!Number.isFinite(data[i]))
        throw new ValueError(`${message} : Tensor had ${data[i]} at element ${i}`);
    }
    y!.data.set(data);
  },
  grad: (dy, _saved, { attrs }) => ({ x: () => checkNumerics(dy, attrs.message) }),
});
