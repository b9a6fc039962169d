/** @file What a trace of Chromium tells of the page's thread: the time it worked for each frame, not counting waits. */
import type { CDPSession } from "playwright-core";

/** An event of a trace, times in microseconds; `tdur` is the time that the thread ran. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: { readonly name?: string };
}

/** Records what a page's browser does during `work`. */
export async function traceOf(session: CDPSession, work: () => Promise<void>): Promise<TraceEvent[]> {
  const events: TraceEvent[] = [];
  session.on("Tracing.dataCollected", ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  const includedCategories = ["devtools.timeline", "disabled-by-default-devtools.timeline", "toplevel"];
  await session.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { includedCategories } });
  await work();
  const complete = new Promise((resolve) => session.once("Tracing.tracingComplete", resolve));
  await session.send("Tracing.end");
  await complete;
  return events;
}

/** Milliseconds that the page's thread worked from one frame to the next, for every frame. */
export function threadTimes(events: readonly TraceEvent[]): number[] {
  const onThread = ({ pid, tid }: TraceEvent, other: TraceEvent): boolean =>
    other.pid === pid && other.tid === tid;
  const framesOf = (thread: TraceEvent): TraceEvent[] =>
    events.filter((event) => event.name === "Commit" && event.ph === "X" && onThread(thread, event));
  // A page in the background and the browser's own pages have threads of this name as well.
  const [page] = events
    .filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain")
    .map((thread) => ({ thread, frames: framesOf(thread) }))
    .sort((a, b) => b.frames.length - a.frames.length);
  if (page === undefined) throw new Error("the trace has no page");
  const ends = page.frames.map(({ ts }) => ts).sort((a, b) => a - b);
  const times = new Array<number>(ends.length).fill(0);
  for (const event of events) {
    if (!event.name.endsWith("ControllerImpl::RunTask") || !onThread(page.thread, event)) continue;
    const frame = ends.findIndex((end) => end >= event.ts);
    if (frame >= 0) times[frame]! += (event.tdur ?? 0) / 1000;
  }
  return times;
}
