import { toCss } from "../color.js";
import { colorbarRange, colorbarTicks } from "../colorbarTicks.js";
import { htmlText } from "../mathText.js";
import type { ColorbarModel, Rect } from "../model.js";
import { colorscaleOf, type PlotlyObject } from "./style.js";

/** The map's colours, or equal steps for the bands between contour levels. */
function barColorscale(bar: ColorbarModel): [number, string][] {
  const levels = bar.boundaries;
  if (levels === null) return colorscaleOf(bar.scale.cmap);
  const [low, high] = colorbarRange(bar);
  const skipped = bar.colors!.length === levels.length + 1 ? 1 : 0;
  return levels.slice(0, -1).flatMap((level, index): [number, string][] => {
    const color = toCss(bar.colors![Math.min(bar.colors!.length - 1, index + skipped)]!);
    const fraction = (value: number) => (value - low) / (high - low);
    return [
      [fraction(level), color],
      [fraction(levels[index + 1]!), color],
    ];
  });
}

/** An invisible point whose colour scale is shown: Plotly has no colour bar without a trace. */
export function colorbarTrace(
  bar: ColorbarModel,
  frame: Rect,
  figure: { width: number; height: number },
  scale: number,
  place: PlotlyObject,
): PlotlyObject {
  const isVertical = bar.orientation === "vertical";
  const [low, high] = colorbarRange(bar);
  const { ticks } = colorbarTicks(bar, isVertical ? frame.height : frame.width, scale);
  return {
    ...place,
    mode: "markers",
    showlegend: false,
    hoverinfo: "skip",
    marker: {
      color: [low],
      cmin: low,
      cmax: high,
      colorscale: barColorscale(bar),
      showscale: true,
      colorbar: {
        orientation: isVertical ? "v" : "h",
        x: frame.left / figure.width,
        y: 1 - (isVertical ? frame.top + frame.height : frame.top) / figure.height,
        xanchor: "left",
        // Below a lying bar are its labels, which Plotly counts as part of it.
        yanchor: isVertical ? "bottom" : "top",
        xpad: 0,
        ypad: 0,
        lenmode: "pixels",
        len: isVertical ? frame.height : frame.width,
        thicknessmode: "pixels",
        thickness: isVertical ? frame.width : frame.height,
        outlinecolor: "black",
        outlinewidth: 1,
        ticks: "outside",
        tickvals: ticks.map((tick) => tick.value),
        ticktext: ticks.map((tick) => htmlText(tick.label)),
        ...(bar.label === ""
          ? {}
          : { title: { text: htmlText(bar.label), side: isVertical ? "right" : "bottom" } }),
      },
    },
  };
}
