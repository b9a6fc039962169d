/** @file What cells have sent, kept until the page draws its next frame. */
import type { PageEvent } from "./protocol.js";

/** Milliseconds after which events are handed on without a frame: pages in the background draw none. */
const longestWait = 1000;

/** Hands events on once per frame, and tells the worker, which sends no more until then. */
export class Inbox {
  private batches: (readonly PageEvent[])[] = [];
  private frame = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `drawn` counts the batches that were handed on, in shared memory; null where there is none. */
  constructor(
    private readonly deliver: (events: readonly PageEvent[]) => void,
    private readonly drawn: Int32Array | null,
  ) {}

  add(events: readonly PageEvent[]): void {
    this.batches.push(events);
    if (this.batches.length > 1) return;
    this.frame = requestAnimationFrame(() => this.flush());
    this.timer = setTimeout(() => this.flush(), longestWait);
  }

  /** Hands on what is here, now. */
  flush(): void {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
    const { batches } = this;
    this.batches = [];
    for (const events of batches) this.deliver(events);
    if (this.drawn !== null) Atomics.add(this.drawn, 0, batches.length);
  }
}
