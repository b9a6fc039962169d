import { figurePixels, placeAxes } from "../layout.js";
import type { FigureModel, TextArtist } from "../model.js";
import { tightMargins } from "../tightLayout.js";
import { drawAxes2d } from "./axes2d.js";
import { drawAxes3d } from "./axes3d.js";
import { drawColorbar } from "./colorbar.js";
import { drawText } from "./text.js";
import { fillOf, format, SvgWriter } from "./writer.js";

/** DejaVu Sans where there is one, else fonts of nearly the same widths. */
const fontFamily = "DejaVu Sans, Verdana, Bitstream Vera Sans, sans-serif";

function drawFigureText(writer: SvgWriter, text: TextArtist, width: number, height: number): void {
  const { horizontal, vertical, rotation, color, weight, style } = text;
  const size = text.size * writer.pixelsPerPoint;
  drawText(writer, text.text, {
    x: text.x * width,
    y: (1 - text.y) * height,
    size,
    color,
    horizontal,
    vertical,
    rotation,
    weight,
    style,
  });
}

/** A figure as a standalone SVG document; it needs no browser. */
export function toSvg(figure: FigureModel): string {
  const { width, height } = figurePixels(figure);
  const writer = new SvgWriter(figure.dpi / 72);
  const margins = figure.tight ? tightMargins(figure) : figure.margins;
  writer.element("rect", { width, height, ...fillOf(figure.facecolor) });
  figure.axes.forEach((axes, index) => {
    const placed = placeAxes(figure, axes, margins);
    writer.group({ class: "axes", "data-axes": String(index + 1) }, () => {
      if (axes.kind === "3d") drawAxes3d(writer, placed);
      else drawAxes2d(writer, placed);
      for (const { colorbar, frame } of placed.colorbars) drawColorbar(writer, colorbar, frame);
    });
  });
  const texts = figure.suptitle === null ? figure.texts : [...figure.texts, figure.suptitle];
  for (const text of texts) drawFigureText(writer, text, width, height);
  const [w, h] = [format(width), format(height)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" ` +
    `font-family="${fontFamily}" style="white-space:pre">\n${writer.toString()}\n</svg>\n`
  );
}
