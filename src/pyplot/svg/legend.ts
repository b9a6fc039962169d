import { black } from "../color.js";
import {
  borderPad,
  columnSpacing,
  handleLength,
  handleTextPad,
  labelSpacing,
  placeLegend,
  rowHeight,
} from "../legendLayout.js";
import type { Artist, AxesModel, Rect } from "../model.js";
import type { Obstacles } from "../obstacles.js";
import { drawMarker, markerAttributes } from "./markers.js";
import { drawText } from "./text.js";
import { fillOf, type SvgWriter, strokeOf } from "./writer.js";

/** In font sizes: from the top of a row to its baseline, and the height of a patch. */
const baseline = 0.79;
const patchHeight = 0.7;

/** Draws a short piece of line, a marker or a patch, as the artist looks; `y` is the text's baseline. */
function drawHandle(writer: SvgWriter, artist: Artist, x: number, y: number, size: number): void {
  const scale = writer.pixelsPerPoint;
  const middle = y - 0.35 * size;
  const center = x + (handleLength * size) / 2;
  if (artist.kind === "line" || artist.kind === "segments") {
    const style = artist.kind === "line" ? artist : { ...artist.lines[0]!, linewidth: artist.linewidth };
    writer.line(
      x,
      middle,
      x + handleLength * size,
      middle,
      strokeOf(style.color, style.linewidth * scale, style.linestyle),
    );
  }
  if (artist.kind === "line" && artist.marker !== "None") {
    const look = markerAttributes(
      artist.marker,
      artist.markerfacecolor,
      artist.markeredgecolor,
      artist.markeredgewidth * scale,
    );
    drawMarker(writer, artist.marker, center, middle, artist.markersize * scale, look);
  }
  if (artist.kind === "points" && artist.x.length > 0) {
    const look = markerAttributes(
      artist.marker,
      artist.faces[0]!,
      artist.edges[0]!,
      artist.edgewidth * scale,
    );
    drawMarker(writer, artist.marker, center, y - 0.375 * size, Math.sqrt(artist.sizes[0]!) * scale, look);
  }
  const patch =
    artist.kind === "polygons"
      ? {
          face: artist.polygons[0]?.face ?? ([0, 0, 0, 0] as const),
          edge: artist.edge,
          linewidth: artist.linewidth,
        }
      : artist.kind === "surface"
        ? { face: artist.color, edge: artist.edge ?? ([0, 0, 0, 0] as const), linewidth: artist.linewidth }
        : null;
  if (patch === null) return;
  const place = { x, y: y - patchHeight * size, width: handleLength * size, height: patchHeight * size };
  writer.element("rect", {
    ...place,
    ...fillOf(patch.face),
    ...strokeOf(patch.edge, patch.linewidth * scale),
  });
}

/** Draws the legend of an axes inside `frame`. */
export function drawLegend(
  writer: SvgWriter,
  axes: AxesModel,
  frame: Rect,
  obstacles: () => Obstacles,
): void {
  const { legend } = axes;
  const placed = placeLegend(axes, frame, obstacles, writer.pixelsPerPoint);
  if (legend === null || placed === null) return;
  const { box, layout } = placed;
  const size = legend.fontSize * writer.pixelsPerPoint;
  if (legend.frame) {
    writer.element("rect", {
      x: box.left,
      y: box.top,
      width: box.width,
      height: box.height,
      rx: 0.2 * size,
      ...fillOf([...axes.facecolor.slice(0, 3), 0.8] as unknown as typeof black),
      ...strokeOf([0.8, 0.8, 0.8, 0.8], writer.pixelsPerPoint),
    });
  }
  const top = box.top + borderPad * size;
  const text = { size, color: black, vertical: "baseline" as const };
  drawText(writer, legend.title, {
    x: box.left + box.width / 2,
    y: top + baseline * size,
    horizontal: "center",
    ...text,
  });
  let left = box.left + borderPad * size;
  for (const column of layout.columns) {
    column.entries.forEach(({ artist, label }, row) => {
      const y = top + layout.titleHeight + row * (rowHeight + labelSpacing) * size + baseline * size;
      drawHandle(writer, artist, left, y, size);
      drawText(writer, label, {
        x: left + (handleLength + handleTextPad) * size,
        y,
        horizontal: "left",
        ...text,
      });
    });
    left += column.width + columnSpacing * size;
  }
}
