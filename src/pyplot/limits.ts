import type { Artist, AxesModel, AxisName } from "./model.js";
import { nonsingular, nonsingularLog, scaleOf } from "./scale.js";

/** Room that 3-D axes leave around automatic limits, as a fraction of their span. */
const viewMargin3d = 1 / 48;

interface DataExtent {
  low: number;
  high: number;
  smallestPositive: number;
}

type Coordinates = readonly (readonly number[])[];

/** The coordinates along one axis by which an artist widens the automatic limits. */
function coordinatesOf(artist: Artist, name: AxisName): Coordinates {
  switch (artist.kind) {
    case "line":
      if (artist.coordinates === "xAxes" && name === "x") return [];
      if (artist.coordinates === "yAxes" && name === "y") return [];
      return [artist[name] ?? []];
    case "points":
      return [artist[name] ?? []];
    case "polygons":
      return name === "z"
        ? []
        : artist.polygons.flatMap((polygon) => polygon.rings.map((ring) => ring[name]));
    case "segments":
      return [...artist.lines.map((line) => line[name] ?? []), artist.extent[name]];
    case "image":
      if (name === "z") return [];
      return [name === "x" ? artist.extent.slice(0, 2) : artist.extent.slice(2)];
    case "arrows":
      return name === "z" ? [] : [artist[name]];
    case "surface":
      return artist[name];
    case "text":
      return [];
  }
}

function stickyEdges(artist: Artist, name: AxisName): readonly number[] {
  if (name === "z") return [];
  if (artist.kind === "polygons" || artist.kind === "segments") return artist.sticky[name];
  if (artist.kind === "image") return name === "x" ? artist.extent.slice(0, 2) : artist.extent.slice(2);
  return [];
}

function dataExtent(artists: readonly Artist[], name: AxisName): DataExtent {
  const extent: DataExtent = {
    low: Number.POSITIVE_INFINITY,
    high: Number.NEGATIVE_INFINITY,
    smallestPositive: Number.POSITIVE_INFINITY,
  };
  for (const artist of artists) {
    for (const values of coordinatesOf(artist, name)) {
      for (const value of values) {
        if (!Number.isFinite(value)) continue;
        if (value < extent.low) extent.low = value;
        if (value > extent.high) extent.high = value;
        if (value > 0 && value < extent.smallestPositive) extent.smallestPositive = value;
      }
    }
  }
  return extent;
}

/** Margins stop at the edge of a bar's base or of an image: the nearest sticky values at or outside the data. */
function stickyBounds(edges: readonly number[], low: number, high: number): [number, number] {
  const tolerance = 1e-5 * Math.abs(high - low);
  const below = edges.filter((edge) => edge < low + tolerance);
  const above = edges.filter((edge) => edge >= high - tolerance);
  return [Math.max(Number.NEGATIVE_INFINITY, ...below), Math.min(Number.POSITIVE_INFINITY, ...above)];
}

function automaticLimits(axes: AxesModel, name: AxisName): [number, number] {
  const axis = axes.axis[name];
  const isLog = axis.scale === "log";
  const group = name === "z" ? null : axes.shared[name];
  const artists = group === null ? axes.artists : group.flatMap((member) => member.artists);
  const extent = dataExtent(artists, name);
  if (extent.low > extent.high && !isLog) return withRoom(axes, [0, 1]);
  const [low, high] = isLog
    ? nonsingularLog(extent.low, extent.high, extent.smallestPositive)
    : nonsingular(extent.low, extent.high, 0.05);
  const scale = scaleOf(axis.scale);
  const edges = artists.flatMap((artist) => stickyEdges(artist, name)).filter((edge) => !isLog || edge > 0);
  const [lowest, highest] = stickyBounds(edges, low, high);
  const from = scale.forward(low);
  const to = scale.forward(high);
  const margin = (to - from) * axis.margin;
  const limits: [number, number] = [
    Math.max(lowest, scale.inverse(from - margin)),
    Math.min(highest, scale.inverse(to + margin)),
  ];
  return withRoom(axes, limits);
}

function withRoom(axes: AxesModel, limits: [number, number]): [number, number] {
  if (axes.kind === "2d") return limits;
  const room = (limits[1] - limits[0]) * viewMargin3d;
  return [limits[0] - room, limits[1] + room];
}

/** The limits of an axis as drawn: the user's where set, else those of the data with a margin. */
export function viewLimits(axes: AxesModel, name: AxisName): [number, number] {
  const { limits, inverted } = axes.axis[name];
  const [userLow, userHigh] = limits;
  if (userLow !== null && userHigh !== null) return inverted ? [userHigh, userLow] : [userLow, userHigh];
  const [low, high] = automaticLimits(axes, name);
  const chosen: [number, number] = [userLow ?? low, userHigh ?? high];
  return inverted ? [chosen[1], chosen[0]] : chosen;
}
