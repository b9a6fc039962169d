/**
 * @file How windows move over a tensor's spatial axes: strides, dilations, padding and the layout of the axes, as TensorFlow's
 * convolutions and pools take them.
 */
import { ShapeError, ValueError } from "../core/errors.js";
import { checkShape, type Shape, showShape, sizeOf } from "../core/shape.js";
import type { Tensor } from "../core/tensor.js";
import { isAtMost, subSizes } from "../ir/openSize.js";
import { type Paddings, pad } from "./pad.js";
import { reshape, transpose } from "./views.js";

/** A whole number ≥ 1 for all spatial axes, one for each, or one for each axis of the tensor (1 for batch and channels). */
export type Sizes = number | readonly number[];

/** Zeros at the edges: as many as make ⌈size / stride⌉ windows, none, or a pair for each axis of the tensor. */
export type Padding = "SAME" | "VALID" | "same" | "valid" | Paddings;

/** Channels last (default), or first. */
export type DataFormat = "NWC" | "NCW" | "NHWC" | "NCHW" | "NDHWC" | "NCDHW";

/** Windows along the spatial axes of a tensor with its channels last: one number, or pair, per axis. */
export interface Windows {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: Paddings;
}

/** What a caller said about the windows. */
export interface WindowSettings {
  readonly strides: Sizes;
  readonly padding: Padding;
  readonly dilations?: Sizes;
  readonly dataFormat?: DataFormat;
}

const FORMATS: readonly (readonly [last: string, first: string])[] = [
  ["NWC", "NCW"],
  ["NHWC", "NCHW"],
  ["NDHWC", "NCDHW"],
];

/** Settings given by place, the rest by name in a last object. */
export function settingsOf<S extends object>(names: readonly (keyof S)[], given: readonly unknown[]): S {
  const settings: Partial<S> = {};
  given.forEach((value, i) => {
    if (typeof value === "object" && value !== null && !Array.isArray(value)) Object.assign(settings, value);
    else if (value !== undefined) settings[names[i]!] = value as S[keyof S];
  });
  return settings as S;
}

/** Whether the channels come before the spatial axes. */
function channelsFirst(format: DataFormat | undefined, spatial: number, who: string): boolean {
  const [last, first] = FORMATS[spatial - 1]!;
  if (format === undefined || format === last) return false;
  if (format === first) return true;
  throw new ValueError(
    `${who}: dataFormat must be "${last}" or "${first}" for ${spatial} spatial axes, got ${JSON.stringify(format)}`,
  );
}

/** One number per spatial axis. */
function perAxis(value: Sizes | undefined, spatial: number, first: boolean, who: string): readonly number[] {
  const list = typeof value === "number" ? [value] : (value ?? []);
  const whole = list.length > 0 && list.every((n) => Number.isInteger(n) && n >= 1);
  if (whole && list.length === 1) return new Array<number>(spatial).fill(list[0]!);
  if (whole && list.length === spatial) return list;
  const channel = first ? 1 : spatial + 1;
  if (whole && list.length === spatial + 2 && list[0] === 1 && list[channel] === 1) {
    return list.filter((_, axis) => axis !== 0 && axis !== channel);
  }
  throw new ValueError(
    `${who} must be a whole number ≥ 1, ${spatial} of them, or ${spatial + 2} with 1 for batch and channels, ` +
      `got ${JSON.stringify(value)}`,
  );
}

/** How far a window reaches from its first element to behind its last. */
const reachOf = (window: number, dilation: number): number => (window - 1) * dilation + 1;

/**
 * How many windows fit along an axis.
 *
 * @throws {ShapeError} the window is too large by a stride or more (one that is too large by less fits no time)
 */
export function windowCount(
  size: number,
  window: number,
  stride: number,
  dilation: number,
  who: string,
): number {
  const reach = reachOf(window, dilation);
  if (stride === 1 && isAtMost(reach, size)) return subSizes(size, reach - 1);
  const count = Math.trunc((size - reach + stride) / stride);
  if (count >= 0) return count;
  throw new ShapeError(`${who}: a window that reaches over ${reach} does not fit a padded size of ${size}`);
}

/** Zeros before and after, so that there are ⌈size / stride⌉ windows; an odd one comes after. */
function samePads(size: number, reach: number, stride: number): readonly [number, number] {
  if (stride === 1) return [Math.floor((reach - 1) / 2), Math.ceil((reach - 1) / 2)];
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + reach - size, 0);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Zeros around each spatial axis. */
function padsOf(
  { padding }: WindowSettings,
  sizes: readonly number[],
  { window, strides, dilations }: Omit<Windows, "pads">,
  first: boolean,
  who: string,
): Paddings {
  const named = typeof padding === "string" ? padding.toUpperCase() : padding;
  if (named === "VALID") return sizes.map(() => [0, 0]);
  if (named === "SAME")
    return sizes.map((size, i) => samePads(size, reachOf(window[i]!, dilations[i]!), strides[i]!));
  const channel = first ? 1 : sizes.length + 1;
  const isPair = (pair: unknown, axis: number): boolean =>
    Array.isArray(pair) &&
    pair.length === 2 &&
    pair.every((n) => Number.isInteger(n) && n >= 0 && (n === 0 || (axis !== 0 && axis !== channel)));
  if (Array.isArray(named) && named.length === sizes.length + 2 && named.every(isPair)) {
    return named.filter((_, axis) => axis !== 0 && axis !== channel);
  }
  throw new ValueError(
    `${who}: padding must be "SAME", "VALID" or ${sizes.length + 2} pairs of whole numbers ≥ 0, zero for batch and ` +
      `channels, got ${JSON.stringify(padding)}`,
  );
}

/** A tensor with its channels last and one batch axis, and the way back to the caller's layout. */
export interface Arranged {
  readonly image: Tensor;
  /** Puts a result with one batch axis and its channels last in the layout of the input. */
  restore(y: Tensor): Tensor;
}

/**
 * Brings the channels behind the spatial axes, and all axes before them into one.
 *
 * @throws {ShapeError} fewer axes than batch, spatial axes and channels
 */
export function arranged(x: Tensor, spatial: number, format: DataFormat | undefined, who: string): Arranged {
  const lead = x.rank - spatial - 1;
  if (lead < 1) {
    throw new ShapeError(
      `${who}: expected batch, ${spatial} spatial axes and channels, got shape ${showShape(x.shape)}`,
    );
  }
  const first = channelsFirst(format, spatial, who);
  const batch = x.shape.slice(0, lead);
  const flat = lead === 1 ? x : reshape(x, [sizeOf(batch), ...x.shape.slice(lead)]);
  const axes = Array.from({ length: spatial }, (_, i) => i);
  const moved = first ? transpose(flat, [0, ...axes.map((i) => i + 2), 1]) : flat;
  return {
    image: moved,
    restore: (y) => {
      const back = first ? transpose(y, [0, spatial + 1, ...axes.map((i) => i + 1)]) : y;
      return lead === 1 ? back : reshape(back, [...batch, ...back.shape.slice(1)]);
    },
  };
}

/** The windows of a caller's settings, over spatial axes of these sizes. */
export function windowsOf(
  window: readonly number[],
  sizes: readonly number[],
  settings: WindowSettings,
  who: string,
): Windows {
  const spatial = sizes.length;
  const first = channelsFirst(settings.dataFormat, spatial, who);
  const moves = {
    window,
    strides: perAxis(settings.strides, spatial, first, `${who}: strides`),
    dilations: perAxis(settings.dilations ?? 1, spatial, first, `${who}: dilations`),
  };
  return { ...moves, pads: padsOf(settings, sizes, moves, first, who) };
}

/** A pool's window: one size per spatial axis. */
export const windowSizes = (
  ksize: Sizes,
  spatial: number,
  format: DataFormat | undefined,
  who: string,
): readonly number[] => perAxis(ksize, spatial, channelsFirst(format, spatial, who), `${who}: ksize`);

/** The shape with its channels last, of one that is in the caller's layout. */
export function channelsLast(
  shape: Shape,
  spatial: number,
  format: DataFormat | undefined,
  who: string,
): Shape {
  checkShape(shape, who);
  if (shape.length !== spatial + 2) {
    throw new ShapeError(`${who}: outputShape must have ${spatial + 2} sizes, got ${showShape(shape)}`);
  }
  return channelsFirst(format, spatial, who) ? [shape[0]!, ...shape.slice(2), shape[1]!] : shape;
}

/** The spatial axes padded with zeros. */
export const padSpatial = (x: Tensor, pads: Paddings): Tensor =>
  pads.every(([before, after]) => before === 0 && after === 0) ? x : pad(x, [[0, 0], ...pads, [0, 0]]);
