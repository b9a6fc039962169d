/**
 * @file Special functions in float64, where JavaScript has none.
 */

/**
 * Error function, |relative error| ≲ 1e-15: Maclaurin series for small |x|, continued fraction of erfc beyond.
 *
 * @see Abramowitz and Stegun, 7.1.5 and 7.1.14
 */
export function erf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  const a = Math.abs(x);
  if (a > 6) return Math.sign(x);
  if (a > 2.5) return Math.sign(x) * (1 - erfcTail(a));
  return erfSeries(x);
}

/** Complementary error function, accurate in the tail. */
export function erfc(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x > 27) return 0;
  if (x > 1) return erfcTail(x);
  return 1 - erf(x);
}

/** 2/√π · e^(−x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: all terms of one sign, so nothing cancels. */
function erfSeries(x: number): number {
  const square = x * x;
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (2 * square) / (2 * n + 1);
    sum += term;
    if (Math.abs(term) <= Math.abs(sum) * 1e-17) break;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-square) * sum;
}

/** e^(−x²)/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))), evaluated from the inside out. */
function erfcTail(x: number): number {
  const depth = Math.ceil(30 + 120 / (x * x) + 100 / x);
  let fraction = 0;
  for (let k = depth; k >= 1; k--) fraction = k / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
}

/**
 * Inverse error function: Giles' approximation to 7 digits (less in the far tail), polished.
 *
 * @see Giles, Approximating the erfinv function, GPU Computing Gems, 2011
 */
export function erfinv(y: number): number {
  if (Number.isNaN(y) || y < -1 || y > 1) return Number.NaN;
  if (y === 1) return Infinity;
  if (y === -1) return -Infinity;
  if (y === 0) return y;
  const w = -Math.log((1 - y) * (1 + y));
  const x = w < 5 ? gilesCentre(w - 2.5) * y : gilesTail(Math.sqrt(w) - 3) * y;
  if (Math.abs(y) >= 0.5) return Math.sign(y) * erfcinvFrom(Math.abs(x), 1 - Math.abs(y));
  // Halley's method cubes the error.
  const ratio = ((erf(x) - y) / (2 / Math.sqrt(Math.PI))) * Math.exp(x * x);
  return x - ratio / (1 + x * ratio);
}

/** Where erfc has the value q, by Newton's method on its logarithm, which is nearly a parabola. */
function erfcinvFrom(start: number, q: number): number {
  let x = start;
  for (let i = 0; i < 8; i++) {
    const value = erfc(x);
    const step = (value / (2 / Math.sqrt(Math.PI))) * Math.exp(x * x) * Math.log(value / q);
    x += step;
    // The next error is about the square of this one.
    if (Math.abs(step) < 1e-9 * x) break;
  }
  return x;
}

const horner = (x: number, coefficients: readonly number[]): number =>
  coefficients.reduce((sum, c) => sum * x + c, 0);

const gilesCentre = (w: number): number =>
  horner(
    w,
    [
      2.81022636e-8, 3.43273939e-7, -3.5233877e-6, -4.39150654e-6, 0.00021858087, -0.00125372503,
      -0.00417768164, 0.246640727, 1.50140941,
    ],
  );

const gilesTail = (w: number): number =>
  horner(
    w,
    [
      -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
      0.00943887047, 1.00167406, 2.83297682,
    ],
  );

/** Lanczos coefficients for g = 7, n = 9. */
const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/**
 * Logarithm of |Γ(x)|.
 *
 * @see Lanczos, A Precision Approximation of the Gamma Function, 1964
 */
export function lgamma(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (!Number.isFinite(x)) return Infinity;
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - lgamma(1 - x);
  if (x === 1 || x === 2) return 0;
  const z = x - 1;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (z + i);
  const t = z + 7.5;
  return 0.5 * Math.log(2 * Math.PI) + (z + 0.5) * Math.log(t) - t + Math.log(sum);
}

/**
 * Logarithmic derivative of Γ: recurrence up to x ≥ 10, then the asymptotic series.
 *
 * @see Abramowitz and Stegun, 6.3.18
 */
export function digamma(x: number): number {
  if (x <= 0 && Number.isInteger(x)) return Number.NaN;
  if (x < 0) return digamma(1 - x) - Math.PI / Math.tan(Math.PI * x);
  let shift = 0;
  let z = x;
  for (; z < 10; z++) shift -= 1 / z;
  const f = 1 / (z * z);
  const series = horner(f, [-1 / 12, 691 / 32760, -1 / 132, 1 / 240, -1 / 252, 1 / 120, -1 / 12]);
  return shift + Math.log(z) - 0.5 / z + f * series;
}

/** B₂ₖ / (2k)! for k = 1 … 10. */
const BERNOULLI_OVER_FACTORIAL = [
  1 / 12,
  -1 / 720,
  1 / 30240,
  -1 / 1209600,
  1 / 47900160,
  -691 / 1307674368000,
  1 / 74724249600,
  -3617 / 10670622842880000,
  43867 / 5109094217170944000,
  -174611 / 802857662698291200000,
];

/**
 * Hurwitz zeta function Σ (q + n)^(−s): the first terms one by one, the rest by the Euler–Maclaurin formula.
 *
 * @see Abramowitz and Stegun, 23.1.30
 */
export function zeta(s: number, q: number): number {
  if (Number.isNaN(s) || Number.isNaN(q) || s < 1) return Number.NaN;
  if (s === 1 || (q <= 0 && Number.isInteger(q))) return Infinity;
  if (q === Infinity) return 0;
  if (q < 0) return zetaBelowZero(s, q);
  let sum = 0;
  let base = q;
  for (; base < 10; base++) sum += base ** -s;
  const power = base ** -s;
  sum += (power * base) / (s - 1) + power / 2;
  let term = (power * s) / base;
  for (let k = 0; k < BERNOULLI_OVER_FACTORIAL.length; k++) {
    const part = term * BERNOULLI_OVER_FACTORIAL[k]!;
    sum += part;
    if (Math.abs(part) < Math.abs(sum) * 1e-17) break;
    term *= ((s + 2 * k + 1) * (s + 2 * k + 2)) / (base * base);
  }
  return sum;
}

/** The negative bases, mirrored, are the difference of two series with positive ones. */
function zetaBelowZero(s: number, q: number): number {
  if (!Number.isInteger(s)) return Number.NaN;
  const fraction = -q - Math.floor(-q);
  const mirrored = zeta(s, fraction) - zeta(s, 1 - q);
  return (s % 2 === 0 ? mirrored : -mirrored) + zeta(s, 1 - fraction);
}
