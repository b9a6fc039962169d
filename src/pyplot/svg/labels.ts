import { textSize } from "../mathText.js";
import type { ArrowStyle, TextArtist } from "../model.js";
import { drawText } from "./text.js";
import { fillOf, polyline, type SvgWriter, strokeOf } from "./writer.js";

/** Where texts can stand: data, fractions of the axes. */
interface TextSpace {
  x(value: number): number;
  y(value: number): number;
  fractionX(fraction: number): number;
  fractionY(fraction: number): number;
}

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function anchorOf(writer: SvgWriter, text: TextArtist, space: TextSpace): [number, number] {
  if (text.coordinates === "axes") return [space.fractionX(text.x), space.fractionY(text.y)];
  if (text.coordinates === "offset points" && text.target !== null) {
    const scale = writer.pixelsPerPoint;
    return [space.x(text.target.x) + text.x * scale, space.y(text.target.y) - text.y * scale];
  }
  return [space.x(text.x), space.y(text.y)];
}

function boxAround(text: TextArtist, x: number, y: number, size: number): Box {
  const { width, height } = textSize(text.text, size);
  const left = x - { left: 0, center: width / 2, right: width }[text.horizontal];
  const above = { top: 0, center: height / 2, bottom: height, baseline: 0.764 * height }[text.vertical];
  return { left, top: y - above, width, height };
}

/** The arrow from the edge of the text's box to the target. */
function drawArrow(writer: SvgWriter, arrow: ArrowStyle, box: Box, targetX: number, targetY: number): void {
  const scale = writer.pixelsPerPoint;
  const centerX = box.left + box.width / 2;
  const centerY = box.top + box.height / 2;
  const distance = Math.hypot(targetX - centerX, targetY - centerY);
  if (distance === 0) return;
  const ux = (targetX - centerX) / distance;
  const uy = (targetY - centerY) / distance;
  const pad = 4 * scale;
  const leave = Math.min(
    (box.width / 2 + pad) / Math.max(1e-9, Math.abs(ux)),
    (box.height / 2 + pad) / Math.max(1e-9, Math.abs(uy)),
  );
  const length = distance - leave;
  const gap = 2 * scale + arrow.shrink * Math.max(0, length);
  if (length <= gap) return;
  const start: [number, number] = [
    centerX + ux * (leave + gap - 2 * scale),
    centerY + uy * (leave + gap - 2 * scale),
  ];
  const end: [number, number] = [targetX - ux * gap, targetY - uy * gap];
  if (arrow.style === "simple") {
    drawFatArrow(writer, arrow, start, end);
    return;
  }
  writer.path(polyline([start, end]), { fill: "none", ...strokeOf(arrow.color, arrow.linewidth * scale) });
  const head = (tip: [number, number], sign: number) => {
    const along = 4 * scale;
    const wing = (side: number): [number, number] => [
      tip[0] - sign * ux * along - side * uy * along * 0.5,
      tip[1] - sign * uy * along + side * ux * along * 0.5,
    ];
    const isFilled = arrow.style === "-|>";
    writer.path(polyline([wing(1), tip, wing(-1)], isFilled), {
      ...(isFilled ? fillOf(arrow.color) : { fill: "none" }),
      ...strokeOf(arrow.color, arrow.linewidth * scale),
      "stroke-linecap": "round",
    });
  };
  if (arrow.style === "->" || arrow.style === "-|>" || arrow.style === "<->") head(end, 1);
  if (arrow.style === "<-" || arrow.style === "<->") head(start, -1);
}

/** The filled arrow that annotations have when no style is named. */
function drawFatArrow(
  writer: SvgWriter,
  arrow: ArrowStyle,
  start: [number, number],
  end: [number, number],
): void {
  const scale = writer.pixelsPerPoint;
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const ux = (end[0] - start[0]) / length;
  const uy = (end[1] - start[1]) / length;
  const head = Math.min(12 * scale, length);
  const at = (along: number, across: number): [number, number] => [
    start[0] + ux * along - uy * across,
    start[1] + uy * along + ux * across,
  ];
  const shaft = 2 * scale;
  const wing = 6 * scale;
  const neck = length - head;
  const points = [
    at(0, shaft),
    at(neck, shaft),
    at(neck, wing),
    at(length, 0),
    at(neck, -wing),
    at(neck, -shaft),
    at(0, -shaft),
  ];
  writer.path(polyline(points, true), { ...fillOf(arrow.color), ...strokeOf([0, 0, 0, 1], scale) });
}

/** Draws a text, its box and its arrow. */
export function drawPlacedText(writer: SvgWriter, text: TextArtist, space: TextSpace): void {
  const [x, y] = anchorOf(writer, text, space);
  if (!Number.isFinite(x + y)) return;
  const size = text.size * writer.pixelsPerPoint;
  const box = boxAround(text, x, y, size);
  if (text.target?.arrow) {
    drawArrow(writer, text.target.arrow, box, space.x(text.target.x), space.y(text.target.y));
  }
  if (text.box !== null) {
    const pad = text.box.pad * writer.pixelsPerPoint;
    writer.element("rect", {
      x: box.left - pad,
      y: box.top - pad,
      width: box.width + 2 * pad,
      height: box.height + 2 * pad,
      rx: text.box.rounded ? pad : null,
      ...fillOf(text.box.face),
      ...strokeOf(text.box.edge, writer.pixelsPerPoint),
    });
  }
  const { horizontal, vertical, rotation, color, weight, style } = text;
  drawText(writer, text.text, { x, y, size, color, horizontal, vertical, rotation, weight, style });
}
