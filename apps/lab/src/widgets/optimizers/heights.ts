/** @file A surface's heights on a grid. */
import * as tf from "nabla";
import { type Formula, FormulaError } from "./formula.js";
import { type Heights, scaleOf } from "./heightScale.js";
import type { View } from "./surfaces.js";

/** The x and y of the points of a grid, each [count, count]. */
export function gridOf({ x, y }: View, count: number): [tf.Tensor, tf.Tensor] {
  const [X, Y] = tf.meshgrid(tf.linspace(...x, count), tf.linspace(...y, count));
  return [X!, Y!];
}

/** @throws {FormulaError} there is no height anywhere in the view */
export function heightsOf(formula: Formula, view: View, count: number): Heights {
  const values = new Float32Array(formula.at(...gridOf(view, count)).data());
  const scale = scaleOf(values);
  if (scale === null) throw new FormulaError("it has no value anywhere in this view");
  return { view, count, values, scale };
}
