import { AxesBase, type LabelOptions } from "./axesBase.js";
import { isNames, type PlotData, toFlat, toVector } from "./data.js";
import type { PlotElement } from "./element.js";
import { PlotTypeError, PlotValueError, requireOneOf } from "./errors.js";
import { viewLimits } from "./limits.js";
import type { LineArtist, PointsArtist, SegmentsArtist, SurfaceArtist, TextArtist } from "./model.js";
import { checkOptions, splitOptions } from "./options.js";
import { buildContour, type ContourOptions } from "./plots/contour.js";
import { buildSpaceLine, type PlotArguments } from "./plots/line.js";
import { buildScatter, type ScatterOptions } from "./plots/scatter.js";
import { buildSurface, buildWireframe, type SurfaceOptions, type WireframeOptions } from "./plots/surface.js";
import { buildText, type TextOptions } from "./plots/text.js";
import { rcParams } from "./rcParams.js";

const scatterArea = 20;

/** Three-dimensional axes: lines, points, surfaces and wireframes in space. */
export class Axes3D extends AxesBase {
  /**
   * Plots a line or markers in space: `plot(x, y, z, "o")`; x, y and z are numbers, arrays or tensors of shape [n].
   * A single z stands for all points; lengths that differ throw PlotShapeError.
   */
  plot(...args: PlotArguments): PlotElement<LineArtist>[] {
    return [this.add("Line3D", buildSpaceLine("plot", args, this.nextLineColor))];
  }

  /** Draws a marker at each point; farther ones are fainter unless `depthshade` is false. */
  scatter(
    x: PlotData,
    y: PlotData,
    ...rest: [ScatterOptions?] | [PlotData, ScatterOptions?]
  ): PlotElement<PointsArtist> {
    const { values, options } = splitOptions<ScatterOptions>(rest);
    if (values.length > 1 || isNames(x)) throw new PlotTypeError("scatter: expected x, y, z and options");
    const xs = toFlat("scatter: x", x);
    const given = toFlat("scatter: z", values[0] ?? 0);
    const z = given.length === 1 ? xs.map(() => given[0]!) : given;
    const { axis } = this.model;
    axis.z.margin = Math.max(axis.z.margin, rcParams["axes.zmargin"]);
    const coordinates = { x: xs, y: toFlat("scatter: y", y), z };
    return this.add(
      "Path3DCollection",
      buildScatter("scatter", coordinates, options, scatterArea, this.nextFillColor),
    );
  }

  /**
   * Draws the surface z over x and y, each of shape [rows, columns] (or x [columns] and y [rows]).
   * At most 50 by 50 patches are drawn unless `rcount`, `ccount`, `rstride` or `cstride` say otherwise;
   * it is one shaded colour, or coloured by height with `cmap`.
   */
  plotSurface(
    x: PlotData,
    y: PlotData,
    z: PlotData,
    options: SurfaceOptions = {},
  ): PlotElement<SurfaceArtist> {
    return this.add("Poly3DCollection", buildSurface([x, y, z], options, this.nextLineColor));
  }

  /** Draws the rows and columns of a grid as lines in space. */
  plotWireframe(
    x: PlotData,
    y: PlotData,
    z: PlotData,
    options: WireframeOptions = {},
  ): PlotElement<SegmentsArtist> {
    return this.add("Line3DCollection", buildWireframe([x, y, z], options));
  }

  /** Draws contour lines of z over x and y, each at its own height. */
  contour(...args: (PlotData | ContourOptions)[]): PlotElement<SegmentsArtist> {
    const { values, options } = splitOptions<ContourOptions>(args);
    const levels = values.length === 4 ? { levels: values[3] } : {};
    return this.add(
      "QuadContourSet",
      buildContour("contour", [...values.slice(0, 3), { ...levels, ...options }], true),
    );
  }

  /** The same as `contour`. */
  contour3D(...args: (PlotData | ContourOptions)[]): PlotElement<SegmentsArtist> {
    return this.contour(...args);
  }

  /** Writes a text at a point in space. */
  text(
    x: PlotData,
    y: PlotData,
    z: PlotData,
    text: string,
    options: TextOptions = {},
  ): PlotElement<TextArtist> {
    return this.add("Text", buildText("text", x, y, z, text, options));
  }

  /** Sets the label of the z axis. */
  setZlabel(text: string, options: LabelOptions = {}): void {
    this.setLabel("setZlabel", "z", text, options);
  }

  /** Sets the limits of the z axis, `setZlim(0, 1)` or `setZlim([0, 1])`, and gives those in force. */
  setZlim(bottom?: unknown, top?: unknown): [number, number] {
    return this.setLimits("setZlim", "z", bottom, top);
  }

  /** The limits of the z axis as they would be drawn now. */
  getZlim(): [number, number] {
    return viewLimits(this.model, "z");
  }

  /** Puts the ticks of the z axis at given values, with labels if given. */
  setZticks(ticks: PlotData, labels?: readonly unknown[]): void {
    this.setTicks("setZticks", "z", ticks, labels);
  }

  /** Makes the z axis "linear" or "log". */
  setZscale(scale: "linear" | "log"): void {
    this.setScale("setZscale", "z", scale);
  }

  /** Turns the view: elevation above the x-y plane and azimuth about the z axis, in degrees. */
  viewInit(
    elevation?: number | null | { elev?: number; azim?: number; roll?: number },
    azimuth?: number | null,
    roll?: number | null,
  ): void {
    const isOptions = typeof elevation === "object" && elevation !== null;
    if (isOptions) checkOptions("viewInit", elevation, ["elev", "azim", "roll"]);
    const chosen = isOptions ? elevation : { elev: elevation, azim: azimuth, roll };
    const { view } = this.model;
    view.elevation = chosen.elev ?? 30;
    view.azimuth = chosen.azim ?? -60;
    view.roll = chosen.roll ?? 0;
  }

  /** Draws with perspective, "persp", or without, "ortho". */
  setProjType(projection: "persp" | "ortho"): void {
    this.model.view.projection = requireOneOf("setProjType", "projection", projection, ["persp", "ortho"]);
  }

  /** Sets the lengths of the box's sides relative to each other; [4, 4, 3] is the default. */
  setBoxAspect(aspect: PlotData): void {
    const sides = toVector("setBoxAspect", aspect);
    if (sides.length !== 3 || sides.some((side) => !(side > 0))) {
      throw new PlotValueError(`setBoxAspect: expected three positive numbers; got [${sides.join(", ")}]`);
    }
    this.model.view.boxAspect = [sides[0]!, sides[1]!, sides[2]!];
  }
}
