/**
 * @file The main door: `import * as tf from "nabla"`. The one module with a side effect: it puts the library together.
 */
import { installLaneFunctions } from "./backends/wasm/module.js";
import { compile } from "./eager/compile.js";
import { bindEager } from "./eager/index.js";
import { laneFunctions } from "./eager/laneFunctions.js";
import { install } from "./ops/install.js";

install(bindEager, compile);
installLaneFunctions(laneFunctions);

export { apply, applyMany } from "./core/apply.js";
export * as autodiff from "./core/autodiff.js";
export { type CustomGrad, customGradient, gradPassThrough, recomputeGrad } from "./core/customGradient.js";
export type { DType, TypedArray } from "./core/dtype.js";
export * from "./core/errors.js";
export { ForwardAccumulator } from "./core/forward.js";
export {
  type CompiledFunction,
  type ConcreteCall,
  TracedGraph,
  tfFunction as function,
} from "./core/function.js";
export { grad, hessian, hvp, jacobian, jvp, valueAndGrad, vjp } from "./core/functional.js";
export { IndexedSlices } from "./core/indexedSlices.js";
export { composite, contraction, elementwise, opaque, reduction, view } from "./core/kinds.js";
export type { Attrs, Flat, Grad, GradContext, Op } from "./core/op.js";
export {
  type GradientHandler,
  gradientRegistry,
  noGradient,
  overrideGradient,
  type RecordedOp,
  registerGradient,
} from "./core/registry.js";
export type { Shape } from "./core/shape.js";
export type { SourceLine } from "./core/sourceLine.js";
export { type GradientOptions, GradientTape, type TapeOptions, UnconnectedGradients } from "./core/tape.js";
export type { TapeEntry } from "./core/tapeEntry.js";
export { type NestedArray, type NestedNumbers, Operand, Tensor, type TensorLike } from "./core/tensor.js";
export { TensorSpec } from "./core/tensorSpec.js";
export type { FunctionOptions } from "./core/traceCache.js";
export { Variable, type VariableOptions } from "./core/variable.js";
export { type PlotTapeOptions, plotTape } from "./diagram/tape.js";
export { type PlotGraphOptions, plotGraph } from "./diagram/tracedGraph.js";
export * as config from "./eager/config.js";
export { lane } from "./ir/lane.js";
export * from "./ops/public.js";
