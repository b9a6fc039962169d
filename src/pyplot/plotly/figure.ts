import { toCss } from "../color.js";
import { figurePixels, placeAxes } from "../layout.js";
import { htmlText } from "../mathText.js";
import type { FigureModel, TextArtist } from "../model.js";
import { rcParams } from "../rcParams.js";
import { tightMargins } from "../tightLayout.js";
import { planeAxes } from "./axes2d.js";
import { spaceAxes } from "./axes3d.js";
import { colorbarTrace } from "./colorbar.js";
import { fontFamily, fontOf, type PlotlyObject } from "./style.js";
import type { PlotlyParts } from "./traces2d.js";

/** A figure as Plotly reads it, with traces of the types "scatter", "scatter3d" and "surface" only. */
export interface PlotlyFigure {
  data: Record<string, unknown>[];
  layout: Record<string, unknown>;
}

function pageText(text: TextArtist, scale: number): PlotlyObject {
  return {
    text: htmlText(text.text),
    font: fontOf(text.size * scale, text.color, text.weight, text.style),
    textangle: -text.rotation,
    xref: "paper",
    yref: "paper",
    x: text.x,
    y: text.y,
    xanchor: text.horizontal,
    yanchor: { top: "top", center: "middle", bottom: "bottom", baseline: "bottom" }[text.vertical],
    showarrow: false,
  };
}

/** "" for the first of its kind, then 2, 3, … */
function numbered(count: number): string {
  return count === 1 ? "" : String(count);
}

/** A figure as Plotly's `{ data, layout }`, laid out like the picture. */
export function toPlotly(figure: FigureModel): PlotlyFigure {
  const size = figurePixels(figure);
  const scale = figure.dpi / 72;
  const margins = figure.tight ? tightMargins(figure) : figure.margins;
  const all: (PlotlyParts & { layout: PlotlyObject })[] = [];
  let planes = 0;
  let scenes = 0;
  for (const axes of figure.axes) {
    const placed = placeAxes(figure, axes, margins);
    const isSpace = axes.kind === "3d";
    const suffix = numbered(isSpace ? ++scenes : ++planes);
    const legendSuffix = numbered(planes + scenes);
    const part = isSpace
      ? spaceAxes(placed, suffix, legendSuffix, size, scale)
      : planeAxes(placed, suffix, legendSuffix, size, scale);
    const place = isSpace
      ? { type: "scatter3d", scene: `scene${suffix}`, x: [null], y: [null], z: [null] }
      : { type: "scatter", xaxis: `x${suffix}`, yaxis: `y${suffix}`, x: [null], y: [null] };
    const bars = placed.colorbars.map(({ colorbar, frame }) =>
      colorbarTrace(colorbar, frame, size, scale, place),
    );
    all.push({ ...part, traces: [...part.traces, ...bars] });
  }
  const texts = (figure.suptitle === null ? figure.texts : [...figure.texts, figure.suptitle]).map((text) =>
    pageText(text, scale),
  );
  const firstPlane = figure.axes.find((axes) => axes.kind === "2d");
  return {
    data: all.flatMap((part) => part.traces),
    layout: {
      ...size,
      margin: { l: 0, r: 0, t: 0, b: 0, pad: 0 },
      paper_bgcolor: toCss(figure.facecolor),
      ...(firstPlane === undefined ? {} : { plot_bgcolor: toCss(firstPlane.facecolor) }),
      font: { family: fontFamily, size: rcParams["font.size"] * scale, color: "black" },
      hovermode: "closest",
      ...Object.assign({}, ...all.map((part) => part.layout)),
      shapes: all.flatMap((part) => part.shapes),
      images: all.flatMap((part) => part.images),
      annotations: [...all.flatMap((part) => part.annotations), ...texts],
    },
  };
}
