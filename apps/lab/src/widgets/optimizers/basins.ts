/** @file Many starts at once: at which minimum does a walker from each place arrive? */
import * as tf from "nabla";
import type { Optimizer } from "nabla/keras";
import { gradientOf } from "./descent.js";
import type { Formula } from "./formula.js";
import { gridOf } from "./heights.js";
import type { View } from "./surfaces.js";

export interface Minimum {
  readonly x: number;
  readonly y: number;
  /** How many of the starts end here. */
  readonly starts: number;
}

export interface Basins {
  readonly view: View;
  readonly count: number;
  /** For each start, rows from low to high y, the index of its minimum; −1: not arrived. */
  readonly labels: Int16Array;
  readonly minima: readonly Minimum[];
}

/** Distances in parts of the view: how near counts as arrived, and how near two minima count as one. */
const near = 0.05;
const same = 0.02;
/** Minima that can be told apart by colour and label. */
const most = 1000;
/** Steps between two looks at the clock. */
const slice = 5;

/**
 * Walks from all points of a grid together. Gives the part that is done (0 to 1) now and then; its last value is the
 * result.
 */
export function* findBasins(
  formula: Formula,
  view: View,
  optimizer: Optimizer,
  { count, steps }: { count: number; steps: number },
): Generator<number, Basins> {
  const [X, Y] = gridOf(view, count);
  const x = new tf.Variable(X);
  const y = new tf.Variable(Y);
  for (let step = 0; step < steps; step++) {
    const [, dx, dy] = gradientOf(formula, x, y);
    optimizer.apply([dx, dy], [x, y]);
    if (step % slice === slice - 1) yield step / steps;
  }
  return { view, count, ...collect(targetsOf(formula, x, y, view), view) };
}

/** Where each walker would come to rest, x and y one after another; NaN for those that are not about to. */
function targetsOf(formula: Formula, x: tf.Variable, y: tf.Variable, view: View): Float64Array {
  const second = new tf.GradientTape({ persistent: true });
  const [dx, dy] = second.record(() => {
    const [, ...gradient] = gradientOf(formula, x, y);
    return gradient;
  });
  const options = { unconnectedGradients: "zero" } as const;
  const [dxx, dxy] = second.gradient(dx, [x, y], options).map((part) => part.data());
  const dyy = second.gradient(dy, y, options).data();
  const [xs, ys, gx, gy] = [x, y, dx, dy].map((values) => values.data());
  const width = (view.x[1] - view.x[0]) * near;
  const height = (view.y[1] - view.y[0]) * near;
  const targets = new Float64Array(2 * xs!.length);
  for (let i = 0; i < xs!.length; i++) {
    const [stepX, stepY] = newtonStep([gx![i]!, gy![i]!], [dxx![i]!, dxy![i]!, dyy[i]!]);
    const arrived = Math.abs(stepX) < width && Math.abs(stepY) < height;
    targets[2 * i] = arrived ? xs![i]! + stepX : Number.NaN;
    targets[2 * i + 1] = arrived ? ys![i]! + stepY : Number.NaN;
  }
  return targets;
}

/**
 * From here to the lowest point of the paraboloid that fits the ground: how far there is still to go, however slowly the
 * walker moves and however it hops about. NaN where the ground is not bowl-shaped; no step on ground made of planes,
 * where nothing more can be said.
 */
function newtonStep([gx, gy]: [number, number], [a, b, c]: [number, number, number]): [number, number] {
  if (a === 0 && b === 0 && c === 0) return [0, 0];
  const determinant = a * c - b * b;
  if (!(determinant > 0 && a > 0)) return [Number.NaN, Number.NaN];
  return [(b * gy - c * gx) / determinant, (b * gx - a * gy) / determinant];
}

/** Gathers targets that lie close together, and numbers the groups from the largest. */
function collect(targets: Float64Array, view: View): Pick<Basins, "labels" | "minima"> {
  const unitX = (view.x[1] - view.x[0]) * same;
  const unitY = (view.y[1] - view.y[0]) * same;
  const found: { x: number; y: number; starts: number }[] = [];
  const raw = Int16Array.from({ length: targets.length / 2 }, (_, i) => {
    const [x, y] = [targets[2 * i]!, targets[2 * i + 1]!];
    if (Number.isNaN(x)) return -1;
    let index = found.findIndex((m) => Math.abs(m.x - x) < unitX && Math.abs(m.y - y) < unitY);
    if (index < 0 && found.length === most) return -1;
    if (index < 0) index = found.push({ x, y, starts: 0 }) - 1;
    found[index]!.starts++;
    return index;
  });
  const order = found.map((_, i) => i).sort((a, b) => found[b]!.starts - found[a]!.starts);
  const rank = new Map(order.map((index, position) => [index, position]));
  return { labels: raw.map((index) => rank.get(index) ?? -1), minima: order.map((index) => found[index]!) };
}
