/** @file `nabla/operators`: arithmetic and comparisons on tensors by rewriting source, and the helper it calls. */
export { type CellOptions, type RewrittenCell, rewriteCell } from "./cellRewrite.js";
export { SourceSyntaxError } from "./errors.js";
export { type RewriteOptions, type RewrittenModule, rewrite } from "./moduleRewrite.js";
export {
  type NablaOperatorsEsbuildPlugin,
  type NablaOperatorsOptions,
  type NablaOperatorsPlugin,
  nablaOperators,
} from "./plugin.js";
export { type Position, PositionMap, type SourceMapJson } from "./positions.js";
export {
  type LineMarker,
  type OperandTable,
  type OperatorName,
  Operators,
  operandKey,
  sourceLineMarker,
} from "./runtime.js";
