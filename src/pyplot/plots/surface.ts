import { type ColorSpec, type Rgba, toRgba } from "../color.js";
import { PlotShapeError, PlotValueError } from "../errors.js";
import { toLineStyle } from "../formatString.js";
import type { SegmentsArtist, SurfaceArtist } from "../model.js";
import { checkOptions, requireNumber } from "../options.js";
import { rcParams } from "../rcParams.js";
import { type GridData, toGrid } from "./contour.js";
import { type ColorMapOptions, colorScaleOf } from "./mapping.js";

/** How finely a grid is sampled: at most `rcount` by `ccount` patches, or every `rstride`-th row and `cstride`-th column. */
export interface SamplingOptions {
  rcount?: number;
  ccount?: number;
  rstride?: number;
  cstride?: number;
}

/** How a surface looks. */
export interface SurfaceOptions extends SamplingOptions, ColorMapOptions {
  color?: ColorSpec;
  /** Whether light and shade model the surface: by default only without a colour map. */
  shade?: boolean;
  edgecolor?: ColorSpec;
  linewidth?: number;
  alpha?: number | null;
  antialiased?: boolean;
  label?: string;
}

const samplingNames = ["rcount", "ccount", "rstride", "cstride"];

const surfaceOptionNames = [
  ...samplingNames,
  "cmap",
  "vmin",
  "vmax",
  "color",
  "shade",
  "edgecolor",
  "linewidth",
  "alpha",
  "antialiased",
  "label",
];

const defaultCount = 50;

function strides(
  who: string,
  options: SamplingOptions,
  rows: number,
  columns: number,
  otherwise: number,
): [number, number] {
  const hasStride = options.rstride !== undefined || options.cstride !== undefined;
  if (hasStride && (options.rcount !== undefined || options.ccount !== undefined)) {
    throw new PlotValueError(`${who}: give strides or counts, not both`);
  }
  if (hasStride) return [options.rstride ?? otherwise, options.cstride ?? otherwise];
  const stride = (size: number, name: string, count = defaultCount) => {
    requireNumber(who, name, count, 0);
    return count === 0 ? 0 : Math.max(1, Math.ceil(size / count));
  };
  return [stride(rows, "rcount", options.rcount), stride(columns, "ccount", options.ccount)];
}

function requireThree(who: string, args: readonly unknown[]): GridData {
  if (args.length === 3) return toGrid(who, args);
  throw new PlotShapeError(`${who}: expected x, y and z; got ${args.length} data arguments`);
}

/** Builds the surface of a `plotSurface` call. */
export function buildSurface(
  args: readonly unknown[],
  options: SurfaceOptions,
  nextColor: () => Rgba,
): SurfaceArtist {
  checkOptions("plotSurface", options, surfaceOptionNames);
  const grid = requireThree("plotSurface", args);
  const [rowStride, columnStride] = strides("plotSurface", options, grid.z.length, grid.z[0]!.length, 10);
  if (!(rowStride >= 1 && columnStride >= 1)) {
    throw new PlotValueError(`plotSurface: strides must be at least 1; got ${rowStride} and ${columnStride}`);
  }
  return {
    kind: "surface",
    ...grid,
    rowStride,
    columnStride,
    color: options.color === undefined ? nextColor() : toRgba("plotSurface", options.color),
    colorScale: options.cmap === undefined ? null : patchScale(grid, rowStride, columnStride, options),
    shade: options.shade ?? options.cmap === undefined,
    edge: options.edgecolor === undefined ? null : toRgba("plotSurface", options.edgecolor),
    linewidth: options.linewidth ?? 1,
    alpha: options.alpha ?? 1,
    label: options.label ?? "",
    zorder: 1,
  };
}

/** A colour map spans the mean heights of the patches, not single points. */
function patchScale(grid: GridData, rowStride: number, columnStride: number, options: SurfaceOptions) {
  const means = surfacePatches(grid, rowStride, columnStride).map(meanHeight);
  return colorScaleOf("plotSurface", options, means);
}

export type Point3 = [number, number, number];

/** The mean height of a patch's corner and edge points. */
export function meanHeight(patch: readonly Point3[]): number {
  return patch.reduce((sum, point) => sum + point[2], 0) / patch.length;
}

function sampled(count: number, stride: number): number[] {
  const indices: number[] = [];
  for (let index = 0; index < count - 1; index += stride) indices.push(index);
  return [...indices, count - 1];
}

/** The perimeters of a surface's patches, each row by row; points that are not finite are left out. */
export function surfacePatches(grid: GridData, rowStride: number, columnStride: number): Point3[][] {
  const rows = sampled(grid.z.length, rowStride);
  const columns = sampled(grid.z[0]!.length, columnStride);
  const patches: Point3[][] = [];
  for (let i = 0; i + 1 < rows.length; i++) {
    for (let j = 0; j + 1 < columns.length; j++) {
      const points = perimeter(rows[i]!, rows[i + 1]!, columns[j]!, columns[j + 1]!)
        .map(([row, column]): Point3 => [grid.x[row]![column]!, grid.y[row]![column]!, grid.z[row]![column]!])
        .filter((point) => point.every(Number.isFinite));
      if (points.length > 2) patches.push(points);
    }
  }
  return patches;
}

/** The grid positions around a block: along its first row, down its last column, and back. */
function perimeter(top: number, bottom: number, left: number, right: number): [number, number][] {
  const path: [number, number][] = [];
  for (let column = left; column < right; column++) path.push([top, column]);
  for (let row = top; row < bottom; row++) path.push([row, right]);
  for (let column = right; column > left; column--) path.push([bottom, column]);
  for (let row = bottom; row > top; row--) path.push([row, left]);
  return path;
}

/** How a wireframe looks. */
export interface WireframeOptions extends SamplingOptions {
  color?: ColorSpec;
  colors?: ColorSpec;
  linewidth?: number;
  linestyle?: string;
  alpha?: number | null;
  label?: string;
}

/** Builds the lines of a `plotWireframe` call. */
export function buildWireframe(args: readonly unknown[], options: WireframeOptions): SegmentsArtist {
  checkOptions("plotWireframe", options, [
    ...samplingNames,
    "color",
    "colors",
    "linewidth",
    "linestyle",
    "alpha",
    "label",
  ]);
  const { x, y, z } = requireThree("plotWireframe", args);
  const rowCount = z.length;
  const columnCount = z[0]!.length;
  const [rowStride, columnStride] = strides("plotWireframe", options, rowCount, columnCount, 1);
  if (rowStride === 0 && columnStride === 0)
    throw new PlotValueError("plotWireframe: one of rcount and ccount must not be 0");
  const rows = rowStride === 0 ? [] : sampled(rowCount, rowStride);
  const columns = columnStride === 0 ? [] : sampled(columnCount, columnStride);
  const color = toRgba("plotWireframe", options.color ?? options.colors ?? "C0", options.alpha);
  const linestyle = toLineStyle("plotWireframe", options.linestyle ?? "-");
  const column = (grid: number[][], index: number) => grid.map((row) => row[index]!);
  const lines = [
    ...rows.map((row) => ({ x: x[row]!, y: y[row]!, z: z[row]!, color, linestyle })),
    ...columns.map((index) => ({
      x: column(x, index),
      y: column(y, index),
      z: column(z, index),
      color,
      linestyle,
    })),
  ];
  return {
    kind: "segments",
    role: "wireframe",
    lines,
    linewidth: options.linewidth ?? rcParams["lines.linewidth"],
    extent: { x: [], y: [], z: [] },
    sticky: { x: [], y: [] },
    colorScale: null,
    levels: null,
    levelColors: null,
    label: options.label ?? "",
    zorder: 1,
  };
}
