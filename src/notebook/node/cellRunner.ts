/** @file The parent's end: starts the process that runs cells, and ends it when a cell does not. */
import { type ChildProcess, fork } from "node:child_process";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellError, CellEvent, CellResult } from "../executor.js";
import type { FromProcess, ToProcess } from "./protocol.js";

/** Why a cell was stopped from outside. */
export type StopReason = "timeout" | "interrupt";

/** How a cell ended; `stopped` says that its process is gone. */
export type RunResult = CellResult & { readonly stopped?: StopReason | "exit" };

/** How to run one cell. */
export interface RunOptions {
  readonly name: string;
  readonly emit: (event: CellEvent) => void;
  /** Milliseconds after which the cell is stopped. */
  readonly timeout?: number;
  /** Stops the cell when aborted. */
  readonly signal?: AbortSignal;
}

const isSource = import.meta.url.endsWith(".ts");
const entry = fileURLToPath(new URL(`./cellProcess.${isSource ? "ts" : "js"}`, import.meta.url));
/** Run from source, the process needs our own TypeScript loader, which is found from here; then it moves. */
const startFolder = isSource ? dirname(entry) : process.cwd();

const stopError = (name: string, message: string): CellError => ({
  name,
  message,
  frames: [],
  trace: `${name}: ${message}`,
});

/** Runs the cells of one notebook in a process of their own. */
export class CellRunner {
  private readonly child: ChildProcess;
  private emit: (event: CellEvent) => void = () => {};
  /** Done when the process is gone and all it sent has come. */
  private readonly ended: Promise<void>;
  /** Done when cells can run, or never will: the time a process takes to start is no cell's. */
  private readonly ready: Promise<void>;

  constructor(folder: string, filename: string) {
    this.child = fork(entry, [], { cwd: startFolder, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    // Native code may write past the process's own streams.
    for (const name of ["stdout", "stderr"] as const) {
      this.child[name]!.setEncoding("utf8").on("data", (text: string) =>
        this.emit({ type: "stream", name, text }),
      );
    }
    this.ended = new Promise((resolve) => this.child.once("close", () => resolve()));
    const started = new Promise<void>((resolve) => this.child.once("message", () => resolve()));
    this.ready = Promise.race([started, this.ended]);
    this.send({ type: "start", folder, filename });
  }

  /** Runs a cell; it ends by itself, or is stopped by its time limit or the signal. */
  async execute(source: string, { name, emit, timeout, signal }: RunOptions): Promise<RunResult> {
    this.emit = emit;
    await this.ready;
    const { promise, resolve } = withResolvers<RunResult>();
    const onMessage = (message: FromProcess): void => {
      if (message.type === "event") emit(message.event);
      if (message.type === "done") resolve(message.result);
    };
    const stop = (reason: StopReason): void => {
      this.close();
      resolve({ ok: false, stopped: reason, error: describeStop(reason, timeout) });
    };
    const onAbort = (): void => stop("interrupt");
    const onExit = (): void => resolve({ ok: false, stopped: "exit", error: this.describeExit() });
    const timer = timeout === undefined ? undefined : setTimeout(stop, timeout, "timeout");
    this.child.on("message", onMessage);
    signal?.addEventListener("abort", onAbort);
    this.ended.then(onExit);
    if (signal?.aborted) onAbort();
    else this.send({ type: "execute", source, name });
    return promise.finally(() => {
      clearTimeout(timer);
      this.child.off("message", onMessage);
      signal?.removeEventListener("abort", onAbort);
    });
  }

  /** Ends the process. */
  close(): void {
    this.child.kill("SIGKILL");
  }

  private describeExit(): CellError {
    const { exitCode, signalCode } = this.child;
    const how = exitCode === null ? `by signal ${signalCode}` : `with exit code ${exitCode}`;
    return stopError("ProcessExit", `the cell ended its process ${how}`);
  }

  private send(message: ToProcess): void {
    if (this.child.connected) this.child.send(message);
  }
}

function describeStop(reason: StopReason, timeout: number | undefined): CellError {
  return reason === "interrupt"
    ? stopError("Interrupted", "the run was interrupted in this cell")
    : stopError("TimeoutError", `the cell ran longer than ${timeout! / 1000} s`);
}

function withResolvers<Value>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => {};
  const promise = new Promise<Value>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
