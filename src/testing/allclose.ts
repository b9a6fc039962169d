/**
 * @file Whether numbers agree, within a tolerance.
 */
import { toTensor } from "../core/convert.js";
import { ValueError } from "../core/errors.js";
import { sameShape, showShape } from "../core/shape.js";
import type { TensorLike } from "../core/tensor.js";

export interface Tolerance {
  /** Relative to the expected number; default 1e-6. */
  rtol?: number;
  /** Absolute; default 1e-6. */
  atol?: number;
}

/** What differs, in one sentence; null if nothing does. NaN agrees with NaN, an infinity with itself. */
function difference(
  actual: TensorLike,
  expected: TensorLike,
  { rtol = 1e-6, atol = 1e-6 }: Tolerance,
): string | null {
  const a = toTensor(actual, undefined, "allclose");
  const e = toTensor(expected, a.dtype, "allclose");
  if (!sameShape(a.shape, e.shape)) return `shape ${showShape(a.shape)}, expected ${showShape(e.shape)}`;
  for (let i = 0; i < a.size; i++) {
    const [have, want] = [a.storage[i]!, e.storage[i]!];
    const isNear = Number.isFinite(want) && Math.abs(have - want) <= atol + rtol * Math.abs(want);
    if (isNear || Object.is(have, want)) continue;
    return `element ${i} is ${have}, expected ${want} (off by ${Math.abs(have - want)})`;
  }
  return null;
}

/**
 * Whether two tensors have one shape and numbers that differ by at most atol + rtol · |expected|.
 *
 * @param actual     any TensorLike
 * @param expected   the same; plain numbers take the other's dtype
 * @param tolerance  `rtol` and `atol`, each 1e-6 unless given
 * @example allclose([1, 2], [1, 2.0000001]) // true
 */
export const allclose = (actual: TensorLike, expected: TensorLike, tolerance: Tolerance = {}): boolean =>
  difference(actual, expected, tolerance) === null;

/**
 * Asserts that two tensors have one shape and numbers that differ by at most atol + rtol · |expected|.
 *
 * @param actual     any TensorLike
 * @param expected   the same; plain numbers take the other's dtype
 * @param tolerance  `rtol` and `atol`, each 1e-6 unless given
 * @throws {ValueError} they differ; says where
 * @example assertAllclose([1, 2], [1, 3]) // throws ValueError: assertAllclose: element 1 is 2, expected 3 (off by 1)
 */
export function assertAllclose(actual: TensorLike, expected: TensorLike, tolerance: Tolerance = {}): void {
  const found = difference(actual, expected, tolerance);
  if (found !== null) throw new ValueError(`assertAllclose: ${found}`);
}
