import type { Rgba } from "../color.js";
import { type Attributes, fillOf, format, type SvgWriter, strokeOf } from "./writer.js";

type Point = readonly [number, number];

/** A marker one unit across, y up: closed shapes are filled, open strokes are not; a disk has a radius. */
type MarkerShape =
  | { closed: readonly Point[] }
  | { strokes: readonly (readonly Point[])[] }
  | { radius: number };

function regular(corners: number, radius: (corner: number) => number, turn = 0): Point[] {
  return Array.from({ length: corners }, (_, corner): Point => {
    const angle = Math.PI / 2 + turn + (2 * Math.PI * corner) / corners;
    return [radius(corner) * Math.cos(angle), radius(corner) * Math.sin(angle)];
  });
}

function scaled(points: readonly Point[], factor: number): Point[] {
  return points.map(([x, y]): Point => [x * factor, y * factor]);
}

function rotated(points: readonly Point[], quarters: number): Point[] {
  return points.map(([x, y]): Point => {
    let turned: Point = [x, y];
    for (let turn = 0; turn < quarters; turn++) turned = [-turned[1], turned[0]];
    return turned;
  });
}

const half = () => 0.5;
const triangle: Point[] = [
  [0, 0.5],
  [-0.5, -0.5],
  [0.5, -0.5],
];
const tripod: Point[][] = [
  [
    [0, 0],
    [0, -0.5],
  ],
  [
    [0, 0],
    [0.4, 0.25],
  ],
  [
    [0, 0],
    [-0.4, 0.25],
  ],
];
const diagonal = Math.SQRT1_2;
const innerStar = 0.381966;

const plusOutline: Point[] = [
  [-1, -3],
  [1, -3],
  [1, -1],
  [3, -1],
  [3, 1],
  [1, 1],
  [1, 3],
  [-1, 3],
  [-1, 1],
  [-3, 1],
  [-3, -1],
  [-1, -1],
];
const crossOutline: Point[] = [
  [-1, -2],
  [0, -1],
  [1, -2],
  [2, -1],
  [1, 0],
  [2, 1],
  [1, 2],
  [0, 1],
  [-1, 2],
  [-2, 1],
  [-1, 0],
  [-2, -1],
];

const shapes: Readonly<Record<string, MarkerShape>> = {
  o: { radius: 0.5 },
  ".": { radius: 0.25 },
  ",": {
    closed: [
      [-0.06, -0.06],
      [0.06, -0.06],
      [0.06, 0.06],
      [-0.06, 0.06],
    ],
  },
  "^": { closed: triangle },
  "<": { closed: rotated(triangle, 1) },
  v: { closed: rotated(triangle, 2) },
  ">": { closed: rotated(triangle, 3) },
  "1": { strokes: tripod },
  "4": { strokes: tripod.map((stroke) => rotated(stroke, 1)) },
  "2": { strokes: tripod.map((stroke) => rotated(stroke, 2)) },
  "3": { strokes: tripod.map((stroke) => rotated(stroke, 3)) },
  s: {
    closed: [
      [-0.5, -0.5],
      [0.5, -0.5],
      [0.5, 0.5],
      [-0.5, 0.5],
    ],
  },
  D: {
    closed: [
      [0, -diagonal],
      [diagonal, 0],
      [0, diagonal],
      [-diagonal, 0],
    ],
  },
  d: {
    closed: [
      [0, -diagonal],
      [0.6 * diagonal, 0],
      [0, diagonal],
      [-0.6 * diagonal, 0],
    ],
  },
  p: { closed: regular(5, half) },
  h: { closed: regular(6, half) },
  H: { closed: regular(6, half, Math.PI / 6) },
  "8": { closed: regular(8, half, Math.PI / 8) },
  "*": { closed: regular(10, (corner) => (corner % 2 === 0 ? 0.5 : 0.5 * innerStar)) },
  P: { closed: scaled(plusOutline, 1 / 6) },
  X: { closed: scaled(crossOutline, 1 / 4) },
  "+": {
    strokes: [
      [
        [-0.5, 0],
        [0.5, 0],
      ],
      [
        [0, -0.5],
        [0, 0.5],
      ],
    ],
  },
  x: {
    strokes: [
      [
        [-0.5, -0.5],
        [0.5, 0.5],
      ],
      [
        [-0.5, 0.5],
        [0.5, -0.5],
      ],
    ],
  },
  "|": {
    strokes: [
      [
        [0, -0.5],
        [0, 0.5],
      ],
    ],
  },
  _: {
    strokes: [
      [
        [-0.5, 0],
        [0.5, 0],
      ],
    ],
  },
};

function pathThrough(points: readonly Point[], x: number, y: number, size: number): string {
  return points
    .map(([dx, dy], index) => `${index === 0 ? "M" : "L"}${format(x + dx * size)} ${format(y - dy * size)}`)
    .join("");
}

/** The attributes that all markers of one look share. */
export function markerAttributes(marker: string, face: Rgba, edge: Rgba, edgeWidth: number): Attributes {
  const isOpen = "strokes" in shapes[marker]!;
  return {
    ...(isOpen ? { fill: "none" } : fillOf(face)),
    ...strokeOf(edge, edgeWidth),
    "stroke-linejoin": "miter",
  };
}

/** Draws one marker of `size` pixels centred at a point; colours come from `attributes` or the group around it. */
export function drawMarker(
  writer: SvgWriter,
  marker: string,
  x: number,
  y: number,
  size: number,
  attributes: Attributes = {},
): void {
  const shape = shapes[marker]!;
  if ("radius" in shape) writer.element("circle", { cx: x, cy: y, r: shape.radius * size, ...attributes });
  else if ("closed" in shape) writer.path(`${pathThrough(shape.closed, x, y, size)}Z`, attributes);
  else writer.path(shape.strokes.map((stroke) => pathThrough(stroke, x, y, size)).join(""), attributes);
}
