/** @file The clock of the benchmarks: what a job is, how it is timed, and the line of JSON that a child prints for it. */

/** What a job returns: a function to time, and how. */
export interface Timed {
  run(): unknown;
  /** Calls of `run` in one sample, for jobs too short for the clock. */
  calls?: number;
  /** Seconds of samples wanted. */
  seconds?: number;
  /** Samples at most. */
  most?: number;
  warmups?: number;
  /** It runs only beside others, as long as those want samples. */
  companion?: boolean;
  /** What must be done before each turn, outside the clock: choosing a peer's backend. */
  before?: () => unknown;
  /** More to report: a loss, a number of parameters. */
  fields?: Record<string, unknown>;
}

/** Figures that a job found by itself. */
export interface Figures {
  median: number;
  least?: number;
  [name: string]: unknown;
}

export type Job = () => Timed | Figures | Promise<Timed | Figures>;
export type Jobs = Record<string, Job>;

/** Milliseconds of one call. */
export interface Times {
  median: number;
  least: number;
  samples: number;
}

/** What a child says of one job. */
export interface Report extends Partial<Times> {
  job: string;
  peer: string;
  threads?: number;
  version?: string;
  memory?: number;
  failed?: string;
  [name: string]: unknown;
}

const middle = (list: readonly number[]): number => {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
};

/** Calls the job until it is warm: the wanted calls, unless they take longer than the measurement itself. */
async function warm({ run, before, warmups = 3, calls = 1, seconds = 2 }: Timed): Promise<void> {
  await before?.();
  const start = performance.now();
  for (let i = 0; i < warmups * calls; i++) {
    const result = run();
    if (result instanceof Promise) await result;
    if (i % calls === 0) await pause();
    if (performance.now() - start > seconds * 1000) return;
  }
}

/** One sample: milliseconds of one call. A promise is awaited only where there is one, for awaiting costs time. */
async function sample({ run, calls = 1 }: Timed): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < calls; i++) {
    const result = run();
    if (result instanceof Promise) await result;
  }
  return (performance.now() - start) / calls;
}

/** Milliseconds of a turn: long enough for a small job to find its way back into the caches. */
const turnTime = 20;

let lastPause = 0;

/**
 * Lets the host do what is due, as programs that draw or serve do: arrays that nobody has any more are found then. At most
 * once a millisecond, since it costs a short job more than its own time.
 */
async function pause(): Promise<void> {
  if (performance.now() - lastPause < 1) return;
  await new Promise((resolve) => setImmediate(resolve));
  lastPause = performance.now();
}

/** One turn: samples until its time is over. Returns the milliseconds that they took. */
async function turn(job: Timed, samples: number[]): Promise<number> {
  await job.before?.();
  const start = performance.now();
  do {
    samples.push(await sample(job));
    await pause();
  } while (performance.now() - start < turnTime);
  return performance.now() - start;
}

/**
 * Times several implementations of one job. They take turns, so that a busy machine slows all alike; a slow one sits out
 * the turns that it has no time for.
 */
export async function measureInTurns(jobs: readonly Timed[]): Promise<Times[]> {
  for (const job of jobs) await warm(job);
  const samples: number[][] = jobs.map(() => []);
  const spent = jobs.map(() => 0);
  const wants = (i: number): boolean => {
    const { most = 2000, seconds = 2, companion = false } = jobs[i]!;
    const taken = samples[i]!;
    if (companion) return jobs.some((job, other) => !job.companion && wants(other));
    if (taken.length >= most || taken[0]! > 3000) return false;
    return taken.length < 3 || spent[i]! < seconds * 1000;
  };
  for (let open = true; open; ) {
    open = false;
    for (const [i, job] of jobs.entries()) {
      if (!wants(i)) continue;
      open = true;
      spent[i]! += await turn(job, samples[i]!);
    }
  }
  return samples.map((list) => ({
    median: middle(list),
    least: Math.min(...list),
    samples: list.length,
  }));
}

/** A training step, after six steps in which its loss must have fallen: else it is not training. */
export async function trainingStep(step: () => number | Promise<number>): Promise<Timed> {
  const first = await step();
  let last = first;
  for (let i = 0; i < 5; i++) last = await step();
  if (!(last < first)) throw new Error(`the loss rose from ${first} to ${last}`);
  return { run: step, seconds: 4, fields: { loss: [first, last] } };
}
