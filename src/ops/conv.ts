/**
 * @file The records of convolution. All three are one sum over products x · filter · y, open at another of the three, so
 * the gradient of each is written with the other two:
 *
 *   y[n, o, f]      = Σ x[n, o · stride + k · dilation, c] · filter[k, c, f]
 *   filter[k, c, f] = Σ x[n, o · stride + k · dilation, c] · y[n, o, f]
 *   x[n, i, c]      = Σ y[n, o, f] · filter[k, c, f]   over all o, k with o · stride + k · dilation = i
 *
 * Positions are affine in the loops and x is padded before, so nothing checks bounds. Axes are batch, 1 to 3 spatial
 * ones, channels. Channels come in groups: as many as the channels of x hold those of the filter.
 */
import { apply } from "../core/apply.js";
import { ShapeError } from "../core/errors.js";
import { composite, contraction } from "../core/kinds.js";
import type { CompositeOp, ContractionLoop, ContractionOp } from "../core/op.js";
import { type Shape, sameShape, showShape, stridesOf } from "../core/shape.js";
import { type Spec, specOf } from "../core/spec.js";
import type { Tensor } from "../core/tensor.js";
import { transposedConvolution } from "./convInput.js";
import { windowCount } from "./convWindow.js";

/** How the filter moves, per spatial axis. */
export interface Moves {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

type FilterAttrs = Moves & { readonly filterShape: Shape };
/** `sampleShape` is the shape of one example of x: spatial sizes, then channels. */
export type InputMoves = Moves & { readonly sampleShape: Shape };

const isVolume = (x: Tensor): boolean => x.rank === 5;

/** The convolution of x, padded already, with a filter. */
export const convolve = (x: Tensor, filter: Tensor, { strides, dilations }: Moves): Tensor =>
  apply(isVolume(x) ? conv3dOp : conv2dOp, [x, filter], { strides, dilations });

const filterGradient = (x: Tensor, dy: Tensor, { strides, dilations }: Moves, filterShape: Shape): Tensor =>
  apply(isVolume(x) ? conv3dBackpropFilterOp : conv2dBackpropFilterOp, [x, dy], {
    strides,
    dilations,
    filterShape,
  });

/** The gradient of a convolution for its input, which is also the convolution's transpose. */
export const inputGradient = (
  dy: Tensor,
  filter: Tensor,
  { strides, dilations }: Moves,
  sampleShape: Shape,
): Tensor =>
  apply(isVolume(dy) ? conv3dBackpropInputOp : conv2dBackpropInputOp, [dy, filter], {
    strides,
    dilations,
    sampleShape,
  });

/** In how many groups the channels come; not whole where they do not fit. */
export const groupsOf = (channels: number, taken: number): number =>
  taken === channels ? 1 : channels / taken;

/** Spatial sizes of the output; checks that the channels fit. */
function outputSizes(sample: Shape, filter: Shape, { strides, dilations }: Moves, who: string): number[] {
  const [channels, taken] = [sample[sample.length - 1]!, filter[filter.length - 2]!];
  const made = filter[filter.length - 1]!;
  const groups = groupsOf(channels, taken);
  const isWindow = filter.length === sample.length + 1 && filter.slice(0, -2).every((n) => n > 0);
  if (!isWindow || !Number.isInteger(groups) || (groups !== 1 && made % groups !== 0)) {
    throw new ShapeError(
      `${who}: filter ${showShape(filter)} does not fit examples ${showShape(sample)}: expected one size ≥ 1 per spatial axis, ` +
        "then input channels that divide those of the examples, then output channels in as many groups",
    );
  }
  return strides.map((stride, i) => windowCount(sample[i]!, filter[i]!, stride, dilations[i]!, who));
}

function inferOutput([x, filter]: readonly Spec[], moves: Moves): Spec {
  const [batch, ...sample] = x!.shape;
  const sizes = outputSizes(sample, filter!.shape, moves, "convolution");
  return specOf([batch!, ...sizes, filter!.shape[filter!.shape.length - 1]!], x!.dtype);
}

/** The three arrays' steps along every loop of the sum. */
interface Steps {
  readonly role: "group" | "batch" | "position" | "out" | "kernel" | "in";
  readonly size: number;
  readonly x: number;
  readonly filter: number;
  readonly y: number;
}

/** All loops of the sum. */
function stepsOf(x: Shape, filter: Shape, y: Shape, { strides, dilations }: Moves): Steps[] {
  const [inX, inFilter, inY] = [stridesOf(x), stridesOf(filter), stridesOf(y)];
  const spatial = strides.length;
  const [taken, made] = [filter[spatial]!, filter[spatial + 1]!];
  const groups = groupsOf(x[spatial + 1]!, taken);
  const share = made / groups;
  return [
    { role: "group", size: groups, x: taken, filter: share, y: share },
    { role: "batch", size: x[0]!, x: inX[0]!, filter: 0, y: inY[0]! },
    ...strides.map((stride, i): Steps => {
      return { role: "position", size: y[i + 1]!, x: stride * inX[i + 1]!, filter: 0, y: inY[i + 1]! };
    }),
    { role: "out", size: share, x: 0, filter: 1, y: 1 },
    ...dilations.map((dilation, i): Steps => {
      return { role: "kernel", size: filter[i]!, x: dilation * inX[i + 1]!, filter: inFilter[i]!, y: 0 };
    }),
    { role: "in", size: taken, x: 1, filter: made, y: 0 },
  ];
}

const FORWARD = { group: "batch", batch: "m", position: "m", out: "n", kernel: "k", in: "k" } as const;
const FOR_FILTER = { group: "batch", batch: "k", position: "k", out: "n", kernel: "m", in: "m" } as const;

const forwardLoops = ([x, filter]: readonly Spec[], moves: Moves): ContractionLoop[] =>
  stepsOf(x!.shape, filter!.shape, inferOutput([x!, filter!], moves).shape, moves).map((step) => ({
    role: FORWARD[step.role],
    size: step.size,
    a: step.x,
    b: step.filter,
    out: step.y,
  }));

const filterLoops = ([x, dy]: readonly Spec[], attrs: FilterAttrs): ContractionLoop[] =>
  stepsOf(x!.shape, attrs.filterShape, dy!.shape, attrs).map((step) => ({
    role: FOR_FILTER[step.role],
    size: step.size,
    a: step.x,
    b: step.y,
    out: step.filter,
  }));

/** Checks that dy has the shape of the output. */
function checkOutput(dy: Shape, sample: Shape, filter: Shape, moves: Moves, who: string): void {
  const expected = [dy[0]!, ...outputSizes(sample, filter, moves, who), filter[filter.length - 1]!];
  if (sameShape(dy, expected)) return;
  throw new ShapeError(
    `${who}: filter ${showShape(filter)} makes ${showShape(expected)} of examples ${showShape(sample)}, got ${showShape(dy)}`,
  );
}

const convolutionOp = (name: string): ContractionOp =>
  contraction({
    name,
    inputs: ["x", "filter"],
    saves: ["x", "filter"],
    infer: inferOutput,
    loops: forwardLoops,
    grad: (dy, { x, filter }, { attrs }) => ({
      x: () => inputGradient(dy, filter, attrs, x.shape.slice(1)),
      filter: () => filterGradient(x, dy, attrs, filter.shape),
    }),
  });

const backpropFilterOp = (name: string): ContractionOp =>
  contraction({
    name,
    inputs: ["x", "dy"],
    saves: ["x", "dy"],
    infer: ([x, dy], attrs: FilterAttrs) => {
      checkOutput(dy!.shape, x!.shape.slice(1), attrs.filterShape, attrs, "gradient of a convolution");
      return specOf(attrs.filterShape, x!.dtype);
    },
    loops: filterLoops,
    grad: (dFilter, { x, dy }, { attrs }) => ({
      x: () => inputGradient(dy, dFilter, attrs, x.shape.slice(1)),
      dy: () => convolve(x, dFilter, attrs),
    }),
  });

const backpropInputOp = (name: string): CompositeOp =>
  composite({
    name,
    inputs: ["dy", "filter"],
    saves: ["dy", "filter"],
    infer: ([dy, filter], attrs: InputMoves) => {
      checkOutput(dy!.shape, attrs.sampleShape, filter!.shape, attrs, "transposed convolution");
      return specOf([dy!.shape[0]!, ...attrs.sampleShape], dy!.dtype);
    },
    body: ([dy, filter], attrs) => transposedConvolution(dy!, filter!, attrs),
    grad: (dx, { dy, filter }, { attrs }) => ({
      dy: () => convolve(dx, filter, attrs),
      filter: () => filterGradient(dx, dy, attrs, filter.shape),
    }),
  });

export const conv2dOp = convolutionOp("Conv2D");
export const conv2dBackpropInputOp = backpropInputOp("Conv2DBackpropInput");
export const conv2dBackpropFilterOp = backpropFilterOp("Conv2DBackpropFilter");
export const conv3dOp = convolutionOp("Conv3D");
export const conv3dBackpropInputOp = backpropInputOp("Conv3DBackpropInput");
export const conv3dBackpropFilterOp = backpropFilterOp("Conv3DBackpropFilter");
