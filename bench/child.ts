/** @file What every JavaScript child does: run the jobs it is asked for, and print a line of JSON for each peer. */
import { type Figures, type Jobs, measureInTurns, type Report, type Timed } from "./measure.js";

/** A library under test. */
export interface Peer {
  name: string;
  version: string;
  jobs: Jobs;
  /** What must be done before each of its jobs: choosing its backend. */
  before?: () => Promise<void>;
}

const report = (fields: Report): void => console.log(JSON.stringify({ node: process.version, ...fields }));

const about = ({ name, version }: Peer, job: string): Report => ({ job, peer: name, version });

const reason = (error: unknown): string =>
  String(error)
    .replace(/^Error: /, "")
    .split("\n")[0]!
    .slice(0, 200);

/** A peer's job after its first call; what it says by itself, or why it cannot, is reported at once. */
async function prepare(peer: Peer, job: string): Promise<Timed | undefined> {
  try {
    await peer.before?.();
    const made: Timed | Figures = await peer.jobs[job]!();
    if (isTimed(made)) {
      const start = performance.now();
      const value = await made.run();
      // A job that takes seconds is warm by now.
      const warmups = performance.now() - start > 2000 ? 0 : made.warmups;
      // A training step says its own, which is not the same for all: its weights begin at random.
      const fields = typeof value === "number" && !made.fields ? { value } : made.fields;
      return { ...made, before: peer.before, warmups, fields };
    }
    report({ ...about(peer, job), ...made });
  } catch (error) {
    report({ ...about(peer, job), failed: reason(error) });
  }
  return undefined;
}

const isTimed = (made: Timed | Figures): made is Timed => "run" in made;

/** Times one job of all peers that have it, in turns. */
async function runJob(job: string, peers: readonly Peer[]): Promise<void> {
  const before = process.memoryUsage.rss();
  const ready: { peer: Peer; timed: Timed }[] = [];
  for (const peer of peers) {
    const timed = Object.hasOwn(peer.jobs, job) ? await prepare(peer, job) : undefined;
    if (timed) ready.push({ peer, timed });
  }
  try {
    const times = await measureInTurns(ready.map(({ timed }) => timed));
    // Memory is told apart only where one library is alone in the process.
    const memory = peers.length === 1 ? process.resourceUsage().maxRSS * 1024 - before : undefined;
    for (const [i, { peer, timed }] of ready.entries()) {
      report({ ...about(peer, job), ...times[i], ...timed.fields, memory });
    }
  } catch (error) {
    for (const { peer } of ready) report({ ...about(peer, job), failed: reason(error) });
  }
}

/** Runs the jobs named on the command line; all that the peers have, without names. */
export async function runChild(peers: readonly Peer[]): Promise<void> {
  const all = new Set(peers.flatMap(({ jobs }) => Object.keys(jobs)));
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...all];
  for (const job of wanted) if (all.has(job)) await runJob(job, peers);
}
