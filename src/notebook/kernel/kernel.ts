/** @file The Jupyter kernel: takes requests from front ends, and answers them. */
import { CellThread } from "./cellThread.js";
import type { Connection } from "./connection.js";
import { Desk } from "./desk.js";
import { Executions } from "./execution.js";
import { type Handler, makeHandlers } from "./handlers.js";
import { type Content, MalformedMessage, type Message, MessageCodec } from "./messages.js";
import { Publisher } from "./publisher.js";
import { closeSockets, type KernelSockets, Outbox, openSockets, serveHeartbeat } from "./sockets.js";

/** Where a kernel runs cells. */
export interface KernelOptions {
  readonly folder: string;
  /** The notebook's name; null where it is not known yet. */
  readonly filename: string | null;
  /** How long a cell that is told to stop may go on before its thread is ended, in milliseconds. */
  readonly patience: number;
}

/** One kernel. */
export class Kernel {
  /** Done when the kernel was asked to end and has said so. */
  readonly ended: Promise<void>;
  private end: () => void = () => {};
  private readonly codec: MessageCodec;
  private readonly publisher: Publisher;
  private readonly thread: CellThread;
  private readonly executions: Executions;
  private readonly handlers: ReadonlyMap<string, Handler>;
  private readonly stdin: Outbox;

  private constructor(
    { key, digest }: Connection,
    private readonly sockets: KernelSockets,
    options: KernelOptions,
  ) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    this.codec = new MessageCodec(key, digest);
    this.publisher = new Publisher(new Outbox(sockets.iopub), this.codec);
    this.stdin = new Outbox(sockets.stdin);
    this.thread = new CellThread({
      ...options,
      onEvent: (event) => this.executions.publish(event),
      onInput: (prompt) => this.requestInput(prompt),
    });
    this.executions = new Executions(this.thread, this.publisher);
    const { thread, publisher, executions } = this;
    this.handlers = makeHandlers({ thread, publisher, history: executions.history });
  }

  /** Opens the sockets and begins to answer. */
  static async start(connection: Connection, options: KernelOptions): Promise<Kernel> {
    const kernel = new Kernel(connection, await openSockets(connection), options);
    kernel.serve();
    return kernel;
  }

  /** Stops the cell that runs. */
  interrupt(): void {
    this.thread.interrupt();
  }

  /** Ends the thread and closes the sockets. */
  async close(): Promise<void> {
    await this.thread.close();
    closeSockets(this.sockets);
  }

  private serve(): void {
    const { shell, control, stdin, heartbeat } = this.sockets;
    this.publisher.status("starting", {});
    for (const socket of [shell, control]) {
      const desk = new Desk(new Outbox(socket), (message, at) => this.answer(message, at));
      this.listen(socket, (message) => this.takeRequest(message, desk));
    }
    this.listen(stdin, (message) => this.takeInput(message));
    serveHeartbeat(heartbeat).catch(() => this.end());
  }

  /** Takes messages until the socket is closed; what is no message of ours is dropped. */
  private async listen(socket: AsyncIterable<Buffer[]>, take: (message: Message) => void): Promise<void> {
    for await (const frames of socket) {
      try {
        take(this.codec.decode(frames));
      } catch (error) {
        if (!(error instanceof MalformedMessage)) throw error;
        console.error(`A message was dropped: ${error.message}`);
      }
    }
  }

  /** Some front ends send interrupts the way cells come, where they must not wait for the cell that they are to stop. */
  private takeRequest(message: Message, desk: Desk): Promise<void> {
    return message.header.msg_type === "interrupt_request" ? this.answer(message, desk) : desk.take(message);
  }

  /** Answers a request; all that belongs to it is published before the kernel is said to be idle. */
  private async answer(message: Message, desk: Desk): Promise<void> {
    const { header } = message;
    if (header.msg_type !== "execute_request" && !this.handlers.has(header.msg_type)) {
      console.error(`A message was dropped: nothing is known of ${JSON.stringify(header.msg_type)}`);
      return;
    }
    this.publisher.status("busy", header);
    const content = await this.contentOf(message, desk);
    if (content !== null) {
      const type = header.msg_type.replace(/_request$/, "_reply");
      const reply = this.codec.create(type, content, header, message.identities);
      await desk.outbox.send(this.codec.encode(reply));
    }
    await this.publisher.status("idle", header);
    if (header.msg_type === "shutdown_request") this.end();
  }

  private async contentOf(message: Message, desk: Desk): Promise<Content | null> {
    if (desk.isAborted(message)) return { status: "aborted" };
    try {
      const handler = this.handlers.get(message.header.msg_type);
      if (handler !== undefined) return await handler(message);
      const { reply, aborts } = await this.executions.run(message);
      if (aborts) await desk.abortExecutions();
      return reply;
    } catch (error) {
      const { name, message: text } = error as Error;
      return { status: "error", ename: name, evalue: text, traceback: [`${name}: ${text}`] };
    }
  }

  /** Asks the front end whose cell runs. */
  private requestInput(prompt: string): void {
    const request = this.executions.current!;
    const content = { prompt, password: false };
    const message = this.codec.create("input_request", content, request.header, request.identities);
    this.stdin.send(this.codec.encode(message));
  }

  private takeInput({ header, content }: Message): void {
    if (header.msg_type === "input_reply") this.thread.answerInput(String(content["value"] ?? ""));
  }
}
