import { black, toRgba } from "./color.js";
import type {
  AxesModel,
  AxisModel,
  AxisName,
  GridStyle,
  LineStyleName,
  SubplotCell,
  TextStyle,
} from "./model.js";
import { rcParams } from "./rcParams.js";

/** The grid lines' default look. */
export function defaultGrid(): GridStyle {
  return {
    color: toRgba("rcParams", rcParams["grid.color"]),
    linewidth: rcParams["grid.linewidth"],
    linestyle: rcParams["grid.linestyle"] as LineStyleName,
  };
}

function newAxis(name: AxisName, hasGrid: boolean): AxisModel {
  return {
    scale: "linear",
    limits: [null, null],
    inverted: false,
    margin: rcParams[`axes.${name}margin`],
    label: "",
    labelSize: rcParams["axes.labelsize"],
    labelColor: black,
    labelPad: 4,
    tickSize: rcParams[name === "x" ? "xtick.labelsize" : "ytick.labelsize"],
    tickRotation: 0,
    tickColor: black,
    ticks: null,
    tickLabels: null,
    categories: [],
    grid: hasGrid ? defaultGrid() : null,
    minorGrid: null,
  };
}

function newTitle(): TextStyle & { text: string } {
  return { text: "", size: rcParams["axes.titlesize"], color: black, weight: "normal", style: "normal" };
}

/** An axes with nothing on it. */
export function newAxesModel(
  kind: "2d" | "3d",
  cell: SubplotCell | null,
  rect: AxesModel["rect"],
): AxesModel {
  const hasGrid = kind === "3d" || rcParams["axes.grid"];
  // In perspective the z axis leaves no margin around the data, unless points are drawn.
  const z = { ...newAxis("z", hasGrid), margin: 0 };
  return {
    kind,
    cell,
    rect,
    axis: { x: newAxis("x", hasGrid), y: newAxis("y", hasGrid), z },
    artists: [],
    titles: { left: newTitle(), center: newTitle(), right: newTitle() },
    facecolor: toRgba("rcParams", rcParams["axes.facecolor"]),
    frame: true,
    hiddenSpines: [],
    aspect: "auto",
    adjustable: "box",
    legend: null,
    view: { elevation: 30, azimuth: -60, roll: 0, projection: "persp", boxAspect: [4, 4, 3] },
    colorbars: [],
    shared: { x: null, y: null },
    hideTickLabels: { x: false, y: false },
  };
}
