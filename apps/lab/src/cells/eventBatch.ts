/** @file What cells send out, gathered: a cell may print faster than a page can draw. */
import type { CellEvent } from "nabla/notebook";
import type { PageEvent } from "./protocol.js";
import { TerminalLine } from "./terminalLine.js";

/** The most characters of text that one cell may put in the page. */
const mostText = 500_000;

const leftOut = "\n… more than 500,000 characters: the rest is left out.\n";

/** Milliseconds between two batches: to the eye progress flows. */
const interval = 50;

/** How soon to look again whether the page has drawn. */
const glance = 10;

type Send = (events: readonly PageEvent[]) => void;
type StreamName = "stdout" | "stderr";

/**
 * Sends events on in batches, the next when the page has drawn the last. Of several updates of one display only the
 * last counts, and of a line that is written over only how it reads at the end.
 */
export class EventBatch {
  private events: PageEvent[] = [];
  private stream: { readonly name: StreamName; readonly line: TerminalLine } | null = null;
  private textLength = 0;
  private batches = 0;
  private lastSent = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** `drawn` counts the batches that the page has drawn, in shared memory; null where there is none. */
  constructor(
    private readonly send: Send,
    private readonly drawn: Int32Array | null,
  ) {}

  /** Begins the output of another cell. */
  startCell(): void {
    this.flush();
    this.textLength = 0;
    this.stream = null;
  }

  add(event: CellEvent): void {
    if (event.type === "stream") this.addText(event.name, event.text);
    else if (event.type === "display" && event.update) this.addUpdate(event);
    else {
      this.events.push(event);
      this.stream = null;
    }
    // A cell that never waits never lets a timer run, so time is looked at here as well.
    if (this.isDue()) this.flush();
    else this.timer ??= setTimeout(() => this.flushWhenDue(), interval);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastSent = performance.now();
    if (this.events.length === 0) return;
    this.batches++;
    this.send(this.events);
    this.events = [];
  }

  private isDue(): boolean {
    const isDrawn = this.drawn === null || Atomics.load(this.drawn, 0) >= this.batches;
    return isDrawn && performance.now() - this.lastSent >= interval;
  }

  private flushWhenDue(): void {
    if (this.isDue()) this.flush();
    else this.timer = setTimeout(() => this.flushWhenDue(), glance);
  }

  private addText(name: StreamName, written: string): void {
    if (this.textLength > mostText) return;
    if (this.stream?.name !== name) this.stream = { name, line: new TerminalLine() };
    const { line } = this.stream;
    const back = line.text.length;
    const finished = line.write(written);
    this.textLength += finished.length;
    const text = finished + line.text + (this.textLength > mostText ? leftOut : "");
    const last = this.events.at(-1);
    if (last?.type !== "stream" || last.name !== name) {
      this.events.push({ type: "stream", name, back, text });
      return;
    }
    const kept = last.text.slice(0, last.text.length - back);
    this.events[this.events.length - 1] = { ...last, text: kept + text };
  }

  private addUpdate(event: CellEvent & { type: "display" }): void {
    const earlier = this.events.findIndex((other) => {
      return other.type === "display" && other.update && other.displayId === event.displayId;
    });
    if (earlier >= 0) this.events.splice(earlier, 1);
    this.events.push(event);
  }
}
