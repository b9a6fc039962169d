/**
 * @file The one source of chance behind unseeded initializers and shuffles, which `setRandomSeed` makes repeatable.
 */

let state = Math.floor(Math.random() * 2 ** 32) >>> 0;

/** Starts the sequence from a seed. */
export function seedGlobalRandom(seed: number): void {
  state = seed >>> 0;
}

/** A uniform number in [0, 1), by the mulberry32 generator. */
function globalRandom(): number {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

/** A seed for something that was given none: from 1 to 10⁹. */
export const makeDefaultSeed = (): number => 1 + Math.floor(globalRandom() * 1e9);

/** The numbers 0 … n − 1 in random order. */
export function randomPermutation(n: number): Int32Array {
  const order = Int32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = Math.floor(globalRandom() * (i + 1));
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
