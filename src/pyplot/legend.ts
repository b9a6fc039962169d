import { PlotElement } from "./element.js";
import { PlotValueError, requireOneOf } from "./errors.js";
import type { Artist, AxesModel, LegendLocation, LegendModel } from "./model.js";
import { checkOptions, splitOptions } from "./options.js";
import { toFontSize } from "./plots/text.js";
import { rcParams } from "./rcParams.js";

/** Where a legend stands and how it looks. */
export interface LegendOptions {
  loc?: LegendLocation;
  title?: string;
  fontsize?: number | string;
  ncol?: number;
  ncols?: number;
  frameon?: boolean;
  labels?: readonly string[];
}

const legendLocations: readonly LegendLocation[] = [
  "best",
  "upper right",
  "upper left",
  "lower left",
  "lower right",
  "right",
  "center left",
  "center right",
  "lower center",
  "upper center",
  "center",
];

/** Everything with a label that does not begin with an underscore. */
export function labelledArtists(axes: AxesModel): { artist: Artist; label: string }[] {
  return axes.artists
    .filter((artist) => artist.label !== "" && !artist.label.startsWith("_"))
    .map((artist) => ({ artist, label: artist.label }));
}

function isElementList(value: unknown): value is readonly PlotElement[] {
  return (
    Array.isArray(value) && value.length > 0 && value.flat().every((item) => item instanceof PlotElement)
  );
}

/** Reads the arguments of `legend`: options, labels and options, or elements, labels and options. */
export function toLegend(axes: AxesModel, args: readonly unknown[]): LegendModel {
  const { values, options } = splitOptions<LegendOptions>(args);
  checkOptions("legend", options, ["loc", "title", "fontsize", "ncol", "ncols", "frameon", "labels"]);
  const elements = isElementList(values[0]) ? values[0].flat() : null;
  const labels = (elements === null ? values[0] : values[1]) ?? options.labels;
  if (
    labels !== undefined &&
    !(Array.isArray(labels) && labels.every((label) => typeof label === "string"))
  ) {
    throw new PlotValueError("legend: labels must be an array of strings");
  }
  const artists = elements?.map((element) => element.artist) ?? axes.artists.filter(hasLegendKey);
  const entries =
    elements === null && labels === undefined
      ? null
      : artists
          .map((artist, index) => ({
            artist,
            label: (labels as string[] | undefined)?.[index] ?? artist.label,
          }))
          .slice(0, (labels as string[] | undefined)?.length);
  return {
    location: requireOneOf(
      "legend",
      "loc",
      options.loc ?? (rcParams["legend.loc"] as LegendLocation),
      legendLocations,
    ),
    entries,
    title: options.title ?? "",
    fontSize: toFontSize("legend", options.fontsize, rcParams["legend.fontsize"]),
    columns: options.ncols ?? options.ncol ?? 1,
    frame: options.frameon ?? true,
  };
}

function hasLegendKey(artist: Artist): boolean {
  if (artist.label.startsWith("_")) return false;
  return (
    artist.kind === "line" ||
    artist.kind === "points" ||
    (artist.kind === "polygons" && artist.role !== "contour")
  );
}
