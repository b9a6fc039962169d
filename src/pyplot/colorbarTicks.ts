import { lineHeight, tickLength, tickPad } from "./decorations.js";
import { lineWidthInEms } from "./mathText.js";
import type { ColorbarModel, Rect } from "./model.js";
import { rcParams } from "./rcParams.js";
import { autoTicks, ticksWithin } from "./ticker.js";
import { scalarLabels } from "./tickFormat.js";
import type { Tick } from "./ticks.js";

/** Between tick labels and the label of a bar, in points. */
export const labelPad = 4;

/** At most this many levels of contours are labelled. */
const mostLevels = 10;

/** The values at the two ends of a colour bar. */
export function colorbarRange(bar: ColorbarModel): [number, number] {
  const levels = bar.boundaries ?? (bar.lines.length > 1 ? bar.lines.map((line) => line.level) : null);
  return levels === null ? [bar.scale.vmin, bar.scale.vmax] : [levels[0]!, levels.at(-1)!];
}

/** Every so many levels, such that the one nearest to zero is among them. */
function thinned(levels: readonly number[]): number[] {
  const step = Math.max(1, Math.ceil(levels.length / mostLevels));
  const choices = Array.from({ length: step }, (_, start) =>
    levels.filter((_level, index) => index % step === start),
  );
  const nearest = (list: readonly number[]) => Math.min(...list.map(Math.abs));
  return choices.reduce((best, list) => (nearest(list) < nearest(best) ? list : best));
}

/** The ticks along a colour bar `length` pixels long. */
export function colorbarTicks(
  bar: ColorbarModel,
  length: number,
  scale: number,
): { ticks: Tick[]; offsetText: string } {
  const [low, high] = colorbarRange(bar);
  const levels = bar.boundaries ?? (bar.lines.length > 0 ? bar.lines.map((line) => line.level) : null);
  const perLabel = bar.orientation === "vertical" ? 2 : 3;
  const space = Math.floor(length / scale / (rcParams["ytick.labelsize"] * perLabel));
  const values = bar.ticks ?? (levels === null ? autoTicks(low, high, space) : thinned(levels));
  const { labels, offsetText } = scalarLabels(values, low, high);
  const inside = new Set(ticksWithin(values, low, high));
  const ticks = values
    .map((value, index) => ({ value, label: labels[index]! }))
    .filter((tick) => inside.has(tick.value));
  return { ticks, offsetText };
}

/** How far ticks and their labels reach beyond the bar, to the right or below, in pixels. */
export function colorbarTickRoom(bar: ColorbarModel, frame: Rect, scale: number): number {
  const gap = (tickLength + tickPad) * scale;
  const size = rcParams["ytick.labelsize"] * scale;
  if (bar.orientation === "horizontal") return gap + lineHeight * size;
  const { ticks } = colorbarTicks(bar, frame.height, scale);
  return gap + Math.max(0, ...ticks.map((tick) => lineWidthInEms(tick.label))) * size;
}

/** The sides of a colour bar with its ticks and label, in pixels of the page. */
export function colorbarExtent(
  bar: ColorbarModel,
  frame: Rect,
  scale: number,
): { left: number; right: number; top: number; bottom: number } {
  const label = bar.label === "" ? 0 : (labelPad + lineHeight * rcParams["axes.labelsize"]) * scale;
  const room = colorbarTickRoom(bar, frame, scale) + label;
  const isVertical = bar.orientation === "vertical";
  return {
    left: frame.left,
    right: frame.left + frame.width + (isVertical ? room : 0),
    top: frame.top,
    bottom: frame.top + frame.height + (isVertical ? 0 : room),
  };
}
