/**
 * @file Trigonometric and hyperbolic functions and their inverses. Angles are in radians.
 */
import { apply } from "../core/apply.js";
import { elementwise } from "../core/kinds.js";
import type { Tensor, TensorLike } from "../core/tensor.js";
import { lane } from "../ir/lane.js";
import { add, divide, multiply, negative, subtract } from "./arithmetic.js";
import { reciprocal, sqrt, square } from "./exponential.js";

/**
 * Sine of each element, x in radians: sin x.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · cos x.
 * @example sin([0]).array() // [ 0 ]
 */
export const sin = (x: TensorLike): Tensor => apply(sinOp, [x]);
export const sinOp = elementwise({
  name: "Sin",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.sin(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, cos(x)) }),
});

/**
 * Cosine of each element, x in radians: cos x.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: −dy · sin x.
 * @example cos([0]).array() // [ 1 ]
 */
export const cos = (x: TensorLike): Tensor => apply(cosOp, [x]);
export const cosOp = elementwise({
  name: "Cos",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.cos(x),
  grad: (dy, { x }) => ({ x: () => multiply(negative(dy), sin(x)) }),
});

/**
 * Tangent of each element, x in radians: tan x.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / cos² x.
 * @example tan([0]).array() // [ 0 ]
 */
export const tan = (x: TensorLike): Tensor => apply(tanOp, [x]);
export const tanOp = elementwise({
  name: "Tan",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.tan(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, square(reciprocal(cos(x)))) }),
});

/**
 * The angle in [−π/2, π/2] whose sine is x; NaN outside [−1, 1].
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / √(1 − x²), infinite at ±1.
 * @example asin([0]).array() // [ 0 ]
 */
export const asin = (x: TensorLike): Tensor => apply(asinOp, [x]);
export const asinOp = elementwise({
  name: "Asin",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.asin(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, reciprocal(sqrt(subtract(1, square(x))))) }),
});

/**
 * The angle in [0, π] whose cosine is x; NaN outside [−1, 1].
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: −dy / √(1 − x²), infinite at ±1.
 * @example acos([1]).array() // [ 0 ]
 */
export const acos = (x: TensorLike): Tensor => apply(acosOp, [x]);
export const acosOp = elementwise({
  name: "Acos",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.acos(x),
  grad: (dy, { x }) => ({ x: () => multiply(negative(dy), reciprocal(sqrt(subtract(1, square(x))))) }),
});

/**
 * The angle in (−π/2, π/2) whose tangent is x.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / (1 + x²).
 * @example atan([0]).array() // [ 0 ]
 */
export const atan = (x: TensorLike): Tensor => apply(atanOp, [x]);
export const atanOp = elementwise({
  name: "Atan",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.atan(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, reciprocal(add(square(x), 1))) }),
});

/**
 * The angle in [−π, π] of the point (x, y).
 *
 * @param y  second coordinate; floats (integers become float32), any shape
 * @param x  first coordinate; the two broadcast
 * Gradient: dy · x / (x² + y²) for y, and −dy · y / (x² + y²) for x.
 * @example atan2(0, 1).item() // 0
 */
export const atan2 = (y: TensorLike, x: TensorLike): Tensor => apply(atan2Op, [y, x]);
export const atan2Op = elementwise({
  name: "Atan2",
  inputs: ["y", "x"],
  accepts: "float",
  saves: ["y", "x"],
  lane: ({ y, x }) => lane.atan2(y, x),
  grad: (dy, { y, x }) => {
    const scaled = (): Tensor => divide(dy, add(square(x), square(y)));
    return { y: () => multiply(x, scaled()), x: () => multiply(negative(y), scaled()) };
  },
});

/**
 * Hyperbolic sine of each element: (eˣ − e⁻ˣ) / 2.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · cosh x.
 * @example sinh([0]).array() // [ 0 ]
 */
export const sinh = (x: TensorLike): Tensor => apply(sinhOp, [x]);
export const sinhOp = elementwise({
  name: "Sinh",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.sinh(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, cosh(x)) }),
});

/**
 * Hyperbolic cosine of each element: (eˣ + e⁻ˣ) / 2.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · sinh x.
 * @example cosh([0]).array() // [ 1 ]
 */
export const cosh = (x: TensorLike): Tensor => apply(coshOp, [x]);
export const coshOp = elementwise({
  name: "Cosh",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.cosh(x),
  grad: (dy, { x }) => ({ x: () => multiply(dy, sinh(x)) }),
});

/**
 * Hyperbolic tangent of each element: sinh x / cosh x, between −1 and 1.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy · (1 − y²).
 * @example tanh([0]).array() // [ 0 ]
 */
export const tanh = (x: TensorLike): Tensor => apply(tanhOp, [x]);
export const tanhOp = elementwise({
  name: "Tanh",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.tanh(x),
  grad: (dy, { y }) => ({ x: () => tanhGrad(y, dy) }),
});

/** dy · (1 − y²): one op, because training runs it at every step. */
const tanhGrad = (y: Tensor, dy: Tensor): Tensor => apply(tanhGradOp, [y, dy]);
export const tanhGradOp = elementwise({
  name: "TanhGrad",
  inputs: ["y", "dy"],
  accepts: "float",
  saves: ["y", "dy"],
  lane: ({ y, dy }) => lane.mul(dy, lane.sub(1, lane.mul(y, y))),
  grad: (ddy, { y, dy }) => ({
    y: () => multiply(multiply(multiply(ddy, dy), -2), y),
    dy: () => tanhGrad(y, ddy),
  }),
});

/**
 * Inverse of the hyperbolic sine.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / cosh y.
 * @example asinh([0]).array() // [ 0 ]
 */
export const asinh = (x: TensorLike): Tensor => apply(asinhOp, [x]);
export const asinhOp = elementwise({
  name: "Asinh",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.asinh(x),
  grad: (dy, { y }) => ({ x: () => divide(dy, cosh(y)) }),
});

/**
 * Inverse of the hyperbolic cosine: the one that is not negative; NaN below 1.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / sinh y, infinite at 1.
 * @example acosh([1]).array() // [ 0 ]
 */
export const acosh = (x: TensorLike): Tensor => apply(acoshOp, [x]);
export const acoshOp = elementwise({
  name: "Acosh",
  inputs: ["x"],
  accepts: "float",
  saves: ["y"],
  lane: ({ x }) => lane.acosh(x),
  grad: (dy, { y }) => ({ x: () => divide(dy, sinh(y)) }),
});

/**
 * Inverse of the hyperbolic tangent; ±∞ at ±1, NaN beyond.
 *
 * @param x  floats (integers become float32), any shape
 * Gradient: dy / (1 − x²).
 * @example atanh([0]).array() // [ 0 ]
 */
export const atanh = (x: TensorLike): Tensor => apply(atanhOp, [x]);
export const atanhOp = elementwise({
  name: "Atanh",
  inputs: ["x"],
  accepts: "float",
  saves: ["x"],
  lane: ({ x }) => lane.atanh(x),
  grad: (dy, { x }) => ({ x: () => divide(dy, subtract(1, square(x))) }),
});
