/**
 * @file The hyperbolic tangent on vectors: x + x³·P(x²) below 0.6, where P is a minimax (Remez) fit of small relative error, and
 * 1 − 2 / (e^(2|x|) + 1) from there on.
 */
import type { Local } from "./assembler.js";
import { expNear } from "./vectorMathExp.js";
import type { VectorWriter } from "./vectors.js";

const NEAR = 0.6;
const FITS: Record<VectorWriter["float"], readonly number[]> = {
  // Errors below 2⁻²⁷ and 2⁻⁵⁷.
  f32x4: [-0.333332986, 0.133319244, -0.053783834, 0.0207959805, -0.00589516945],
  f64x2: [
    -0.33333333333333126, 0.13333333333299663, -0.05396825394929545, 0.021869488002562065,
    -0.008863226777504974, 0.0035920373801486146, -0.0014552153693677533, 0.0005871884317376775,
    -0.00023039687282807022, 7.931403007911935e-5, -1.7178768437743694e-5,
  ],
};
/** Where tanh is 1 to the last bit. */
const ONE = { f32x4: 10, f64x2: 20 };

/** tanh x. Largest errors found: 1.31 ulp in float32, 1.28 in float64. */
export function tanh(v: VectorWriter, x: Local): Local {
  const a = v.least(v.magnitude(x), ONE[v.float]);
  const square = v.square(a);
  const small = v.madd(v.mul(square, v.polynomial(square, FITS[v.float])), a, a);
  const large = v.sub(1, v.div(2, v.add(expNear(v, v.add(a, a)), 1)));
  return v.or(v.select(v.lt(a, NEAR), small, large), v.signBit(x));
}
