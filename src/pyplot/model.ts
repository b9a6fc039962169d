import type { Rgba } from "./color.js";
import type { ColorScale } from "./colormap.js";

/** A figure as plain data: what every renderer reads. Sizes of the figure are inches, of styles points (1/72 inch). */
export interface FigureModel {
  number: number;
  width: number;
  height: number;
  dpi: number;
  facecolor: Rgba;
  suptitle: TextArtist | null;
  texts: TextArtist[];
  margins: SubplotMargins;
  tight: boolean;
  axes: AxesModel[];
}

/** The area of all subplots, as fractions of the figure, and the gaps between them, as fractions of a subplot. */
export interface SubplotMargins {
  left: number;
  right: number;
  bottom: number;
  top: number;
  wspace: number;
  hspace: number;
}

/** A cell, or a block of cells, in a grid of subplots; counted from the top left. */
export interface SubplotCell {
  rows: number;
  columns: number;
  firstRow: number;
  lastRow: number;
  firstColumn: number;
  lastColumn: number;
}

/** Fractions of the figure, or pixels from the top left: the user of the type says which. */
export interface Rect {
  left: number;
  top: number;
  width: number;
  height: number;
}

export type ScaleName = "linear" | "log";
export type AxisName = "x" | "y" | "z";
export type LineStyleName = "-" | "--" | "-." | ":" | "None";

export interface AxisModel {
  scale: ScaleName;
  /** Limits set by the user; null follows the data. */
  limits: [number | null, number | null];
  inverted: boolean;
  margin: number;
  label: string;
  labelSize: number;
  labelColor: Rgba;
  labelPad: number;
  tickSize: number;
  tickRotation: number;
  tickColor: Rgba;
  ticks: number[] | null;
  tickLabels: string[] | null;
  categories: string[];
  grid: GridStyle | null;
  minorGrid: GridStyle | null;
}

export interface GridStyle {
  color: Rgba;
  linewidth: number;
  linestyle: LineStyleName;
}

export interface View3D {
  elevation: number;
  azimuth: number;
  roll: number;
  projection: "persp" | "ortho";
  boxAspect: [number, number, number];
}

export interface LegendModel {
  location: LegendLocation;
  entries: { artist: Artist; label: string }[] | null;
  title: string;
  fontSize: number;
  columns: number;
  frame: boolean;
}

export type LegendLocation =
  | "best"
  | "upper right"
  | "upper left"
  | "lower left"
  | "lower right"
  | "right"
  | "center left"
  | "center right"
  | "lower center"
  | "upper center"
  | "center";

export interface AxesModel {
  kind: "2d" | "3d";
  cell: SubplotCell | null;
  /** Position as fractions of the figure from the bottom left, when it is not a cell of a grid. */
  rect: { left: number; bottom: number; width: number; height: number } | null;
  axis: Record<AxisName, AxisModel>;
  artists: Artist[];
  titles: Record<"left" | "center" | "right", TextStyle & { text: string }>;
  facecolor: Rgba;
  frame: boolean;
  hiddenSpines: string[];
  aspect: number | "auto";
  adjustable: "box" | "datalim";
  legend: LegendModel | null;
  view: View3D;
  colorbars: ColorbarModel[];
  /** Axes whose limits follow each other along an axis; itself alone when none do. */
  shared: Record<"x" | "y", AxesModel[] | null>;
  /** Whether tick labels are left to a shared axes below or at the left. */
  hideTickLabels: Record<"x" | "y", boolean>;
}

export interface ColorbarModel {
  scale: ColorScale;
  /** Boundaries of filled contours, or null for a continuous bar. */
  boundaries: number[] | null;
  /** Values of contour lines. */
  lines: { level: number; color: Rgba; linewidth: number }[];
  colors: Rgba[] | null;
  label: string;
  ticks: number[] | null;
  alpha: number;
  orientation: "vertical" | "horizontal";
  shrink: number;
  fraction: number;
  pad: number;
}

export interface TextStyle {
  size: number;
  color: Rgba;
  weight: "normal" | "bold";
  style: "normal" | "italic";
}

interface ArtistBase {
  label: string;
  zorder: number;
}

export interface LineStyle {
  color: Rgba;
  linewidth: number;
  linestyle: LineStyleName;
}

export interface MarkerStyle {
  marker: string;
  markersize: number;
  markerfacecolor: Rgba;
  markeredgecolor: Rgba;
  markeredgewidth: number;
}

/** A line through points, with or without markers; `z` makes it a line in space. */
export interface LineArtist extends ArtistBase, LineStyle, MarkerStyle {
  kind: "line";
  x: number[];
  y: number[];
  z: number[] | null;
  drawstyle: "default" | "steps-pre" | "steps-mid" | "steps-post";
  /** "xAxes" reads x as a fraction of the axes' width, "yAxes" y as one of their height. */
  coordinates: "data" | "xAxes" | "yAxes";
}

/** Markers of sizes and colours of their own; sizes are areas in square points. */
export interface PointsArtist extends ArtistBase {
  kind: "points";
  x: number[];
  y: number[];
  z: number[] | null;
  sizes: number[];
  faces: Rgba[];
  edges: Rgba[];
  edgewidth: number;
  marker: string;
  colorScale: ColorScale | null;
  values: number[] | null;
  depthshade: boolean;
}

export interface Ring {
  x: number[];
  y: number[];
}

/** Filled areas; the rings of one polygon are filled by the even-odd rule. */
export interface PolygonsArtist extends ArtistBase {
  kind: "polygons";
  role: "bar" | "area" | "contour";
  polygons: { rings: Ring[]; face: Rgba }[];
  edge: Rgba;
  linewidth: number;
  sticky: { x: number[]; y: number[] };
  colorScale: ColorScale | null;
  levels: number[] | null;
}

/** Open lines of several colours: contours, error bars; `z` puts them in space. */
export interface SegmentsArtist extends ArtistBase {
  kind: "segments";
  role: "contour" | "errorbar" | "wireframe" | "lines";
  lines: { x: number[]; y: number[]; z: number[] | null; color: Rgba; linestyle: LineStyleName }[];
  linewidth: number;
  /** Data that the limits include beside the lines: contours belong to their whole grid. */
  extent: { x: number[]; y: number[]; z: number[] };
  sticky: { x: number[]; y: number[] };
  colorScale: ColorScale | null;
  levels: number[] | null;
  /** One colour for each level, also for levels without a line. */
  levelColors: Rgba[] | null;
}

/** A picture of `rows` by `columns` pixels, stretched over `extent` = left, right, bottom, top in data units. */
export interface ImageArtist extends ArtistBase {
  kind: "image";
  rows: number;
  columns: number;
  /** Four bytes a pixel, the top row of the picture first. */
  pixels: Uint8ClampedArray;
  extent: [number, number, number, number];
  smooth: boolean;
  colorScale: ColorScale | null;
}

export interface ArrowsArtist extends ArtistBase {
  kind: "arrows";
  x: number[];
  y: number[];
  u: number[];
  v: number[];
  colors: Rgba[];
  scale: number | null;
  width: number | null;
  angles: "uv" | "xy";
  scaleUnits: "width" | "xy" | null;
  pivot: "tail" | "mid" | "tip";
  headwidth: number;
  headlength: number;
  headaxislength: number;
  colorScale: ColorScale | null;
}

export interface TextBox {
  face: Rgba;
  edge: Rgba;
  pad: number;
  rounded: boolean;
}

export interface TextArtist extends ArtistBase, TextStyle {
  kind: "text";
  x: number;
  y: number;
  z: number | null;
  text: string;
  horizontal: "left" | "center" | "right";
  vertical: "top" | "center" | "bottom" | "baseline";
  rotation: number;
  coordinates: "data" | "axes" | "figure" | "offset points";
  /** The annotated point in data units, with the arrow from the text to it when there is one. */
  target: { x: number; y: number; arrow: ArrowStyle | null } | null;
  box: TextBox | null;
}

export interface ArrowStyle {
  color: Rgba;
  linewidth: number;
  style: "->" | "-" | "-|>" | "<-" | "<->" | "simple";
  shrink: number;
}

/** A surface over a grid, drawn in patches of `rowStride` by `columnStride` cells. */
export interface SurfaceArtist extends ArtistBase {
  kind: "surface";
  x: number[][];
  y: number[][];
  z: number[][];
  rowStride: number;
  columnStride: number;
  color: Rgba;
  colorScale: ColorScale | null;
  shade: boolean;
  edge: Rgba | null;
  linewidth: number;
  alpha: number;
}

export type Artist =
  | LineArtist
  | PointsArtist
  | PolygonsArtist
  | SegmentsArtist
  | ImageArtist
  | ArrowsArtist
  | TextArtist
  | SurfaceArtist;
