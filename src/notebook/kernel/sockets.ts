/** @file The kernel's ZeroMQ sockets. */
import type * as zeromq from "zeromq";
import { addressOf, type Channel, type Connection } from "./connection.js";

/** The kernel's transport is not installed. */
export class TransportError extends Error {
  override readonly name = "TransportError";
}

/** Loads the transport, which is an optional dependency. */
export async function loadTransport(): Promise<typeof zeromq> {
  try {
    return await import("zeromq");
  } catch (cause) {
    throw new TransportError(
      `the kernel needs the package zeromq, which could not be loaded: npm install zeromq (${(cause as Error).message})`,
      { cause },
    );
  }
}

/** A socket that sends one thing after another, as ZeroMQ demands. */
export class Outbox {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly socket: { send(frames: zeromq.MessageLike[]): Promise<void> }) {}

  /** Sends frames after those before; done when they are handed over. Those whose receiver is gone are dropped. */
  send(frames: readonly Buffer[]): Promise<void> {
    this.last = this.last.then(() => this.socket.send([...frames])).catch(() => {});
    return this.last;
  }
}

/** All sockets of a kernel, bound to their addresses. */
export interface KernelSockets {
  readonly shell: zeromq.Router;
  readonly control: zeromq.Router;
  readonly stdin: zeromq.Router;
  readonly iopub: zeromq.Publisher;
  readonly heartbeat: zeromq.Reply;
}

/** How long closing waits for what is still to be sent, in milliseconds. */
const linger = 1000;

/** Opens the sockets. Nothing is dropped, however slow the front end reads. */
export async function openSockets(connection: Connection): Promise<KernelSockets> {
  const { Router, Publisher, Reply } = await loadTransport();
  const options = { linger, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  const sockets: KernelSockets = {
    shell: new Router(options),
    control: new Router(options),
    stdin: new Router(options),
    iopub: new Publisher({ linger, sendHighWaterMark: 0 }),
    heartbeat: new Reply({ linger: 0 }),
  };
  const bind = (socket: zeromq.Socket & { bind(address: string): Promise<void> }, channel: Channel) =>
    socket.bind(addressOf(connection, channel));
  await Promise.all([
    bind(sockets.shell, "shell"),
    bind(sockets.control, "control"),
    bind(sockets.stdin, "stdin"),
    bind(sockets.iopub, "iopub"),
    bind(sockets.heartbeat, "hb"),
  ]);
  return sockets;
}

/** Sends back whatever comes: a front end asks so whether the kernel lives. */
export async function serveHeartbeat(socket: zeromq.Reply): Promise<void> {
  for await (const frames of socket) await socket.send(frames);
}

/** Closes all sockets. */
export function closeSockets(sockets: KernelSockets): void {
  for (const socket of Object.values(sockets) as zeromq.Socket[]) socket.close();
}
