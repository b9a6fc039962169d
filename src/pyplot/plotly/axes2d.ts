import { toCss } from "../color.js";
import { measureDecorations, minorTickLength, tickLength, titlePad } from "../decorations.js";
import { Frame } from "../frame.js";
import type { PlacedAxes } from "../layout.js";
import { htmlText } from "../mathText.js";
import type { AxesModel, AxisModel, Rect } from "../model.js";
import { obstaclesOf } from "../obstacles.js";
import type { Tick } from "../ticks.js";
import { legendLayout } from "./legend.js";
import { fontOf, namedDash, type PlotlyObject } from "./style.js";
import { type PlaneTarget, type PlotlyParts, planeParts } from "./traces2d.js";

interface Size {
  width: number;
  height: number;
}

/** Where pixels of the figure lie as Plotly's fractions: x from the left, y from the bottom. */
export function domainOf(frame: Rect, figure: Size): { x: [number, number]; y: [number, number] } {
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  return {
    x: [clamp(frame.left / figure.width), clamp((frame.left + frame.width) / figure.width)],
    y: [clamp(1 - (frame.top + frame.height) / figure.height), clamp(1 - frame.top / figure.height)],
  };
}

function gridOf(axis: AxisModel): PlotlyObject {
  if (axis.grid === null) return { showgrid: false };
  return {
    showgrid: true,
    gridcolor: toCss(axis.grid.color),
    gridwidth: axis.grid.linewidth,
  };
}

/** Ticks set by the user, and categories; all others are left to Plotly, which renews them when the user zooms. */
function ticksOf(axis: AxisModel, ticks: readonly Tick[]): PlotlyObject {
  if (axis.ticks === null && axis.categories.length === 0) {
    return axis.scale === "log"
      ? { dtick: 1, exponentformat: "power" }
      : { exponentformat: "SI", nticks: ticks.length + 1 };
  }
  return {
    tickmode: "array",
    tickvals: ticks.map((tick) => tick.value),
    ticktext: ticks.map((tick) => htmlText(tick.label)),
  };
}

/** An axis' look that flat and three-dimensional axes share. */
export function axisBase(
  axis: AxisModel,
  limits: [number, number],
  ticks: readonly Tick[],
  scale: number,
): PlotlyObject {
  const range = axis.scale === "log" ? limits.map(Math.log10) : limits;
  return {
    type: axis.scale,
    range,
    autorange: false,
    zeroline: false,
    ...gridOf(axis),
    ...ticksOf(axis, ticks),
    tickfont: fontOf(axis.tickSize * scale, axis.tickColor),
    title: { text: htmlText(axis.label), font: fontOf(axis.labelSize * scale, axis.labelColor) },
  };
}

function planeAxis(
  placed: PlacedAxes,
  name: "x" | "y",
  suffix: string,
  figure: Size,
  ticks: readonly Tick[],
  scale: number,
): PlotlyObject {
  const { axes, limits } = placed;
  const axis = axes.axis[name];
  const sides = name === "x" ? ["bottom", "top"] : ["left", "right"];
  const shows = (side: string) => !axes.hiddenSpines.includes(side);
  const place = {
    domain: domainOf(placed.frame, figure)[name],
    anchor: `${name === "x" ? "y" : "x"}${suffix}`,
  };
  const base = axisBase(axis, limits[name], ticks, scale);
  if (!axes.frame) {
    return { ...place, type: axis.scale, range: base["range"], visible: false };
  }
  return {
    ...base,
    ...(axis.grid === null ? {} : { griddash: namedDash(axis.grid.linestyle) }),
    ...place,
    showline: shows(sides[0]!),
    mirror: shows(sides[1]!),
    linecolor: "black",
    linewidth: 1,
    ticks: "outside",
    ticklen: tickLength * scale,
    tickcolor: "black",
    ...(axis.tickRotation === 0 ? {} : { tickangle: -axis.tickRotation }),
    ...(axis.scale === "log" ? { minor: { ticks: "outside", ticklen: minorTickLength * scale } } : {}),
    showticklabels: !axes.hideTickLabels[name],
    automargin: false,
    ...(name === "y" ? { title: { ...(base["title"] as object), standoff: axis.labelPad * scale } } : {}),
  };
}

/** The titles above one axes, as annotations on the page. */
export function titleAnnotations(axes: AxesModel, frame: Rect, figure: Size, scale: number): PlotlyObject[] {
  const places = { left: frame.left, center: frame.left + frame.width / 2, right: frame.left + frame.width };
  return (["left", "center", "right"] as const)
    .filter((place) => axes.titles[place].text !== "")
    .map((place) => {
      const { text, size, color, weight, style } = axes.titles[place];
      return {
        text: htmlText(text),
        font: fontOf(size * scale, color, weight, style),
        xref: "paper",
        yref: "paper",
        x: places[place] / figure.width,
        y: 1 - (frame.top - (titlePad / 3) * scale) / figure.height,
        xanchor: place,
        yanchor: "bottom",
        showarrow: false,
      };
    });
}

/** What flat axes add to a Plotly figure; `suffix` numbers their axes. */
export function planeAxes(
  placed: PlacedAxes,
  suffix: string,
  legendSuffix: string,
  figure: Size,
  scale: number,
): PlotlyParts & { layout: PlotlyObject } {
  const { axes } = placed;
  const frame = new Frame(placed);
  const { xTicks, yTicks } = measureDecorations(placed, scale);
  const target: PlaneTarget = {
    suffix,
    frame,
    scale,
    isLogX: axes.axis.x.scale === "log",
    isLogY: axes.axis.y.scale === "log",
  };
  const ordered = [...axes.artists].sort((first, second) => first.zorder - second.zorder);
  const all = ordered.map((artist) => planeParts(artist, target));
  const legend = legendLayout(axes, placed.frame, () => obstaclesOf(axes, frame), figure, scale);
  const name = `legend${legendSuffix}`;
  return {
    traces: all
      .flatMap((part) => part.traces)
      .map((trace) => ({ ...trace, ...(legend === null ? { showlegend: false } : { legend: name }) })),
    shapes: all
      .flatMap((part) => part.shapes)
      .map((shape) => (legend === null ? { ...shape, showlegend: false } : { ...shape, legend: name })),
    images: all.flatMap((part) => part.images),
    annotations: [
      ...all.flatMap((part) => part.annotations),
      ...titleAnnotations(axes, placed.frame, figure, scale),
    ],
    layout: {
      [`xaxis${suffix}`]: planeAxis(placed, "x", suffix, figure, xTicks.major, scale),
      [`yaxis${suffix}`]: planeAxis(placed, "y", suffix, figure, yTicks.major, scale),
      ...(legend === null ? {} : { [name]: legend }),
    },
  };
}
