/**
 * @file The error function on vectors: x + x·P(x²) below 1, and 1 − e^(−g(|x| − 1)) from there on, where g is −log of erfc. Both
 * polynomials are minimax (Remez) fits: P's error is relative, that of g weighted by erfc.
 */
import type { Local } from "./assembler.js";
import { expNear } from "./vectorMathExp.js";
import type { VectorWriter } from "./vectors.js";

interface Fit {
  readonly near: readonly number[];
  readonly far: readonly number[];
  /** Where erf is 1 to the last bit. */
  readonly one: number;
}

const FITS: Record<VectorWriter["float"], Fit> = {
  f32x4: {
    near: [
      0.128379166, -0.37612626, 0.112835854, -0.0268538129, 0.00518832775, -0.000801019429, 7.85386292e-5,
    ],
    far: [1.84960556, 2.6389668, 0.84311831, 0.0415006839, -0.00989088416, 0.00182615733, -0.000185572469],
    one: 3.95,
  },
  f64x2: {
    near: [
      0.12837916709551256, -0.3761263890318352, 0.11283791670944185, -0.02686617064311143,
      0.0052239776061183026, -0.0008548325929311471, 0.00012055293576939506, -1.4924712304756816e-5,
      1.6447131624733688e-6, -1.6206314285130832e-7, 1.3710983067766377e-8, -7.779474028167907e-10,
    ],
    far: [
      1.8496055099332482, 2.638967514234788, 0.8431072563586769, 0.04156109804180653, -0.010033825374391694,
      0.001977902567814779, -0.0002373224810530692, -2.6277876379008398e-5, 2.715911535610958e-5,
      -9.608905962610479e-6, 2.0597793012654317e-6, -1.4288210569482725e-7, -9.754287690289888e-8,
      5.203569396000555e-8, -1.4910690360361142e-8, 2.8638553937939818e-9, -3.682184267735134e-10,
      2.8812746168308517e-11, -1.0389798932785652e-12,
    ],
    one: 5.95,
  },
};

/** P(x²) of erf x = x + x·P(x²), |x| ≤ 1. */
export const erfQuotient = (v: VectorWriter, square: Local): Local =>
  v.polynomial(square, FITS[v.float].near);

/** erf x. Largest errors found: 1.20 ulp in float32, 1.06 in float64. */
export function erf(v: VectorWriter, x: Local): Local {
  const { far, one } = FITS[v.float];
  const a = v.least(v.magnitude(x), one);
  const small = v.madd(a, erfQuotient(v, v.square(a)), a);
  const exponent = v.call("neg", v.polynomial(v.sub(a, 1), far));
  const large = v.sub(1, expNear(v, exponent));
  return v.or(v.select(v.lt(a, 1), small, large), v.signBit(x));
}
