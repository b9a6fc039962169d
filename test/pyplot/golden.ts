import { readFileSync } from "node:fs";

export interface Tick extends Array<number | string> {
  0: number;
  1: string;
}

interface Limits {
  x: number[];
  y: number[];
  z?: number[];
}

/** What Matplotlib and NumPy gave: scripts/golden/pyplot.py. */
interface Golden {
  linearTicks: { axis: "x" | "y"; limits: [number, number]; ticks: Tick[]; offset: string }[];
  logTicks: { limits: [number, number]; major: Tick[]; minor: Tick[] }[];
  maxNTicks: { limits: [number, number]; bins: number; ticks: number[] }[];
  histograms: {
    data: number[];
    cases: { options: Record<string, unknown>; counts: number[]; edges: number[] }[];
    same: { data: number[]; counts: number[]; edges: number[] };
  };
  contourLevels: { limits: [number, number]; count: number | null; levels: number[]; filled: number[] }[];
  colormaps: Record<string, number[][]>;
  limits: Record<string, Limits>;
  projections: {
    limits: [number, number][];
    cases: { view: [number, number, number]; kind: "persp" | "ortho"; matrix: number[][] }[];
  };
  colors: Record<string, number[]>;
  textWidths: Record<string, number>;
}

export const golden: Golden = JSON.parse(
  readFileSync(new URL("../golden/pyplot.json", import.meta.url), "utf8"),
);

/** Whether two lists of numbers agree to a relative tolerance of the largest. */
export function isClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-9): boolean {
  const size = Math.max(...expected.map(Math.abs), Number.MIN_VALUE);
  return (
    actual.length === expected.length &&
    actual.every((value, index) => Math.abs(value - expected[index]!) <= tolerance * size)
  );
}
