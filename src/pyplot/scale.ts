import type { ScaleName } from "./model.js";

/** A scale maps data values to positions that are drawn evenly. */
export interface Scale {
  forward(value: number): number;
  inverse(position: number): number;
}

/** Ten to a whole power, exact to the last digit: `10 ** -4` is not in every engine. */
export function powerOfTen(exponent: number): number {
  return Number(`1e${exponent}`);
}

const linear: Scale = { forward: (value) => value, inverse: (position) => position };

/** Where a logarithmic axis puts values that are not positive: far below everything, so that bars still start at the edge. */
const belowEverything = -1000;

const log: Scale = {
  forward: (value) => (value <= 0 ? belowEverything : Math.log10(value)),
  inverse: (position) => 10 ** position,
};

export function scaleOf(name: ScaleName): Scale {
  return name === "log" ? log : linear;
}

/** Widens an interval that is empty or not finite, so that it can be divided by. */
export function nonsingular(low: number, high: number, expander: number, tiny = 1e-15): [number, number] {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return [-expander, expander];
  const [from, to] = low <= high ? [low, high] : [high, low];
  const largest = Math.max(Math.abs(from), Math.abs(to));
  if (largest < (1e6 / tiny) * Number.MIN_VALUE) return [-expander, expander];
  if (to - from > largest * tiny) return [from, to];
  if (from === 0 && to === 0) return [-expander, expander];
  return [from - expander * Math.abs(from), to + expander * Math.abs(to)];
}

/** The same for a logarithmic axis; `smallestPositive` stands in for limits that are not positive. */
export function nonsingularLog(low: number, high: number, smallestPositive: number): [number, number] {
  const [from, to] = low <= high ? [low, high] : [high, low];
  if (!Number.isFinite(from) || !Number.isFinite(to) || to <= 0) return [1, 10];
  const start = from <= 0 ? (Number.isFinite(smallestPositive) ? smallestPositive : 1e-300) : from;
  if (start !== to) return [start, to];
  return [10 ** (Math.ceil(Math.log10(start)) - 1), 10 ** (Math.floor(Math.log10(start)) + 1)];
}
