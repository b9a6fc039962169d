/**
 * @file A lane: what happens to one element, as a small typed expression. Data only; backends render it.
 */
import type { DType } from "./dtype.js";

/**
 * How the dtype of a lane function follows from its arguments:
 * - `same`: all arguments share one dtype, and so does the result
 * - `compare`: arguments share one dtype, the result is bool
 * - `logic`: bool in, bool out
 * - `test`: one argument of any dtype, the result is bool
 */
export type LaneRule = "same" | "compare" | "logic" | "test";

/** The vocabulary of lanes. A backend that forgets one does not compile. */
export const LANE_FUNCTIONS = {
  add: "same",
  sub: "same",
  mul: "same",
  /** True division of floats. */
  div: "same",
  /** Quotient rounded toward −∞; an integer zero divisor is an error. */
  floordiv: "same",
  /** Remainder with the divisor's sign. */
  floormod: "same",
  /** Quotient rounded toward zero; an integer zero divisor is an error. */
  truncdiv: "same",
  /** Remainder with the dividend's sign. */
  truncmod: "same",
  pow: "same",
  atan2: "same",
  /** NaN if either is NaN. */
  min: "same",
  /** NaN if either is NaN. */
  max: "same",
  neg: "same",
  abs: "same",
  sign: "same",
  sqrt: "same",
  rsqrt: "same",
  exp: "same",
  expm1: "same",
  log: "same",
  log1p: "same",
  sin: "same",
  cos: "same",
  tan: "same",
  asin: "same",
  acos: "same",
  atan: "same",
  sinh: "same",
  cosh: "same",
  tanh: "same",
  asinh: "same",
  acosh: "same",
  atanh: "same",
  erf: "same",
  erfc: "same",
  erfinv: "same",
  lgamma: "same",
  digamma: "same",
  /** Hurwitz zeta of (exponent, first base). */
  zeta: "same",
  floor: "same",
  ceil: "same",
  /** Nearest integer, halves to even. */
  round: "same",
  trunc: "same",
  lt: "compare",
  le: "compare",
  gt: "compare",
  ge: "compare",
  eq: "compare",
  ne: "compare",
  and: "logic",
  or: "logic",
  xor: "logic",
  not: "logic",
  isnan: "test",
  isinf: "test",
  isfinite: "test",
} as const satisfies Record<string, LaneRule>;

export type LaneFunction = keyof typeof LANE_FUNCTIONS;

export type Lane =
  | { readonly kind: "input"; readonly name: string }
  /** A run-time number of the op's attributes; takes the dtype of what it meets. */
  | { readonly kind: "attr"; readonly name: string }
  /** A number; takes the dtype of what it meets. */
  | { readonly kind: "const"; readonly value: number }
  /** The smallest or largest value of the dtype it meets (−∞, +∞ for floats). */
  | { readonly kind: "limit"; readonly which: "lowest" | "highest" }
  | { readonly kind: "call"; readonly fn: LaneFunction; readonly args: readonly Lane[] }
  | { readonly kind: "select"; readonly condition: Lane; readonly yes: Lane; readonly no: Lane }
  /** Conversion. `to: "attr"` would be untypable, so a cast's target is fixed when the lane is built. */
  | { readonly kind: "cast"; readonly to: DType; readonly x: Lane };

export type LaneLike = Lane | number;

/** Numbers become constants. */
export const toLane = (x: LaneLike): Lane => (typeof x === "number" ? { kind: "const", value: x } : x);

type Builder = { readonly [F in LaneFunction]: (...args: LaneLike[]) => Lane } & {
  input(name: string): Lane;
  attr(name: string): Lane;
  lowest(): Lane;
  highest(): Lane;
  select(condition: Lane, yes: LaneLike, no: LaneLike): Lane;
  cast(x: Lane, to: DType): Lane;
};

const calls = Object.fromEntries(
  (Object.keys(LANE_FUNCTIONS) as LaneFunction[]).map((fn) => [
    fn,
    (...args: LaneLike[]): Lane => ({ kind: "call", fn, args: args.map(toLane) }),
  ]),
) as { [F in LaneFunction]: (...args: LaneLike[]) => Lane };

/** Builds lanes: `lane.mul(lane.input("x"), 2)`. */
export const lane: Builder = {
  ...calls,
  input: (name) => ({ kind: "input", name }),
  attr: (name) => ({ kind: "attr", name }),
  lowest: () => ({ kind: "limit", which: "lowest" }),
  highest: () => ({ kind: "limit", which: "highest" }),
  select: (condition, yes, no) => ({ kind: "select", condition, yes: toLane(yes), no: toLane(no) }),
  cast: (x, to) => ({ kind: "cast", to, x }),
};
