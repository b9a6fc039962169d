/**
 * @file The exponential function and its kin on vectors.
 *
 * x = n·ln 2 + r with |r| ≤ ln 2 / 2, and eˣ = 2ⁿ·eʳ. Polynomials are minimax (Remez) fits of (eʳ − 1 − r) / r² on that interval.
 */
import type { Local } from "./assembler.js";
import type { Vector, VectorWriter } from "./vectors.js";

interface Format {
  /** Bits of a number before its exponent. */
  readonly mantissa: number;
  readonly bias: number;
  /** ln 2 in two parts: the first with so few bits that its product with n is exact. */
  readonly ln2: readonly [number, number];
  /** Of r⁰, r¹, … in (eʳ − 1 − r) / r², with a small error relative to eʳ. */
  readonly quotient: readonly number[];
  /** The same with a small error relative to eʳ − 1. */
  readonly excessQuotient: readonly number[];
  /** Where eˣ is 0 or infinite for certain. */
  readonly range: readonly [number, number];
  /** Where eˣ − 1 is −1 to the last bit. */
  readonly least: number;
  /** Bits of the half of a number whose square is exact. */
  readonly upperHalf: bigint;
}

const FORMATS: Record<VectorWriter["float"], Format> = {
  f32x4: {
    mantissa: 23,
    bias: 127,
    ln2: [0.693145751953125, 1.4286068e-6],
    // Errors below 2⁻²⁷ and 2⁻²⁸.
    quotient: [0.5, 0.166665182, 0.041666206, 0.0083688898, 0.00139504916],
    excessQuotient: [0.5, 0.166666672, 0.041666355, 0.00833327323, 0.00139410072, 0.000199142582],
    range: [-104, 89],
    least: -18,
    upperHalf: -1n << 12n,
  },
  f64x2: {
    mantissa: 52,
    bias: 1023,
    ln2: [0.693147180559663, 2.8235290563031577e-13],
    // Errors below 2⁻⁵⁵ and 2⁻⁶⁰.
    quotient: [
      0.5000000000000006, 0.16666666666666685, 0.04166666666657363, 0.008333333333314635,
      0.0013888888932379335, 0.00019841269902937, 2.480150444501575e-5, 2.755722804008287e-6,
      2.762632695064025e-7, 2.5114445315002668e-8,
    ],
    excessQuotient: [
      0.5, 0.16666666666666677, 0.0416666666666667, 0.008333333333321615, 0.0013888888888866774,
      0.00019841269886159232, 2.480158736066143e-5, 2.755724418138819e-6, 2.7557242682700764e-7,
      2.5109045033368176e-8, 2.0924463969165166e-9,
    ],
    range: [-746, 710],
    least: -38,
    upperHalf: -1n << 27n,
  },
};

export const formatOf = (v: VectorWriter): Format => FORMATS[v.float];

/**
 * Added to a number, it leaves the nearest integer plus `more` in the lowest bits: 1.5 times the power of two above the
 * mantissa, whose own lowest bits are zeros. With the bias as `more`, the mantissa's width to the left is 2ⁿ.
 */
const rounding = (v: VectorWriter, more: number): number => 1.5 * 2 ** formatOf(v).mantissa + more;

interface Reduced {
  /** n + `more`, in the lowest bits. */
  readonly shifted: Local;
  readonly n: Local;
  readonly r: Local;
}

/** x = n·ln 2 + r. */
function reduce(v: VectorWriter, x: Local, more: number): Reduced {
  const { ln2 } = formatOf(v);
  const shifted = v.madd(x, Math.LOG2E, rounding(v, more));
  const n = v.sub(shifted, rounding(v, more));
  return { shifted, n, r: v.nmadd(n, ln2[1], v.nmadd(n, ln2[0], x)) };
}

/** eʳ − 1. */
const excess = (v: VectorWriter, r: Local, quotient: readonly number[]): Local =>
  v.madd(v.square(r), v.polynomial(r, quotient), r);

/** The power of two whose exponent and bias are in the lowest bits. */
const power = (v: VectorWriter, shifted: Local): Local => v.shiftLeft(shifted, formatOf(v).mantissa);

const clamp = (v: VectorWriter, x: Vector, [least, most]: readonly [number, number]): Local =>
  v.most(v.least(x, most), least);

/** Two powers of two whose product is 2ⁿ, which may itself be too large or too small for a number. */
function twoPowers(v: VectorWriter, { shifted, n }: Reduced): [Local, Local] {
  if (v.float === "f32x4") {
    const half = v.shiftRight(shifted, 1);
    return [power(v, half), power(v, v.op("i32x4.sub", shifted, half))];
  }
  // WebAssembly's shifts of 64-bit integers are slow where they keep the sign; halves of n go through floats.
  const biased = rounding(v, formatOf(v).bias);
  const half = v.madd(n, 0.5, biased);
  return [power(v, half), power(v, v.add(v.sub(n, v.sub(half, biased)), biased))];
}

/** eˣ. Largest errors found: 1.06 ulp in float32, 0.95 in float64. */
export function exp(v: VectorWriter, x: Local): Local {
  const { quotient, range, bias } = formatOf(v);
  const reduced = reduce(v, clamp(v, x, range), 2 * bias);
  const [first, second] = twoPowers(v, reduced);
  return v.mul(v.mul(v.add(excess(v, reduced.r, quotient), 1), first), second);
}

/** e^(x + more), where `more` is what x has beyond its last bit. */
export function expOfPair(v: VectorWriter, x: Local, more: Local): Local {
  const { quotient, range, bias } = formatOf(v);
  const reduced = reduce(v, clamp(v, x, range), 2 * bias);
  const r = v.add(reduced.r, more);
  const [first, second] = twoPowers(v, reduced);
  return v.mul(v.mul(v.add(excess(v, r, quotient), 1), first), second);
}

/** eˣ where that is neither large nor small: |x| ≤ 60. */
export function expNear(v: VectorWriter, x: Local): Local {
  const { quotient, bias } = formatOf(v);
  const { shifted, r } = reduce(v, x, bias);
  return v.mul(v.add(excess(v, r, quotient), 1), power(v, shifted));
}

/**
 * (lead + rest)·e^(−x²), x ≥ 0 and x² not infinite. The square is taken in parts, since e would enlarge what its rounding takes.
 */
export function expMinusSquare(v: VectorWriter, x: Local, lead: number, rest: Local): Local {
  const { quotient, bias, ln2, upperHalf } = formatOf(v);
  const head = v.and(x, v.bits(upperHalf));
  const tail = v.mul(v.sub(x, head), v.add(x, head));
  const more = rounding(v, 2 * bias);
  const shifted = v.nmadd(v.square(x), Math.LOG2E, more);
  const n = v.sub(shifted, more);
  const r = v.call("neg", v.add(v.madd(n, ln2[0], v.square(head)), v.madd(n, ln2[1], tail)));
  const [first, second] = twoPowers(v, { shifted, n, r });
  // What is small is added up first.
  const value = v.add(v.madd(excess(v, r, quotient), v.add(rest, lead), rest), lead);
  return v.mul(v.mul(value, first), second);
}

/** eˣ − 1. Largest errors found: 1.47 ulp in float32, 1.88 in float64. */
export function expm1(v: VectorWriter, x: Local): Local {
  const { excessQuotient, least, range, bias, mantissa } = formatOf(v);
  // Half of 2ⁿ, which exists where 2ⁿ is just beyond the largest number.
  const { shifted, r } = reduce(v, clamp(v, x, [least, range[1]]), bias - 1);
  const half = power(v, shifted);
  const result = v.madd(half, excess(v, r, excessQuotient), v.sub(half, 0.5));
  // The half of the smallest numbers would be rounded.
  const tiny = v.lt(v.magnitude(x), 2 ** -(mantissa + 2));
  return v.select(tiny, x, v.add(result, result));
}

/** eˣ / 2 for 0 ≤ x, infinite only where that is. */
function halfExp(v: VectorWriter, x: Local): Local {
  const { quotient, bias } = formatOf(v);
  const { shifted, n, r } = reduce(v, v.least(x, 711), 2 * bias - 1);
  const [first, second] = twoPowers(v, { shifted, n: v.sub(n, 1), r });
  return v.mul(v.mul(v.add(excess(v, r, quotient), 1), first), second);
}

/** A minimax (Remez) fit of (sinh x / x − 1) / x² in x² for |x| ≤ 1, its relative error below 2⁻⁶³. */
const SINH = [
  0.16666666666666669, 0.008333333333333139, 0.00019841269841437668, 2.755731915533967e-6,
  2.505212339828208e-8, 1.605724035344947e-10, 7.75931202169862e-13,
];

/** sinh x in float64. Largest error found: 1.31 ulp. */
export function sinh(v: VectorWriter, x: Local): Local {
  const a = v.magnitude(x);
  const square = v.square(a);
  const small = v.madd(v.mul(square, v.polynomial(square, SINH)), a, a);
  const half = halfExp(v, a);
  const large = v.sub(half, v.div(0.25, half));
  return v.or(v.select(v.lt(a, 1), small, large), v.signBit(x));
}

/** cosh x in float64. Largest error found: 1.22 ulp. */
export function cosh(v: VectorWriter, x: Local): Local {
  const half = halfExp(v, v.magnitude(x));
  return v.add(half, v.div(0.25, half));
}
