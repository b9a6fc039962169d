/**
 * @file Powers on vectors: e^(y·log |x|), and what C says of signs, zeros and infinities. In float64 the logarithm and the product
 * have twice the digits, as pairs of numbers, since e makes of an error in the product a relative one of the power.
 */
import type { Local } from "./assembler.js";
import { exp, expOfPair } from "./vectorMathExp.js";
import { log, split } from "./vectorMathLog.js";
import type { Vector, VectorWriter } from "./vectors.js";

/** A number as the sum of two, the second too small to change the first. */
type Pair = readonly [Local, Local];

const UPPER_HALF = -1n << 27n;
const LN2 = [0.693147180559663, 2.8235290563031577e-13] as const;
const TWO_THIRDS = [2 / 3, 3.700743415417188e-17] as const;
/** A minimax (Remez) fit of (2·atanh(s) / s − 2 − 2z/3) / z², z = s² ≤ 0.0295: the logarithm's relative error is below 2⁻⁶⁴. */
const FIT = [
  0.4000000000000227, 0.2857142857009217, 0.2222222252130376, 0.1818178424148107, 0.15386763326111003,
  0.13256673628196128, 0.13197705795308695,
];

/** a + b. */
function sumOf(v: VectorWriter, a: Local, b: Local): Pair {
  const sum = v.add(a, b);
  const gained = v.sub(sum, a);
  return [sum, v.add(v.sub(a, v.sub(sum, gained)), v.sub(b, gained))];
}

/** a·b. */
function productOf(v: VectorWriter, a: Local, b: Vector): Pair {
  const product = v.mul(a, b);
  const halves = (x: Local): Pair => {
    const upper = v.and(x, v.bits(UPPER_HALF));
    return [upper, v.sub(x, upper)];
  };
  const [a1, a2] = halves(a);
  const [b1, b2] = halves(typeof b === "number" ? v.constant(b) : b);
  const crossed = v.add(v.mul(a1, b2), v.mul(a2, b1));
  return [product, v.add(v.add(v.sub(v.mul(a1, b1), product), crossed), v.mul(a2, b2))];
}

/** The logarithm of a finite number above 0: e·log 2 + 2·atanh(s), s = f / (2 + f). */
function logPair(v: VectorWriter, x: Local): Pair {
  const { e, f } = split(v, x);
  const divisor = v.add(f, 2);
  const inverse = v.div(1, divisor);
  const s = v.mul(f, inverse);
  const [back, backMore] = productOf(v, s, divisor);
  const lost = v.mul(s, v.sub(f, v.sub(divisor, 2)));
  const sMore = v.mul(v.sub(v.sub(v.sub(f, back), backMore), lost), inverse);
  // ⅔·s³, as a pair.
  const [z, zRounding] = productOf(v, s, s);
  const zMore = v.madd(v.add(s, s), sMore, zRounding);
  const [cube, cubeRounding] = productOf(v, z, s);
  const cubeMore = v.madd(z, sMore, v.madd(zMore, s, cubeRounding));
  const [third, thirdRounding] = productOf(v, cube, TWO_THIRDS[0]);
  const thirdMore = v.madd(cube, TWO_THIRDS[1], v.madd(cubeMore, TWO_THIRDS[0], thirdRounding));
  const rest = v.mul(v.mul(cube, z), v.polynomial(z, FIT));
  const [first, firstMore] = sumOf(v, v.mul(e, LN2[0]), v.add(s, s));
  const [second, secondMore] = sumOf(v, first, third);
  const small = v.add(v.madd(e, LN2[1], v.add(sMore, sMore)), v.add(thirdMore, rest));
  return sumOf(v, second, v.add(v.add(firstMore, secondMore), small));
}

/** Beyond, a power is 0 or infinite. */
const FAR = 800;

/** |x|^y in float64. */
function magnitude64(v: VectorWriter, x: Local, y: Local): Local {
  const [first, more] = logPair(v, x);
  const beyond = v.select(v.eq(x, 0), -Infinity, x);
  const isOrdinary = v.and(v.gt(x, 0), v.lt(x, Infinity));
  const [product, rounding] = productOf(v, v.select(isOrdinary, first, beyond), y);
  const productMore = v.madd(more, y, rounding);
  return expOfPair(v, product, v.and(productMore, v.lt(v.magnitude(product), FAR)));
}

/** What a power is where x is below 0, or one of the two is 1, 0 or infinite. As C: 1^y and x^0 are 1 whatever the other is. */
function withSign(v: VectorWriter, magnitude: Local, x: Local, y: Local): Local {
  const isInteger = v.eq(v.call("floor", y), y);
  const half = v.mul(y, 0.5);
  const odd = v.op("v128.andnot", isInteger, v.eq(v.call("floor", half), half));
  const signed = v.or(magnitude, v.and(odd, v.signBit(x)));
  const undefinedPower = v.op("v128.andnot", v.lt(x, 0), v.or(isInteger, v.eq(x, -Infinity)));
  const result = v.select(undefinedPower, Number.NaN, signed);
  const unitBase = v.and(v.eq(v.magnitude(x), 1), v.eq(v.magnitude(y), Infinity));
  const one = v.or(v.or(v.eq(y, 0), v.eq(x, 1)), unitBase);
  return v.select(one, 1, result);
}

/** x^y in float64. Largest error found: 1.29 ulp. */
export const pow = (v: VectorWriter, x: Local, y: Local): Local =>
  withSign(v, magnitude64(v, v.magnitude(x), y), x, y);

/** x^y of what are float32, in float64. */
export const powWide = (v: VectorWriter, x: Local, y: Local): Local =>
  withSign(v, exp(v, v.mul(y, log(v, v.magnitude(x)))), x, y);
