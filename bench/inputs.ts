/** @file The inputs of the jobs: numbers that every peer computes alike, in whatever language. */

/** Numbers between -0.5 and 0.5. */
export function pattern(count: number, seed = 0): Float32Array {
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = ((i * i * 31 + i * 17 + seed * 101) % 10007) / 10007 - 0.5;
  return values;
}

/** Class numbers from 0 to `classes - 1`. */
export function labels(count: number, classes: number, seed = 0): Int32Array {
  return Int32Array.from(pattern(count, seed), (value) =>
    Math.min(Math.floor((value + 0.5) * classes), classes - 1),
  );
}

/** The four samples of the AND gate. */
export const gates: readonly (readonly [number, number])[] = [
  [1, 1],
  [0, 1],
  [1, 0],
  [0, 0],
];

export const gateInputs = [
  [1, 1],
  [1, 0],
  [0, 1],
  [0, 0],
];
export const gateTargets = [[1], [0], [0], [0]];

/** The sizes of the square matrices. */
export const matmulSizes = [256, 512, 1024, 2048] as const;
/** Which sides are transposed. */
export const matmulCases = ["NN", "NT", "TN", "TT"] as const;

/** The shapes of the large arrays. */
export const arrayShapes = { "1e6": [1000, 1000], "1e7": [1000, 10000] } as const;
