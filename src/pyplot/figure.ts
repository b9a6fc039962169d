import { Axes } from "./axes.js";
import { Axes3D } from "./axes3d.js";
import { newAxesModel } from "./axesModel.js";
import { type ColorSpec, toRgba } from "./color.js";
import { addColorbar, type ColorbarOptions } from "./colorbar.js";
import { type DisplayBundle, displayBundle } from "./display.js";
import type { PlotElement } from "./element.js";
import { describe, PlotTypeError, PlotValueError, requireOneOf } from "./errors.js";
import type { Artist, FigureModel, SubplotCell, SubplotMargins } from "./model.js";
import { checkOptions, splitOptions } from "./options.js";
import { type PlotlyFigure, toPlotly } from "./plotly/figure.js";
import { buildText, type TextOptions } from "./plots/text.js";
import { rasterize } from "./png.js";
import { rcParams } from "./rcParams.js";
import { type SaveOptions, saveFigure } from "./save.js";
import { toSvg } from "./svg/figure.js";

/** The size of a figure in inches, its resolution in dots per inch and its background. */
export interface FigureOptions {
  figsize?: readonly [number, number];
  dpi?: number;
  facecolor?: ColorSpec;
  tightLayout?: boolean;
  layout?: "tight" | "constrained" | "none";
}

/** How a subplot is drawn. */
export interface SubplotOptions {
  projection?: "rectilinear" | "3d";
}

type Position3d =
  | [{ projection: "3d" }]
  | [number, { projection: "3d" }]
  | [number, number, number, { projection: "3d" }];

function defaultMargins(): SubplotMargins {
  return {
    left: rcParams["figure.subplot.left"],
    right: rcParams["figure.subplot.right"],
    bottom: rcParams["figure.subplot.bottom"],
    top: rcParams["figure.subplot.top"],
    wspace: rcParams["figure.subplot.wspace"],
    hspace: rcParams["figure.subplot.hspace"],
  };
}

function requirePositive(who: string, name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new PlotValueError(`${who}: ${name} must be a positive number; got ${describe(value)}`);
}

function newFigureModel(number: number, options: FigureOptions): FigureModel {
  checkOptions("figure", options, ["figsize", "dpi", "facecolor", "tightLayout", "layout"]);
  const [width, height] = options.figsize ?? rcParams["figure.figsize"];
  return {
    number,
    width: requirePositive("figure", "width", width),
    height: requirePositive("figure", "height", height),
    dpi: requirePositive("figure", "dpi", options.dpi ?? rcParams["figure.dpi"]),
    facecolor: toRgba("figure", options.facecolor ?? rcParams["figure.facecolor"]),
    suptitle: null,
    texts: [],
    margins: defaultMargins(),
    tight: (options.tightLayout ?? false) || options.layout === "tight" || options.layout === "constrained",
    axes: [],
  };
}

/** Reads `111`, `2, 3, 4` or nothing as a cell of a grid. */
function toCell(who: string, position: readonly unknown[]): SubplotCell {
  const single = position[0] ?? 111;
  const digits = position.length <= 1 ? [...String(single)].map(Number) : position.map(Number);
  const [rows, columns, index] = digits as [number, number, number];
  const isGrid = digits.length === 3 && digits.every((digit) => Number.isInteger(digit) && digit > 0);
  if (!isGrid || index > rows * columns) {
    throw new PlotValueError(
      `${who}: expected rows, columns and an index from 1 to rows * columns, or three digits such as 111; got ${position.map(String).join(", ")}`,
    );
  }
  const row = Math.floor((index - 1) / columns);
  const column = (index - 1) % columns;
  return { rows, columns, firstRow: row, lastRow: row, firstColumn: column, lastColumn: column };
}

/** A figure: axes and texts on a page that can be shown and saved. */
export class Figure {
  readonly model: FigureModel;
  readonly axes: (Axes | Axes3D)[] = [];
  private current: Axes | Axes3D | null = null;
  private mappable: { axes: Axes | Axes3D; artist: Artist } | null = null;

  constructor(number: number, options: FigureOptions = {}) {
    this.model = newFigureModel(number, options);
  }

  /** The figure's number among the open ones. */
  get number(): number {
    return this.model.number;
  }

  /**
   * Adds axes in a cell of a grid: `addSubplot(111)`, `addSubplot(2, 3, 4)`, with `{ projection: "3d" }` in space.
   * A cell outside the grid throws PlotValueError.
   */
  addSubplot(...args: Position3d): Axes3D;
  addSubplot(
    ...args: [SubplotOptions?] | [number, SubplotOptions?] | [number, number, number, SubplotOptions?]
  ): Axes;
  addSubplot(...args: unknown[]): Axes | Axes3D {
    const { values, options } = splitOptions<SubplotOptions>(
      args.filter((argument) => argument !== undefined),
    );
    checkOptions("addSubplot", options, ["projection"]);
    return this.addCell(toCell("addSubplot", values), options);
  }

  private addCell(cell: SubplotCell, options: SubplotOptions): Axes | Axes3D {
    const projection = requireOneOf("addSubplot", "projection", options.projection ?? "rectilinear", [
      "rectilinear",
      "3d",
    ]);
    const kind = projection === "3d" ? "3d" : "2d";
    return this.attach(kind, cell, null);
  }

  private attach(kind: "2d" | "3d", cell: SubplotCell | null, rect: Axes["model"]["rect"]): Axes | Axes3D {
    const model = newAxesModel(kind, cell, rect);
    const axes = kind === "3d" ? new Axes3D(this, model) : new Axes(this, model);
    this.model.axes.push(model);
    this.axes.push(axes);
    this.current = axes;
    return axes;
  }

  /** The axes already in a cell, made the current ones, or new ones. */
  subplotAt(position: readonly number[], options: SubplotOptions): Axes | Axes3D {
    const cell = toCell("subplot", position);
    const kind = options.projection === "3d" ? "3d" : "2d";
    const found = this.axes.find(
      (axes) => axes.model.kind === kind && JSON.stringify(axes.model.cell) === JSON.stringify(cell),
    );
    this.current = found ?? this.addCell(cell, options);
    return this.current;
  }

  /** Adds axes at [left, bottom, width, height], as fractions of the figure. */
  addAxes(rect: readonly [number, number, number, number], options: SubplotOptions = {}): Axes | Axes3D {
    const [left, bottom, width, height] = rect;
    return this.attach(options.projection === "3d" ? "3d" : "2d", null, { left, bottom, width, height });
  }

  /** The current axes; new ones when there are none. */
  gca(): Axes | Axes3D {
    return this.current ?? this.addSubplot(111);
  }

  /** Makes axes the current ones. */
  sca(axes: Axes | Axes3D): void {
    if (!this.axes.includes(axes)) throw new PlotValueError("sca: the axes belong to another figure");
    this.current = axes;
  }

  /** Remembers what a colour bar without arguments describes. */
  setCurrentMappable(axes: object, artist: Artist): void {
    this.mappable = { axes: axes as Axes | Axes3D, artist };
  }

  /** Adds a colour bar for an element that has a colour map; for the last one drawn when absent. */
  colorbar(element?: PlotElement, options: ColorbarOptions & { ax?: Axes | Axes3D } = {}): void {
    const { ax, ...barOptions } = options;
    const owner = this.axes.find(
      (axes) => element !== undefined && axes.model.artists.includes(element.artist),
    );
    const artist = element?.artist ?? this.mappable?.artist;
    const axes = ax ?? owner ?? this.mappable?.axes;
    if (artist === undefined || axes === undefined) {
      throw new PlotValueError(
        "colorbar: nothing with a colour map was drawn yet; draw an image, contours or a scatter first",
      );
    }
    addColorbar(axes.model, artist, barOptions);
  }

  /** Writes a title above all subplots. */
  suptitle(text: string, options: TextOptions = {}): void {
    const built = buildText("suptitle", 0.5, 0.98, null, text, {
      fontsize: "large",
      ha: "center",
      va: "top",
      ...options,
    });
    this.model.suptitle = { ...built, coordinates: "figure" };
  }

  /** Writes a text at fractions of the figure's width and height. */
  text(x: unknown, y: unknown, text: string, options: TextOptions = {}): void {
    this.model.texts.push({ ...buildText("text", x, y, null, text, options), coordinates: "figure" });
  }

  /** Sets the margins around and between subplots, as fractions of the figure and of a subplot. */
  subplotsAdjust(margins: Partial<SubplotMargins>): void {
    checkOptions("subplotsAdjust", margins, Object.keys(this.model.margins));
    const next = { ...this.model.margins, ...margins };
    if (next.left >= next.right || next.bottom >= next.top) {
      throw new PlotValueError("subplotsAdjust: left must be less than right, and bottom less than top");
    }
    this.model.margins = next;
    this.model.tight = false;
  }

  /** Chooses margins so that labels and titles fit. */
  tightLayout(): void {
    this.model.tight = true;
  }

  /** Sets the size in inches. */
  setSizeInches(width: number, height: number): void {
    this.model.width = requirePositive("setSizeInches", "width", width);
    this.model.height = requirePositive("setSizeInches", "height", height);
  }

  /** Removes all axes and texts. */
  clear(): void {
    this.model.axes.length = 0;
    this.axes.length = 0;
    this.model.texts.length = 0;
    this.model.suptitle = null;
    this.model.margins = defaultMargins();
    this.current = null;
    this.mappable = null;
  }

  /** The same as `clear`. */
  clf(): void {
    this.clear();
  }

  /** The figure as a standalone SVG document. */
  toSvg(): string {
    return toSvg(this.model);
  }

  /** The figure as PNG bytes; the page's own renderer in browsers, resvg elsewhere. */
  async toPng(options: { dpi?: number } = {}): Promise<Uint8Array> {
    return rasterize(toSvg(this.model), (options.dpi ?? this.model.dpi) / this.model.dpi);
  }

  /** The figure as Plotly's `{ data, layout }`. */
  toPlotly(): PlotlyFigure {
    return toPlotly(this.model);
  }

  /**
   * Writes the figure to a file whose ending names the format: .svg, .png, .html (interactive, works offline) or
   * .json (a Plotly figure); in a page it is downloaded. `dpi` sets the resolution of .png. Any other ending throws.
   */
  async savefig(path: string | URL, options: SaveOptions = {}): Promise<void> {
    if (typeof path !== "string" && !(path instanceof URL)) {
      throw new PlotTypeError(`savefig: expected a file name; got ${describe(path)}`);
    }
    await saveFigure(this.model, path, options);
  }

  toString(): string {
    const { width, height, dpi, axes } = this.model;
    const count = axes.reduce((sum, model) => sum + 1 + model.colorbars.length, 0);
    return `<Figure size ${Math.round(width * dpi)}x${Math.round(height * dpi)} with ${count} Axes>`;
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return this.toString();
  }

  /** One MIME bundle, of which a notebook shows the richest form it knows. */
  [Symbol.for("Jupyter.display")](): DisplayBundle {
    return displayBundle(this.model, this.toString());
  }
}
