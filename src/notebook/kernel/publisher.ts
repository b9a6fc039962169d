/** @file What all front ends of a kernel see: states, outputs, errors. */
import type { CellError, CellEvent } from "../executor.js";
import { errorOutput } from "../nbformat/outputs.js";
import type { Content, Header, MessageCodec } from "./messages.js";
import type { Outbox } from "./sockets.js";

/** The content of a message about an error. */
export function errorContent(error: CellError): Content {
  const { ename, evalue, traceback } = errorOutput(error);
  return { ename, evalue, traceback };
}

/** Publishes messages, each as part of the request that caused it. */
export class Publisher {
  constructor(
    private readonly outbox: Outbox,
    private readonly codec: MessageCodec,
  ) {}

  publish(type: string, content: Content, parent: Partial<Header>): Promise<void> {
    const message = this.codec.create(type, content, parent, [Buffer.from(type)]);
    return this.outbox.send(this.codec.encode(message));
  }

  /** Says what the kernel is doing about a request. */
  status(state: "starting" | "busy" | "idle", parent: Partial<Header>): Promise<void> {
    return this.publish("status", { execution_state: state }, parent);
  }

  /** Publishes what a cell sends out. */
  output(event: CellEvent, parent: Partial<Header>): Promise<void> {
    switch (event.type) {
      case "stream":
        return this.publish("stream", { name: event.name, text: event.text }, parent);
      case "error":
        return this.publish("error", errorContent(event.error), parent);
      case "display": {
        const transient = event.displayId === undefined ? {} : { display_id: event.displayId };
        const type = event.update ? "update_display_data" : "display_data";
        return this.publish(type, { data: event.data, metadata: {}, transient }, parent);
      }
    }
  }
}
