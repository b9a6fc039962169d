import { measureDecorations } from "../decorations.js";
import { Frame } from "../frame.js";
import type { PlacedAxes } from "../layout.js";
import type { Artist } from "../model.js";
import { obstaclesOf } from "../obstacles.js";
import { drawArtist } from "./artists.js";
import { drawAxisLabels, drawSpines, drawTicks, drawTitles } from "./axis2d.js";
import { drawLegend } from "./legend.js";
import { fillOf, type SvgWriter } from "./writer.js";

/** Ticks and grid lie above areas and images, and below lines. */
const tickLayer = 1.5;

/** The frame lies above lines, and below texts. */
const spineLayer = 2.5;

function drawLayer(writer: SvgWriter, artists: readonly Artist[], frame: Frame, clip: string): void {
  const ordered = [...artists].sort((first, second) => first.zorder - second.zorder);
  for (const artist of ordered) {
    if (artist.kind === "text") drawArtist(writer, artist, frame);
    else writer.group({ "clip-path": clip }, () => drawArtist(writer, artist, frame));
  }
}

/** Draws flat axes: background, artists between ticks and frame, labels, titles and legend. */
export function drawAxes2d(writer: SvgWriter, placed: PlacedAxes): void {
  const { axes, frame: rect } = placed;
  const frame = new Frame(placed);
  const decorations = measureDecorations(placed, writer.pixelsPerPoint);
  const clip = writer.clip(rect.left, rect.top, rect.width, rect.height);
  const between = (from: number, to: number) =>
    axes.artists.filter(({ zorder }) => zorder >= from && zorder < to);
  if (axes.frame) {
    writer.element("rect", {
      x: rect.left,
      y: rect.top,
      width: rect.width,
      height: rect.height,
      ...fillOf(axes.facecolor),
    });
  }
  drawLayer(writer, between(Number.NEGATIVE_INFINITY, tickLayer), frame, clip);
  if (axes.frame) drawTicks(writer, axes, frame, decorations);
  drawLayer(writer, between(tickLayer, spineLayer), frame, clip);
  if (axes.frame) {
    drawSpines(writer, axes, frame);
    drawAxisLabels(writer, axes, frame, decorations);
  }
  drawTitles(writer, axes, rect);
  drawLayer(writer, between(spineLayer, Number.POSITIVE_INFINITY), frame, clip);
  drawLegend(writer, axes, rect, () => obstaclesOf(axes, frame));
}
