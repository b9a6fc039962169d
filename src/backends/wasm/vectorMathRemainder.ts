/**
 * @file Remainders of float64, exact as C's fmod: from the rounded quotient where that is below 2²⁵, else by long division, one
 * element at a time.
 */
import type { FunctionBuilder, FunctionHandle, Local } from "./assembler.js";
import type { VectorWriter } from "./vectors.js";

/** Quotients below have so few bits that their products with either half of a divisor are exact. */
const LIMIT = 2 ** 25;
const UPPER_HALF = -1n << 27n;

/** a modulo b of magnitudes. */
function remainder(v: VectorWriter, a: Local, b: Local): Local {
  const quotient = v.call("trunc", v.div(a, b));
  const upper = v.and(b, v.bits(UPPER_HALF));
  const product = v.mul(quotient, upper);
  const difference = v.sub(a, product);
  const lost = v.sub(v.sub(a, difference), product);
  const rest = v.add(difference, v.sub(lost, v.mul(quotient, v.sub(b, upper))));
  // A quotient just below an integer was rounded to it.
  const nearby = v.add(rest, v.and(v.lt(rest, 0), b));
  const isLess = v.lt(a, b);
  const result = v.select(isLess, a, nearby);
  replaceDistant(v, v.or(isLess, v.lt(quotient, LIMIT)), [a, b], result);
  return result;
}

/** Puts the result of the long division into lanes where the quotient is too large, or no number. */
function replaceDistant(
  v: VectorWriter,
  isNear: Local,
  [a, b]: readonly [Local, Local],
  result: Local,
): void {
  const { f } = v;
  const division = longDivision(f);
  f.get(isNear).op("i64x2.all_true").op("i32.eqz");
  f.if(() => {
    for (const lane of [0, 1]) {
      f.get(isNear).lane("i64x2.extract_lane", lane).op("i64.eqz");
      f.if(() => {
        f.get(result);
        for (const x of [a, b]) f.get(x).lane("f64x2.extract_lane", lane);
        f.call(division).lane("f64x2.replace_lane", lane).set(result);
      });
    }
  });
}

/** `(a: f64, b: f64) → f64`: a modulo b of magnitudes; NaN where a is infinite or b is 0. */
function longDivision(f: FunctionBuilder): FunctionHandle {
  return f.module.shared("a modulo b", ["f64", "f64"], ["f64"], (g) => {
    const [a, b] = g.parameters as [Local, Local];
    const multiple = g.local("f64");
    g.get(a).f64(Number.POSITIVE_INFINITY).op("f64.lt").get(b).f64(0).op("f64.gt").op("i32.and");
    g.op("i32.eqz").if(() => g.f64(Number.NaN).op("return"));
    g.get(b).set(multiple);
    const doubled = (): FunctionBuilder => g.get(multiple).get(multiple).op("f64.add");
    g.loop((again) => {
      doubled().get(a).op("f64.le");
      g.if(() => doubled().set(multiple).branch(again));
    });
    g.loop((again) => {
      g.get(multiple).get(a).op("f64.le");
      g.if(() => g.get(a).get(multiple).op("f64.sub").set(a));
      g.get(multiple).get(b).op("f64.gt");
      g.if(() => g.get(multiple).f64(0.5).op("f64.mul").set(multiple).branch(again));
    });
    g.get(a);
  });
}

/** Remainder with the dividend's sign. */
export function truncmod(v: VectorWriter, a: Local, b: Local): Local {
  return v.or(remainder(v, v.magnitude(a), v.magnitude(b)), v.signBit(a));
}

/** Remainder with the divisor's sign. */
export function floormod(v: VectorWriter, a: Local, b: Local): Local {
  const rest = truncmod(v, a, b);
  const differs = v.and(v.xor(v.lt(rest, 0), v.lt(b, 0)), v.call("ne", rest, 0));
  return v.select(differs, v.add(rest, b), rest);
}
