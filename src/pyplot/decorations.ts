import type { PlacedAxes } from "./layout.js";
import { ascent, descent, textSize } from "./mathText.js";
import type { AxisModel } from "./model.js";
import { type AxisTicks, axisTicks, type Tick } from "./ticks.js";

/** Lengths in points, as in Matplotlib's defaults. */
export const tickLength = 3.5;
export const minorTickLength = 2;
export const tickPad = 3.5;
export const titlePad = 6;
export const offsetTextPad = 3;

/** The height of one line of text, in ems. */
export const lineHeight = ascent + descent;

/** What surrounds the frame of flat axes, measured outwards from the frame, in pixels. */
export interface Decorations {
  xTicks: AxisTicks;
  yTicks: AxisTicks;
  /** Where the labels of the axes begin. */
  xLabelTop: number;
  yLabelRight: number;
  extent: { left: number; right: number; top: number; bottom: number };
}

function rotatedSize(tick: Tick, size: number, degrees: number): { width: number; height: number } {
  const angle = (degrees * Math.PI) / 180;
  const { width, height } = textSize(tick.label, size);
  return {
    width: Math.abs(width * Math.cos(angle)) + Math.abs(height * Math.sin(angle)),
    height: Math.abs(width * Math.sin(angle)) + Math.abs(height * Math.cos(angle)),
  };
}

interface TickRoom {
  width: number;
  height: number;
}

/** The widest and highest label of an axis; an axis without ticks takes no room. */
function tickRoom(axis: AxisModel, ticks: AxisTicks, scale: number): TickRoom {
  const sizes = [...ticks.major, ...ticks.minor]
    .filter((tick) => tick.label !== "")
    .map((tick) => rotatedSize(tick, axis.tickSize * scale, axis.tickRotation));
  return {
    width: Math.max(0, ...sizes.map(({ width }) => width)),
    height: Math.max(0, ...sizes.map(({ height }) => height)),
  };
}

function withoutLabels(ticks: AxisTicks): AxisTicks {
  const strip = (tick: Tick): Tick => ({ ...tick, label: "" });
  return { major: ticks.major.map(strip), minor: ticks.minor.map(strip), offsetText: "" };
}

/** Measures ticks, labels and titles of flat axes; `scale` is pixels per point. */
export function measureDecorations(placed: PlacedAxes, scale: number): Decorations {
  const { axes, frame, limits } = placed;
  const ticksOf = (name: "x" | "y", length: number) => {
    const ticks = axisTicks(axes.axis[name], name, limits[name], length / scale, false);
    return axes.hideTickLabels[name] ? withoutLabels(ticks) : ticks;
  };
  const xTicks = ticksOf("x", frame.width);
  const yTicks = ticksOf("y", frame.height);
  const xRoom = tickRoom(axes.axis.x, xTicks, scale);
  const yRoom = tickRoom(axes.axis.y, yTicks, scale);
  const gap = (hasTicks: boolean, room: number) =>
    hasTicks ? tickLength * scale + (room > 0 ? tickPad * scale + room : 0) : 0;
  const below = gap(xTicks.major.length > 0, xRoom.height);
  const beside = gap(yTicks.major.length > 0, yRoom.width);
  const labelRoom = (axis: AxisModel) =>
    axis.label === "" ? 0 : axis.labelPad * scale + lineHeight * axis.labelSize * scale;
  const title = Math.max(
    ...Object.values(axes.titles).map((item) => (item.text === "" ? 0 : titlePad + ascent * item.size)),
  );
  const offset = yTicks.offsetText === "" ? 0 : offsetTextPad + ascent * axes.axis.y.tickSize;
  const lastLabel = xTicks.major.at(-1);
  const overhang =
    lastLabel === undefined
      ? 0
      : textSize(lastLabel.label, axes.axis.x.tickSize * scale).width / 2 - distanceToEnd(placed, lastLabel);
  return {
    xTicks,
    yTicks,
    xLabelTop: below + axes.axis.x.labelPad * scale,
    yLabelRight: beside + axes.axis.y.labelPad * scale,
    extent: {
      left: axes.frame ? beside + labelRoom(axes.axis.y) : 0,
      right: axes.frame ? Math.max(0, overhang) : 0,
      top: Math.max(title, offset) * scale,
      bottom: axes.frame ? below + labelRoom(axes.axis.x) : 0,
    },
  };
}

function distanceToEnd(placed: PlacedAxes, tick: Tick): number {
  const [from, to] = placed.limits.x;
  return ((to - tick.value) / (to - from)) * placed.frame.width;
}
