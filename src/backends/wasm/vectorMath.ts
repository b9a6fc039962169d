/**
 * @file Mathematical functions on vectors of floats, by name. Errors are told in ulp, units in the last place: rounding alone is
 * 0.5. They were measured against mpmath, and in float32 also over all exponents against float64.
 */
import type { DType } from "../../ir/dtype.js";
import type { LaneFunction } from "../../ir/lane.js";
import type { Local } from "./assembler.js";
import { acos, asin, atan, atan2 } from "./vectorMathArc.js";
import { erf } from "./vectorMathErf.js";
import { erfc } from "./vectorMathErfc.js";
import { cosh, exp, expm1, sinh } from "./vectorMathExp.js";
import { acosh, asinh, atanh, log, log1p } from "./vectorMathLog.js";
import { pow, powWide } from "./vectorMathPow.js";
import { floormod, truncmod } from "./vectorMathRemainder.js";
import { tanh } from "./vectorMathTanh.js";
import { cos, sin, tan } from "./vectorMathTrig.js";
import type { VectorWriter } from "./vectors.js";

/** Writes a function of vectors. */
export type VectorFunction = (v: VectorWriter, ...x: Local[]) => Local;
export type VectorFunctions = Readonly<Partial<Record<LaneFunction, VectorFunction>>>;

/** Functions of float32 and float64, each computed in its own type. */
export const VECTOR_MATH: VectorFunctions = { exp, expm1, tanh, log, log1p, erf, erfc, sin, cos };

/** Functions of float64 only. */
export const FLOAT64_MATH: VectorFunctions = {
  ...{ tan, asin, acos, atan, atan2, sinh, cosh, asinh, acosh, atanh, pow, floormod, truncmod },
  floordiv: (v, x, y) => v.call("floor", v.div(x!, y!)),
  truncdiv: (v, x, y) => v.call("trunc", v.div(x!, y!)),
};

/** Functions of float32 that are computed in float64, and so rounded correctly but for a rare tie: 0.51 ulp. */
export const WIDE_MATH: VectorFunctions = { ...FLOAT64_MATH, pow: powWide };

const COSTS: Partial<Record<LaneFunction, number>> = {
  ...{ div: 3, sqrt: 4, rsqrt: 8, floordiv: 8, truncdiv: 8, truncmod: 30, floormod: 42 },
  ...{ exp: 12, expm1: 13, tanh: 25, log: 25, log1p: 32, erf: 35, erfc: 50, sin: 32, cos: 32, tan: 90 },
  ...{ atan: 60, asin: 85, acos: 95, atan2: 95, pow: 220 },
  ...{ sinh: 70, cosh: 60, asinh: 140, acosh: 130, atanh: 105 },
};
/** Functions that are computed in their own type cost so much more in float64: half as many at once, of longer polynomials. */
const TWICE_AS_WIDE = 3;

/** What a function costs, about, in instructions per element. */
export function vectorMathCost(fn: LaneFunction, dtype: DType): number {
  const cost = COSTS[fn] ?? 1;
  return dtype === "float64" && VECTOR_MATH[fn] !== undefined ? TWICE_AS_WIDE * cost : cost;
}
