import type { Rgba } from "./color.js";
import { listedMaps, smoothMaps } from "./colormapTables.js";
import { describe, PlotValueError } from "./errors.js";

/** How many neighbouring colours of a 256-colour map one stored anchor stands for. */
const anchorSpacing = 3;

type ColorTable = readonly Rgba[];

const tables = new Map<string, ColorTable>();

function decode(hex: string): Rgba[] {
  const colors: Rgba[] = [];
  for (let start = 0; start < hex.length; start += 6) {
    const channel = (offset: number) =>
      Number.parseInt(hex.slice(start + offset, start + offset + 2), 16) / 255;
    colors.push([channel(0), channel(2), channel(4), 1]);
  }
  return colors;
}

function interpolate(anchors: readonly Rgba[]): Rgba[] {
  return Array.from({ length: 256 }, (_, index) => {
    const left = Math.min(Math.floor(index / anchorSpacing), anchors.length - 2);
    const fraction = index / anchorSpacing - left;
    const mix = (channel: 0 | 1 | 2) =>
      anchors[left]![channel] * (1 - fraction) + anchors[left + 1]![channel] * fraction;
    return [mix(0), mix(1), mix(2), 1];
  });
}

/** The names that `cmap` accepts; each may end in "_r" for the reversed map. */
export function colormapNames(): string[] {
  return [...Object.keys(smoothMaps), ...Object.keys(listedMaps)];
}

/** The colours of a map: 256 for a smooth one, its own list for a qualitative one. */
export function colorTable(who: string, name: string): ColorTable {
  const known = tables.get(name);
  if (known) return known;
  const reversed = name.endsWith("_r");
  const base = (reversed ? name.slice(0, -2) : name).replace(/^grey$/, "gray");
  const smooth = smoothMaps[base];
  const listed = listedMaps[base];
  if (smooth === undefined && listed === undefined) {
    throw new PlotValueError(
      `${who}: unknown colour map ${describe(name)}; known: ${colormapNames().join(", ")}`,
    );
  }
  const colors = smooth !== undefined ? interpolate(decode(smooth)) : decode(listed!);
  if (reversed) colors.reverse();
  tables.set(name, colors);
  return colors;
}

/** The colour of a fraction from 0 to 1; NaN is transparent, values outside are clamped. */
export function colorAt(table: ColorTable, fraction: number): Rgba {
  if (Number.isNaN(fraction)) return [0, 0, 0, 0];
  const index = Math.min(table.length - 1, Math.max(0, Math.floor(fraction * table.length)));
  return table[index]!;
}

/** Values mapped to colours: the map's name and the values of its two ends. */
export interface ColorScale {
  cmap: string;
  vmin: number;
  vmax: number;
}

/** The colour of a value on a scale. */
export function mapColor(scale: ColorScale, value: number): Rgba {
  const span = scale.vmax - scale.vmin;
  return colorAt(colorTable("colour map", scale.cmap), span === 0 ? 0 : (value - scale.vmin) / span);
}
