/** @file Text on its way out: what is written in a row travels together. */
import type { CellEvent } from "../executor.js";

type StreamName = "stdout" | "stderr";

/** Text leaves when there is this much of it, in characters … */
const most = 16_384;
/** … or when it is this old, in milliseconds. */
const longest = 30;

/** Joins the text of one stream, in order with everything else that is sent out. */
export class StreamBuffer {
  private name: StreamName = "stdout";
  private text = "";
  private since = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly send: (event: CellEvent) => void) {}

  /** Takes what a cell sends out. */
  add(event: CellEvent): void {
    if (event.type !== "stream") {
      this.flush();
      this.send(event);
      return;
    }
    if (event.name !== this.name) this.flush();
    if (this.text === "") this.begin(event.name);
    this.text += event.text;
    // In a loop that leaves timers no turn, the clock is looked at here.
    if (this.text.length >= most || performance.now() - this.since >= longest) this.flush();
  }

  /** Sends what is held back. */
  flush(): void {
    clearTimeout(this.timer);
    if (this.text === "") return;
    const { name, text } = this;
    this.text = "";
    this.send({ type: "stream", name, text });
  }

  private begin(name: StreamName): void {
    this.name = name;
    this.since = performance.now();
    this.timer = setTimeout(() => this.flush(), longest);
  }
}
