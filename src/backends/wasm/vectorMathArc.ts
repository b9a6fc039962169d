/**
 * @file Inverse trigonometric functions on vectors of float64: all are angles of a point, whose coordinates' quotient is brought
 * to |z| ≤ tan(π/8) by a turn of π/4 or π/2. atan z = z + z³·P(z²), P a minimax (Remez) fit of relative error below 2⁻⁵⁹.
 */
import type { Local } from "./assembler.js";
import type { Vector, VectorWriter } from "./vectors.js";

const FIT = [
  -0.333333333333332, 0.19999999999953674, -0.14285714280205083, 0.11111110783859081, -0.09090897768162222,
  0.07692060378048449, -0.0666310561172989, 0.05847898352355052, -0.05039334500524115, 0.03806503451348265,
  -0.01790741871645712,
];

/** What π has beyond Math.PI. */
const PI_REST = 1.2246467991473532e-16;
const FLAT = Math.tan(Math.PI / 8);
const STEEP = 1 / FLAT;

/**
 * The angle of a point whose coordinates are magnitudes, not both 0 or infinite: 0 … π/2. With `left`, the point is mirrored
 * where that has a minus sign: π/2 … π.
 */
function angle(v: VectorWriter, y: Local, x: Vector, left?: Local): Local {
  const times = (factor: number): Vector => (typeof x === "number" ? x * factor : v.mul(x, factor));
  const isFlat = v.call("le", y, times(FLAT));
  const isSteep = v.gt(y, times(STEEP));
  const choose = (flat: Vector, middle: Vector, steep: Vector): Local =>
    v.select(isFlat, flat, v.select(isSteep, steep, middle));
  const z = v.div(choose(y, v.sub(y, x), v.call("neg", x)), choose(x, v.add(y, x), y));
  const square = v.square(z);
  const arc = v.madd(v.mul(z, square), v.polynomial(square, FIT), z);
  const turned = v.add(arc, choose(0, PI_REST / 4, PI_REST / 2));
  const turn = choose(0, Math.PI / 4, Math.PI / 2);
  const right = v.add(turn, turned);
  if (left === undefined) return right;
  const isLeft = v.op("i64x2.lt_s", left, v.bits(0n));
  return v.select(isLeft, v.sub(v.sub(Math.PI, turn), v.sub(turned, PI_REST)), right);
}

/** √(1 − x²). */
const leg = (v: VectorWriter, x: Local): Local => v.call("sqrt", v.mul(v.sub(1, x), v.add(1, x)));

/** atan x. Largest error found: 1.48 ulp. */
export const atan = (v: VectorWriter, x: Local): Local => v.or(angle(v, v.magnitude(x), 1), v.signBit(x));

/** asin x. Largest error found: 2.13 ulp. */
export const asin = (v: VectorWriter, x: Local): Local =>
  v.or(angle(v, v.magnitude(x), leg(v, x)), v.signBit(x));

/** acos x. Largest error found: 1.83 ulp. */
export const acos = (v: VectorWriter, x: Local): Local => angle(v, leg(v, x), v.magnitude(x), x);

/** The angle of (x, y), −π … π. Largest error found: 1.39 ulp. */
export function atan2(v: VectorWriter, y: Local, x: Local): Local {
  const sizes = [v.magnitude(y), v.magnitude(x)] as const;
  const largest = v.most(...sizes);
  // Sums must not overflow, and products of the smallest numbers would be rounded.
  const scale = v.select(
    v.gt(largest, 2 ** 1000),
    2 ** -100,
    v.select(v.lt(largest, 2 ** -900), 2 ** 100, 1),
  );
  // Both may be 0, or infinite: the diagonal is where it is, and 0 on no diagonal.
  const isDiagonal = v.eq(...sizes);
  const height = v.select(isDiagonal, v.and(v.gt(sizes[0], 0), 1), v.mul(sizes[0], scale));
  const width = v.select(isDiagonal, 1, v.mul(sizes[1], scale));
  return v.or(angle(v, height, width, x), v.signBit(y));
}
