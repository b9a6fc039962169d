import { type Rgba, toHex } from "../color.js";
import { ascent, descent, lineStep, type TextRun, textRuns, textSize } from "../mathText.js";
import { escapeXml, fillOf, format, type SvgWriter } from "./writer.js";

export type VerticalAlignment = "top" | "center" | "bottom" | "baseline" | "centerBaseline";

export interface TextPlacement {
  x: number;
  y: number;
  /** Font size in pixels. */
  size: number;
  color: Rgba;
  horizontal: "left" | "center" | "right";
  vertical: VerticalAlignment;
  /** Degrees counter-clockwise. */
  rotation?: number;
  weight?: "normal" | "bold";
  style?: "normal" | "italic";
}

/** How far the first baseline lies below the anchor, in ems. */
function firstBaseline(vertical: VerticalAlignment, lineCount: number): number {
  const rest = (lineCount - 1) * lineStep;
  switch (vertical) {
    case "top":
      return ascent;
    case "bottom":
      return -descent - rest;
    case "center":
      return ascent - (ascent + descent + rest) / 2;
    case "centerBaseline":
      return ascent / 2 - rest / 2;
    case "baseline":
      return -rest;
  }
}

function runMarkup(run: TextRun, previousRise: number, size: number): string {
  const shift = (previousRise - run.rise) * size;
  const attributes =
    (shift === 0 ? "" : ` dy="${format(shift)}"`) +
    (run.scale === 1 ? "" : ` font-size="${format(run.scale * size)}"`) +
    (run.italic ? ' font-style="italic"' : "");
  const text = escapeXml(run.text);
  return attributes === "" ? text : `<tspan${attributes}>${text}</tspan>`;
}

function lineMarkup(line: string, size: number): string {
  let rise = 0;
  return textRuns(line)
    .map((run) => {
      const markup = runMarkup(run, rise, size);
      rise = run.rise;
      return markup;
    })
    .join("");
}

/** The place of a rotated text's box: Matplotlib aligns the upright box around it. */
function rotatedAnchor(text: string, placement: TextPlacement): { x: number; y: number } {
  const { width, height } = textSize(text, placement.size);
  const angle = ((placement.rotation ?? 0) * Math.PI) / 180;
  const boxWidth = Math.abs(width * Math.cos(angle)) + Math.abs(height * Math.sin(angle));
  const boxHeight = Math.abs(width * Math.sin(angle)) + Math.abs(height * Math.cos(angle));
  const shiftX = { left: boxWidth / 2, center: 0, right: -boxWidth / 2 }[placement.horizontal];
  const isUp = placement.vertical === "bottom" || placement.vertical === "baseline";
  const shiftY = placement.vertical === "top" ? boxHeight / 2 : isUp ? -boxHeight / 2 : 0;
  return { x: placement.x + shiftX, y: placement.y + shiftY };
}

/** Writes a text, of one or several lines, at a place. */
export function drawText(writer: SvgWriter, text: string, placement: TextPlacement): void {
  if (text === "") return;
  const lines = text.split("\n");
  const isRotated = (placement.rotation ?? 0) !== 0;
  const anchor = isRotated ? rotatedAnchor(text, placement) : placement;
  const horizontal = isRotated ? "center" : placement.horizontal;
  const vertical = isRotated ? "center" : placement.vertical;
  const start = firstBaseline(vertical, lines.length) * placement.size;
  const turn = isRotated
    ? `rotate(${format(-placement.rotation!)} ${format(anchor.x)} ${format(anchor.y)})`
    : null;
  for (const [index, line] of lines.entries()) {
    writer.element(
      "text",
      {
        x: anchor.x,
        y: anchor.y + start + index * lineStep * placement.size,
        "font-size": placement.size,
        "text-anchor": { left: null, center: "middle", right: "end" }[horizontal],
        ...(toHex(placement.color) === "#000000" && placement.color[3] === 1 ? {} : fillOf(placement.color)),
        "font-weight": placement.weight === "bold" ? "bold" : null,
        "font-style": placement.style === "italic" ? "italic" : null,
        transform: turn,
      },
      lineMarkup(line, placement.size),
    );
  }
}
