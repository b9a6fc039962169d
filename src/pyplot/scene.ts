import { type Rgba, withAlpha } from "./color.js";
import { mapColor } from "./colormap.js";
import { finiteRange } from "./data.js";
import type {
  Artist,
  LineArtist,
  LineStyle,
  MarkerStyle,
  PointsArtist,
  SegmentsArtist,
  SurfaceArtist,
  TextArtist,
} from "./model.js";
import { meanHeight, type Point3, surfacePatches } from "./plots/surface.js";
import type { Vector3 } from "./projection.js";
import type { Space } from "./space.js";

/** Something flat to draw, with how far away it is; points are pixels. */
export type Primitive = { depth: number } & (
  | { kind: "face"; points: [number, number][]; fill: Rgba; stroke: Rgba; width: number }
  | { kind: "segment"; points: [number, number][]; style: LineStyle }
  | {
      kind: "marker";
      x: number;
      y: number;
      marker: string;
      size: number;
      face: Rgba;
      edge: Rgba;
      edgewidth: number;
    }
  | { kind: "text"; x: number; y: number; text: TextArtist }
);

/** Where the light comes from: azimuth 225 degrees clockwise from north, altitude 19.4712 degrees. */
const lightDirection: Vector3 = (() => {
  const azimuth = ((90 - 225) * Math.PI) / 180;
  const altitude = (19.4712 * Math.PI) / 180;
  return [Math.cos(azimuth) * Math.cos(altitude), Math.sin(azimuth) * Math.cos(altitude), Math.sin(altitude)];
})();

/** The darkest shade, and the faintest a far point becomes. */
const darkest = 0.3;
const faintest = 0.3;

/** Lines and points come this much nearer, in depths of the box, so that one on a surface is not half hidden by it. */
const lineLift = 0.04;

/** Long lines are cut into pieces, each sorted among the faces for itself. */
const longestPiece = 0.03;

function shadeOf(patch: readonly Point3[]): number {
  const count = patch.length;
  const [a, b, c] = [patch[0]!, patch[Math.floor(count / 3)]!, patch[Math.floor((2 * count) / 3)]!];
  const [ux, uy, uz] = a.map((value, k) => value - b[k]!) as Vector3;
  const [vx, vy, vz] = b.map((value, k) => value - c[k]!) as Vector3;
  const normal: Vector3 = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(...normal);
  if (length === 0) return (1 + darkest) / 2;
  const cosine = normal.reduce((sum, value, k) => sum + value * lightDirection[k]!, 0) / length;
  return darkest + ((cosine + 1) / 2) * (1 - darkest);
}

function shaded(color: Rgba, shade: number): Rgba {
  return [color[0] * shade, color[1] * shade, color[2] * shade, color[3]];
}

function surfacePrimitives(surface: SurfaceArtist, space: Space): Primitive[] {
  return surfacePatches(surface, surface.rowStride, surface.columnStride).map((patch): Primitive => {
    const plain =
      surface.colorScale === null ? surface.color : mapColor(surface.colorScale, meanHeight(patch));
    const fill = withAlpha(surface.shade ? shaded(plain, shadeOf(patch)) : plain, surface.alpha);
    const pixels = patch.map((point) => space.dataPixels(point));
    const isOpaque = surface.alpha >= 1;
    return {
      kind: "face",
      depth: pixels.reduce((sum, point) => sum + point[2], 0) / pixels.length,
      points: pixels.map(([x, y]) => [x, y]),
      fill,
      // Neighbours share their edges: a hairline of the face's own colour hides the seam between them.
      stroke: surface.edge ?? (isOpaque ? fill : [0, 0, 0, 0]),
      width: surface.edge === null ? 0.5 : surface.linewidth,
    };
  });
}

function isDrawable(point: Vector3): boolean {
  return point.every(Number.isFinite);
}

/** Cuts a straight piece between two points so that no part is longer than a small fraction of the box. */
function pieces(from: Vector3, to: Vector3, space: Space): [Vector3, Vector3][] {
  const relative = from.map((value, k) => Math.abs(to[k]! - value) / (space.high[k]! - space.low[k]!));
  const count = Math.min(200, Math.max(1, Math.ceil(Math.max(...relative) / longestPiece)));
  const at = (step: number) => from.map((value, k) => value + ((to[k]! - value) * step) / count) as Vector3;
  return Array.from({ length: count }, (_, step) => [at(step), at(step + 1)]);
}

function linePrimitives(
  points: readonly Vector3[],
  style: LineStyle,
  space: Space,
  lift: number,
): Primitive[] {
  if (style.linestyle === "None" || style.linewidth === 0) return [];
  const result: Primitive[] = [];
  const scaled = points.map((point) => space.scaled(point));
  const isDashed = style.linestyle !== "-";
  for (let index = 0; index + 1 < scaled.length; index++) {
    const [from, to] = [scaled[index]!, scaled[index + 1]!];
    if (!isDrawable(from) || !isDrawable(to)) continue;
    for (const [start, end] of isDashed ? [[from, to] as [Vector3, Vector3]] : pieces(from, to, space)) {
      const [a, b] = [space.pixels(start), space.pixels(end)];
      result.push({
        kind: "segment",
        depth: (a[2] + b[2]) / 2 - lift,
        points: [
          [a[0], a[1]],
          [b[0], b[1]],
        ],
        style,
      });
    }
  }
  return isDashed ? joined(result) : result;
}

/** A dashed line stays one path, or its dashes would begin anew at every point. */
function joined(segments: readonly Primitive[]): Primitive[] {
  const lines = segments.filter((segment) => segment.kind === "segment");
  if (lines.length === 0) return [];
  const points = [lines[0]!.points[0]!, ...lines.map((line) => line.points[1]!)];
  const depth = lines.reduce((sum, line) => sum + line.depth, 0) / lines.length;
  return [{ kind: "segment", depth, points, style: lines[0]!.style }];
}

function pointsOf(artist: { x: number[]; y: number[]; z: number[] | null }): Vector3[] {
  return artist.x.map((x, index) => [x, artist.y[index]!, artist.z?.[index] ?? 0]);
}

function markerPrimitives(line: LineArtist & MarkerStyle, space: Space, lift: number): Primitive[] {
  if (line.marker === "None") return [];
  return pointsOf(line)
    .map((point) => space.dataPixels(point))
    .filter(isDrawable)
    .map(([x, y, depth]) => ({
      kind: "marker",
      depth: depth - lift,
      x,
      y,
      marker: line.marker,
      size: line.markersize,
      face: line.markerfacecolor,
      edge: line.markeredgecolor,
      edgewidth: line.markeredgewidth,
    }));
}

/** How much of its opacity each point keeps: the farther, the less. */
function depthFading(projected: readonly Vector3[]): number[] {
  const ranges = [0, 1, 2].map((k) => finiteRange(projected.map((point) => point[k]!)) ?? [0, 0]);
  const size = Math.hypot(...ranges.map(([low, high]) => high - low));
  const nearest = ranges[2]![0];
  return projected.map((point) =>
    size === 0 ? 1 : Math.min(1, Math.max(faintest, 1 - (point[2] - nearest) / size)),
  );
}

function scatterPrimitives(points: PointsArtist, space: Space, lift: number): Primitive[] {
  const scaled = pointsOf(points).map((point) => space.scaled(point));
  const fading = points.depthshade
    ? depthFading(scaled.map((point) => space.projected(point)))
    : scaled.map(() => 1);
  return scaled.flatMap((point, index): Primitive[] => {
    const [x, y, depth] = space.pixels(point);
    if (!isDrawable([x, y, depth])) return [];
    const fade = (color: Rgba) => withAlpha(color, color[3] * fading[index]!);
    return [
      {
        kind: "marker",
        depth: depth - lift,
        x,
        y,
        marker: points.marker,
        size: Math.sqrt(points.sizes[index]!),
        face: fade(points.faces[index]!),
        edge: fade(points.edges[index]!),
        edgewidth: points.edgewidth,
      },
    ];
  });
}

function segmentPrimitives(artist: SegmentsArtist, space: Space, lift: number): Primitive[] {
  return artist.lines.flatMap((line) => {
    const { color, linestyle } = line;
    return linePrimitives(pointsOf(line), { color, linestyle, linewidth: artist.linewidth }, space, lift);
  });
}

function primitivesOf(artist: Artist, space: Space, lift: number): Primitive[] {
  switch (artist.kind) {
    case "surface":
      return surfacePrimitives(artist, space);
    case "line":
      return [
        ...linePrimitives(pointsOf(artist), artist, space, lift),
        ...markerPrimitives(artist, space, lift),
      ];
    case "points":
      return scatterPrimitives(artist, space, lift);
    case "segments":
      return segmentPrimitives(artist, space, lift);
    case "text": {
      const [x, y] = space.dataPixels([artist.x, artist.y, artist.z ?? 0]);
      return [{ kind: "text", depth: Number.NEGATIVE_INFINITY, x, y, text: artist }];
    }
    default:
      return [];
  }
}

/** Everything on the axes, the farthest first. */
export function scenePrimitives(artists: readonly Artist[], space: Space): Primitive[] {
  const depths = space.corners().map((corner) => corner[2]);
  const lift = lineLift * (Math.max(...depths) - Math.min(...depths));
  return artists
    .flatMap((artist) => primitivesOf(artist, space, lift))
    .sort((first, second) => second.depth - first.depth);
}
