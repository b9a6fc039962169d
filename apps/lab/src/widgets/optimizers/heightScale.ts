/** @file How heights are spread over colours. */
import type { View } from "./surfaces.js";

/** Heights at the points of a square grid, rows from low to high y. */
export interface Heights {
  readonly view: View;
  readonly count: number;
  readonly values: Float32Array;
  readonly scale: HeightScale;
}

/** Heights from 0 (lowest) to 1 (highest): level = log(1 + (height − lowest) / unit) / whole. */
export interface HeightScale {
  readonly lowest: number;
  readonly unit: number;
  readonly whole: number;
}

/**
 * A logarithm shows both the flat ground and the cliffs; its unit is where the lowest twentieth of the ground ends.
 * Null where there is no height at all.
 */
export function scaleOf(values: Float32Array): HeightScale | null {
  const sorted = values.filter(Number.isFinite).sort();
  if (sorted.length === 0) return null;
  const lowest = sorted[0]!;
  const highest = sorted.at(-1)!;
  const unit = sorted[Math.floor(sorted.length / 20)]! - lowest || (highest - lowest) / 20 || 1;
  return { lowest, unit, whole: Math.log1p((highest - lowest) / unit) || 1 };
}

/** Where a height lies between the lowest, 0, and the highest, 1. */
export function levelOf({ lowest, unit, whole }: HeightScale, height: number): number {
  return Math.log1p(Math.max(0, height - lowest) / unit) / whole;
}
