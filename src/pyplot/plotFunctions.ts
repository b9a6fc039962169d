import type { Axes, HistResult } from "./axes.js";
import type { Axes3D } from "./axes3d.js";
import type { ColorbarOptions } from "./colorbar.js";
import type { CategoricalData, PlotData } from "./data.js";
import type { PlotElement } from "./element.js";
import { describe, PlotTypeError } from "./errors.js";
import type {
  ArrowsArtist,
  ImageArtist,
  LineArtist,
  PointsArtist,
  PolygonsArtist,
  SegmentsArtist,
  TextArtist,
} from "./model.js";
import { isOptions } from "./options.js";
import type { ErrorbarOptions, FillOptions } from "./plots/areas.js";
import type { QuiverOptions } from "./plots/arrows.js";
import type { BarOptions, HistOptions } from "./plots/bars.js";
import type { ContourOptions } from "./plots/contour.js";
import type { ImshowOptions } from "./plots/image.js";
import type { LineOptions, PlotArguments } from "./plots/line.js";
import type { ScatterOptions } from "./plots/scatter.js";
import type { AnnotateOptions } from "./plots/text.js";
import { currentAxes, currentFigure, currentPlane, openFigure } from "./state.js";

/**
 * Plots lines or markers on the current axes: `plot(y)`, `plot(x, y, "o")`, `plot(x1, y1, "r--", x2, y2, "b:")`.
 * Data are arrays, typed arrays or tensors of shape [n]; y of shape [n, m] gives m lines; on 3-D axes x, y and z.
 * The last argument may hold label, color, linewidth, linestyle, marker, markersize, alpha and more (in points).
 * Lengths that differ throw PlotShapeError, an unknown format string PlotValueError.
 *
 * @example
 * const lines = plt.plot([0, 1, 2], [0, 1, 4], "r--", { label: "squares" });
 * String(lines) // <Line2D squares>
 */
export function plot(...args: PlotArguments): PlotElement<LineArtist>[] {
  return currentAxes().plot(...args);
}

/**
 * Draws a marker at each point: `s` areas in square points, `c` a colour, one for each, or values for `cmap`.
 *
 * @example
 * plt.figure();
 * const points = plt.scatter([1, 2, 3], [4, 5, 6], { c: [0.1, 0.5, 0.9], cmap: "plasma" });
 * String(points) // <PathCollection _child0>
 */
export function scatter(
  x: CategoricalData,
  y: CategoricalData,
  ...rest: [ScatterOptions?] | [PlotData, ScatterOptions?]
): PlotElement<PointsArtist> {
  const target = currentAxes();
  if (target.model.kind === "3d")
    return (target as Axes3D).scatter(x as PlotData, y as PlotData, ...(rest as [PlotData, ScatterOptions?]));
  if (rest[0] !== undefined && !isOptions(rest[0])) {
    throw new PlotTypeError(
      `scatter: expected options such as { s: 20 } as third argument; got ${describe(rest[0])}`,
    );
  }
  return (target as Axes).scatter(x, y, rest[0] as ScatterOptions | undefined);
}

/**
 * Draws upright bars at `x`, numbers or category names.
 *
 * @example
 * plt.figure();
 * String(plt.bar(["a", "b"], [3, 5])) // <BarContainer _child0>
 */
export function bar(
  x: CategoricalData,
  height: PlotData,
  ...rest: [BarOptions?] | [PlotData, BarOptions?]
): PlotElement<PolygonsArtist> {
  return currentPlane("bar").bar(x, height, ...rest);
}

/**
 * Draws lying bars at `y`, numbers or category names.
 *
 * @example
 * plt.figure();
 * plt.barh(["a", "b"], [3, 5]);
 * plt.xlim() // [ 0, 5.25 ]
 */
export function barh(
  y: CategoricalData,
  width: PlotData,
  ...rest: [BarOptions?] | [PlotData, BarOptions?]
): PlotElement<PolygonsArtist> {
  return currentPlane("barh").barh(y, width, ...rest);
}

/**
 * Draws a histogram of all values of `x` and gives the counts, the bins' edges and the bars.
 *
 * @example
 * const [counts, edges] = plt.hist([1, 2, 2, 3, 3, 3], { bins: 3 });
 * counts // [ 1, 2, 3 ]
 */
export function hist(x: PlotData, ...rest: [HistOptions?] | [PlotData, HistOptions?]): HistResult {
  return currentPlane("hist").hist(x, ...rest);
}

/**
 * Shows values of shape [rows, columns] by a colour map, or a picture of shape [rows, columns, 3 or 4].
 *
 * @example
 * plt.figure();
 * String(plt.imshow([[0, 1], [1, 0]], { cmap: "gray" })) // <AxesImage _child0>
 */
export function imshow(data: PlotData, options: ImshowOptions = {}): PlotElement<ImageArtist> {
  return currentPlane("imshow").imshow(data, options);
}

/**
 * Shows a matrix as an image in a new figure.
 *
 * @example
 * plt.matshow([[0, 1], [1, 0]]);
 * plt.ylim() // [ 1.5, -0.5 ]
 */
export function matshow(data: PlotData, options: ImshowOptions = {}): PlotElement<ImageArtist> {
  return openFigure(undefined, {}).addSubplot(111).matshow(data, options);
}

/**
 * Draws contour lines of `z`, or of `x, y, z`; a further argument is the number of levels or the levels.
 *
 * @example
 * plt.figure();
 * plt.contour([0, 1], [0, 1], [[0, 1], [1, 2]], { levels: [0.5, 1.5] }).artist.levels // [ 0.5, 1.5 ]
 */
export function contour(...args: (PlotData | ContourOptions)[]): PlotElement<SegmentsArtist> {
  return currentAxes().contour(...args);
}

/**
 * Fills the areas between contour levels of `z`, or of `x, y, z`; a further argument is the levels.
 *
 * @example
 * plt.figure();
 * plt.contourf([[0, 1], [1, 2]], { cmap: "coolwarm" }).artist.polygons.length // 8
 */
export function contourf(...args: (PlotData | ContourOptions)[]): PlotElement<PolygonsArtist> {
  return currentPlane("contourf").contourf(...args);
}

/**
 * Adds a colour bar for `element`, or for the last image, contours or scatter with a colour map.
 *
 * @example
 * plt.figure();
 * plt.imshow([[0, 1], [2, 3]]);
 * plt.colorbar({ label: "value" });
 * plt.gcf().toString() // <Figure size 640x480 with 2 Axes>
 */
export function colorbar(
  element?: PlotElement | (ColorbarOptions & { ax?: Axes | Axes3D }),
  options: ColorbarOptions & { ax?: Axes | Axes3D } = {},
): void {
  const isElement = element !== undefined && "artist" in element;
  if (isElement) currentFigure().colorbar(element, options);
  else currentFigure().colorbar(undefined, element ?? options);
}

/**
 * Draws arrows: `quiver(u, v)`, `quiver(x, y, u, v)` or `quiver(x, y, u, v, c)` with values for a colour map.
 *
 * @example
 * plt.figure();
 * String(plt.quiver([0, 1], [0, 1], [1, 0], [0, 1])) // <Quiver _child0>
 */
export function quiver(...args: (PlotData | QuiverOptions)[]): PlotElement<ArrowsArtist> {
  return currentPlane("quiver").quiver(...args);
}

/**
 * Fills the area between the curves y1 and y2 (0 when absent) over x.
 *
 * @example
 * plt.figure();
 * plt.fillBetween([0, 1, 2], [1, 2, 1], { alpha: 0.3 });
 * plt.ylim() // [ -0.1, 2.1 ]
 */
export function fillBetween(
  x: CategoricalData,
  y1: PlotData,
  ...rest: [FillOptions?] | [PlotData, FillOptions?]
): PlotElement<PolygonsArtist> {
  return currentPlane("fillBetween").fillBetween(x, y1, ...rest);
}

/**
 * Fills the area between the curves x1 and x2 (0 when absent) along y.
 *
 * @example
 * plt.figure();
 * plt.fillBetweenx([0, 1, 2], [1, 2, 1], [0, 0, 0]);
 * plt.xlim() // [ -0.1, 2.1 ]
 */
export function fillBetweenx(
  y: CategoricalData,
  x1: PlotData,
  ...rest: [FillOptions?] | [PlotData, FillOptions?]
): PlotElement<PolygonsArtist> {
  return currentPlane("fillBetweenx").fillBetweenx(y, x1, ...rest);
}

/**
 * Fills the polygon through the points.
 *
 * @example
 * plt.figure();
 * String(plt.fill([0, 1, 0], [0, 0, 1])) // <Polygon _child0>
 */
export function fill(x: PlotData, y: PlotData, options: FillOptions = {}): PlotElement<PolygonsArtist> {
  return currentPlane("fill").fill(x, y, options);
}

/**
 * Plots points with error bars: `errorbar(x, y, { yerr: 0.1, fmt: "o", capsize: 3 })`.
 *
 * @example
 * plt.figure();
 * plt.errorbar([1, 2], [3, 4], { yerr: 0.5, fmt: "o", capsize: 3, label: "measured" }).getLabel() // measured
 */
export function errorbar(...args: (PlotData | ErrorbarOptions)[]): PlotElement<LineArtist> {
  return currentPlane("errorbar").errorbar(...args);
}

/**
 * Draws a line across the axes at height `y`.
 *
 * @example
 * plt.figure();
 * plt.axhline(0.5, { color: "k", linestyle: "--" }).artist.linestyle // --
 */
export function axhline(
  y: PlotData = 0,
  options: LineOptions & { xmin?: number; xmax?: number } = {},
): PlotElement<LineArtist> {
  return currentPlane("axhline").axhline(y, options);
}

/**
 * Draws a line up the axes at `x`.
 *
 * @example
 * plt.figure();
 * plt.axvline(2).artist.x // [ 2, 2 ]
 */
export function axvline(
  x: PlotData = 0,
  options: LineOptions & { ymin?: number; ymax?: number } = {},
): PlotElement<LineArtist> {
  return currentPlane("axvline").axvline(x, options);
}

/**
 * Plots with a logarithmic y axis.
 *
 * @example
 * plt.figure();
 * plt.semilogy([1, 10, 100], [1, 100, 10000]).length // 1
 */
export function semilogy(...args: PlotArguments): PlotElement<LineArtist>[] {
  return currentPlane("semilogy").semilogy(...args);
}

/**
 * Plots with a logarithmic x axis.
 *
 * @example
 * plt.figure();
 * plt.semilogx([1, 10, 100], [1, 100, 10000]).length // 1
 */
export function semilogx(...args: PlotArguments): PlotElement<LineArtist>[] {
  return currentPlane("semilogx").semilogx(...args);
}

/**
 * Plots with both axes logarithmic.
 *
 * @example
 * plt.figure();
 * plt.loglog([1, 10, 100], [1, 100, 10000]).length // 1
 */
export function loglog(...args: PlotArguments): PlotElement<LineArtist>[] {
  return currentPlane("loglog").loglog(...args);
}

/**
 * Writes a text at a point in data units: `text(x, y, s)`, on 3-D axes `text(x, y, z, s)`.
 *
 * @example
 * plt.figure();
 * plt.text(0.5, 0.5, "middle", { ha: "center" }).artist.text // middle
 */
export function text(...args: [unknown, unknown, ...unknown[]]): PlotElement<TextArtist> {
  const target = currentAxes() as { text(...values: unknown[]): PlotElement<TextArtist> };
  return target.text(...args);
}

/**
 * Writes a text about a point `xy`, with an arrow to it if `arrowprops` is given.
 *
 * @example
 * plt.figure();
 * String(plt.annotate("peak", { xy: [2, 1], xytext: [3, 1.5], arrowprops: { arrowstyle: "->" } })) // <Annotation _child0>
 */
export function annotate(
  label: string,
  ...rest: [AnnotateOptions] | [PlotData, AnnotateOptions?]
): PlotElement<TextArtist> {
  return currentPlane("annotate").annotate(label, ...rest);
}
