/**
 * @file Mathematical functions on vectors of floats, by name. Errors are told in ulp, units in the last place: rounding alone is
 * 0.5. They were measured against mpmath, and in float32 also over all exponents against float64.
 */
import type { LaneFunction } from "../../ir/lane.js";
import type { Local } from "./assembler.js";
import { erf } from "./vectorMathErf.js";
import { erfc } from "./vectorMathErfc.js";
import { coshWide, exp, expm1, sinhWide } from "./vectorMathExp.js";
import { acoshWide, asinhWide, atanhWide, log, log1p, powWide } from "./vectorMathLog.js";
import { tanh } from "./vectorMathTanh.js";
import { cos, sin, tan } from "./vectorMathTrig.js";
import type { VectorWriter } from "./vectors.js";

/** Writes a function of vectors. */
export type VectorFunction = (v: VectorWriter, ...x: Local[]) => Local;
export type VectorFunctions = Readonly<Partial<Record<LaneFunction, VectorFunction>>>;

/** Functions of float32 and float64, each computed in its own type. */
export const VECTOR_MATH: VectorFunctions = { exp, expm1, tanh, log, log1p, erf, erfc, sin, cos };

/** Functions of float32 that are computed in float64, and so rounded correctly but for a rare tie: 0.51 ulp. */
export const WIDE_MATH: VectorFunctions = {
  pow: powWide,
  sinh: sinhWide,
  cosh: coshWide,
  asinh: asinhWide,
  acosh: acoshWide,
  atanh: atanhWide,
  tan,
  floordiv: (v, x, y) => v.call("floor", v.div(x!, y!)),
  truncdiv: (v, x, y) => v.call("trunc", v.div(x!, y!)),
};

const COSTS: Partial<Record<LaneFunction, number>> = {
  ...{ div: 3, sqrt: 4, rsqrt: 8, exp: 12, expm1: 13, tanh: 25, log: 25, log1p: 32, erf: 35 },
  ...{ sin: 32, cos: 32, tan: 90, pow: 200, sinh: 60, cosh: 50, asinh: 120, acosh: 120, atanh: 120 },
};

/** What a function costs, about, in instructions per element. */
export const vectorMathCost = (fn: LaneFunction): number => COSTS[fn] ?? 1;
