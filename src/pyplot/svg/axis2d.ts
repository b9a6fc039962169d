import {
  type Decorations,
  minorTickLength,
  offsetTextPad,
  tickLength,
  tickPad,
  titlePad,
} from "../decorations.js";
import type { Frame } from "../frame.js";
import type { AxesModel, AxisModel, GridStyle } from "../model.js";
import type { Tick } from "../ticks.js";
import { drawText } from "./text.js";
import { format, type SvgWriter, snap, strokeOf } from "./writer.js";

const majorWidth = 0.8;
const minorWidth = 0.6;

function drawGrid(
  writer: SvgWriter,
  frame: Frame,
  name: "x" | "y",
  ticks: readonly Tick[],
  style: GridStyle | null,
): void {
  if (style === null || ticks.length === 0) return;
  const { left, top, width, height } = frame.rect;
  const data = ticks.map(({ value }) => {
    const at = format(snap(frame.along(name, value)));
    return name === "x"
      ? `M${at} ${format(top + height)}V${format(top)}`
      : `M${format(left)} ${at}H${format(left + width)}`;
  });
  writer.path(data.join(""), {
    fill: "none",
    ...strokeOf(style.color, style.linewidth * writer.pixelsPerPoint, style.linestyle),
  });
}

function drawTickMarks(
  writer: SvgWriter,
  frame: Frame,
  name: "x" | "y",
  ticks: readonly Tick[],
  length: number,
  width: number,
): void {
  const { left, top, height } = frame.rect;
  const scale = writer.pixelsPerPoint;
  const data = ticks.map(({ value }) => {
    const at = format(snap(frame.along(name, value)));
    return name === "x"
      ? `M${at} ${format(snap(top + height))}v${format(length * scale)}`
      : `M${format(snap(left))} ${at}h${format(-length * scale)}`;
  });
  writer.path(data.join(""), { fill: "none", ...strokeOf([0, 0, 0, 1], width * scale) });
}

function drawTickLabels(
  writer: SvgWriter,
  frame: Frame,
  name: "x" | "y",
  axis: AxisModel,
  ticks: readonly Tick[],
): void {
  const { left, top, height } = frame.rect;
  const gap = (tickLength + tickPad) * writer.pixelsPerPoint;
  const style = {
    size: axis.tickSize * writer.pixelsPerPoint,
    color: axis.tickColor,
    rotation: axis.tickRotation,
  };
  for (const { value, label } of ticks) {
    const at = frame.along(name, value);
    if (name === "x")
      drawText(writer, label, {
        x: at,
        y: top + height + gap,
        horizontal: "center",
        vertical: "top",
        ...style,
      });
    else
      drawText(writer, label, {
        x: left - gap,
        y: at,
        horizontal: "right",
        vertical: "centerBaseline",
        ...style,
      });
  }
}

/** Draws grid lines, tick marks and their labels. */
export function drawTicks(writer: SvgWriter, axes: AxesModel, frame: Frame, decorations: Decorations): void {
  const both = [
    ["x", decorations.xTicks],
    ["y", decorations.yTicks],
  ] as const;
  for (const [name, ticks] of both) {
    const axis = axes.axis[name];
    drawGrid(writer, frame, name, ticks.minor, axis.minorGrid);
    drawGrid(writer, frame, name, ticks.major, axis.grid);
    drawTickMarks(writer, frame, name, ticks.minor, minorTickLength, minorWidth);
    drawTickMarks(writer, frame, name, ticks.major, tickLength, majorWidth);
    drawTickLabels(writer, frame, name, axis, [...ticks.major, ...ticks.minor]);
  }
}

/** Draws the sides of the frame that are not hidden. */
export function drawSpines(writer: SvgWriter, axes: AxesModel, frame: Frame): void {
  const { left, top, width, height } = frame.rect;
  const [x0, x1, y0, y1] = [left, left + width, top, top + height].map((value) => format(snap(value)));
  const sides = {
    left: `M${x0} ${y1}V${y0}`,
    right: `M${x1} ${y1}V${y0}`,
    bottom: `M${x0} ${y1}H${x1}`,
    top: `M${x0} ${y0}H${x1}`,
  };
  const shown = Object.entries(sides).filter(([side]) => !axes.hiddenSpines.includes(side));
  const stroke = strokeOf([0, 0, 0, 1], majorWidth * writer.pixelsPerPoint);
  writer.path(shown.map(([, data]) => data).join(""), {
    fill: "none",
    ...stroke,
    "stroke-linecap": "square",
  });
}

/** Draws the labels of both axes and the factors that their tick labels share. */
export function drawAxisLabels(
  writer: SvgWriter,
  axes: AxesModel,
  frame: Frame,
  decorations: Decorations,
): void {
  const { left, top, width, height } = frame.rect;
  const scale = writer.pixelsPerPoint;
  const { x, y } = axes.axis;
  drawText(writer, x.label, {
    x: left + width / 2,
    y: top + height + decorations.xLabelTop,
    size: x.labelSize * scale,
    color: x.labelColor,
    horizontal: "center",
    vertical: "top",
  });
  drawText(writer, y.label, {
    x: left - decorations.yLabelRight,
    y: top + height / 2,
    size: y.labelSize * scale,
    color: y.labelColor,
    horizontal: "right",
    vertical: "center",
    rotation: 90,
  });
  const pad = offsetTextPad * scale;
  drawText(writer, decorations.yTicks.offsetText, {
    x: left,
    y: top - pad,
    size: y.tickSize * scale,
    color: y.tickColor,
    horizontal: "left",
    vertical: "baseline",
  });
  const below = decorations.xLabelTop - x.labelPad * scale + pad;
  drawText(writer, decorations.xTicks.offsetText, {
    x: left + width,
    y: top + height + below,
    size: x.tickSize * scale,
    color: x.tickColor,
    horizontal: "right",
    vertical: "top",
  });
}

/** Draws the titles above the frame. */
export function drawTitles(
  writer: SvgWriter,
  axes: AxesModel,
  frame: { left: number; top: number; width: number },
): void {
  const scale = writer.pixelsPerPoint;
  const places = { left: frame.left, center: frame.left + frame.width / 2, right: frame.left + frame.width };
  for (const place of ["left", "center", "right"] as const) {
    const { text, size, ...style } = axes.titles[place];
    drawText(writer, text, {
      x: places[place],
      y: frame.top - titlePad * scale,
      size: size * scale,
      horizontal: place,
      vertical: "baseline",
      ...style,
    });
  }
}
