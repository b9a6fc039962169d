/** @file One walker: a path down a surface, step by step. */
import * as tf from "nabla";
import type { Optimizer } from "nabla/keras";
import type { Formula } from "./formula.js";

/** Where a walker was at each step, the start first. */
export interface Path {
  readonly x: number[];
  readonly y: number[];
  readonly height: number[];
}

/** The gradient of all heights together, which holds the gradient of each; zero where the formula lacks a variable. */
export function gradientOf(
  formula: Formula,
  x: tf.Variable,
  y: tf.Variable,
): [tf.Tensor, tf.Tensor, tf.Tensor] {
  const tape = new tf.GradientTape();
  const height = tape.record(() => formula.at(x.asTensor(), y.asTensor()));
  const [dx, dy] = tape.gradient(height, [x, y], { unconnectedGradients: "zero" });
  return [height, dx, dy];
}

/** Steps between two looks at the clock. */
const slice = 25;

/**
 * Walks from a start. Gives control back now and then; its last value is the path, which ends early where the numbers
 * do: a walker that diverges is lost.
 */
export function* descend(
  formula: Formula,
  optimizer: Optimizer,
  start: readonly [number, number],
  steps: number,
): Generator<void, Path> {
  const x = new tf.Variable(start[0]);
  const y = new tf.Variable(start[1]);
  const path: Path = { x: [], y: [], height: [] };
  for (let step = 0; step <= steps; step++) {
    const [height, dx, dy] = gradientOf(formula, x, y);
    const place = [x.item(), y.item(), height.item()];
    if (!place.every(Number.isFinite)) break;
    path.x.push(place[0]!);
    path.y.push(place[1]!);
    path.height.push(place[2]!);
    optimizer.apply([dx, dy], [x, y]);
    if (step % slice === slice - 1) yield;
  }
  return path;
}
