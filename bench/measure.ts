/** @file Medians and the table they are printed in. */

/** Median milliseconds of `runs` calls after `warmups` unmeasured ones. */
export async function median(job: () => unknown, runs: number, warmups: number): Promise<number> {
  for (let i = 0; i < warmups; i++) await job();
  const times: number[] = [];
  for (let i = 0; i < runs; i++) {
    const start = performance.now();
    await job();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(runs / 2)]!;
}

/** One job, ours against a peer. */
export interface Row {
  job: string;
  ours: number;
  peer: string;
  theirs: number;
  /** The ratio that must be reached. */
  target: number;
}

export function printRows(rows: readonly Row[]): void {
  console.log(`Node ${process.version}, medians in milliseconds`);
  console.table(
    rows.map(({ job, ours, peer, theirs, target }) => ({
      job,
      "nabla ms": ours.toFixed(3),
      peer,
      "peer ms": theirs.toFixed(3),
      ratio: `${(theirs / ours).toFixed(1)}×`,
      target: `${target}×`,
    })),
  );
}
