import type { View3D } from "./model.js";

export type Vector3 = [number, number, number];
export type Matrix4 = readonly (readonly [number, number, number, number])[];

/** The distance from the eye to the middle of the box. */
export const eyeDistance = 10;

/** Makes the default box as large on the page as Matplotlib's. */
const boxSize = (1.8294640721620434 * 25) / 24;

function cross(a: Vector3, b: Vector3): Vector3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function dot(a: Vector3, b: Vector3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function normalized(a: Vector3): Vector3 {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}

function multiply(a: Matrix4, b: Matrix4): Matrix4 {
  return a.map((row) =>
    [0, 1, 2, 3].map((column) => row.reduce((sum, value, k) => sum + value * b[k]![column]!, 0)),
  ) as unknown as Matrix4;
}

/** Scales the limits of the three axes to the box's sides. */
function worldMatrix(limits: readonly (readonly [number, number])[], sides: Vector3): Matrix4 {
  const row = (axis: number): [number, number, number, number] => {
    const [low, high] = limits[axis]!;
    const factor = sides[axis]! / (high - low);
    const values: [number, number, number, number] = [0, 0, 0, -low * factor];
    values[axis] = factor;
    return values;
  };
  return [row(0), row(1), row(2), [0, 0, 0, 1]];
}

/** The page's right, up and out-of-the-page directions in the box. */
function viewDirections(view: View3D): { right: Vector3; up: Vector3; out: Vector3 } {
  const radians = (degrees: number) => (degrees * Math.PI) / 180;
  const [elevation, azimuth, roll] = [radians(view.elevation), radians(view.azimuth), radians(view.roll)];
  const out: Vector3 = [
    Math.cos(elevation) * Math.cos(azimuth),
    Math.cos(elevation) * Math.sin(azimuth),
    Math.sin(elevation),
  ];
  // Seen from behind the pole, "up" is down.
  const isOver = Math.abs(((((view.elevation + 180) % 360) + 360) % 360) - 180) > 90;
  const right = normalized(cross([0, 0, isOver ? -1 : 1], out));
  const up = cross(out, right);
  const turn = (a: Vector3, b: Vector3, sign: number) =>
    a.map((value, k) => value * Math.cos(roll) + sign * b[k]! * Math.sin(roll)) as Vector3;
  return { right: turn(right, up, -1), up: turn(up, right, 1), out };
}

/** The matrix from data to the page: after division by the fourth coordinate, x is right, y up and z grows away. */
export function projectionMatrix(limits: readonly (readonly [number, number])[], view: View3D): Matrix4 {
  const norm = Math.hypot(...view.boxAspect);
  const sides = view.boxAspect.map((side) => (side * boxSize) / norm) as Vector3;
  const { right, up, out } = viewDirections(view);
  const eye = sides.map((side, k) => side / 2 + eyeDistance * out[k]!) as Vector3;
  const camera: Matrix4 = [
    [...right, -dot(right, eye)],
    [...up, -dot(up, eye)],
    [...out, -dot(out, eye)],
    [0, 0, 0, 1],
  ];
  const lens: Matrix4 =
    view.projection === "ortho"
      ? [
          [2, 0, 0, 0],
          [0, 2, 0, 0],
          [0, 0, -2, 0],
          [0, 0, 0, 2 * eyeDistance],
        ]
      : [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 0, -eyeDistance],
          [0, 0, -1, 0],
        ];
  return multiply(lens, multiply(camera, worldMatrix(limits, sides)));
}

/** Projects a point. */
export function project(matrix: Matrix4, [x, y, z]: Vector3): Vector3 {
  const at = (row: number) => {
    const values = matrix[row]!;
    return values[0] * x + values[1] * y + values[2] * z + values[3];
  };
  const w = at(3);
  return [at(0) / w, at(1) / w, at(2) / w];
}
