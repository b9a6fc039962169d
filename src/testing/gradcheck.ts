/**
 * @file Gradients against finite differences.
 */
import {
  addN,
  cast,
  constant,
  convertToTensor,
  type DType,
  ForwardAccumulator,
  GradientError,
  GradientTape,
  multiply,
  Operand,
  reduceSum,
  Tensor,
  type TensorLike,
  zerosLike,
} from "nabla";

/** A function of tensors that ops compute; what it is checked for are its float outputs. */
export type Differentiable = (...inputs: Tensor[]) => Tensor | readonly Tensor[];

export interface GradcheckOptions {
  /** 1: gradients; 2 (default): gradients of gradients too. */
  order?: 1 | 2;
  /** Places of the inputs to differentiate with respect to; default all floats. */
  wrt?: readonly number[];
  /** Step of the differences, relative to the size of the number; default 1e-3. */
  step?: number;
  /** Relative error allowed; default 1e-6. */
  rtol?: number;
  /** Absolute error allowed; default 1e-7. */
  atol?: number;
  /** Also check forward mode against reverse mode; default true. */
  forward?: boolean;
}

const isFloat = (dtype: DType): boolean => dtype === "float64" || dtype === "float32";
const listOf = (result: Tensor | readonly Tensor[]): readonly Tensor[] =>
  result instanceof Tensor ? [result] : result;

/** Fixed weights without a pattern that a wrong order of axes could hide behind. */
function weights(like: Tensor): Tensor {
  const values = Float64Array.from({ length: like.size }, (_, i) => (((7 * i + 3) % 11) - 4) / 4);
  return constant(values, { shape: like.shape });
}

/** One number out of all float outputs, so that every element counts. */
function weighted(outputs: readonly Tensor[]): Tensor {
  const floats = outputs.filter((y) => isFloat(y.dtype));
  if (floats.length === 0) return constant(0, "float64");
  return addN(floats.map((y) => reduceSum(multiply(y, weights(y)))));
}

function reverseGradients(f: Differentiable, inputs: readonly Tensor[], wrt: readonly number[]): Tensor[] {
  const tape = new GradientTape();
  const sources = wrt.map((place) => inputs[place]!);
  const total = tape.record(() => {
    tape.watch(sources);
    return weighted(listOf(f(...inputs)));
  });
  return tape.gradient(total, sources, { unconnectedGradients: "zero" }).map((grad) => grad.asTensor());
}

/** Central differences at two step sizes, extrapolated to none (Richardson): the error is of the fourth order. */
function differences(
  f: Differentiable,
  inputs: readonly Tensor[],
  place: number,
  step: number,
): Float64Array {
  const x = inputs[place]!;
  const at = (i: number, value: number): number => {
    const moved = Float64Array.from(x.storage);
    moved[i] = value;
    const changed = inputs.with(place, constant(moved, { shape: x.shape }));
    return weighted(listOf(f(...changed))).item();
  };
  return Float64Array.from({ length: x.size }, (_, i) => {
    const value = x.storage[i]!;
    const wide = step * Math.max(1, Math.abs(value));
    const slope = (h: number): number => (at(i, value + h) - at(i, value - h)) / (2 * h);
    return (4 * slope(wide / 2) - slope(wide)) / 3;
  });
}

/** The derivative along a fixed direction, by forward mode and from the gradients. */
function checkForward(
  f: Differentiable,
  inputs: readonly Tensor[],
  wrt: readonly number[],
  grads: Tensor[],
): void {
  const sources = wrt.map((place) => inputs[place]!);
  const directions = sources.map((x) => weights(x));
  const accumulator = new ForwardAccumulator(sources, directions);
  const total = accumulator.record(() => weighted(listOf(f(...inputs))));
  const forward = (accumulator.jvp(total) ?? zerosLike(total)).item();
  const reverse = grads.reduce((sum, grad, i) => sum + reduceSum(multiply(grad, directions[i]!)).item(), 0);
  if (Math.abs(forward - reverse) <= 1e-9 * Math.max(1, Math.abs(reverse))) return;
  throw new GradientError(
    `gradcheck: forward mode gives ${forward} along a direction, reverse mode ${reverse}`,
  );
}

/**
 * Checks a function's gradients against central differences, in float64.
 *
 * @param f        a function of tensors; pure
 * @param inputs   points at which it is smooth; numbers and float tensors become float64
 * @param options  orders, tolerances, and which inputs to differentiate with respect to
 * @throws {GradientError} a gradient differs; says which, and by how much
 * @example gradcheck((x) => tf.sin(x), [[0, 1, 2]])
 * @example gradcheck(tf.customGradient((x) => [tf.square(x), (dy) => dy]), [[3]]) // throws GradientError
 */
export function gradcheck(
  f: Differentiable,
  inputs: readonly TensorLike[],
  options: GradcheckOptions = {},
): void {
  const tensors = inputs.map((x) => {
    const tensor = x instanceof Operand ? x.asTensor() : convertToTensor(x, "float64");
    return isFloat(tensor.dtype) ? cast(tensor, "float64") : tensor;
  });
  const all = tensors.flatMap((x, place) => (isFloat(x.dtype) ? [place] : []));
  const wrt = options.wrt ?? all;
  checkOrder(f, tensors, wrt, options, 1);
  if (options.order !== 1) checkOrder((...xs) => reverseGradients(f, xs, wrt), tensors, wrt, options, 2);
}

function checkOrder(
  f: Differentiable,
  inputs: readonly Tensor[],
  wrt: readonly number[],
  options: GradcheckOptions,
  order: number,
): void {
  const { step = 1e-3, rtol = 1e-6, atol = 1e-7, forward = true } = options;
  const grads = reverseGradients(f, inputs, wrt);
  wrt.forEach((place, k) => {
    differences(f, inputs, place, step).forEach((expected, i) => {
      const actual = grads[k]!.storage[i]!;
      if (Math.abs(actual - expected) <= atol + rtol * Math.abs(expected)) return;
      const which = order === 1 ? "gradient" : "second gradient";
      throw new GradientError(
        `gradcheck: the ${which} for input ${place}, element ${i}, is ${actual}; central differences give ${expected}`,
      );
    });
  });
  if (forward) checkForward(f, inputs, wrt, grads);
}
