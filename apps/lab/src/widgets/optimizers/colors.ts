/** @file Colours of the ground, for light and dark pages. */

export type Rgb = readonly [number, number, number];

/** The ground from low to high: the lowest is always the strongest colour. */
const lightGround: readonly Rgb[] = [
  [8, 69, 148],
  [66, 146, 198],
  [158, 202, 225],
  [222, 235, 247],
  [247, 251, 255],
];
const darkGround: readonly Rgb[] = [
  [107, 174, 214],
  [49, 110, 168],
  [27, 66, 112],
  [18, 38, 64],
  [13, 22, 36],
];

/** Basins, from the largest. */
const basins: readonly Rgb[] = [
  [102, 166, 205],
  [245, 179, 108],
  [126, 190, 130],
  [196, 160, 208],
  [232, 150, 150],
  [190, 185, 110],
  [120, 195, 195],
  [200, 165, 145],
];
const nowhere = { light: [228, 228, 228], dark: [48, 52, 58] } as const;

export const groundOf = (dark: boolean): readonly Rgb[] => (dark ? darkGround : lightGround);

/** A colour between those of a ramp, at 0 to 1. */
export function rampColor(ramp: readonly Rgb[], at: number): Rgb {
  const place = Math.min(1, Math.max(0, at)) * (ramp.length - 1);
  const index = Math.min(ramp.length - 2, Math.floor(place));
  const [from, to] = [ramp[index]!, ramp[index + 1]!];
  const mix = (channel: 0 | 1 | 2) => from[channel] + (to[channel] - from[channel]) * (place - index);
  return [mix(0), mix(1), mix(2)];
}

/** The colour of a basin by its number; −1 is no basin. Beyond the colours there are, they are used again. */
export const basinColor = (label: number, dark: boolean): Rgb =>
  label < 0 ? nowhere[dark ? "dark" : "light"] : basins[label % basins.length]!;

export const cssColor = ([r, g, b]: Rgb): string =>
  `rgb(${Math.round(r)}, ${Math.round(g)}, ${Math.round(b)})`;
