/** @file What cells send out, gathered: a cell may print faster than a page can draw. */
import type { CellEvent } from "nabla/notebook";

/** The most characters of text that one cell may put in the page. */
const mostText = 500_000;

/** Milliseconds between two batches: progress seems to flow, and more the longer the text, which is drawn anew. */
const intervalFor = (textLength: number): number => 50 + textLength / 500;

type Send = (events: readonly CellEvent[]) => void;

/** Sends events on in batches, each with the time it came; of several updates of one display only the last counts. */
export class EventBatch {
  private events: CellEvent[] = [];
  private lastSent = 0;
  private textLength = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: Send) {}

  /** Begins the output of another cell. */
  startCell(): void {
    this.flush();
    this.textLength = 0;
  }

  add(event: CellEvent): void {
    if (event.type === "stream") this.addText(event);
    else if (event.type === "display" && event.update) this.addUpdate(event);
    else this.events.push(event);
    // A cell that never waits never lets a timer run, so time is looked at here as well.
    const interval = intervalFor(this.textLength);
    if (performance.now() - this.lastSent >= interval) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), interval);
  }

  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.lastSent = performance.now();
    if (this.events.length === 0) return;
    this.send(this.events);
    this.events = [];
  }

  private addText({ name, text }: CellEvent & { type: "stream" }): void {
    if (this.textLength > mostText) return;
    this.textLength += text.length;
    const rest =
      this.textLength > mostText ? "\n… more than 500,000 characters: the rest is left out.\n" : "";
    const last = this.events.at(-1);
    const joined = last?.type === "stream" && last.name === name ? last.text : null;
    if (joined !== null) this.events.pop();
    this.events.push({ type: "stream", name, text: `${joined ?? ""}${text}${rest}` });
  }

  private addUpdate(event: CellEvent & { type: "display" }): void {
    const earlier = this.events.findIndex((other) => {
      return other.type === "display" && other.update && other.displayId === event.displayId;
    });
    if (earlier >= 0) this.events.splice(earlier, 1);
    this.events.push(event);
  }
}
