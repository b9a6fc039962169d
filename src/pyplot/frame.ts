import type { PlacedAxes } from "./layout.js";
import type { AxisName, Rect } from "./model.js";
import { scaleOf } from "./scale.js";

/** Maps data to pixels inside the frame of one flat axes. */
export class Frame {
  readonly rect: Rect;
  private readonly map: Record<"x" | "y", (value: number) => number>;
  private readonly inverse: Record<"x" | "y", (pixel: number) => number>;

  constructor(placed: PlacedAxes) {
    this.rect = placed.frame;
    this.map = { x: this.mapping(placed, "x"), y: this.mapping(placed, "y") };
    this.inverse = { x: this.inverseMapping(placed, "x"), y: this.inverseMapping(placed, "y") };
  }

  private mapping(placed: PlacedAxes, name: "x" | "y"): (value: number) => number {
    const scale = scaleOf(placed.axes.axis[name].scale);
    const [from, to] = placed.limits[name].map(scale.forward) as [number, number];
    const { left, top, width, height } = placed.frame;
    const start = name === "x" ? left : top + height;
    const length = name === "x" ? width : -height;
    return (value) => start + ((scale.forward(value) - from) / (to - from)) * length;
  }

  private inverseMapping(placed: PlacedAxes, name: "x" | "y"): (pixel: number) => number {
    const scale = scaleOf(placed.axes.axis[name].scale);
    const [from, to] = placed.limits[name].map(scale.forward) as [number, number];
    const { left, top, width, height } = placed.frame;
    const fraction = (pixel: number) =>
      name === "x" ? (pixel - left) / width : (top + height - pixel) / height;
    return (pixel) => scale.inverse(from + fraction(pixel) * (to - from));
  }

  /** The data point at a pixel. */
  dataAt(x: number, y: number): [number, number] {
    return [this.inverse.x(x), this.inverse.y(y)];
  }

  x(value: number): number {
    return this.map.x(value);
  }

  y(value: number): number {
    return this.map.y(value);
  }

  /** The pixel position of a value along an axis. */
  along(name: Exclude<AxisName, "z">, value: number): number {
    return this.map[name](value);
  }

  /** A fraction of the width, from the left. */
  fractionX(fraction: number): number {
    return this.rect.left + fraction * this.rect.width;
  }

  /** A fraction of the height, from the bottom. */
  fractionY(fraction: number): number {
    return this.rect.top + (1 - fraction) * this.rect.height;
  }
}
