import type { DType } from "../core/dtype.js";
import { DtypeError } from "../core/errors.js";
import { type CaseOptions, casesOf, fails, unary } from "../testing/opCase.js";
import * as cast from "./cast.js";

/** float64 to float32 and back is no identity for differences that small. */
const to = (dtype: DType): CaseOptions => ({ attrs: { dtype }, smooth: dtype === "float64" });
const edges = [Number.NaN, Infinity, -Infinity, -0, 3e9, -3e9, 255.9, -0.9];

export const cases = casesOf(cast, {
  castOp: [
    ...(["float32", "float64", "int32", "uint8", "bool"] as const).flatMap((dtype) => [
      ...unary([-2.75, -1, 0, 0.5, 1.9, 100.3, 300], to(dtype)),
      { inputs: [edges], dtypes: ["float32", "float64"] as const, attrs: { dtype }, smooth: false },
    ]),
    fails(DtypeError, () => cast.cast([1], "int7" as never)),
  ],
});
