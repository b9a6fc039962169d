import { finiteRange } from "./data.js";
import type { Frame } from "./frame.js";
import type { Artist, AxesModel, Rect } from "./model.js";

type Pixel = readonly [number, number];

/** Pixel positions that a legend had better not cover, and boxes that it had better not overlap. */
export interface Obstacles {
  points: readonly Pixel[];
  lines: readonly (readonly Pixel[])[];
  boxes: readonly Rect[];
}

function pixelsOf(data: { x: number[]; y: number[] }, frame: Frame): Pixel[] {
  return data.x.map((x, index): Pixel => [frame.x(x), frame.y(data.y[index]!)]);
}

function boundingBox(pixels: readonly Pixel[]): Rect {
  const [left, right] = finiteRange(pixels.map(([x]) => x)) ?? [0, 0];
  const [top, bottom] = finiteRange(pixels.map(([, y]) => y)) ?? [0, 0];
  return { left, top, width: right - left, height: bottom - top };
}

function linesOf(artist: Artist, frame: Frame): Pixel[][] {
  if (artist.kind === "line") return artist.coordinates === "data" ? [pixelsOf(artist, frame)] : [];
  if (artist.kind === "segments") return artist.lines.map((line) => pixelsOf(line, frame));
  if (artist.kind !== "polygons" || artist.role !== "area") return [];
  return artist.polygons.flatMap((polygon) => polygon.rings.map((ring) => pixelsOf(ring, frame)));
}

function boxesOf(artist: Artist, frame: Frame): Rect[] {
  if (artist.kind !== "polygons" || artist.role !== "bar") return [];
  return artist.polygons.map((polygon) => boundingBox(pixelsOf(polygon.rings[0]!, frame)));
}

/** What a legend on flat axes had better not cover. */
export function obstaclesOf({ artists }: AxesModel, frame: Frame): Obstacles {
  return {
    points: artists.flatMap((artist) =>
      artist.kind === "points" || artist.kind === "arrows" ? pixelsOf(artist, frame) : [],
    ),
    lines: artists.flatMap((artist) => linesOf(artist, frame)),
    boxes: artists.flatMap((artist) => boxesOf(artist, frame)),
  };
}
