import type { Artist } from "./model.js";

/** Matplotlib's class of what a plotting call returns. */
export type ElementClass =
  | "Line2D"
  | "Line3D"
  | "PathCollection"
  | "Path3DCollection"
  | "BarContainer"
  | "AxesImage"
  | "QuadContourSet"
  | "FillBetweenPolyCollection"
  | "Polygon"
  | "Quiver"
  | "Text"
  | "Annotation"
  | "ErrorbarContainer"
  | "LineCollection"
  | "Poly3DCollection"
  | "Line3DCollection";

/** Something drawn on an axes, as a plotting call returns it. */
export class PlotElement<A extends Artist = Artist> {
  constructor(
    readonly className: ElementClass,
    readonly artist: A,
    /** Position among the elements of its axes. */
    private readonly index: number,
  ) {}

  /** The label that a legend shows. */
  getLabel(): string {
    return this.artist.label;
  }

  /** Sets the label that a legend shows. */
  setLabel(label: string): void {
    this.artist.label = label;
  }

  toString(): string {
    const name = this.artist.label === "" ? `_child${this.index}` : this.artist.label;
    return `<${this.className} ${name}>`;
  }

  /** The same text in Node's console and in notebooks. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
