/**
 * @file Sizes along spatial axes: options given once or per axis, and how many windows fit.
 */
import { ValueError } from "../../core/errors.js";
import type { DataFormat } from "../../ops/namespaces/nn.js";
import { showPythonShape } from "../base/pythonText.js";
import type { LayerShape } from "../base/shape.js";

/** One number for all axes, or one for each. */
export type PerAxis = number | readonly number[];

/** Where the channels are: after or before the spatial axes. */
export type ChannelOrder = "channels_last" | "channels_first";

/**
 * An option as one number for each axis.
 *
 * @throws {ValueError} another number of axes, or something that is no whole number from `least` on
 */
export function perAxis(
  value: PerAxis | undefined,
  rank: number,
  name: string,
  least = 1,
): readonly number[] {
  const sizes = typeof value === "number" ? new Array<number>(rank).fill(value) : (value ?? []);
  if (sizes.length !== rank || !sizes.every(Number.isInteger)) {
    throw new ValueError(
      `The \`${name}\` argument must be a tuple of ${rank} integers. Received ${name}=${JSON.stringify(value)}`,
    );
  }
  if (sizes.every((size) => size >= least)) return [...sizes];
  const [what, sign] = least === 1 ? ["positive", ">"] : ["nonnegative", ">="];
  throw new ValueError(
    `The \`${name}\` argument must be a tuple of ${rank} integers. Received ${name}=${showPythonShape(sizes)}, ` +
      `including values that do not satisfy \`value ${sign} 0\`: expected ${what} numbers.`,
  );
}

/**
 * A padding's name in lower case.
 *
 * @throws {ValueError} none of those allowed
 */
export function paddingOption<P extends string>(value: string, allowed: readonly P[]): P {
  const found = allowed.find((name) => name === value.toLowerCase());
  if (found !== undefined) return found;
  const names = [...allowed].sort().map((name) => `'${name}'`);
  throw new ValueError(
    `The \`padding\` argument must be a list/tuple or one of {${names.join(", ")}}. Received: ${value}`,
  );
}

/** @throws {ValueError} neither of the two orders */
export function channelOrder(value: ChannelOrder | null | undefined): ChannelOrder {
  if (value === null || value === undefined) return "channels_last";
  if (value === "channels_last" || value === "channels_first") return value;
  throw new ValueError(
    "The `data_format` argument must be one of {'channels_first', 'channels_last'}. " +
      `Received: data_format=${String(value)}`,
  );
}

const LAST: readonly DataFormat[] = ["NWC", "NHWC", "NDHWC"];
const FIRST: readonly DataFormat[] = ["NCW", "NCHW", "NCDHW"];

/** The name that ops have for a channel order. */
export const opFormat = (order: ChannelOrder, rank: number): DataFormat =>
  (order === "channels_last" ? LAST : FIRST)[rank - 1]!;

/** The spatial sizes of a shape. */
export const spatialOf = (shape: LayerShape, order: ChannelOrder): LayerShape =>
  order === "channels_last" ? shape.slice(1, -1) : shape.slice(2);

/** The number of channels of a shape. */
export const channelsOf = (shape: LayerShape, order: ChannelOrder): number | null =>
  shape[order === "channels_last" ? shape.length - 1 : 1]!;

/** A shape from its parts. */
export const joinShape = (
  batch: number | null,
  spatial: LayerShape,
  channels: number | null,
  order: ChannelOrder,
): LayerShape => (order === "channels_last" ? [batch, ...spatial, channels] : [batch, channels, ...spatial]);

/** How windows lie along the axes. */
export interface WindowLayout {
  readonly window: readonly number[];
  readonly strides: readonly number[];
  readonly dilations?: readonly number[];
  readonly isPadded: boolean;
}

/**
 * How many windows fit along each axis; null where the size varies.
 *
 * @throws {ValueError} none fits
 */
export function windowCounts(spatial: LayerShape, layout: WindowLayout, shape: LayerShape): LayerShape {
  const { window, strides, dilations, isPadded } = layout;
  return spatial.map((size, i) => {
    if (size === null) return null;
    const reach = isPadded ? 1 : (dilations?.[i] ?? 1) * (window[i]! - 1) + 1;
    const count = Math.floor((size - reach) / strides[i]!) + 1;
    if (count > 0) return count;
    throw new ValueError(
      `Computed output size would be zero or negative. Received \`inputs shape=${showPythonShape(shape)}\`, ` +
        `window=${showPythonShape(window)}, strides=${showPythonShape(strides)}`,
    );
  });
}
