import type { Rgba } from "./color.js";
import { describe, PlotValueError, requireOneOf } from "./errors.js";
import type { Artist, AxesModel, ColorbarModel } from "./model.js";
import { checkOptions } from "./options.js";

/** How a colour bar looks and where it stands; fractions are of the axes it takes its room from. */
export interface ColorbarOptions {
  label?: string;
  orientation?: "vertical" | "horizontal";
  ticks?: readonly number[];
  shrink?: number;
  fraction?: number;
  pad?: number;
}

function bandColors(artist: Artist): Rgba[] | null {
  if (artist.kind !== "polygons" || artist.levels === null) return null;
  return artist.polygons.map((polygon) => polygon.face);
}

function levelLines(artist: Artist): ColorbarModel["lines"] {
  if (artist.kind !== "segments" || artist.levels === null) return [];
  const { levels, levelColors, linewidth } = artist;
  return levels.map((level, index) => ({ level, color: levelColors![index]!, linewidth }));
}

/** A bar is as transparent as what it describes. */
function alphaOf(artist: Artist): number {
  if (artist.kind === "surface") return artist.alpha;
  return artist.kind === "points" ? (artist.faces[0]?.[3] ?? 1) : 1;
}

/** Room beside three-dimensional axes also holds the labels of the z axis. */
const padIn3d = 0.12;

/** Adds a colour bar for `artist` beside or below `axes`. */
export function addColorbar(axes: AxesModel, artist: Artist, options: ColorbarOptions): void {
  checkOptions("colorbar", options, ["label", "orientation", "ticks", "shrink", "fraction", "pad"]);
  if (!("colorScale" in artist) || artist.colorScale === null) {
    throw new PlotValueError(`colorbar: the element has no colour map: ${describe(artist.kind)}`);
  }
  const orientation = requireOneOf("colorbar", "orientation", options.orientation ?? "vertical", [
    "vertical",
    "horizontal",
  ]);
  const isFilled = artist.kind === "polygons" && artist.levels !== null;
  axes.colorbars.push({
    scale: artist.colorScale,
    boundaries: isFilled ? artist.levels : null,
    lines: levelLines(artist),
    colors: bandColors(artist),
    label: options.label ?? "",
    ticks: options.ticks === undefined ? null : [...options.ticks],
    alpha: alphaOf(artist),
    orientation,
    shrink: options.shrink ?? 1,
    fraction: options.fraction ?? 0.15,
    pad: options.pad ?? (orientation === "horizontal" ? 0.15 : axes.kind === "3d" ? padIn3d : 0.05),
  });
}
