import { type ColorScale, colorTable } from "../colormap.js";
import { finiteRange } from "../data.js";
import { rcParams } from "../rcParams.js";

/** How values become colours. */
export interface ColorMapOptions {
  /** A colour map by name; "_r" at its end reverses it. */
  cmap?: string;
  /** The value of the map's first colour; the smallest value when absent. */
  vmin?: number;
  /** The value of the map's last colour; the largest value when absent. */
  vmax?: number;
}

/** The scale that maps `values` to colours. */
export function colorScaleOf(who: string, options: ColorMapOptions, values: Iterable<number>): ColorScale {
  const cmap = options.cmap ?? rcParams["image.cmap"];
  colorTable(who, cmap);
  const [low, high] = finiteRange(values) ?? [0, 1];
  return { cmap, vmin: options.vmin ?? low, vmax: options.vmax ?? high };
}
