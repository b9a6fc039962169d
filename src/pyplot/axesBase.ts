import { newAxesModel } from "./axesModel.js";
import { type ColorSpec, cycleColors, type Rgba, toRgba } from "./color.js";
import { isNames, toFlat, toNumber, toVector } from "./data.js";
import { type ElementClass, PlotElement } from "./element.js";
import { describe, PlotShapeError, PlotTypeError, PlotValueError, requireOneOf } from "./errors.js";
import { type LegendOptions, toLegend } from "./legend.js";
import { viewLimits } from "./limits.js";
import type { Artist, AxesModel, AxisName, ScaleName } from "./model.js";
import { checkOptions } from "./options.js";
import { type GridOptions, gridStyle } from "./plots/grid.js";
import { type TextOptions, textOptionNames, textStyleOf, toText } from "./plots/text.js";
import { rcParams } from "./rcParams.js";
import type { SaveOptions } from "./save.js";

/** Options of titles and axis labels. */
export interface LabelOptions extends TextOptions {
  loc?: "left" | "center" | "right";
  labelpad?: number;
  pad?: number;
}

/** What `tickParams` changes; sizes in points, rotation in degrees. */
export interface TickOptions {
  axis?: "x" | "y" | "z" | "both";
  labelsize?: number;
  labelrotation?: number;
  rotation?: number;
  labelcolor?: ColorSpec;
  colors?: ColorSpec;
}

/** What axes know of the figure that they are on. */
export interface OwningFigure {
  readonly number: number;
  suptitle(text: string, options?: TextOptions): void;
  tightLayout(): void;
  savefig(path: string | URL, options?: SaveOptions): Promise<void>;
  setCurrentMappable(axes: object, artist: Artist): void;
}

/** What two- and three-dimensional axes have in common: titles, labels, limits, scales, ticks, grid and legend. */
export abstract class AxesBase {
  /** The plain data that renderers read. */
  readonly model: AxesModel;
  private lineColors = 0;
  private fillColors = 0;
  private elements = 0;

  constructor(
    readonly figure: OwningFigure,
    model: AxesModel,
  ) {
    this.model = model;
  }

  /** The next colour of the cycle for lines. */
  protected readonly nextLineColor = (): Rgba => toRgba("colour cycle", cycleColors[this.lineColors++ % 10]!);

  /** The next colour of the separate cycle for areas and points. */
  protected readonly nextFillColor = (): Rgba => toRgba("colour cycle", cycleColors[this.fillColors++ % 10]!);

  /** Puts an artist on the axes and makes it the one that `colorbar` shows, if it has a colour scale. */
  protected add<A extends Artist>(className: ElementClass, artist: A): PlotElement<A> {
    this.model.artists.push(artist);
    const element = new PlotElement(className, artist, this.elements++);
    if ("colorScale" in artist && artist.colorScale !== null) this.figure.setCurrentMappable(this, artist);
    return element;
  }

  /** Reads coordinates along an axis; names become the categories of that axis. */
  protected readonly readCoordinates = (who: string, name: "x" | "y", data: unknown): number[] => {
    if (typeof data !== "string" && !isNames(data)) return toVector(`${who}: ${name}`, data);
    const { categories } = this.model.axis[name];
    return (typeof data === "string" ? [data] : data).map((category) => {
      if (!categories.includes(category)) categories.push(category);
      return categories.indexOf(category);
    });
  };

  /**
   * Sets the title above the axes; `loc` puts it at the left or the right.
   *
   * @example
   * plt.figure().addSubplot(111).setTitle("Loss")
   */
  setTitle(text: string, options: LabelOptions = {}): void {
    checkOptions("setTitle", options, [...textOptionNames, "loc", "pad"]);
    const place = requireOneOf("setTitle", "loc", options.loc ?? "center", ["left", "center", "right"]);
    const style = textStyleOf("setTitle", options, rcParams["axes.titlesize"]);
    this.model.titles[place] = { text: toText("setTitle", text), ...style };
  }

  /** The title in the middle. */
  getTitle(): string {
    return this.model.titles.center.text;
  }

  protected setLabel(who: string, name: AxisName, text: string, options: LabelOptions): void {
    checkOptions(who, options, [...textOptionNames, "loc", "labelpad"]);
    const axis = this.model.axis[name];
    const style = textStyleOf(who, options, rcParams["axes.labelsize"]);
    axis.label = toText(who, text);
    axis.labelSize = style.size;
    axis.labelColor = style.color;
    if (options.labelpad !== undefined) axis.labelPad = options.labelpad;
  }

  /** Sets the label of the x axis. */
  setXlabel(text: string, options: LabelOptions = {}): void {
    this.setLabel("setXlabel", "x", text, options);
  }

  /** Sets the label of the y axis. */
  setYlabel(text: string, options: LabelOptions = {}): void {
    this.setLabel("setYlabel", "y", text, options);
  }

  /** Sets the limits of an axis; null or undefined leaves an end as it is, a first limit above the second turns it around. */
  protected setLimits(who: string, name: AxisName, first: unknown, second: unknown): [number, number] {
    const pair = Array.isArray(first) ? first : [first, second];
    if (pair.length !== 2)
      throw new PlotShapeError(`${who}: expected [low, high]; got ${pair.length} values`);
    const [from, to] = pair.map((value) =>
      value === null || value === undefined ? null : toNumber(who, value),
    );
    for (const value of [from, to]) {
      if (value !== null && !Number.isFinite(value))
        throw new PlotValueError(`${who}: limits must be finite; got ${value}`);
      if (this.model.axis[name].scale === "log" && value !== null && value! <= 0) {
        throw new PlotValueError(`${who}: limits of a logarithmic axis must be positive; got ${value}`);
      }
    }
    if (from !== null && from === to) throw new PlotValueError(`${who}: the limits are equal: ${from}`);
    const members = (name === "z" ? null : this.model.shared[name]) ?? [this.model];
    for (const { axis } of members) {
      const target = axis[name];
      if (from !== null && to !== null) target.inverted = from! > to!;
      const ends = target.inverted ? [to, from] : [from, to];
      target.limits = [ends[0] ?? target.limits[0], ends[1] ?? target.limits[1]];
    }
    return viewLimits(this.model, name);
  }

  /** Sets the limits of the x axis, `setXlim(0, 1)` or `setXlim([0, 1])`, and gives those in force. */
  setXlim(left?: unknown, right?: unknown): [number, number] {
    return this.setLimits("setXlim", "x", left, right);
  }

  /** Sets the limits of the y axis, `setYlim(0, 1)` or `setYlim([0, 1])`, and gives those in force. */
  setYlim(bottom?: unknown, top?: unknown): [number, number] {
    return this.setLimits("setYlim", "y", bottom, top);
  }

  /** The limits of the x axis as they would be drawn now. */
  getXlim(): [number, number] {
    return viewLimits(this.model, "x");
  }

  /** The limits of the y axis as they would be drawn now. */
  getYlim(): [number, number] {
    return viewLimits(this.model, "y");
  }

  protected setScale(who: string, name: AxisName, scale: ScaleName): void {
    this.model.axis[name].scale = requireOneOf(who, "scale", scale, ["linear", "log"]);
  }

  /** Makes the x axis "linear" or "log". */
  setXscale(scale: ScaleName): void {
    this.setScale("setXscale", "x", scale);
  }

  /** Makes the y axis "linear" or "log". */
  setYscale(scale: ScaleName): void {
    this.setScale("setYscale", "y", scale);
  }

  protected setTicks(
    who: string,
    name: AxisName,
    ticks: unknown,
    labels?: readonly unknown[],
    rotation?: number,
  ): void {
    const axis = this.model.axis[name];
    const values = toFlat(who, ticks);
    if (labels !== undefined && labels.length !== values.length) {
      throw new PlotShapeError(
        `${who}: lengths differ: ticks has ${values.length} values, labels has ${labels.length}`,
      );
    }
    axis.ticks = values;
    axis.tickLabels = labels === undefined ? null : labels.map(String);
    if (rotation !== undefined) axis.tickRotation = rotation;
  }

  /** Puts the ticks of the x axis at given values, with labels if given. */
  setXticks(ticks: unknown, labels?: readonly unknown[], options: { rotation?: number } = {}): void {
    this.setTicks("setXticks", "x", ticks, labels, options.rotation);
  }

  /** Puts the ticks of the y axis at given values, with labels if given. */
  setYticks(ticks: unknown, labels?: readonly unknown[], options: { rotation?: number } = {}): void {
    this.setTicks("setYticks", "y", ticks, labels, options.rotation);
  }

  /** Labels the ticks that `setXticks` put there. */
  setXticklabels(labels: readonly unknown[], options: { rotation?: number } = {}): void {
    this.setTickLabels("setXticklabels", "x", labels, options.rotation);
  }

  /** Labels the ticks that `setYticks` put there. */
  setYticklabels(labels: readonly unknown[], options: { rotation?: number } = {}): void {
    this.setTickLabels("setYticklabels", "y", labels, options.rotation);
  }

  private setTickLabels(who: string, name: AxisName, labels: readonly unknown[], rotation?: number): void {
    const { ticks } = this.model.axis[name];
    if (ticks === null && labels.length > 0)
      throw new PlotValueError(`${who}: set the ticks' positions first`);
    this.setTicks(who, name, labels.length === 0 ? [] : ticks, labels, rotation);
  }

  /** Changes the size, colour or rotation of tick labels. */
  tickParams(options: TickOptions): void {
    checkOptions("tickParams", options, [
      "axis",
      "labelsize",
      "labelrotation",
      "rotation",
      "labelcolor",
      "colors",
    ]);
    const which = options.axis ?? "both";
    const names: AxisName[] = which === "both" ? ["x", "y", "z"] : [which];
    const color = options.labelcolor ?? options.colors;
    for (const name of names) {
      const axis = this.model.axis[name];
      axis.tickSize = options.labelsize ?? axis.tickSize;
      axis.tickRotation = options.labelrotation ?? options.rotation ?? axis.tickRotation;
      if (color !== undefined) axis.tickColor = toRgba("tickParams", color);
    }
  }

  /** Shows or hides grid lines; with no argument it shows them. */
  grid(visible: boolean | GridOptions = true, options: GridOptions = {}): void {
    const chosen = typeof visible === "object" ? visible : options;
    const isVisible = typeof visible === "object" ? true : visible;
    if (typeof isVisible !== "boolean")
      throw new PlotTypeError(`grid: expected a boolean; got ${describe(visible)}`);
    const style = isVisible ? gridStyle(chosen) : null;
    const which = requireOneOf("grid", "which", chosen.which ?? "major", ["major", "minor", "both"]);
    const along = requireOneOf("grid", "axis", chosen.axis ?? "both", ["x", "y", "both"]);
    for (const name of (along === "both" ? ["x", "y", "z"] : [along]) as AxisName[]) {
      if (which !== "minor") this.model.axis[name].grid = style;
      if (which !== "major") this.model.axis[name].minorGrid = style;
    }
  }

  /** Shows a legend of everything labelled, of `labels` in order, or of given elements with labels. */
  legend(
    ...args:
      | [LegendOptions?]
      | [readonly string[], LegendOptions?]
      | [readonly PlotElement[], readonly string[], LegendOptions?]
  ): void {
    this.model.legend = toLegend(this.model, args);
  }

  /** Widens automatic limits by these fractions of the data's span: `margins(0.1)` or `margins({ x: 0, y: 0.1 })`. */
  margins(margin: number | { x?: number; y?: number; z?: number }): void {
    for (const name of ["x", "y", "z"] as const) {
      const value = typeof margin === "number" ? margin : margin[name];
      if (value !== undefined) this.model.axis[name].margin = toNumber("margins", value);
    }
  }

  /** Hides axes, ticks, labels and background. */
  setAxisOff(): void {
    this.model.frame = false;
  }

  /** Shows axes, ticks, labels and background again. */
  setAxisOn(): void {
    this.model.frame = true;
  }

  /** Colours the background. */
  setFacecolor(color: ColorSpec): void {
    this.model.facecolor = toRgba("setFacecolor", color);
  }

  /** Turns the x axis around. */
  invertXaxis(): void {
    this.model.axis.x.inverted = !this.model.axis.x.inverted;
  }

  /** Turns the y axis around. */
  invertYaxis(): void {
    this.model.axis.y.inverted = !this.model.axis.y.inverted;
  }

  /** Removes everything drawn, and all titles, labels, limits and scales. */
  clear(): void {
    const { kind, cell, rect, shared, hideTickLabels } = this.model;
    Object.assign(this.model, newAxesModel(kind, cell, rect), { shared, hideTickLabels });
    this.lineColors = 0;
    this.fillColors = 0;
  }

  /** The same as `clear`. */
  cla(): void {
    this.clear();
  }

  toString(): string {
    const title = this.getTitle();
    return `<${this.model.kind === "3d" ? "Axes3D" : "Axes"}${title === "" ? "" : `: ${title}`}>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }
}
