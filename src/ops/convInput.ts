/**
 * @file The gradient of a convolution for its input, as convolutions of dy without strides.
 *
 * Along an axis with stride s the places s · q + r of the input fall into s phases r. A phase meets only the elements
 * r, r + s, r + 2s, … of the filter, and dy stands in it without gaps: each phase is a convolution of its own, and no
 * product is wasted on zeros between the elements of dy. Only where the filter is dilated too does dy get those zeros.
 */
import { apply } from "../core/apply.js";
import { type Shape, sameShape } from "../core/shape.js";
import type { Tensor } from "../core/tensor.js";
import { convolve, groupsOf, type InputMoves } from "./conv.js";
import { zeros } from "./creation.js";
import { stack } from "./join.js";
import { getItem, reverse, slice, stridedSliceGradOp } from "./slice.js";
import { reshape, transpose } from "./views.js";

/** What a convolution of examples of `sampleShape` with the filter hands back when dy comes to its output. */
export const transposedConvolution = (dy: Tensor, filter: Tensor, moves: InputMoves): Tensor =>
  phased(dy, filter, moves, 0);

/** The same, with strides on the axes from this one on. */
function phased(dy: Tensor, filter: Tensor, moves: InputMoves, axis: number): Tensor {
  const { strides, dilations, sampleShape } = moves;
  if (axis === strides.length) return turnedConvolution(dy, filter, moves);
  const stride = strides[axis]!;
  if (stride === 1 || dilations[axis]! > 1) return phased(dy, filter, moves, axis + 1);
  const inner: InputMoves = {
    strides: strides.with(axis, 1),
    dilations,
    sampleShape: sampleShape.with(axis, Math.ceil(sampleShape[axis]! / stride)),
  };
  const parts = Array.from({ length: stride }, (_, phase) => {
    if (phase >= filter.shape[axis]!) return zeros([dy.shape[0]!, ...inner.sampleShape], dy.dtype);
    return phased(dy, everyNth(filter, axis, phase, stride), inner, axis + 1);
  });
  return interleaved(parts, axis + 1, sampleShape[axis]!);
}

/** The elements first, first + step, … along an axis. */
const everyNth = (x: Tensor, axis: number, first: number, step: number): Tensor =>
  getItem(x, [...x.shape.slice(0, axis).map(() => []), [first, null, step]]);

/** The first of each part, then the second of each, …, as many as there shall be. */
function interleaved(parts: readonly Tensor[], axis: number, size: number): Tensor {
  const { shape } = parts[0]!;
  const whole = shape.with(axis, shape[axis]! * parts.length);
  const mixed = reshape(stack(parts, axis + 1), whole);
  if (whole[axis] === size) return mixed;
  return slice(
    mixed,
    shape.map(() => 0),
    whole.with(axis, size),
  );
}

/** The convolution of dy, among zeros, with the filter from its other end. */
function turnedConvolution(dy: Tensor, filter: Tensor, moves: InputMoves): Tensor {
  const spatial = moves.strides.length;
  const groups = groupsOf(moves.sampleShape[spatial]!, filter.shape[spatial]!);
  return convolve(spread(dy, filter.shape, moves), turned(filter, groups), {
    strides: moves.strides.map(() => 1),
    dilations: moves.dilations,
  });
}

/** dy with zeros around and between its elements, so that the turned filter meets at i what it met before at o. */
function spread(dy: Tensor, filter: Shape, { strides, dilations, sampleShape }: InputMoves): Tensor {
  const margins = dilations.map((dilation, i) => (filter[i]! - 1) * dilation);
  const sizes = margins.map((margin, i) => sampleShape[i]! + margin);
  const target = [dy.shape[0]!, ...sizes, dy.shape[dy.rank - 1]!];
  if (sameShape(target, dy.shape)) return dy;
  return apply(stridedSliceGradOp, [dy], {
    begin: [0, ...margins, 0],
    size: dy.shape,
    strides: [1, ...strides, 1],
    shape: dy.shape,
    target,
  });
}

/** The filter from its other end, with input and output channels exchanged inside each group. */
function turned(filter: Tensor, groups: number): Tensor {
  const { shape } = filter;
  const spatial = shape.length - 2;
  const window = shape.slice(0, spatial);
  const axes = window.map((_, i) => i);
  const [taken, made] = [shape[spatial]!, shape[spatial + 1]!];
  const reversed = window.some((n) => n > 1) ? reverse(filter, axes) : filter;
  if (groups === 1) return transpose(reversed, [...axes, spatial + 1, spatial]);
  const grouped = reshape(reversed, [...window, taken, groups, made / groups]);
  const exchanged = transpose(grouped, [...axes, spatial + 2, spatial + 1, spatial]);
  return reshape(exchanged, [...window, made / groups, taken * groups]);
}
