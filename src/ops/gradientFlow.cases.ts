import { ValueError } from "../core/errors.js";
import { casesOf, fails, unary } from "../testing/opCase.js";
import * as flow from "./gradientFlow.js";

const points = [1, -2, 0, 3];

export const cases = casesOf(flow, {
  stopGradientOp: unary(points),
  // Asking for its gradient is the error it is for.
  preventGradientOp: unary(points, { attrs: { message: "frozen" }, wrt: [] }),
  // The gradient is not the slope, but what tapes make of variables.
  readVariableOp: [{ inputs: [points, [5, 6, 7, 8]], wrt: [] }],
  checkNumericsOp: [
    ...unary(points, { attrs: { message: "weights" } }),
    fails(ValueError, () => flow.checkNumerics([1, Number.NaN], "weights")),
    fails(ValueError, () => flow.checkNumerics([-Infinity], "weights")),
  ],
});
