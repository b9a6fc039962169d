import { contours } from "d3-contour";
import { type ColorSpec, type Rgba, toRgba, withAlpha } from "../color.js";
import { type ColorScale, mapColor } from "../colormap.js";
import { finiteRange, toMatrix, toNumeric, toVector } from "../data.js";
import { describe, PlotShapeError, PlotValueError, requireOneOf } from "../errors.js";
import { toLineStyle } from "../formatString.js";
import type { PolygonsArtist, Ring, SegmentsArtist } from "../model.js";
import { checkOptions, splitOptions } from "../options.js";
import { contourSteps, maxNTicks } from "../ticker.js";
import { type ColorMapOptions, colorScaleOf } from "./mapping.js";

/** Which levels contours have and how they look. */
export interface ContourOptions extends ColorMapOptions {
  /** About how many levels, or the levels themselves in ascending order. */
  levels?: unknown;
  /** One colour, or colours used in turn, instead of a colour map. */
  colors?: ColorSpec | readonly ColorSpec[];
  alpha?: number | null;
  linewidths?: number;
  linestyles?: string;
  /** Whether filled contours also fill below the first and above the last level. */
  extend?: "neither" | "both" | "min" | "max";
  zorder?: number;
}

const contourOptionNames = [
  "levels",
  "colors",
  "cmap",
  "vmin",
  "vmax",
  "alpha",
  "linewidths",
  "linestyles",
  "extend",
  "zorder",
];

const defaultLevelCount = 7;

/** Values on a grid whose points may lie anywhere. */
export interface GridData {
  x: number[][];
  y: number[][];
  z: number[][];
}

function gridCoordinates(
  who: string,
  name: "x" | "y",
  data: unknown,
  rows: number,
  columns: number,
): number[][] {
  const { shape } = toNumeric(`${who}: ${name}`, data);
  const fail = (): never => {
    throw new PlotShapeError(
      `${who}: z has shape [${rows}, ${columns}], so ${name} must have ${name === "x" ? columns : rows} values ` +
        `or the same shape; got shape [${shape.join(", ")}]`,
    );
  };
  if (shape.length === 2) {
    if (shape[0] !== rows || shape[1] !== columns) fail();
    return toMatrix(`${who}: ${name}`, data);
  }
  const values = toVector(`${who}: ${name}`, data);
  if (values.length !== (name === "x" ? columns : rows)) fail();
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_unused, column) => values[name === "x" ? column : row]!),
  );
}

/** Reads `z` or `x, y, z`, where x and y are grids or the coordinates of columns and rows. */
export function toGrid(who: string, args: readonly unknown[]): GridData {
  if (args.length !== 1 && args.length !== 3) {
    throw new PlotShapeError(`${who}: expected z, or x, y and z; got ${args.length} data arguments`);
  }
  const z = toMatrix(`${who}: z`, args[args.length - 1]);
  const rows = z.length;
  const columns = z[0]?.length ?? 0;
  if (rows < 2 || columns < 2) {
    throw new PlotShapeError(
      `${who}: z must have at least 2 rows and 2 columns; got shape [${rows}, ${columns}]`,
    );
  }
  const indices = (length: number) => Array.from({ length }, (_, index) => index);
  const x = gridCoordinates(who, "x", args.length === 3 ? args[0] : indices(columns), rows, columns);
  const y = gridCoordinates(who, "y", args.length === 3 ? args[1] : indices(rows), rows, columns);
  return { x, y, z };
}

/** About `count` round levels spanning the data, as Matplotlib chooses them. */
export function automaticLevels(low: number, high: number, count: number, extend = "neither"): number[] {
  const levels = maxNTicks(low, high, { bins: count + 1, steps: contourSteps, minimumTicks: 1 });
  const under = levels.filter((level) => level < low).length;
  const over = levels.findIndex((level) => level > high);
  const first = Math.max(0, under - 1) + (extend === "min" || extend === "both" ? 1 : 0);
  const last = (over < 0 ? levels.length : over + 1) - (extend === "max" || extend === "both" ? 1 : 0);
  return last - first < 3 ? levels : levels.slice(first, last);
}

function chooseLevels(who: string, options: ContourOptions, z: number[][]): number[] {
  const range = finiteRange(z.flat());
  if (range === null) throw new PlotValueError(`${who}: z has no finite value`);
  const given = options.levels ?? defaultLevelCount;
  if (typeof given === "number") {
    if (!Number.isInteger(given) || given < 0) {
      throw new PlotValueError(`${who}: levels must be a positive integer or a list; got ${describe(given)}`);
    }
    return automaticLevels(range[0], range[1], given, options.extend);
  }
  const levels = toVector(`${who}: levels`, given);
  if (levels.some((level, index) => index > 0 && level <= levels[index - 1]!)) {
    throw new PlotValueError(`${who}: levels must ascend; got [${levels.join(", ")}]`);
  }
  return levels;
}

interface IndexRing {
  /** Fractional column and row of each point. */
  points: [number, number][];
  /** Whether each point was made by closing the ring outside the grid. */
  outside: boolean[];
}

/** The boundary of the region at or above `level`, in column and row units. */
function regionRings(z: number[][], level: number): IndexRing[] {
  const rows = z.length;
  const columns = z[0]!.length;
  const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value - 0.5));
  const finiteLevel = level === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : level;
  const region = contours().size([columns, rows]).contour(z.flat(), finiteLevel);
  return region.coordinates.flat().map((ring) => ({
    points: ring.map(([column, row]) => [clamp(column!, columns), clamp(row!, rows)]),
    outside: ring.map(([column, row]) => column === 0 || row === 0 || column === columns || row === rows),
  }));
}

/** Moves a fractional grid position to data coordinates. */
function interpolateGrid(grid: number[][], column: number, row: number): number {
  const left = Math.min(Math.floor(column), grid[0]!.length - 2);
  const top = Math.min(Math.floor(row), grid.length - 2);
  const across = (line: number[]) => line[left]! + (line[left + 1]! - line[left]!) * (column - left);
  return across(grid[top]!) + (across(grid[top + 1]!) - across(grid[top]!)) * (row - top);
}

function toDataRing(grid: GridData, points: readonly [number, number][]): Ring {
  return {
    x: points.map(([column, row]) => interpolateGrid(grid.x, column, row)),
    y: points.map(([column, row]) => interpolateGrid(grid.y, column, row)),
  };
}

/** The open lines of a level: its region's boundary without the parts along the edge of the grid. */
function levelLines(grid: GridData, level: number): Ring[] {
  const lines: Ring[] = [];
  for (const { points, outside } of regionRings(grid.z, level)) {
    const start = outside.indexOf(true);
    const count = points.length - 1;
    let current: [number, number][] = [];
    for (let step = 0; step <= count; step++) {
      const index = start < 0 ? step : (start + step) % count;
      if (!outside[index]) current.push(points[index]!);
      if (outside[index] || step === count) {
        if (current.length > 1) lines.push(toDataRing(grid, current));
        current = [];
      }
    }
  }
  return lines;
}

function listedColors(who: string, options: ContourOptions): Rgba[] | null {
  const { colors, alpha } = options;
  if (colors === undefined) return null;
  const isSingle = typeof colors === "string" || typeof colors[0] === "number";
  const list = isSingle ? [colors as ColorSpec] : (colors as readonly ColorSpec[]);
  return list.map((color) => toRgba(who, color, alpha));
}

function extentOf(grid: GridData): { x: number[]; y: number[] } {
  return { x: finiteRange(grid.x.flat()) ?? [0, 1], y: finiteRange(grid.y.flat()) ?? [0, 1] };
}

function levelScale(who: string, options: ContourOptions, levels: readonly number[]): ColorScale {
  return colorScaleOf(who, options, levels);
}

/** Builds the contour lines of a `contour` call; `inSpace` lifts each line to its level. */
export function buildContour(who: string, args: readonly unknown[], inSpace = false): SegmentsArtist {
  const { values, options } = splitOptions<ContourOptions>(args);
  checkOptions(who, options, contourOptionNames);
  const grid = toGrid(who, values);
  const levels = chooseLevels(who, options, grid.z);
  const scale = levelScale(who, options, levels);
  const listed = listedColors(who, options);
  const levelColors = levels.map(
    (level, index) => listed?.[index % listed.length] ?? withAlpha(mapColor(scale, level), options.alpha),
  );
  const lines = levels.flatMap((level, index) => {
    const color = levelColors[index]!;
    const automatic = listed?.length === 1 && level < 0 ? "--" : "-";
    const linestyle = options.linestyles === undefined ? automatic : toLineStyle(who, options.linestyles);
    return levelLines(grid, level).map((line) => ({
      ...line,
      z: inSpace ? line.x.map(() => level) : null,
      color,
      linestyle,
    }));
  });
  return {
    kind: "segments",
    role: "contour",
    lines,
    linewidth: options.linewidths ?? 1.5,
    extent: { ...extentOf(grid), z: inSpace ? (finiteRange(grid.z.flat()) ?? []) : [] },
    sticky: inSpace ? { x: [], y: [] } : extentOf(grid),
    colorScale: scale,
    levels,
    levelColors,
    label: "",
    zorder: options.zorder ?? 2,
  };
}

/** The bands between levels, with open ends where `extend` asks for them. */
function bands(levels: readonly number[], extend: string): [number, number][] {
  const inner = levels.slice(0, -1).map((level, index): [number, number] => [level, levels[index + 1]!]);
  const below: [number, number][] =
    extend === "min" || extend === "both" ? [[Number.NEGATIVE_INFINITY, levels[0]!]] : [];
  const above: [number, number][] =
    extend === "max" || extend === "both" ? [[levels.at(-1)!, Number.POSITIVE_INFINITY]] : [];
  return [...below, ...inner, ...above];
}

/** Builds the filled areas of a `contourf` call. */
export function buildFilledContour(who: string, args: readonly unknown[]): PolygonsArtist {
  const { values, options } = splitOptions<ContourOptions>(args);
  checkOptions(who, options, contourOptionNames);
  const extend = requireOneOf(who, "extend", options.extend ?? "neither", ["neither", "both", "min", "max"]);
  const grid = toGrid(who, values);
  const levels = chooseLevels(who, options, grid.z);
  if (levels.length < 2)
    throw new PlotValueError(`${who}: filled contours need at least 2 levels; got ${levels.length}`);
  const scale = levelScale(who, options, levels);
  const listed = listedColors(who, options);
  const rings = (level: number) => regionRings(grid.z, level).map((ring) => toDataRing(grid, ring.points));
  const polygons = bands(levels, extend).map(([low, high], index) => {
    const middle = Number.isFinite(low)
      ? Number.isFinite(high)
        ? (low + high) / 2
        : scale.vmax
      : scale.vmin;
    const face = listed?.[index % listed.length] ?? withAlpha(mapColor(scale, middle), options.alpha);
    const reversed = high === Number.POSITIVE_INFINITY ? [] : rings(high).map(reverseRing);
    return { rings: [...rings(low), ...reversed], face };
  });
  return {
    kind: "polygons",
    role: "contour",
    polygons: polygons.filter((polygon) => polygon.rings.length > 0),
    edge: [0, 0, 0, 0],
    linewidth: 0,
    sticky: extentOf(grid),
    colorScale: scale,
    levels,
    label: "",
    zorder: options.zorder ?? 1,
  };
}

function reverseRing(ring: Ring): Ring {
  return { x: ring.x.toReversed(), y: ring.y.toReversed() };
}
