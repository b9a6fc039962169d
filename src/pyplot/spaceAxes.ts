import type { Box, Edge } from "./box.js";
import type { Rgba } from "./color.js";
import { tickPad } from "./decorations.js";
import { textSize } from "./mathText.js";
import type { AxisModel, Rect } from "./model.js";
import type { Vector3 } from "./projection.js";
import { axisNames, type Space } from "./space.js";
import { axisTicks } from "./ticks.js";

/** Distances of labels from the edges, in points, and the size in points for which Matplotlib tuned them. */
const axisLabelDistance = 21;
const tickLabelDistance = 8;
const tunedSize = 48;

/** Longer labels run along their axis, shorter ones stay upright. */
const longestUprightLabel = 4;

/** A text centred across its place on the page, in pixels; rotated by degrees counter-clockwise. */
export interface PlacedText {
  text: string;
  x: number;
  y: number;
  size: number;
  color: Rgba;
  rotation: number;
  vertical: "top" | "center";
}

/** One axis along an edge of the box, with everything that belongs to it. */
export interface PlacedAxis {
  model: AxisModel;
  edge: Edge;
  tickMarks: [Vector3, Vector3][];
  gridLines: Vector3[][];
  texts: PlacedText[];
}

/** The angle of an edge on the page, in degrees from -90 to 90. */
function edgeAngle(space: Space, { from, to }: Edge): number {
  const [x0, y0] = space.pixels(from);
  const [x1, y1] = space.pixels(to);
  const degrees = (Math.atan2(y0 - y1, x1 - x0) * 180) / Math.PI;
  const turned = (degrees + 180) % 180;
  return turned > 90 ? turned - 180 : turned;
}

function tickTexts(
  box: Box,
  edge: Edge,
  model: AxisModel,
  ticks: readonly { at: number; label: string }[],
  scale: number,
  steps: number,
): PlacedText[] {
  return ticks.map(({ at, label }) => {
    const base: Vector3 = [...edge.from];
    base[edge.axis] = at;
    const [x, y] = box.space.pixels(box.outwards(base, edge.axis, (tickPad + tickLabelDistance) * steps));
    return {
      text: label,
      x,
      y,
      size: model.tickSize * scale,
      color: model.tickColor,
      rotation: 0,
      vertical: "top",
    };
  });
}

function axisTexts(
  box: Box,
  edge: Edge,
  model: AxisModel,
  offsetText: string,
  scale: number,
  steps: number,
): PlacedText[] {
  const distance = (model.labelPad + axisLabelDistance) * steps;
  const angle = edgeAngle(box.space, edge);
  const middle = edge.from.map((value, k) => (value + edge.to[k]!) / 2) as Vector3;
  const end = edge.axis === 2 ? edge.to : edge.from;
  const place = (point: Vector3, text: string, size: number, color: Rgba, rotation: number): PlacedText => {
    const [x, y] = box.space.pixels(box.outwards(point, edge.axis, distance));
    return { text, x, y, size: size * scale, color, rotation, vertical: "center" };
  };
  return [
    place(
      middle,
      model.label,
      model.labelSize,
      model.labelColor,
      model.label.length > longestUprightLabel ? angle : 0,
    ),
    place(end, offsetText, model.tickSize, model.tickColor, angle),
  ].filter(({ text }) => text !== "");
}

/** Places the three axes of a box; `scale` is pixels per point. */
export function placeSpaceAxes(box: Box, scale: number): PlacedAxis[] {
  const { space } = box;
  const { axes, frame, limits } = space.placed;
  const steps = tunedSize / ((frame.width + frame.height) / scale);
  return axisNames.map((name, axis) => {
    const model = axes.axis[name];
    const { major, offsetText } = axisTicks(model, name, limits[name], frame.width / scale, true);
    const ticks = major.map(({ value, label }) => ({ at: space.scaledAlong(axis, value), label }));
    const edge = box.edge(axis);
    return {
      model,
      edge,
      tickMarks: ticks.map(({ at }) => box.tickMark(edge, at)),
      gridLines: ticks.map(({ at }) => box.gridLine(axis, at)),
      texts: [
        ...tickTexts(box, edge, model, ticks, scale, steps),
        ...axisTexts(box, edge, model, offsetText, scale, steps),
      ],
    };
  });
}

function textBox({ text, x, y, size, rotation, vertical }: PlacedText): Rect {
  const { width, height } = textSize(text, size);
  const angle = (rotation * Math.PI) / 180;
  const across = Math.abs(width * Math.cos(angle)) + Math.abs(height * Math.sin(angle));
  const down = Math.abs(width * Math.sin(angle)) + Math.abs(height * Math.cos(angle));
  return { left: x - across / 2, top: vertical === "top" ? y : y - down / 2, width: across, height: down };
}

/** The smallest rectangle on the page that holds the box and all texts around it. */
export function spaceExtent(
  box: Box,
  scale: number,
): { left: number; right: number; top: number; bottom: number } {
  const { far, near, space } = box;
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((bits) =>
    space.pixels(far.map((value, k) => (bits & (1 << k) ? near[k]! : value)) as Vector3),
  );
  const texts = placeSpaceAxes(box, scale).flatMap((axis) => axis.texts.map(textBox));
  return {
    left: Math.min(...corners.map(([x]) => x), ...texts.map((rect) => rect.left)),
    right: Math.max(...corners.map(([x]) => x), ...texts.map((rect) => rect.left + rect.width)),
    top: Math.min(...corners.map(([, y]) => y), ...texts.map((rect) => rect.top)),
    bottom: Math.max(...corners.map(([, y]) => y), ...texts.map((rect) => rect.top + rect.height)),
  };
}
