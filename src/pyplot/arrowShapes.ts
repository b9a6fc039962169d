import type { Rgba } from "./color.js";
import type { ArrowsArtist, Rect } from "./model.js";

/** Where data lies in pixels; y grows downwards. */
interface PixelFrame {
  readonly rect: Rect;
  x(value: number): number;
  y(value: number): number;
}

interface Vector {
  angle: number;
  length: number;
}

/** Directions and lengths as drawn: along (u, v) on the page, or along the data's own axes. */
function vectors(arrows: ArrowsArtist, frame: PixelFrame): Vector[] {
  return arrows.u.map((u, index) => {
    const v = arrows.v[index]!;
    if (arrows.angles === "uv") return { angle: Math.atan2(v, u), length: Math.hypot(u, v) };
    const dx = frame.x(arrows.x[index]! + u) - frame.x(arrows.x[index]!);
    const dy = frame.y(arrows.y[index]!) - frame.y(arrows.y[index]! + v);
    return {
      angle: Math.atan2(dy, dx),
      length: arrows.scaleUnits === "xy" ? Math.hypot(dx, dy) : Math.hypot(u, v),
    };
  });
}

function averageLength(lengths: readonly Vector[]): number {
  const finite = lengths.filter(({ length }) => Number.isFinite(length));
  return finite.reduce((sum, { length }) => sum + length, 0) / Math.max(1, finite.length);
}

/** The outline of an arrow `length` shaft widths long, pointing right from the origin, in shaft widths. */
function outline(arrows: ArrowsArtist, length: number): [number, number][] {
  const { headlength, headaxislength, headwidth } = arrows;
  const isShort = length < headlength;
  const grow = isShort ? length / headlength : 1;
  const tip = isShort ? headlength : length;
  const upper: [number, number][] = [
    [0, 0.5],
    [tip - headaxislength, 0.5],
    [tip - headlength, headwidth / 2],
  ];
  const points: [number, number][] = [
    ...upper,
    [tip, 0],
    ...upper.toReversed().map(([x, y]): [number, number] => [x, -y]),
  ];
  return points.map(([x, y]) => [x * grow, y * grow]);
}

/** A hexagon, for vectors too short to have a direction. */
function dot(): [number, number][] {
  return Array.from({ length: 6 }, (_, corner) => {
    const angle = (corner * Math.PI) / 3;
    return [0.5 * Math.cos(angle), 0.5 * Math.sin(angle)];
  });
}

/** The filled outlines of all arrows in pixels: Matplotlib's automatic scale and proportions. */
export function arrowPolygons(
  arrows: ArrowsArtist,
  frame: PixelFrame,
): { points: [number, number][]; color: Rgba }[] {
  const count = arrows.x.length;
  const root = Math.sqrt(count);
  const axesWidth = frame.rect.width;
  const shaft = (arrows.width ?? 0.06 / Math.min(25, Math.max(8, root))) * axesWidth;
  const drawn = vectors(arrows, frame);
  const automatic = 1.8 * averageLength(drawn) * Math.max(10, root);
  const inDataUnits = arrows.scaleUnits === "xy";
  const pixelsPerUnit = inDataUnits ? 1 / (arrows.scale ?? 1) : axesWidth / (arrows.scale ?? automatic);
  return drawn.flatMap(({ angle, length }, index) => {
    if (!Number.isFinite(length)) return [];
    const widths = (length * pixelsPerUnit) / shaft;
    const shape = widths < 1 ? dot() : outline(arrows, widths);
    const shift = { tail: 0, mid: -widths / 2, tip: -widths }[arrows.pivot];
    const originX = frame.x(arrows.x[index]!);
    const originY = frame.y(arrows.y[index]!);
    const points = shape.map(([along, across]): [number, number] => {
      const dx = (along + shift) * shaft;
      const dy = across * shaft;
      return [
        originX + dx * Math.cos(angle) - dy * Math.sin(angle),
        originY - (dx * Math.sin(angle) + dy * Math.cos(angle)),
      ];
    });
    return [{ points, color: arrows.colors[index]! }];
  });
}
