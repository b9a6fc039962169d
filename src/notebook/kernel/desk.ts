/** @file Requests that wait for their turn. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Message } from "./messages.js";
import type { Outbox } from "./sockets.js";

/** How long what was sent before an error is known may take to arrive, in milliseconds. */
const onTheWay = 50;

/** Where requests of one socket are answered in turn. */
export class Desk {
  private readonly waiting: Message[] = [];
  private readonly aborted = new WeakSet<Message>();
  private busy = false;

  constructor(
    /** Where answers go. */
    readonly outbox: Outbox,
    private readonly answer: (message: Message, desk: Desk) => Promise<void>,
  ) {}

  /** Takes a request, which is answered after those before it. */
  async take(message: Message): Promise<void> {
    this.waiting.push(message);
    if (this.busy) return;
    this.busy = true;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) {
      await this.answer(next, this);
    }
    this.busy = false;
  }

  /** Lets no cell run that waits now, or is on its way. */
  async abortExecutions(): Promise<void> {
    await sleep(onTheWay);
    for (const message of this.waiting) {
      if (message.header.msg_type === "execute_request") this.aborted.add(message);
    }
  }

  isAborted(message: Message): boolean {
    return this.aborted.has(message);
  }
}
