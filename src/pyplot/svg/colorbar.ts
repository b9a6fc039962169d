import { black } from "../color.js";
import { colorbarRange, colorbarTickRoom, colorbarTicks, labelPad } from "../colorbarTicks.js";
import { colorTable } from "../colormap.js";
import { tickLength, tickPad } from "../decorations.js";
import type { ColorbarModel, Rect } from "../model.js";
import { pngDataUri } from "../pngEncode.js";
import { rcParams } from "../rcParams.js";
import { drawText } from "./text.js";
import { fillOf, format, type SvgWriter, snap, strokeOf } from "./writer.js";

/** The position of a value along the bar, in pixels. */
function positionOf(bar: ColorbarModel, frame: Rect): (value: number) => number {
  const [low, high] = colorbarRange(bar);
  if (bar.orientation === "vertical")
    return (value) => frame.top + frame.height * (1 - (value - low) / (high - low));
  return (value) => frame.left + (frame.width * (value - low)) / (high - low);
}

/** A continuous bar is a strip of the map's colours, one pixel each, stretched over the frame. */
function drawContinuous(writer: SvgWriter, bar: ColorbarModel, frame: Rect): void {
  const table = colorTable("colorbar", bar.scale.cmap);
  const colors = bar.orientation === "vertical" ? table.toReversed() : table;
  const pixels = Uint8ClampedArray.from(
    colors.flatMap((color) => [...color.slice(0, 3), bar.alpha].map((channel) => channel! * 255)),
  );
  const [columns, rows] = bar.orientation === "vertical" ? [1, table.length] : [table.length, 1];
  writer.element("image", {
    x: frame.left,
    y: frame.top,
    width: frame.width,
    height: frame.height,
    preserveAspectRatio: "none",
    "image-rendering": "optimizeSpeed",
    href: pngDataUri(columns, rows, pixels),
  });
}

function drawBands(writer: SvgWriter, bar: ColorbarModel, frame: Rect): void {
  const position = positionOf(bar, frame);
  const extended = bar.colors!.length - (bar.boundaries!.length - 1);
  const first = extended > 0 ? 1 : 0;
  for (let index = 0; index + 1 < bar.boundaries!.length; index++) {
    const [from, to] = [position(bar.boundaries![index]!), position(bar.boundaries![index + 1]!)].sort(
      (a, b) => a - b,
    ) as [number, number];
    const place =
      bar.orientation === "vertical"
        ? { x: frame.left, y: from, width: frame.width, height: to - from }
        : { x: from, y: frame.top, width: to - from, height: frame.height };
    const color = bar.colors![Math.min(bar.colors!.length - 1, index + (extended === 2 ? first : 0))]!;
    writer.element("rect", { ...place, ...fillOf(color), "shape-rendering": "crispEdges" });
  }
}

function drawLevelLines(writer: SvgWriter, bar: ColorbarModel, frame: Rect): void {
  const position = positionOf(bar, frame);
  for (const { level, color, linewidth } of bar.lines) {
    const at = position(level);
    const stroke = strokeOf(color, linewidth * writer.pixelsPerPoint);
    if (bar.orientation === "vertical") writer.line(frame.left, at, frame.left + frame.width, at, stroke);
    else writer.line(at, frame.top, at, frame.top + frame.height, stroke);
  }
}

function drawBarTicks(writer: SvgWriter, bar: ColorbarModel, frame: Rect): void {
  const scale = writer.pixelsPerPoint;
  const isVertical = bar.orientation === "vertical";
  const position = positionOf(bar, frame);
  const { ticks, offsetText } = colorbarTicks(bar, isVertical ? frame.height : frame.width, scale);
  const size = rcParams["ytick.labelsize"] * scale;
  const gap = (tickLength + tickPad) * scale;
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  const marks = ticks.map(({ value }) => {
    const at = format(snap(position(value)));
    return isVertical
      ? `M${format(snap(right))} ${at}h${format(tickLength * scale)}`
      : `M${at} ${format(snap(bottom))}v${format(tickLength * scale)}`;
  });
  writer.path(marks.join(""), { fill: "none", ...strokeOf(black, 0.8 * scale) });
  for (const { value, label } of ticks) {
    const at = position(value);
    if (isVertical)
      drawText(writer, label, {
        x: right + gap,
        y: at,
        size,
        color: black,
        horizontal: "left",
        vertical: "centerBaseline",
      });
    else
      drawText(writer, label, {
        x: at,
        y: bottom + gap,
        size,
        color: black,
        horizontal: "center",
        vertical: "top",
      });
  }
  const place = isVertical
    ? { x: frame.left, y: frame.top - 3 * scale }
    : { x: right, y: bottom + gap + size * 1.2 };
  drawText(writer, offsetText, {
    ...place,
    size,
    color: black,
    horizontal: isVertical ? "left" : "right",
    vertical: "baseline",
  });
}

function drawBarLabel(writer: SvgWriter, bar: ColorbarModel, frame: Rect): void {
  const scale = writer.pixelsPerPoint;
  const beyond = colorbarTickRoom(bar, frame, scale) + labelPad * scale;
  const look = { size: rcParams["axes.labelsize"] * scale, color: black };
  if (bar.orientation === "horizontal") {
    const place = { x: frame.left + frame.width / 2, y: frame.top + frame.height + beyond };
    drawText(writer, bar.label, { ...place, ...look, horizontal: "center", vertical: "top" });
  } else {
    const place = { x: frame.left + frame.width + beyond, y: frame.top + frame.height / 2 };
    drawText(writer, bar.label, { ...place, ...look, horizontal: "left", vertical: "center", rotation: 90 });
  }
}

/** Draws a colour bar with its ticks and label. */
export function drawColorbar(writer: SvgWriter, bar: ColorbarModel, frame: Rect): void {
  if (bar.boundaries !== null) drawBands(writer, bar, frame);
  else if (bar.lines.length > 0) drawLevelLines(writer, bar, frame);
  else drawContinuous(writer, bar, frame);
  const [x0, y0, x1, y1] = [frame.left, frame.top, frame.left + frame.width, frame.top + frame.height].map(
    snap,
  ) as [number, number, number, number];
  writer.element("rect", {
    x: x0,
    y: y0,
    width: x1 - x0,
    height: y1 - y0,
    fill: "none",
    ...strokeOf(black, 0.8 * writer.pixelsPerPoint),
  });
  drawBarTicks(writer, bar, frame);
  drawBarLabel(writer, bar, frame);
}
