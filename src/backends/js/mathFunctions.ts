/**
 * @file The JavaScript meaning of lane functions, on numbers. Rounding to the dtype is the renderer's business.
 */
import { ValueError } from "../../core/errors.js";
import type { LaneFunction } from "../../ir/lane.js";
import { digamma, erf, erfc, erfinv, lgamma, zeta } from "./specialFunctions.js";

function integerDivisor(b: number): number {
  if (b === 0) throw new ValueError("integer division by zero");
  return b;
}

/** Nearest integer, halves to even. */
function roundHalfEven(x: number): number {
  const r = Math.round(x);
  return Math.abs(x) % 1 === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

const floormod = (a: number, b: number): number => {
  const r = a % b;
  return r !== 0 && r < 0 !== b < 0 ? r + b : r;
};

/** C's pow: 1 to any power is 1, and (−1)^±∞ is 1, where JavaScript says NaN. Squares are worth a shortcut. */
function power(a: number, b: number): number {
  if (b === 2) return a * a;
  if (b === 1) return a;
  return a === 1 || (a === -1 && (b === Infinity || b === -Infinity)) ? 1 : a ** b;
}

/** Functions on floats (and, where they make sense, on the values of any dtype). */
export const floatFunctions: Record<LaneFunction, (...args: number[]) => number> = {
  add: (a, b) => a! + b!,
  sub: (a, b) => a! - b!,
  mul: (a, b) => a! * b!,
  div: (a, b) => a! / b!,
  floordiv: (a, b) => Math.floor(a! / b!),
  floormod,
  truncdiv: (a, b) => Math.trunc(a! / b!),
  truncmod: (a, b) => a! % b!,
  pow: power,
  atan2: Math.atan2,
  min: Math.min,
  max: Math.max,
  neg: (a) => -a!,
  abs: Math.abs,
  sign: Math.sign,
  sqrt: Math.sqrt,
  rsqrt: (a) => 1 / Math.sqrt(a!),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  erf,
  erfc,
  erfinv,
  lgamma,
  digamma,
  zeta,
  floor: Math.floor,
  ceil: Math.ceil,
  round: roundHalfEven,
  trunc: Math.trunc,
  lt: (a, b) => Number(a! < b!),
  le: (a, b) => Number(a! <= b!),
  gt: (a, b) => Number(a! > b!),
  ge: (a, b) => Number(a! >= b!),
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
  and: (a, b) => Number(a !== 0 && b !== 0),
  or: (a, b) => Number(a !== 0 || b !== 0),
  xor: (a, b) => Number((a !== 0) !== (b !== 0)),
  not: (a) => Number(a === 0),
  isnan: (a) => Number(Number.isNaN(a)),
  isinf: (a) => Number(a === Infinity || a === -Infinity),
  isfinite: (a) => Number(Number.isFinite(a)),
};

/** Where integers differ; results still wrap to their dtype. */
export const integerFunctions: Partial<Record<LaneFunction, (...args: number[]) => number>> = {
  mul: Math.imul,
  div: (a, b) => Math.trunc(a! / integerDivisor(b!)),
  floordiv: (a, b) => Math.floor(a! / integerDivisor(b!)),
  floormod: (a, b) => floormod(a!, integerDivisor(b!)),
  truncdiv: (a, b) => Math.trunc(a! / integerDivisor(b!)),
  truncmod: (a, b) => a! % integerDivisor(b!),
  pow: integerPower,
};

/** a^b in wrapping 32-bit arithmetic, by squaring. */
function integerPower(base: number, exponent: number): number {
  if (exponent < 0) throw new ValueError("integers to negative integer powers are not allowed");
  let result = 1;
  let square = base;
  for (let n = exponent; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}
