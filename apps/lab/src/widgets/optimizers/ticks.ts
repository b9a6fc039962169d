/** @file Round numbers along an axis. */

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** At most about `most` multiples of 1, 2 or 5 times a power of ten. */
export function niceTicks([low, high]: readonly [number, number], most: number): Tick[] {
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= least)!;
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks: Tick[] = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) {
    ticks.push({ value: i * step, label: (i * step).toFixed(digits).replace(/^-(0(\.0*)?)$/, "$1") });
  }
  return ticks;
}
