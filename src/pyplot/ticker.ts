import { nonsingular, powerOfTen } from "./scale.js";

/** The multiples of a power of ten at which the automatic locator puts ticks. */
const autoSteps = [1, 2, 2.5, 5, 10];

/** The finer choice of steps that contour levels use. */
export const contourSteps = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

export interface MaxNLocatorOptions {
  /** The largest number of intervals. */
  bins: number;
  steps?: readonly number[];
  minimumTicks?: number;
  /** The raw step is multiplied by this: 3-D axes take slightly finer ticks. */
  stepFactor?: number;
}

function scaleAndOffset(low: number, high: number, bins: number): { scale: number; offset: number } {
  const span = Math.abs(high - low);
  const middle = (high + low) / 2;
  const isFar = Math.abs(middle) / span >= 100;
  const offset = isFar ? Math.sign(middle) * powerOfTen(Math.floor(Math.log10(Math.abs(middle)))) : 0;
  return { scale: powerOfTen(Math.floor(Math.log10(span / bins))), offset };
}

/** Counts steps from zero to `distance`, forgiving rounding at a tick: the last at or below, or the first at or above. */
function edgeIndex(distance: number, step: number, offset: number, side: "below" | "above"): number {
  const tolerance =
    offset > 0 ? Math.min(0.4999, Math.max(1e-10, 10 ** (Math.log10(offset / step) - 12))) : 1e-10;
  const whole = Math.floor(distance / step);
  const rest = (distance - whole * step) / step;
  if (side === "below") return Math.abs(rest - 1) < tolerance ? whole + 1 : whole;
  return Math.abs(rest) < tolerance ? whole : whole + 1;
}

function candidateSteps(steps: readonly number[], scale: number): number[] {
  const staircase = [...steps.slice(0, -1).map((step) => 0.1 * step), ...steps, 10 * steps[1]!];
  return staircase.map((step) => step * scale);
}

/** Ticks at round numbers covering `low` to `high`, at most `bins` intervals: Matplotlib's MaxNLocator. */
export function maxNTicks(low: number, high: number, options: MaxNLocatorOptions): number[] {
  const [vmin, vmax] = nonsingular(low, high, 1e-13, 1e-14);
  const { scale, offset } = scaleAndOffset(vmin, vmax, options.bins);
  const from = vmin - offset;
  const to = vmax - offset;
  const steps = candidateSteps(options.steps ?? autoSteps, scale);
  const rawStep = ((to - from) / options.bins) * (options.stepFactor ?? 1);
  const found = steps.findIndex((step) => step >= rawStep);
  let ticks: number[] = [];
  for (let index = found < 0 ? steps.length - 1 : found; index >= 0; index--) {
    const step = steps[index]!;
    const start = Math.floor(from / step) * step;
    const first = edgeIndex(from - start, step, offset, "below");
    const last = edgeIndex(to - start, step, offset, "above");
    ticks = Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step + start);
    const shown = ticks.filter((tick) => tick >= from && tick <= to).length;
    if (shown >= (options.minimumTicks ?? 2)) break;
  }
  return ticks.map((tick) => tick + offset);
}

/** Ticks of a linear axis that has room for `space` labels. */
export function autoTicks(low: number, high: number, space: number, stepFactor = 1): number[] {
  return maxNTicks(low, high, { bins: Math.min(9, Math.max(1, space)), stepFactor });
}

/** The ticks inside an interval, forgiving rounding at its ends. */
export function ticksWithin(ticks: readonly number[], low: number, high: number): number[] {
  const [from, to] = low <= high ? [low, high] : [high, low];
  const slack = (to - from) * 1e-10;
  return ticks.filter((tick) => tick >= from - slack && tick <= to + slack);
}
