/** @file A front end for tests: speaks the protocol over ZeroMQ by itself, to a kernel in a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as zeromq from "zeromq";

export type Content = Record<string, any>;

/** A message that came. */
export interface Received {
  readonly channel: "shell" | "control" | "iopub" | "stdin";
  readonly type: string;
  /** The number of the request that caused it. */
  readonly parent: string | undefined;
  readonly content: Content;
  readonly header: Content;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
const main = join(root, "src/cli/main.ts");
const delimiter = "<IDS|MSG>";

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/** A kernel's front end. */
export class Client {
  readonly key = randomUUID();
  readonly received: Received[] = [];
  /** What the kernel's process printed. */
  printed = "";
  process!: ChildProcess;
  private folder!: string;
  private readonly session = randomUUID();
  private readonly identity = randomUUID();
  private readonly shell = new zeromq.Dealer({ routingId: this.identity, linger: 0 });
  private readonly control = new zeromq.Dealer({ routingId: this.identity, linger: 0 });
  private readonly stdin = new zeromq.Dealer({ routingId: this.identity, linger: 0 });
  private readonly iopub = new zeromq.Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  private readonly heartbeat = new zeromq.Request({ linger: 0 });
  private readonly waiting = new Set<() => void>();

  /** Starts a kernel and connects to it. */
  static async start(environment: NodeJS.ProcessEnv = {}): Promise<Client> {
    const client = new Client();
    const [shell, control, stdin, iopub, hb] = await freePorts(5);
    client.folder = await mkdtemp(join(tmpdir(), "nabla-kernel-"));
    const file = join(client.folder, "connection.json");
    const connection = {
      ...{ transport: "tcp", ip: "127.0.0.1", key: client.key, signature_scheme: "hmac-sha256" },
      ...{ shell_port: shell, control_port: control, stdin_port: stdin, iopub_port: iopub, hb_port: hb },
    };
    await writeFile(file, JSON.stringify(connection));
    client.process = spawn(
      process.execPath,
      ["--conditions=nabla-source", "--import", "tsx", main, "kernel", "start", file],
      { cwd: root, env: { ...process.env, ...environment } },
    );
    for (const stream of [client.process.stdout!, client.process.stderr!]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        client.printed += text;
      });
    }
    client.iopub.subscribe();
    client.iopub.connect(`tcp://127.0.0.1:${iopub}`);
    client.shell.connect(`tcp://127.0.0.1:${shell}`);
    client.control.connect(`tcp://127.0.0.1:${control}`);
    client.stdin.connect(`tcp://127.0.0.1:${stdin}`);
    client.heartbeat.connect(`tcp://127.0.0.1:${hb}`);
    for (const channel of ["shell", "control", "iopub", "stdin"] as const) client.listen(channel);
    await client.waitForSubscription();
    return client;
  }

  /** Sends a request, and gives its number. */
  async send(
    type: string,
    content: Content,
    channel: "shell" | "control" | "stdin" = "shell",
    parent: Content = {},
  ): Promise<string> {
    const id = randomUUID();
    const header = {
      ...{ msg_id: id, msg_type: type, session: this.session, username: "test" },
      ...{ date: new Date().toISOString(), version: "5.3" },
    };
    await this.sendFrames(
      [header, parent, {}, content].map((part) => JSON.stringify(part)),
      channel,
    );
    return id;
  }

  /** Sends frames as they are, with a signature. */
  async sendFrames(
    parts: readonly string[],
    channel: "shell" | "control" | "stdin" = "shell",
    signature = this.sign(parts),
  ): Promise<void> {
    await this[channel].send([delimiter, signature, ...parts]);
  }

  /** Sends anything at all. */
  sendRaw(frames: string[]): Promise<void> {
    return this.shell.send(frames);
  }

  /** The first message, of those that have come or will, that is as asked for. */
  async find(isRight: (message: Received) => boolean, what: string, seconds = 30): Promise<Received> {
    const deadline = Date.now() + seconds * 1000;
    for (;;) {
      const found = this.received.find(isRight);
      if (found !== undefined) return found;
      const left = deadline - Date.now();
      if (left <= 0)
        throw new Error(`no ${what} came within ${seconds} s; the kernel printed: ${this.printed}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** The reply to a request, once the kernel is idle again. */
  async replyTo(id: string): Promise<Content> {
    await this.idleAfter(id);
    const reply = await this.find(
      ({ parent, channel }) => parent === id && (channel === "shell" || channel === "control"),
      "reply",
    );
    return reply.content;
  }

  idleAfter(id: string): Promise<Received> {
    return this.find(
      ({ type, parent, content }) =>
        type === "status" && parent === id && content["execution_state"] === "idle",
      "idle",
    );
  }

  /** What was published for a request before the kernel was idle again: types and contents, without states. */
  outputsOf(id: string): Received[] {
    const own = this.received.filter(({ channel, parent }) => channel === "iopub" && parent === id);
    const end = own.findIndex(({ content }) => content["execution_state"] === "idle");
    return own.slice(0, end).filter(({ type }) => type !== "status" && type !== "execute_input");
  }

  async request(
    type: string,
    content: Content = {},
    channel: "shell" | "control" = "shell",
  ): Promise<Content> {
    return this.replyTo(await this.send(type, content, channel));
  }

  /** Runs a cell: its reply, and what it sent out. */
  async execute(
    code: string,
    options: Content = {},
  ): Promise<{ reply: Content; outputs: Received[]; id: string }> {
    const id = await this.send("execute_request", { code, ...options });
    const reply = await this.replyTo(id);
    return { reply, outputs: this.outputsOf(id), id };
  }

  /** The text of a cell's value, or its error. */
  async value(code: string): Promise<string> {
    const { reply, outputs } = await this.execute(code);
    if (reply["status"] === "error") return `${reply["ename"]}: ${reply["evalue"]}`;
    return outputs.find(({ type }) => type === "execute_result")?.content["data"]["text/plain"] ?? "nothing";
  }

  async beat(text: string): Promise<string> {
    await this.heartbeat.send(text);
    const [answer] = await this.heartbeat.receive();
    return String(answer);
  }

  /** Ends the kernel's process if it still runs. */
  async close(): Promise<void> {
    this.process.kill("SIGKILL");
    for (const socket of [this.shell, this.control, this.stdin, this.iopub, this.heartbeat]) socket.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  private sign(parts: readonly string[]): string {
    const hmac = createHmac("sha256", this.key);
    for (const part of parts) hmac.update(part);
    return hmac.digest("hex");
  }

  private async listen(channel: Received["channel"]): Promise<void> {
    const socket: AsyncIterable<Buffer[]> = this[channel];
    for await (const frames of socket) {
      const at = frames.findIndex((frame) => String(frame) === delimiter);
      const parts = frames.slice(at + 2, at + 6).map(String);
      if (String(frames[at + 1]) !== this.sign(parts)) throw new Error("the kernel's signature is wrong");
      const [header, parent, , content] = parts.map((part) => JSON.parse(part) as Content);
      this.received.push({
        channel,
        type: header!["msg_type"],
        parent: parent!["msg_id"],
        content: content!,
        header: header!,
      });
      for (const wake of [...this.waiting]) wake();
      this.waiting.clear();
    }
  }

  /** Asks until what is published arrives: before that it goes to nobody. */
  private async waitForSubscription(): Promise<void> {
    for (let attempt = 0; attempt < 60; attempt++) {
      const id = await this.send("kernel_info_request", {});
      const came = await this.find(
        ({ parent, channel }) => parent === id && channel === "iopub",
        "state",
        1,
      ).catch(() => null);
      if (came !== null) {
        await this.idleAfter(id);
        return;
      }
    }
    throw new Error(`the kernel does not answer; it printed: ${this.printed}`);
  }
}
