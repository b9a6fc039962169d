/**
 * @file Special functions: the error function and its relatives, the gamma function's logarithm and its derivatives.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { add, multiply, negative } from "./arithmetic.js";
import { exp, square } from "./exponential.js";

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

/**
 * Error function of each element: 2/√π · ∫₀ˣ e^(−t²) dt.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · 2/√π · e^(−x²).
 * @example erf([0, 6]).array() // [ 0, 1 ]
 */
export const erf = (x: TensorLike): Tensor => apply(erfOp, [x]);
export const erfOp = elementwise({
  name: "Erf",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.erf(x),
  grad: (dy, { x }) => ({ x: () => multiply(multiply(dy, TWO_OVER_ROOT_PI), exp(negative(square(x)))) }),
});

/**
 * Complementary error function of each element: 1 − erf x, without cancellation for large x.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: −dy · 2/√π · e^(−x²).
 * @example erfc([0]).array() // [ 1 ]
 */
export const erfc = (x: TensorLike): Tensor => apply(erfcOp, [x]);
export const erfcOp = elementwise({
  name: "Erfc",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.erfc(x),
  grad: (dy, { x }) => ({ x: () => multiply(multiply(dy, -TWO_OVER_ROOT_PI), exp(negative(square(x)))) }),
});

/**
 * Inverse of the error function; ±∞ at ±1, NaN beyond.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · √π/2 · e^(y²).
 * @example erfinv([0]).array() // [ 0 ]
 */
export const erfinv = (x: TensorLike): Tensor => apply(erfinvOp, [x]);
export const erfinvOp = elementwise({
  name: "Erfinv",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.erfinv(x),
  grad: (dy, { y }) => ({ x: () => multiply(multiply(dy, 1 / TWO_OVER_ROOT_PI), exp(square(y))) }),
});

/**
 * Logarithm of |Γ(x)|; infinite at 0, −1, −2 …
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · digamma(x).
 * @example lgamma([1, 2]).array() // [ 0, 0 ]
 */
export const lgamma = (x: TensorLike): Tensor => apply(lgammaOp, [x]);
export const lgammaOp = elementwise({
  name: "Lgamma",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.lgamma(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, digamma(x)) }),
});

/**
 * Derivative of ln Γ(x); NaN at −1, −2 …
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · polygamma(1, x).
 * @example digamma(tf.constant(1, "float64")).item().toFixed(10) // "-0.5772156649"
 */
export const digamma = (x: TensorLike): Tensor => apply(digammaOp, [x]);
export const digammaOp = elementwise({
  name: "Digamma",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.digamma(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, polygamma(1, x)) }),
});

/**
 * Derivative number `a` of the digamma function at x.
 *
 * @param a  order, whole numbers ≥ 0 as floats; NaN for others
 * @param x  floats (integers become float32), any shape; the two broadcast
 * Gradient: dy · polygamma(a + 1, x) for x; none for a.
 * @example polygamma(1, tf.constant(1, "float64")).item().toFixed(10) // "1.6449340668"
 */
export const polygamma = (a: TensorLike, x: TensorLike): Tensor => apply(polygammaOp, [a, x]);
export const polygammaOp = elementwise({
  name: "Polygamma",
  inputs: ["a", "x"],
  accepts: "float",
  saves: ["a", "x"],
  // (−1)^(a+1) · a! · ζ(a + 1, x)
  lane: ({ a, x }) => {
    const next = lane.add(a, 1);
    const sign = lane.sub(1, lane.mul(2, lane.floormod(next, 2)));
    const series = lane.mul(lane.mul(sign, lane.exp(lane.lgamma(next))), lane.zeta(next, x));
    const isOrder = lane.and(lane.ge(a, 0), lane.eq(a, lane.floor(a)));
    return lane.select(isOrder, lane.select(lane.eq(a, 0), lane.digamma(x), series), Number.NaN);
  },
  grad: (dy, { a, x }) => ({ a: null, x: () => multiply(dy, polygamma(add(a, 1), x)) }),
});

/**
 * Hurwitz zeta function: Σ (q + n)^(−x) over n = 0, 1, 2 …
 *
 * @param x  exponent, above 1; floats (integers become float32), any shape
 * @param q  first base; infinite at 0, −1, −2 …; the two broadcast
 * Gradient: −dy · x · zeta(x + 1, q) for q; none for x.
 * @example zeta(tf.constant(2, "float64"), 1).item().toFixed(10) // "1.6449340668"
 */
export const zeta = (x: TensorLike, q: TensorLike): Tensor => apply(zetaOp, [x, q]);
export const zetaOp = elementwise({
  name: "Zeta",
  inputs: ["x", "q"],
  accepts: "float",
  saves: ["x", "q"],
  lane: ({ x, q }) => lane.zeta(x, q),
  grad: (dy, { x, q }) => ({ x: null, q: () => multiply(dy, multiply(negative(x), zeta(add(x, 1), q))) }),
});
