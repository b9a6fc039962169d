/**
 * @file The axes of attention: which are positions, and how heads and positions change places.
 */
import { ShapeError } from "../../core/errors.js";
import type { Tensor } from "../../core/tensor.js";
import { expandDims, reshape, transpose } from "../../ops/public.js";
import type { LayerShape } from "../base/shape.js";

/**
 * The shapes of query, value and key; where only one is given, all are alike.
 *
 * @throws {ShapeError} value and key differ in more than their last sizes
 */
export function inputShapes(
  shapes: LayerShape | readonly LayerShape[],
): [LayerShape, LayerShape, LayerShape] {
  const list = (Array.isArray(shapes[0]) ? shapes : [shapes]) as readonly LayerShape[];
  const [query, value = query!, key = value] = list;
  const inner = (shape: LayerShape): string => JSON.stringify(shape.slice(1, -1));
  if (inner(value) === inner(key)) return [query!, value, key];
  throw new ShapeError(
    "All dimensions of `value` and `key`, except the last one, must be equal. Received: " +
      `value_shape=${JSON.stringify(value)} and key_shape=${JSON.stringify(key)}`,
  );
}

/** The axes of positions, counted from the front. */
export const positionAxes = (axes: readonly number[] | null, rank: number): readonly number[] =>
  axes === null
    ? Array.from({ length: rank - 2 }, (_, i) => i + 1)
    : axes.map((axis) => (axis < 0 ? axis + rank : axis));

/** The order of axes that has the positions last but one: what is left alone, heads among it, positions, sizes. */
function orderOf(rank: number, axes: readonly number[]): number[] {
  const others = Array.from({ length: rank - 1 }, (_, i) => i).filter((axis) => !axes.includes(axis));
  return [...others, ...axes, rank - 1];
}

/** [batch, …, positions, heads, size] as [batch, …, heads, positions, size], with all positions in one axis. */
export function headsFirst(x: Tensor, axes: readonly number[]): Tensor {
  const moved = transpose(x, orderOf(x.rank, axes));
  if (axes.length === 1) return moved;
  const { shape } = moved;
  const positions = axes.reduce((product, axis) => product * x.shape[axis]!, 1);
  return reshape(moved, [...shape.slice(0, -axes.length - 1), positions, shape.at(-1)!]);
}

/** The way back, to the axes of the queries. */
export function headsLast(x: Tensor, like: readonly number[], axes: readonly number[]): Tensor {
  const order = orderOf(like.length, axes);
  const sizes = order.slice(0, -1).map((axis) => like[axis]!);
  const apart = axes.length === 1 ? x : reshape(x, [...sizes, x.shape.at(-1)!]);
  return transpose(
    apart,
    like.map((_, axis) => order.indexOf(axis)),
  );
}

/** A mask with axes of size 1 put in for the heads, and for what else scores have before their positions. */
export function alongHeads(mask: Tensor, rank: number, positions: number): Tensor {
  let wide = mask;
  while (wide.rank < rank) wide = expandDims(wide, -2 * positions - 1);
  return wide;
}
