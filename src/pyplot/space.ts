import type { PlacedAxes } from "./layout.js";
import type { AxisName } from "./model.js";
import { eyeDistance, type Matrix4, project, projectionMatrix, type Vector3 } from "./projection.js";
import { type Scale, scaleOf } from "./scale.js";

/** The part of the projected plane that the square frame shows, left or below and right or above its middle. */
const viewLow = -0.95 / eyeDistance;
const viewHigh = 0.9 / eyeDistance;

export const axisNames: readonly AxisName[] = ["x", "y", "z"];

/** Maps points of one three-dimensional axes to pixels. */
export class Space {
  private readonly matrix: Matrix4;
  private readonly scales: readonly Scale[];
  /** Limits in the axes' scales, lower first. */
  readonly low: Vector3;
  readonly high: Vector3;

  constructor(readonly placed: PlacedAxes) {
    this.scales = axisNames.map((name) => scaleOf(placed.axes.axis[name].scale));
    const limits = axisNames.map((name, axis) =>
      placed.limits[name].map((value) => this.scales[axis]!.forward(value)),
    );
    this.matrix = projectionMatrix(limits as [number, number][], placed.axes.view);
    this.low = limits.map((pair) => Math.min(...pair)) as Vector3;
    this.high = limits.map((pair) => Math.max(...pair)) as Vector3;
  }

  /** A data point in the axes' scales. */
  scaled(point: Vector3): Vector3 {
    return point.map((value, axis) => this.scales[axis]!.forward(value)) as Vector3;
  }

  /** A value of one axis in its scale. */
  scaledAlong(axis: number, value: number): number {
    return this.scales[axis]!.forward(value);
  }

  /** The place on the page before it is fitted into the frame; the third coordinate grows away from the viewer. */
  projected(scaledPoint: Vector3): Vector3 {
    return project(this.matrix, scaledPoint);
  }

  /** The pixels of a point in the axes' scales, with its depth. */
  pixels(scaledPoint: Vector3): Vector3 {
    const [x, y, depth] = this.projected(scaledPoint);
    const { left, top, width, height } = this.placed.frame;
    return [
      left + ((x - viewLow) / (viewHigh - viewLow)) * width,
      top + (1 - (y - viewLow) / (viewHigh - viewLow)) * height,
      depth,
    ];
  }

  /** The pixels of a data point, with its depth. */
  dataPixels(point: Vector3): Vector3 {
    return this.pixels(this.scaled(point));
  }

  /** The eight corners of the box: along x, then y, first below, then above. */
  corners(): Vector3[] {
    const pick = (bits: readonly [number, number, number]) =>
      this.projected(bits.map((bit, axis) => (bit === 0 ? this.low : this.high)[axis]!) as Vector3);
    return [
      pick([0, 0, 0]),
      pick([1, 0, 0]),
      pick([1, 1, 0]),
      pick([0, 1, 0]),
      pick([0, 0, 1]),
      pick([1, 0, 1]),
      pick([1, 1, 1]),
      pick([0, 1, 1]),
    ];
  }

  /** For each axis, whether the wall at its upper limit is behind the data. */
  backWalls(): [boolean, boolean, boolean] {
    const corners = this.corners();
    const meanDepth = (plane: readonly number[]) =>
      plane.reduce((sum, corner) => sum + corners[corner]![2], 0) / 4;
    const isBehind = (lower: readonly number[], upper: readonly number[]) =>
      meanDepth(lower) < meanDepth(upper);
    return [
      isBehind([0, 3, 7, 4], [1, 2, 6, 5]),
      isBehind([0, 1, 5, 4], [3, 2, 6, 7]),
      isBehind([0, 1, 2, 3], [4, 5, 6, 7]),
    ];
  }
}
