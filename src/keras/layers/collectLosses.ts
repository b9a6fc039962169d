/**
 * @file The losses of a model beside the compiled one: what layers added, and penalties on weights.
 */
import type { Tensor } from "../../core/tensor.js";
import { Variable } from "../base/variable.js";

/** What losses are collected from. */
interface LossSource {
  lossesAddedIn(call: number): readonly Tensor[];
}

/** What calls of the given layers added, and penalties on weights. */
export function collectLosses(
  layers: readonly LossSource[],
  call: number,
  penalized: readonly Variable[],
): Tensor[] {
  const losses: Tensor[] = [];
  for (const layer of layers) losses.push(...layer.lossesAddedIn(call));
  for (const variable of penalized) losses.push(variable.regularizer!(variable));
  return losses;
}

/** The trainable weights that have a regularizer. */
export const penalizedWeights = (layer: { readonly trainableWeights: readonly Variable[] }): Variable[] =>
  layer.trainableWeights.filter((variable) => variable instanceof Variable && variable.regularizer !== null);
