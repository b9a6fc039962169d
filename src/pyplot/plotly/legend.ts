import { black } from "../color.js";
import { placeLegend } from "../legendLayout.js";
import { htmlText } from "../mathText.js";
import type { AxesModel, Rect } from "../model.js";
import type { Obstacles } from "../obstacles.js";
import { fontOf, type PlotlyObject } from "./style.js";

/** Plotly's legend in the place that the picture's would have; null when there is none. */
export function legendLayout(
  axes: AxesModel,
  frame: Rect,
  obstacles: () => Obstacles,
  figure: { width: number; height: number },
  scale: number,
): PlotlyObject | null {
  const placed = placeLegend(axes, frame, obstacles, scale);
  if (placed === null || axes.legend === null) return null;
  const { box } = placed;
  const isRight = box.left + box.width / 2 > frame.left + frame.width / 2;
  const isLow = box.top + box.height / 2 > frame.top + frame.height / 2;
  return {
    x: (isRight ? box.left + box.width : box.left) / figure.width,
    y: 1 - (isLow ? box.top + box.height : box.top) / figure.height,
    xanchor: isRight ? "right" : "left",
    yanchor: isLow ? "bottom" : "top",
    bgcolor: "rgba(255,255,255,0.8)",
    bordercolor: "#cccccc",
    borderwidth: axes.legend.frame ? 1 : 0,
    font: fontOf(axes.legend.fontSize * scale, black),
    ...(axes.legend.title === "" ? {} : { title: { text: htmlText(axes.legend.title) } }),
  };
}
