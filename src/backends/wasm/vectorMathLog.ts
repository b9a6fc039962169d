/**
 * @file Logarithms and what is made of them, on vectors.
 *
 * x = 2ᵉ·(1 + f) with √½ ≤ 1 + f < √2, s = f / (2 + f), and log(1 + f) = 2·atanh(s) = f − f²/2 + s·(f²/2 + R(s²)). R(z) / z is a
 * minimax (Remez) fit of 2·(atanh(s) / s − 1) / z, z = s² ≤ 0.0295.
 */
import type { Local } from "./assembler.js";
import { formatOf } from "./vectorMathExp.js";
import type { VectorWriter } from "./vectors.js";

const QUOTIENT: Record<VectorWriter["float"], readonly number[]> = {
  // Error relative to the logarithm below 2⁻³⁰, of the second below 2⁻⁵⁸.
  f32x4: [0.666667759, 0.399774969, 0.298730761],
  f64x2: [
    0.6666666666666735, 0.3999999999941108, 0.2857142874326356, 0.22222198476085486, 0.18183569727539076,
    0.15313903698050446, 0.14797502117983108,
  ],
};

/** Bits of √½. */
const LEAST_BITS = { f32x4: 0x3f3504f3n, f64x2: 0x3fe6a09e667f3bcdn };
const LEAST_NORMAL = { f32x4: 2 ** -126, f64x2: 2 ** -1022 };

/** x = 2ᵉ·(1 + f), x > 0 and finite. */
export function split(v: VectorWriter, x: Local): { e: Local; f: Local } {
  const { mantissa, bias } = formatOf(v);
  const least = LEAST_BITS[v.float];
  const one = BigInt(bias) << BigInt(mantissa);
  const tiny = v.lt(x, LEAST_NORMAL[v.float]);
  const normal = v.select(tiny, v.mul(x, 2 ** mantissa), x);
  const shifted = v.op(`${v.integer}.add`, normal, v.bits(one - least));
  const fraction = v.and(shifted, v.bits((1n << BigInt(mantissa)) - 1n));
  const f = v.sub(v.op(`${v.integer}.add`, fraction, v.bits(least)), 1);
  // An integer in the lowest bits of a power of two is that power plus the integer.
  const exponent = v.or(v.shiftRight(shifted, mantissa), 2 ** mantissa);
  const unbiased = v.sub(exponent, 2 ** mantissa + bias);
  return { e: v.sub(unbiased, v.and(tiny, mantissa)), f };
}

/** The logarithm of a finite number above 0. */
function logPositive(v: VectorWriter, x: Local): Local {
  const { ln2 } = formatOf(v);
  const { e, f } = split(v, x);
  const s = v.div(f, v.add(f, 2));
  const z = v.square(s);
  const halfSquare = v.mul(v.mul(f, 0.5), f);
  const rest = v.madd(z, v.polynomial(z, QUOTIENT[v.float]), halfSquare);
  const small = v.sub(v.sub(halfSquare, v.madd(s, rest, v.mul(e, ln2[1]))), f);
  return v.sub(v.mul(e, ln2[0]), small);
}

/** log x; −∞ at zeros, NaN below. Largest errors found: 0.81 ulp in float32, 0.74 in float64. */
export function log(v: VectorWriter, x: Local): Local {
  const finite = v.select(v.lt(x, Infinity), logPositive(v, x), x);
  const beyond = v.select(v.eq(x, 0), -Infinity, Number.NaN);
  return v.select(v.gt(x, 0), finite, beyond);
}

/**
 * log(1 + x): the logarithm of u, the sum rounded, and the first-order correction by what rounding took. Largest errors
 * found: 1.44 ulp in float32, 1.05 in float64.
 */
export function log1p(v: VectorWriter, x: Local): Local {
  const u = v.add(x, 1);
  const gained = v.sub(u, 1);
  const lost = v.add(v.sub(1, v.sub(u, gained)), v.sub(x, gained));
  const ordinary = v.and(v.gt(u, 0), v.lt(u, Infinity));
  const sum = v.add(log(v, u), v.and(ordinary, v.div(lost, u)));
  return v.or(sum, v.signBit(x));
}

/** From here on, asinh x and acosh x are log 2x to the last bit. */
const LARGE = 2 ** 60;

/** log(1 + x + more), where `more` is x beyond LARGE and overflows later. */
function logOfDouble(v: VectorWriter, x: Local, more: Local): Local {
  const isLarge = v.call("ge", x, LARGE);
  return v.add(log1p(v, v.select(isLarge, x, v.add(x, more))), v.and(isLarge, Math.LN2));
}

/** asinh x in float64: log1p(a + a² / (1 + √(1 + a²))) on the magnitude. Largest error found: 1.43 ulp. */
export function asinh(v: VectorWriter, x: Local): Local {
  const a = v.magnitude(x);
  const square = v.square(a);
  const more = v.div(square, v.add(v.call("sqrt", v.add(square, 1)), 1));
  return v.or(logOfDouble(v, a, more), v.signBit(x));
}

/** acosh x in float64: log1p(t + √t·√(t + 2)), t = x − 1. Largest error found: 2.89 ulp. */
export function acosh(v: VectorWriter, x: Local): Local {
  const t = v.sub(x, 1);
  return logOfDouble(v, t, v.mul(v.call("sqrt", t), v.call("sqrt", v.add(t, 2))));
}

/** atanh x in float64: log1p(2a / (1 − a)) / 2 on the magnitude. Largest error found: 2.07 ulp. */
export function atanh(v: VectorWriter, x: Local): Local {
  const a = v.magnitude(x);
  const ratio = v.div(v.add(a, a), v.sub(1, a));
  return v.or(v.mul(log1p(v, ratio), 0.5), v.signBit(x));
}
