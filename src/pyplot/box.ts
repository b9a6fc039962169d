import type { Vector3 } from "./projection.js";
import type { Space } from "./space.js";

/** Steps away from the box are this fraction of its sides. */
const stepFraction = 0.08;

/** Ticks reach this many steps out of and into the box. */
const outerTick = 0.1;
const innerTick = 0.2;

/** For each axis: the direction in which its edge departs from the far corner, and the one along which its ticks point. */
const departures = [1, 0, 0] as const;

/** The edge of the box along which an axis is drawn, in the axes' scales. */
export interface Edge {
  axis: number;
  from: Vector3;
  to: Vector3;
}

/** The box around the data: its walls, the edges that carry the axes, and places beside them. */
export class Box {
  readonly far: Vector3;
  readonly near: Vector3;
  private readonly isHighBehind: readonly boolean[];
  private readonly center: Vector3;
  private readonly step: Vector3;

  constructor(readonly space: Space) {
    const { low, high } = space;
    this.isHighBehind = space.backWalls();
    this.far = this.isHighBehind.map((isHigh, k) => (isHigh ? high : low)[k]!) as Vector3;
    this.near = this.isHighBehind.map((isHigh, k) => (isHigh ? low : high)[k]!) as Vector3;
    this.center = low.map((value, k) => (value + high[k]!) / 2) as Vector3;
    this.step = low.map((value, k) => (high[k]! - value) * stepFraction) as Vector3;
  }

  /** The corners of the wall across an axis that lies behind the data. */
  wall(axis: number): Vector3[] {
    const [first, second] = [0, 1, 2].filter((other) => other !== axis) as [number, number];
    const corner = (nearFirst: boolean, nearSecond: boolean) => {
      const point: Vector3 = [...this.far];
      if (nearFirst) point[first] = this.near[first]!;
      if (nearSecond) point[second] = this.near[second]!;
      return point;
    };
    return [corner(false, false), corner(true, false), corner(true, true), corner(false, true)];
  }

  edge(axis: number): Edge {
    const from: Vector3 = [...this.far];
    from[departures[axis]!] = this.near[departures[axis]!];
    const to: Vector3 = [...from];
    to[axis] = this.near[axis]!;
    return { axis, from, to };
  }

  /** The grid line of a tick: across one wall, through the corner, across the other. */
  gridLine(axis: number, value: number): Vector3[] {
    const middle: Vector3 = [...this.far];
    middle[axis] = value;
    const ends = [(axis + 1) % 3, (axis + 2) % 3].map((other) => {
      const end: Vector3 = [...middle];
      end[other] = this.near[other]!;
      return end;
    });
    return [ends[0]!, middle, ends[1]!];
  }

  /** The two ends of a tick mark. */
  tickMark({ axis, from }: Edge, value: number): [Vector3, Vector3] {
    const direction = departures[axis]!;
    const delta = this.isHighBehind[direction] ? this.step[direction]! : -this.step[direction]!;
    const at = (shift: number) => {
      const point: Vector3 = [...from];
      point[axis] = value;
      point[direction] = from[direction]! + shift;
      return point;
    };
    return [at(outerTick * delta), at(-innerTick * delta)];
  }

  /** Moves a point beside an edge away from the middle of the box, by a number of steps. */
  outwards(point: Vector3, axis: number, steps: number): Vector3 {
    return point.map((value, k) => {
      if (k === axis) return value;
      return value + (value >= this.center[k]! ? 1 : -1) * steps * this.step[k]!;
    }) as Vector3;
  }
}
