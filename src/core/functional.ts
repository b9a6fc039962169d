/**
 * @file Derivatives of functions, for those who think in functions: grad, valueAndGrad, vjp, jvp, jacobian, hessian, hvp.
 */
import { toTensor } from "./convert.js";
import { engine } from "./engine.js";
import { ValueError } from "./errors.js";
import { ForwardAccumulator } from "./forward.js";
import { GradientTape } from "./tape.js";
import { Operand, type Tensor, type TensorLike } from "./tensor.js";

/** A function of tensors. */
export type TensorFunction = (...args: any[]) => Tensor;

export interface GradOptions {
  /** Which argument to differentiate, or several; default the first. */
  argnums?: number | readonly number[];
}

/** Arguments as tensors of their own, so that watching them watches nothing else. */
const ownTensors = (args: readonly TensorLike[]): Tensor[] =>
  args.map((arg) => engine.identity(toTensor(arg)));

/**
 * A function that returns the value and the gradient of `f`.
 *
 * @param f        a function of tensors; gradients are of the sum of its elements
 * @param options  `argnums`: which arguments; a list gives a list of gradients
 * @example
 * const { value, grad } = tf.valueAndGrad((x: tf.Tensor) => tf.square(x))(3);
 * [value.item(), grad.item()] // [ 9, 6 ]
 */
export function valueAndGrad(
  f: TensorFunction,
  options: GradOptions = {},
): (...args: TensorLike[]) => { value: Tensor; grad: any } {
  const { argnums = 0 } = options;
  return (...args) => {
    const inputs = ownTensors(args);
    const pick = (i: number): Tensor => {
      const input = inputs[i];
      if (input === undefined)
        throw new ValueError(`grad: there is no argument ${i}; ${inputs.length} were given`);
      return input;
    };
    const sources: Tensor | Tensor[] = typeof argnums === "number" ? pick(argnums) : argnums.map(pick);
    const tape = new GradientTape();
    const value = tape.record(() => {
      tape.watch(sources);
      return checkResult(f(...inputs)) as never;
    }) as Tensor;
    return { value, grad: tape.gradient(value, sources, { unconnectedGradients: "zero" }) };
  };
}

function checkResult(y: unknown): Tensor {
  if (y instanceof Operand) return y.asTensor();
  throw new ValueError(`grad: the function must return a tensor, got ${String(y)}`);
}

/**
 * A function that returns the gradient of `f`.
 *
 * @param f        a function of tensors; the gradient is of the sum of its elements
 * @param options  `argnums`: which arguments; a list gives a list of gradients
 * @example tf.grad((x: tf.Tensor) => tf.pow(x, 3))(2).item() // 12
 */
export function grad(f: TensorFunction, options: GradOptions = {}): (...args: TensorLike[]) => any {
  const both = valueAndGrad(f, options);
  return (...args) => both(...args).grad;
}

/**
 * The value of `f`, and a function from a gradient of the value to gradients of all arguments. It may be called again.
 *
 * @example
 * const [y, pull] = tf.vjp((a: tf.Tensor, b: tf.Tensor) => a.mul(b), 2, 5);
 * pull(1).map((g) => g.item()) // [ 5, 2 ]
 */
export function vjp(f: TensorFunction, ...args: TensorLike[]): [Tensor, (dy: TensorLike) => Tensor[]] {
  const inputs = ownTensors(args);
  const tape = new GradientTape({ persistent: true });
  const value = tape.record(() => {
    tape.watch(inputs);
    return checkResult(f(...inputs)) as never;
  }) as Tensor;
  return [
    value,
    (dy) => tape.gradient(value, inputs, { outputGradients: dy, unconnectedGradients: "zero" }) as Tensor[],
  ];
}

/**
 * The value of `f` and its derivative along a direction.
 *
 * @param f         a function of tensors
 * @param primals   its arguments
 * @param tangents  the direction, one per argument
 * @example tf.jvp((x: tf.Tensor) => tf.square(x), [3], [1]).map((t) => t.item()) // [ 9, 6 ]
 */
export function jvp(
  f: TensorFunction,
  primals: readonly TensorLike[],
  tangents: readonly TensorLike[],
): [Tensor, Tensor] {
  const inputs = ownTensors(primals);
  const accumulator = new ForwardAccumulator(
    inputs,
    tangents.map((t, i) => toTensor(t, inputs[i]?.dtype)),
  );
  const value = accumulator.record(() => checkResult(f(...inputs)) as never) as Tensor;
  return [value, accumulator.jvp(value, { unconnectedGradients: "zero" })];
}

/**
 * A function that returns all derivatives of the elements of `f(x)` by the elements of x: shape f(x).shape + x.shape.
 *
 * @example tf.jacobian((x: tf.Tensor) => tf.square(x))([1, 2]).array() // [ [ 2, 0 ], [ 0, 4 ] ]
 */
export function jacobian(f: (x: any) => Tensor): (x: TensorLike) => Tensor {
  return (x) => {
    const [input] = ownTensors([x]) as [Tensor];
    const tape = new GradientTape();
    const value = tape.record(() => {
      tape.watch(input);
      return checkResult(f(input)) as never;
    }) as Tensor;
    return tape.jacobian(value, input, { unconnectedGradients: "zero" });
  };
}

/**
 * A function that returns the second derivatives of a scalar `f`: shape x.shape + x.shape.
 *
 * @example tf.hessian((x: tf.Tensor) => x.mul(x).mul(x).sum())([1, 2]).array() // [ [ 6, 0 ], [ 0, 12 ] ]
 */
export const hessian = (f: (x: any) => Tensor): ((x: TensorLike) => Tensor) => jacobian(grad(f));

/**
 * Second derivatives of a scalar `f` times a vector, without the matrix: forward over reverse.
 *
 * @param f  a function of one tensor
 * @param x  where
 * @param v  the vector, in the shape of x
 * @example tf.hvp((x: tf.Tensor) => x.mul(x).mul(x).sum(), [1, 2], [1, 0]).array() // [ 6, 0 ]
 */
export function hvp(f: (x: any) => Tensor, x: TensorLike, v: TensorLike): Tensor {
  return jvp(grad(f), [x], [v])[1];
}
