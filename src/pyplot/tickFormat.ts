import { powerOfTen } from "./scale.js";

/** Labels of a linear axis: one per tick, and the common factor or offset shown at the axis' end. */
export interface TickLabels {
  labels: string[];
  offsetText: string;
}

/** From this many common leading digits on, they are shown once as an offset. */
const offsetThreshold = 4;

/** Powers of ten outside these limits are written as a common factor. */
const powerLimits: readonly [number, number] = [-5, 6];

function withMinusSign(text: string): string {
  return text.replaceAll("-", "\u2212");
}

/** The smallest exponent plus one for which `differs` holds, counting down from `start`. */
function firstDiffering(start: number, differs: (power: number) => boolean): number {
  let exponent = start;
  while (!differs(powerOfTen(exponent))) exponent--;
  return exponent + 1;
}

/** The number that all ticks have in common and that is worth subtracting, else 0. */
function commonOffset(ticks: readonly number[]): number {
  if (ticks.length === 0) return 0;
  const low = Math.min(...ticks);
  const high = Math.max(...ticks);
  if (low === high || (low <= 0 && high >= 0)) return 0;
  const [small, large] = [Math.abs(low), Math.abs(high)].sort((a, b) => a - b) as [number, number];
  const start = Math.ceil(Math.log10(large));
  const parts = (power: number) => Math.floor(large / power) - Math.floor(small / power);
  let exponent = firstDiffering(start, (power) => parts(power) !== 0);
  if ((large - small) / powerOfTen(exponent) <= 1e-2)
    exponent = firstDiffering(start, (power) => parts(power) > 1);
  const digits = Math.floor(large / powerOfTen(exponent));
  return digits >= 10 ** (offsetThreshold - 1) ? Math.sign(low) * digits * powerOfTen(exponent) : 0;
}

function commonExponent(ticks: readonly number[], offset: number, span: number): number {
  if (ticks.length === 0) return 0;
  const largest = Math.max(...ticks.map(Math.abs));
  if (offset === 0 && largest === 0) return 0;
  const exponent = Math.floor(Math.log10(offset !== 0 ? span : largest));
  return exponent <= powerLimits[0] || exponent >= powerLimits[1] ? exponent : 0;
}

/** How many decimals tell the ticks apart to a thousandth of their span. */
function decimalsFor(values: readonly number[], viewEnds: readonly number[]): number {
  const spanned = values.length < 2 ? [...values, ...viewEnds] : values;
  const span = Math.max(...spanned) - Math.min(...spanned) || Math.max(...spanned.map(Math.abs)) || 1;
  const exponent = Math.floor(Math.log10(span));
  const threshold = 1e-3 * powerOfTen(exponent);
  let decimals = Math.max(0, 3 - exponent);
  const worst = (digits: number) =>
    Math.max(...values.map((value) => Math.abs(value - Number(value.toFixed(digits)))));
  while (decimals >= 0 && worst(Math.min(decimals, 100)) < threshold) decimals--;
  return Math.min(100, decimals + 1);
}

function scientific(value: number): string {
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const significand = Number((value / powerOfTen(exponent)).toFixed(10));
  return exponent === 0 ? String(significand) : `${significand}e${exponent}`;
}

/** Formats the ticks of a linear axis with as many decimals as they need: Matplotlib's ScalarFormatter. */
export function scalarLabels(ticks: readonly number[], low: number, high: number): TickLabels {
  const [from, to] = low <= high ? [low, high] : [high, low];
  const visible = ticks.filter((tick) => tick >= from && tick <= to);
  const offset = commonOffset(visible);
  const exponent = commonExponent(visible, offset, to - from);
  const scaled = (value: number) => (value - offset) / powerOfTen(exponent);
  const decimals = ticks.length === 0 ? 0 : decimalsFor(ticks.map(scaled), [scaled(from), scaled(to)]);
  const labels = ticks.map((tick) => {
    const value = scaled(tick);
    return withMinusSign((Math.abs(value) < 1e-8 ? 0 : value).toFixed(decimals));
  });
  const offsetPart = offset === 0 ? "" : (offset > 0 ? "+" : "") + scientific(offset);
  return { labels, offsetText: withMinusSign((exponent === 0 ? "" : `1e${exponent}`) + offsetPart) };
}
