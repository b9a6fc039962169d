import { Box } from "../box.js";
import type { PlacedAxes } from "../layout.js";
import type { Obstacles } from "../obstacles.js";
import type { Vector3 } from "../projection.js";
import { type Primitive, scenePrimitives } from "../scene.js";
import { Space } from "../space.js";
import { type PlacedAxis, placeSpaceAxes } from "../spaceAxes.js";
import { drawTitles } from "./axis2d.js";
import { drawLegend } from "./legend.js";
import { drawMarker, markerAttributes } from "./markers.js";
import { drawText } from "./text.js";
import { compactPolygon, fillOf, polyline, type SvgWriter, strokeOf } from "./writer.js";

/** The grey levels of the walls across x, y and z. */
const wallGreys = [0.95, 0.9, 0.925];

const axisWidth = 0.8;

type Pixel = [number, number];

function pixelsOf(space: Space, points: readonly Vector3[]): Pixel[] {
  return points.map((point): Pixel => {
    const [x, y] = space.pixels(point);
    return [x, y];
  });
}

function drawWalls(writer: SvgWriter, box: Box): void {
  for (const [axis, grey] of wallGreys.entries()) {
    const color = [grey, grey, grey, 0.5] as const;
    const data = polyline(pixelsOf(box.space, box.wall(axis)), true);
    writer.path(data, {
      ...fillOf(color),
      ...strokeOf(color, writer.pixelsPerPoint),
      "stroke-linejoin": "round",
    });
  }
}

function drawGrid(writer: SvgWriter, box: Box, { model, gridLines }: PlacedAxis): void {
  if (model.grid === null) return;
  const data = gridLines.map((line) => polyline(pixelsOf(box.space, line))).join("");
  const { color, linewidth, linestyle } = model.grid;
  writer.path(data, { fill: "none", ...strokeOf(color, linewidth * writer.pixelsPerPoint, linestyle) });
}

/** Draws one of the axes along its edge of the box: line, ticks, and their labels. */
function drawAxis(writer: SvgWriter, box: Box, axis: PlacedAxis): void {
  const { space } = box;
  const stroke = strokeOf([0, 0, 0, 1], axisWidth * writer.pixelsPerPoint);
  const line = polyline(pixelsOf(space, [axis.edge.from, axis.edge.to]));
  writer.path(line, { fill: "none", ...stroke, "stroke-linecap": "square" });
  const marks = axis.tickMarks.map((mark) => polyline(pixelsOf(space, mark)));
  writer.path(marks.join(""), { fill: "none", ...stroke });
  for (const { text, ...place } of axis.texts) drawText(writer, text, { ...place, horizontal: "center" });
}

function drawPrimitive(writer: SvgWriter, primitive: Primitive): void {
  const scale = writer.pixelsPerPoint;
  if (primitive.kind === "face") {
    const stroke = strokeOf(primitive.stroke, primitive.width * scale);
    writer.path(compactPolygon(primitive.points), { ...fillOf(primitive.fill), ...stroke });
  } else if (primitive.kind === "segment") {
    const { color, linewidth, linestyle } = primitive.style;
    const look = {
      fill: "none",
      ...strokeOf(color, linewidth * scale, linestyle),
    };
    // Round ends join the pieces of a line; see-through ones would show where they overlap.
    const cap = linestyle === "-" && color[3] >= 1 ? "round" : null;
    writer.path(polyline(primitive.points), { ...look, "stroke-linecap": cap });
  } else if (primitive.kind === "marker") {
    const look = markerAttributes(
      primitive.marker,
      primitive.face,
      primitive.edge,
      primitive.edgewidth * scale,
    );
    drawMarker(writer, primitive.marker, primitive.x, primitive.y, primitive.size * scale, look);
  } else {
    const { text, size, ...look } = primitive.text;
    drawText(writer, text, { ...look, x: primitive.x, y: primitive.y, size: size * scale });
  }
}

/** Draws three-dimensional axes: walls, grid, axes along the box's edges, then everything from far to near. */
export function drawAxes3d(writer: SvgWriter, placed: PlacedAxes): void {
  const { axes, frame } = placed;
  const space = new Space(placed);
  const box = new Box(space);
  const placedAxes = placeSpaceAxes(box, writer.pixelsPerPoint);
  if (axes.frame) {
    drawWalls(writer, box);
    for (const axis of placedAxes) drawGrid(writer, box, axis);
    for (const axis of placedAxes) drawAxis(writer, box, axis);
  }
  const primitives = scenePrimitives(axes.artists, space);
  const clip = writer.clip(frame.left, frame.top, frame.width, frame.height);
  writer.group({ "clip-path": clip, "stroke-linejoin": "round" }, () => {
    for (const primitive of primitives) if (primitive.kind !== "text") drawPrimitive(writer, primitive);
  });
  for (const primitive of primitives) if (primitive.kind === "text") drawPrimitive(writer, primitive);
  drawTitles(writer, axes, frame);
  drawLegend(writer, axes, frame, () => obstaclesIn(primitives));
}

function obstaclesIn(primitives: readonly Primitive[]): Obstacles {
  return {
    points: primitives.flatMap((item) => (item.kind === "marker" ? [[item.x, item.y] as const] : [])),
    lines: primitives.flatMap((item) =>
      item.kind === "segment" || item.kind === "face" ? [item.points] : [],
    ),
    boxes: [],
  };
}
