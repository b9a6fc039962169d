import { AxesBase, type LabelOptions } from "./axesBase.js";
import { toRgba } from "./color.js";
import { type CategoricalData, type PlotData, toFlat, toNumber, toVector } from "./data.js";
import type { PlotElement } from "./element.js";
import { describe, PlotValueError } from "./errors.js";
import type {
  ArrowsArtist,
  Artist,
  ImageArtist,
  LineArtist,
  PointsArtist,
  PolygonsArtist,
  SegmentsArtist,
  TextArtist,
} from "./model.js";
import { splitOptions } from "./options.js";
import {
  buildErrorbar,
  buildFill,
  buildPolygon,
  type ErrorbarOptions,
  type FillOptions,
} from "./plots/areas.js";
import { buildQuiver, type QuiverOptions } from "./plots/arrows.js";
import { type BarOptions, buildBars, buildHistogram, type HistOptions, histogram } from "./plots/bars.js";
import { buildContour, buildFilledContour, type ContourOptions } from "./plots/contour.js";
import { buildImage, type ImshowOptions } from "./plots/image.js";
import { buildLines, type LineOptions, lineStyleOf, type PlotArguments } from "./plots/line.js";
import { buildScatter, type ScatterOptions } from "./plots/scatter.js";
import { type AnnotateOptions, buildAnnotation, buildText, type TextOptions } from "./plots/text.js";

export type { LabelOptions };

/** The count in each bin, the bins' edges, and the bars. */
export type HistResult = [counts: number[], edges: number[], bars: PlotElement<PolygonsArtist>];

/** What `axis` accepts: limits, a way to scale, or whether to show the axes at all. */
export type AxisCommand =
  | "on"
  | "off"
  | "equal"
  | "scaled"
  | "auto"
  | "tight"
  | "image"
  | "square"
  | readonly number[]
  | boolean;

const scatterArea = 36;

/** One side of the frame. */
export interface Spine {
  setVisible(visible: boolean): void;
}

/** Two-dimensional axes: everything that can be plotted on a plane. */
export class Axes extends AxesBase {
  /**
   * Plots lines or markers: `plot(y)`, `plot(x, y, "r--")`, `plot(x1, y1, "o", x2, y2, { linewidth: 2 })`.
   * Coordinates are numbers, arrays, typed arrays or tensors of shape [n]; y of shape [n, m] gives m lines.
   * Lengths that differ throw PlotShapeError, an unknown format string PlotValueError.
   */
  plot(...args: PlotArguments): PlotElement<LineArtist>[] {
    const lines = buildLines("plot", args, this.readCoordinates, this.nextLineColor);
    return lines.map((line) => this.add("Line2D", line));
  }

  /** Draws a marker at each point; `s` are areas in square points, `c` colours or values for a colour map. */
  scatter(x: CategoricalData, y: CategoricalData, options: ScatterOptions = {}): PlotElement<PointsArtist> {
    const coordinates = { x: this.scatterCoordinates("x", x), y: this.scatterCoordinates("y", y), z: null };
    return this.add(
      "PathCollection",
      buildScatter("scatter", coordinates, options, scatterArea, this.nextFillColor),
    );
  }

  private scatterCoordinates(name: "x" | "y", data: CategoricalData): number[] {
    const isNamed = Array.isArray(data) && typeof data[0] === "string";
    return isNamed ? this.readCoordinates("scatter", name, data) : toFlat(`scatter: ${name}`, data);
  }

  /** Plots with a logarithmic y axis. */
  semilogy(...args: PlotArguments): PlotElement<LineArtist>[] {
    this.setYscale("log");
    return this.plot(...args);
  }

  /** Plots with a logarithmic x axis. */
  semilogx(...args: PlotArguments): PlotElement<LineArtist>[] {
    this.setXscale("log");
    return this.plot(...args);
  }

  /** Plots with both axes logarithmic. */
  loglog(...args: PlotArguments): PlotElement<LineArtist>[] {
    this.setXscale("log");
    return this.semilogy(...args);
  }

  /** Draws upright bars at `x`, numbers or category names; a third argument is the width. */
  bar(
    x: CategoricalData,
    height: PlotData,
    ...rest: [BarOptions?] | [PlotData, BarOptions?]
  ): PlotElement<PolygonsArtist> {
    return this.bars("bar", "x", x, height, rest);
  }

  /** Draws lying bars at `y`, numbers or category names; a third argument is their height. */
  barh(
    y: CategoricalData,
    width: PlotData,
    ...rest: [BarOptions?] | [PlotData, BarOptions?]
  ): PlotElement<PolygonsArtist> {
    return this.bars("barh", "y", y, width, rest);
  }

  private bars(
    who: "bar" | "barh",
    name: "x" | "y",
    at: CategoricalData,
    lengths: PlotData,
    rest: readonly unknown[],
  ) {
    const { values, options } = splitOptions<BarOptions>(rest);
    const thickness = values.length === 0 ? {} : { [who === "bar" ? "width" : "height"]: values[0] };
    const positions = this.readCoordinates(who, name, at);
    const artist = buildBars(who, positions, lengths, { ...thickness, ...options }, this.nextFillColor);
    if (options.tickLabel !== undefined) this.setTicks(who, name, positions, options.tickLabel);
    if (options.log) this.model.axis[name === "x" ? "y" : "x"].scale = "log";
    return this.add("BarContainer", artist);
  }

  /** Draws a histogram of all values of `x`; a second argument is the number of bins or their edges. */
  hist(x: PlotData, ...rest: [HistOptions?] | [PlotData, HistOptions?]): HistResult {
    const { values, options } = splitOptions<HistOptions>(rest);
    const chosen = values.length === 0 ? options : { bins: values[0], ...options };
    const { counts, edges } = histogram(toFlat("hist: x", x), chosen);
    const bars = this.add("BarContainer", buildHistogram(counts, edges, chosen, this.nextLineColor));
    if (chosen.log) this.model.axis[chosen.orientation === "horizontal" ? "x" : "y"].scale = "log";
    return [counts, edges, bars];
  }

  /** Shows values [rows, columns] by a colour map, or a picture [rows, columns, 3 or 4]. */
  imshow(data: PlotData, options: ImshowOptions = {}): PlotElement<ImageArtist> {
    const artist = buildImage(data, options);
    const aspect = options.aspect ?? "equal";
    this.model.aspect = aspect === "equal" ? 1 : aspect;
    this.model.adjustable = "box";
    this.model.axis.x.inverted = artist.extent[0] > artist.extent[1];
    this.model.axis.y.inverted = artist.extent[2] > artist.extent[3];
    return this.add("AxesImage", artist);
  }

  /** Shows a matrix with its first row at the top. */
  matshow(data: PlotData, options: ImshowOptions = {}): PlotElement<ImageArtist> {
    return this.imshow(data, { interpolation: "nearest", ...options });
  }

  /** Draws contour lines of `z`, or of `x, y, z`; a further argument is the levels. */
  contour(...args: (PlotData | ContourOptions)[]): PlotElement<SegmentsArtist> {
    return this.add("QuadContourSet", buildContour("contour", contourArguments(args)));
  }

  /** Fills the areas between contour levels of `z`, or of `x, y, z`; a further argument is the levels. */
  contourf(...args: (PlotData | ContourOptions)[]): PlotElement<PolygonsArtist> {
    return this.add("QuadContourSet", buildFilledContour("contourf", contourArguments(args)));
  }

  /** Draws arrows: `quiver(u, v)` or `quiver(x, y, u, v, c)`. */
  quiver(...args: (PlotData | QuiverOptions)[]): PlotElement<ArrowsArtist> {
    return this.add("Quiver", buildQuiver(args));
  }

  /** Fills the area between the curves y1 and y2 (0 when absent) over x. */
  fillBetween(
    x: CategoricalData,
    y1: PlotData,
    ...rest: [FillOptions?] | [PlotData, FillOptions?]
  ): PlotElement<PolygonsArtist> {
    return this.fillAlong("fillBetween", "x", x, y1, rest);
  }

  /** Fills the area between the curves x1 and x2 (0 when absent) along y. */
  fillBetweenx(
    y: CategoricalData,
    x1: PlotData,
    ...rest: [FillOptions?] | [PlotData, FillOptions?]
  ): PlotElement<PolygonsArtist> {
    return this.fillAlong("fillBetweenx", "y", y, x1, rest);
  }

  private fillAlong(
    who: string,
    name: "x" | "y",
    at: CategoricalData,
    first: PlotData,
    rest: readonly unknown[],
  ) {
    const { values, options } = splitOptions<FillOptions>(rest);
    const positions = this.readCoordinates(who, name, at);
    const artist = buildFill(who, name, positions, first, values[0] ?? 0, options, this.nextFillColor);
    return this.add("FillBetweenPolyCollection", artist);
  }

  /** Fills the polygon through the points. */
  fill(x: PlotData, y: PlotData, options: FillOptions = {}): PlotElement<PolygonsArtist> {
    const artist = buildPolygon(toVector("fill: x", x), toVector("fill: y", y), options, this.nextLineColor);
    return this.add("Polygon", artist);
  }

  /** Plots points with error bars, `yerr` and `xerr` as one number, one for each point, or [below, above]. */
  errorbar(...args: (PlotData | ErrorbarOptions)[]): PlotElement<LineArtist> {
    const { line, bars, caps } = buildErrorbar(args, this.nextLineColor);
    for (const artist of [bars, ...caps] as (SegmentsArtist | LineArtist)[])
      this.add("LineCollection", artist);
    return this.add("ErrorbarContainer", line);
  }

  /** Draws a line across the axes at height `y`, from the fractions `xmin` to `xmax` of their width. */
  axhline(
    y: PlotData = 0,
    options: LineOptions & { xmin?: number; xmax?: number } = {},
  ): PlotElement<LineArtist> {
    const { xmin = 0, xmax = 1, ...style } = options;
    const at = toNumber("axhline: y", y);
    return this.spanLine("axhline", "xAxes", { x: [xmin, xmax], y: [at, at] }, style);
  }

  /** Draws a line up the axes at `x`, from the fractions `ymin` to `ymax` of their height. */
  axvline(
    x: PlotData = 0,
    options: LineOptions & { ymin?: number; ymax?: number } = {},
  ): PlotElement<LineArtist> {
    const { ymin = 0, ymax = 1, ...style } = options;
    const at = toNumber("axvline: x", x);
    return this.spanLine("axvline", "yAxes", { x: [at, at], y: [ymin, ymax] }, style);
  }

  private spanLine(
    who: string,
    coordinates: LineArtist["coordinates"],
    points: { x: number[]; y: number[] },
    options: LineOptions,
  ): PlotElement<LineArtist> {
    const style = lineStyleOf(who, {}, options, () => toRgba(who, "C0"));
    return this.add("Line2D", {
      kind: "line",
      ...points,
      z: null,
      coordinates,
      drawstyle: "default",
      label: options.label ?? "",
      zorder: options.zorder ?? 2,
      ...style,
    });
  }

  /** Writes a text at a point in data units. */
  text(x: PlotData, y: PlotData, text: string, options: TextOptions = {}): PlotElement<TextArtist> {
    return this.add("Text", buildText("text", x, y, null, text, options));
  }

  /** Writes a text about a point, with an arrow to it if `arrowprops` is given. */
  annotate(text: string, ...rest: [AnnotateOptions] | [PlotData, AnnotateOptions?]): PlotElement<TextArtist> {
    const { values, options } = splitOptions<AnnotateOptions>(rest);
    return this.add("Annotation", buildAnnotation(text, { ...options, xy: values[0] ?? options.xy }));
  }

  /** Makes a unit of y `aspect` times as long as a unit of x; "equal" is 1, "auto" fills the axes. */
  setAspect(aspect: "auto" | "equal" | number, options: { adjustable?: "box" | "datalim" } = {}): void {
    this.model.aspect = aspect === "equal" ? 1 : aspect;
    this.model.adjustable = options.adjustable ?? "box";
  }

  /** The sides of the frame by name, to hide them: `ax.spines.top.setVisible(false)`. */
  get spines(): Record<"left" | "right" | "top" | "bottom", Spine> {
    const { hiddenSpines } = this.model;
    const spine = (side: string): Spine => ({
      setVisible: (visible) => {
        const at = hiddenSpines.indexOf(side);
        if (visible && at >= 0) hiddenSpines.splice(at, 1);
        if (!visible && at < 0) hiddenSpines.push(side);
      },
    });
    return { left: spine("left"), right: spine("right"), top: spine("top"), bottom: spine("bottom") };
  }

  /** Scales or hides the axes by a command, or sets limits [xmin, xmax, ymin, ymax]; gives the limits in force. */
  axis(command: AxisCommand = []): [number, number, number, number] {
    if (Array.isArray(command)) {
      if (command.length === 4) {
        this.setXlim(command[0], command[1]);
        this.setYlim(command[2], command[3]);
      } else if (command.length !== 0) {
        throw new PlotValueError(`axis: expected [xmin, xmax, ymin, ymax]; got ${command.length} values`);
      }
    } else this.axisCommand(command as Exclude<AxisCommand, readonly number[]>);
    return [...this.getXlim(), ...this.getYlim()];
  }

  private axisCommand(command: Exclude<AxisCommand, readonly number[]>): void {
    if (command === "on" || command === true) this.setAxisOn();
    else if (command === "off" || command === false) this.setAxisOff();
    else if (command === "equal") this.setAspect("equal", { adjustable: "datalim" });
    else if (command === "scaled" || command === "image") this.setAspect("equal");
    else if (command === "auto") this.setAspect("auto");
    else if (command === "square") this.setSquare();
    else if (command !== "tight") {
      throw new PlotValueError(
        `axis: unknown command ${describe(command)}; known: on, off, equal, scaled, auto, tight, image, square, or four limits`,
      );
    }
    if (command === "tight" || command === "image") this.margins(0);
  }

  /** Makes both axes equally long and the frame a square. */
  private setSquare(): void {
    const [x0, x1] = this.getXlim();
    const [y0, y1] = this.getYlim();
    const span = Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0));
    this.setXlim(x0, x0 + span * Math.sign(x1 - x0));
    this.setYlim(y0, y0 + span * Math.sign(y1 - y0));
    this.setAspect("equal");
  }

  /** Sets several properties at once: `ax.set({ title: "Loss", xlabel: "epoch", ylim: [0, 1] })`. */
  set(properties: AxesProperties): void {
    const setters: {
      [K in keyof Required<AxesProperties>]: (value: NonNullable<AxesProperties[K]>) => void;
    } = {
      title: (value) => this.setTitle(value),
      xlabel: (value) => this.setXlabel(value),
      ylabel: (value) => this.setYlabel(value),
      xlim: (value) => this.setXlim(value),
      ylim: (value) => this.setYlim(value),
      xscale: (value) => this.setXscale(value),
      yscale: (value) => this.setYscale(value),
      xticks: (value) => this.setXticks(value),
      yticks: (value) => this.setYticks(value),
      aspect: (value) => this.setAspect(value),
      facecolor: (value) => this.setFacecolor(value),
    };
    for (const [key, value] of Object.entries(properties)) {
      const setter = setters[key as keyof AxesProperties] as ((value: unknown) => void) | undefined;
      if (setter === undefined)
        throw new PlotValueError(`set: unknown property ${key}; known: ${Object.keys(setters).join(", ")}`);
      setter(value);
    }
  }

  /** Everything on the axes, as plain data in drawing order. */
  get artists(): readonly Artist[] {
    return this.model.artists;
  }
}

/** The properties that `set` knows. */
export interface AxesProperties {
  title?: string;
  xlabel?: string;
  ylabel?: string;
  xlim?: readonly [number, number];
  ylim?: readonly [number, number];
  xscale?: "linear" | "log";
  yscale?: "linear" | "log";
  xticks?: readonly number[];
  yticks?: readonly number[];
  aspect?: "auto" | "equal" | number;
  facecolor?: string;
}

/** Moves positional levels, `contour(x, y, z, 10)`, into the options. */
function contourArguments(args: readonly unknown[]): unknown[] {
  const { values, options } = splitOptions<ContourOptions>(args);
  if (values.length === 2 || values.length === 4) {
    return [...values.slice(0, -1), { levels: values.at(-1), ...options }];
  }
  return [...values, options];
}
