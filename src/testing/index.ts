/**
 * @file `nabla/testing`: checks for ops and models of your own.
 */
export { allclose, assertAllclose, type Tolerance } from "./allclose.js";
export { type Differentiable, type GradcheckOptions, gradcheck } from "./gradcheck.js";
export {
  type AnyCase,
  binary,
  type CaseOptions,
  type CasesOf,
  casesOf,
  dtypesOf,
  type ErrorCase,
  fails,
  type OpCase,
  type OpWithCases,
  unary,
} from "./opCase.js";
