/**
 * @file Sine, cosine and tangent on vectors.
 *
 * |x| = n·π/2 + r with |r| ≤ π/4; n modulo 4 says which of ±sin r, ±cos r it is. Polynomials are minimax (Remez) fits of
 * (sin r / r − 1) / r² and (cos r − 1 + r²/2) / r⁴ in r², on that interval.
 */
import type { Local } from "./assembler.js";
import { demote, promote } from "./laneCasts.js";
import { largeReduction } from "./piReduction.js";
import type { VectorWriter } from "./vectors.js";

const SINE: Record<VectorWriter["float"], readonly number[]> = {
  // Relative errors below 2⁻²⁸ and 2⁻⁵⁷.
  f32x4: [-0.166666672, 0.00833332911, -0.000198393347, 2.7183039e-6],
  f64x2: [
    -0.16666666666666632, 0.008333333333322415, -0.00019841269829808008, 2.7557313691969135e-6,
    -2.5050758122153486e-8, 1.58967960325509e-10,
  ],
};
const COSINE: Record<VectorWriter["float"], readonly number[]> = {
  // Relative errors below 2⁻³⁰ and 2⁻⁵⁹.
  f32x4: [0.0416666456, -0.00138873153, 2.4433084e-5],
  f64x2: [
    0.041666666666666595, -0.001388888888887304, 2.4801587288841526e-5, -2.75573141762741e-7,
    2.0875700420410854e-9, -1.1358514163604318e-11,
  ],
};

/** π/2 in three parts. The first two have so few bits that their products with n are exact below the limits. */
const HALF_PI = [1.5707963267341256, 6.077100506303966e-11, 2.0222662487959506e-21] as const;
/** The rest of π/2 after its first part, for those to whom two parts do. */
const HALF_PI_REST = 6.077100506506192e-11;
/** Beyond, π/2 in so few parts is not precise enough. */
const LIMIT = { f32x4: 2 ** 21, f64x2: 2 ** 19 };
const ROUNDING = 1.5 * 2 ** 52;

interface Reduced {
  readonly r: Local;
  /** n, in the lowest bits of integers as wide as the floats. */
  readonly n: Local;
}

/** Two float64 magnitudes: n is in the lowest bits. */
function reduceWide(v: VectorWriter, x: Local, parts: 2 | 3): Reduced {
  const n = v.madd(x, 2 / Math.PI, ROUNDING);
  const count = v.sub(n, ROUNDING);
  // Exact, since both have the same leading bits: so a product rounded on its own would do no better.
  const first = v.sub(x, v.mul(count, HALF_PI[0]));
  if (parts === 2) return { r: v.sub(first, v.mul(count, HALF_PI_REST)), n };
  const second = v.mul(count, HALF_PI[1]);
  const r = v.sub(first, second);
  // What the subtraction lost.
  const back = v.sub(r, first);
  const lost = v.sub(v.sub(first, v.sub(r, back)), v.add(second, back));
  return { r: v.add(r, v.sub(lost, v.mul(count, HALF_PI[2]))), n };
}

/** Puts what one by one reduction gives into the lanes whose magnitude is beyond the limit, or no number. */
function replaceLarge(v: VectorWriter, magnitudes: readonly Local[], limit: number, into: Reduced[]): void {
  const { f } = v;
  const reduction = largeReduction(f);
  const x = f.local("f64");
  const r = f.local("f64");
  magnitudes.forEach((vector, i) => {
    for (const lane of [0, 1]) {
      f.get(vector).lane("f64x2.extract_lane", lane).tee(x).f64(limit).op("f64.le").op("i32.eqz");
      f.if(() => {
        f.get(into[i]!.n).get(x).call(reduction).set(r);
        f.lane("i64x2.replace_lane", lane).set(into[i]!.n);
        f.get(into[i]!.r).get(r).lane("f64x2.replace_lane", lane).set(into[i]!.r);
      });
    }
  });
}

/** The even 32-bit words of two vectors. */
const EVEN_WORDS = [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27];

/** Magnitudes as r and n. float32 is reduced in float64, where two parts of π/2 are enough. */
function reduce(v: VectorWriter, magnitude: Local): Reduced {
  const wide = v.as("f64x2");
  const single = v.float === "f32x4";
  const magnitudes = single ? promote(v, magnitude) : [magnitude];
  const reduced = magnitudes.map((x) => reduceWide(wide, x, single ? 2 : 3));
  const limit = LIMIT[v.float];
  v.f.get(v.op("v128.not", v.call("le", magnitude, limit))).op("v128.any_true");
  v.f.if(() => replaceLarge(wide, magnitudes, limit, reduced));
  const [first, second] = reduced;
  if (second === undefined) return first!;
  return { r: demote(v, [first!.r, second.r]), n: v.shuffle(first!.n, second.n, EVEN_WORDS) };
}

const sineOf = (v: VectorWriter, r: Local, square: Local): Local =>
  v.madd(v.mul(square, v.polynomial(square, SINE[v.float])), r, r);

const cosineOf = (v: VectorWriter, square: Local): Local =>
  v.sub(1, v.sub(v.mul(square, 0.5), v.mul(v.square(square), v.polynomial(square, COSINE[v.float]))));

/** Where n is odd. */
function oddMask(v: VectorWriter, n: Local): Local {
  const one = v.bits(1n);
  return v.op(`${v.integer}.eq`, v.and(n, one), one);
}

/** sin or, where n is odd, cos of r, with a minus where n is 2 or 3 modulo 4. */
function quadrant(v: VectorWriter, r: Local, n: Local): Local {
  const square = v.square(r);
  const value = v.select(oddMask(v, n), cosineOf(v, square), sineOf(v, r, square));
  return v.xor(value, v.shiftLeft(v.and(n, v.bits(2n)), v.float === "f32x4" ? 30 : 62));
}

/** sin x. Largest errors found: 1.49 ulp in float32, 1.36 in float64 (3 where numbers are reduced one at a time). */
export function sin(v: VectorWriter, x: Local): Local {
  const { r, n } = reduce(v, v.magnitude(x));
  return v.xor(quadrant(v, r, n), v.signBit(x));
}

/** cos x: the sine a quarter turn on. Largest errors found: 1.48 ulp in float32; in float64 as the sine's. */
export function cos(v: VectorWriter, x: Local): Local {
  const { r, n } = reduce(v, v.magnitude(x));
  return quadrant(v, r, v.op(`${v.integer}.add`, n, v.bits(1n)));
}

/** tan x, with errors up to 2.6 ulp in float64: sin r / cos r, or −cos r / sin r where n is odd. */
export function tan(v: VectorWriter, x: Local): Local {
  const { r, n } = reduce(v, v.magnitude(x));
  const square = v.square(r);
  const sine = sineOf(v, r, square);
  const cosine = cosineOf(v, square);
  const odd = oddMask(v, n);
  const ratio = v.div(v.select(odd, v.call("neg", cosine), sine), v.select(odd, sine, cosine));
  return v.xor(ratio, v.signBit(x));
}
