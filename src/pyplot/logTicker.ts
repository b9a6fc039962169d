import { powerOfTen } from "./scale.js";
import { autoTicks } from "./ticker.js";

/** Major and minor ticks of a logarithmic axis. */
export interface LogTicks {
  major: number[];
  minor: number[];
}

interface Decades {
  exponents: number[];
  stride: number;
  available: number;
  lowest: number;
  highest: number;
}

function range(start: number, stop: number, step: number): number[] {
  return Array.from({ length: Math.max(0, Math.ceil((stop - start) / step)) }, (_, i) => start + i * step);
}

/** Chooses at most `wanted` powers of ten, evenly strided, plus one outside each end. */
function chooseDecades(low: number, high: number, wanted: number): Decades {
  const lowExponent = Math.log10(low);
  const highExponent = Math.log10(high);
  const lowest = Math.ceil(lowExponent);
  const highest = Math.floor(highExponent);
  const available = highest - lowest + 1;
  const common = { available, lowest, highest };
  const firstStride = Math.floor(available / (wanted + 1)) + 1;
  const count = Math.min(wanted, Math.ceil(available / firstStride));
  if (count <= 0) return { ...common, exponents: [lowest - 1, highest + 1], stride: highest - lowest + 2 };
  if (count === 1) {
    const middle = roundHalfEven((lowExponent + highExponent) / 2);
    const stride = Math.max(middle - (lowest - 1), highest + 1 - middle);
    return { ...common, exponents: [middle - stride, middle, middle + stride], stride };
  }
  let stride = Math.floor((available - 1) / (count - 1));
  if (stride < available / count) stride = Math.floor(available / count);
  const smallest = Math.max(available - stride * count, 0);
  const limit = Math.min(available - stride * (count - 1), stride);
  const aligned = ((-lowest % stride) + stride) % stride;
  const offset = aligned >= smallest && aligned < limit ? aligned : smallest;
  return { ...common, exponents: range(lowest + offset - stride, highest + stride + 1, stride), stride };
}

function roundHalfEven(value: number): number {
  const rounded = Math.round(value);
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
}

function minorTicks(low: number, high: number, decades: Decades): number[] {
  if (decades.available >= 10) return [];
  if (decades.stride !== 1 && decades.available > 1) return [];
  const ticks = range(decades.lowest - 1, decades.highest + 1, 1).flatMap((exponent) =>
    range(2, 10, 1).map((multiple) => multiple * powerOfTen(exponent)),
  );
  const shown = ticks.filter((tick) => tick >= low && tick <= high).length;
  // Less than one decade with hardly a tick in it: fall back to evenly spaced numbers.
  if (decades.stride === 1 && decades.exponents.length - 2 + shown <= 1) return autoTicks(low, high, 9);
  return ticks;
}

/** Ticks at powers of ten, with minor ones at 2 to 9 times each: Matplotlib's LogLocator. */
export function logTicks(low: number, high: number, space: number): LogTicks {
  const [from, to] = low <= high ? [low, high] : [high, low];
  const decades = chooseDecades(from, to, Math.min(9, Math.max(2, space)));
  return {
    major: decades.exponents.map((exponent) => powerOfTen(exponent)),
    minor: minorTicks(from, to, decades),
  };
}

/** Which multiples of a power of ten are labelled on minor ticks: none, a few, or all, by the span. */
function labelledMultiples(low: number, high: number): ReadonlySet<number> {
  const lowExponent = Math.log10(low);
  const highExponent = Math.log10(high);
  const justBelow = lowExponent - Math.abs(lowExponent) * Number.EPSILON - Number.MIN_VALUE;
  if (Math.floor(highExponent) - Math.floor(justBelow) > 1) return new Set([1]);
  if (Math.abs(highExponent - lowExponent) > 0.4) return new Set([1, 2, 3, 4, 6, 10]);
  return new Set(range(1, 11, 1));
}

/** The label of one tick of a logarithmic axis in math text, or "" when it gets none. */
export function logLabel(tick: number, low: number, high: number, isMinor: boolean): string {
  const exponent = Math.log10(tick);
  const isDecade = Math.abs(exponent - Math.round(exponent)) < 1e-9;
  if (isDecade) return `$10^{${Math.round(exponent)}}$`;
  if (!isMinor) return "";
  const [from, to] = low <= high ? [low, high] : [high, low];
  const power = Math.floor(exponent);
  const multiple = 10 ** (exponent - power);
  if (!labelledMultiples(from, to).has(Math.round(multiple))) return "";
  return `$${Number(multiple.toPrecision(6))}\\times10^{${power}}$`;
}
