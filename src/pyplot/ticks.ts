import { logLabel, logTicks } from "./logTicker.js";
import type { AxisModel, AxisName } from "./model.js";
import { autoTicks, ticksWithin } from "./ticker.js";
import { scalarLabels } from "./tickFormat.js";

export interface Tick {
  value: number;
  label: string;
}

export interface AxisTicks {
  major: Tick[];
  minor: Tick[];
  offsetText: string;
}

/** How many tick labels fit along an axis: letters are assumed three times as wide as high with their gap. */
function tickSpace(name: AxisName, lengthInPoints: number, tickSize: number, is3d: boolean): number {
  return Math.floor(lengthInPoints / (tickSize * (name === "y" && !is3d ? 2 : 3)));
}

function labelled(
  values: readonly number[],
  labels: readonly string[],
  limits: readonly [number, number],
): Tick[] {
  const inside = new Set(ticksWithin(values, limits[0], limits[1]));
  return values
    .map((value, index) => ({ value, label: labels[index] ?? "" }))
    .filter((tick) => inside.has(tick.value));
}

function fixedTicks(axis: AxisModel, limits: [number, number]): AxisTicks {
  const values = axis.ticks ?? axis.categories.map((_, index) => index);
  const names = axis.tickLabels ?? (axis.ticks === null ? axis.categories : null);
  if (names !== null) return { major: labelled(values, names, limits), minor: [], offsetText: "" };
  if (axis.scale === "log") {
    const labels = values.map((value) => logLabel(value, limits[0], limits[1], true));
    return { major: labelled(values, labels, limits), minor: [], offsetText: "" };
  }
  const { labels, offsetText } = scalarLabels(values, limits[0], limits[1]);
  return { major: labelled(values, labels, limits), minor: [], offsetText };
}

/** The ticks of an axis within its limits, as Matplotlib would place and label them. */
export function axisTicks(
  axis: AxisModel,
  name: AxisName,
  limits: [number, number],
  lengthInPoints: number,
  is3d: boolean,
): AxisTicks {
  if (axis.ticks !== null || axis.categories.length > 0) return fixedTicks(axis, limits);
  const space = tickSpace(name, lengthInPoints, axis.tickSize, is3d);
  const [low, high] = limits[0] <= limits[1] ? limits : [limits[1], limits[0]];
  if (axis.scale === "log") {
    const { major, minor } = logTicks(low, high, space);
    const label = (isMinor: boolean) => (value: number) => logLabel(value, low, high, isMinor);
    const onlyMinor = minor.filter((value) => !major.includes(value));
    return {
      major: labelled(major, major.map(label(false)), limits),
      minor: labelled(onlyMinor, onlyMinor.map(label(true)), limits),
      offsetText: "",
    };
  }
  // 3-D axes ask for slightly finer ticks, to make up for the room around their limits.
  const values = autoTicks(low, high, space, is3d ? 23 / 24 : 1);
  const { labels, offsetText } = scalarLabels(values, low, high);
  return { major: labelled(values, labels, limits), minor: [], offsetText };
}
