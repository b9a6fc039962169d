/** @file The page's end of the worker that runs cells: starts it, stops a cell, and ends it when a cell does not stop. */
import { type CellError, type CellResult, createInterruptFlag, setInterruptFlag } from "nabla/notebook";
import { Inbox } from "./inbox.js";
import type { FromWorker, PageEvent, ToWorker } from "./protocol.js";

/** What the worker is doing. */
export type KernelState = "starting" | "idle" | "busy" | "ended";

/** How a cell ended; `lost` says that the worker, and all variables with it, is gone. */
export type RunResult = CellResult & { readonly lost?: boolean };

/** How long a cell that was told to stop may take to do so, in milliseconds. */
const patience = { guarded: 1500, unguarded: 300 };

const stopped: CellError = {
  name: "Interrupted",
  message: "the cell was stopped",
  frames: [],
  trace: "Interrupted: the cell was stopped",
};

interface Running {
  readonly emit: (events: readonly PageEvent[]) => void;
  readonly finish: (result: RunResult) => void;
}

/** Runs the cells of one notebook in a worker of their own, one at a time. */
export class Kernel {
  /** Called when the state changes. */
  onState: (state: KernelState) => void = () => {};
  /** Called with what a cell sends out after it has ended, such as from a timer. */
  onStray: (events: readonly PageEvent[]) => void = () => {};
  private worker: Worker | null = null;
  private flag: Int32Array | null = null;
  private inbox: Inbox | null = null;
  private running: Running | null = null;
  private current: KernelState = "ended";

  constructor(
    private readonly filename: string,
    private readonly address: string,
  ) {}

  get state(): KernelState {
    return this.current;
  }

  /** Whether a cell can be stopped without losing its variables wherever it is. */
  get isGuarded(): boolean {
    return globalThis.crossOriginIsolated;
  }

  start(): void {
    this.end();
    this.flag = this.isGuarded ? createInterruptFlag() : null;
    const drawn = this.isGuarded ? new Int32Array(new SharedArrayBuffer(4)) : null;
    this.inbox = new Inbox((events) => (this.running?.emit ?? this.onStray)(events), drawn);
    this.worker = new Worker(new URL("./cellWorker.ts", import.meta.url), { type: "module", name: "cells" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.receive(data));
    this.worker.addEventListener("error", (event) => this.fail(event.message));
    this.setState("starting");
    const { filename, address } = this;
    this.send({ type: "start", filename, address, interruptFlag: this.flag, drawn });
  }

  /** Runs a cell; nothing else may be running. */
  execute(source: string, name: string, emit: Running["emit"]): Promise<RunResult> {
    if (this.worker === null) this.start();
    if (this.flag !== null) setInterruptFlag(this.flag, false);
    this.setState("busy");
    return new Promise((resolve) => {
      const finish = (result: RunResult): void => {
        this.running = null;
        resolve(result);
      };
      this.running = { emit, finish };
      this.send({ type: "execute", source, name });
    });
  }

  /** Stops the cell that runs, at the price of all variables if it does not heed. */
  interrupt(): void {
    const { running } = this;
    if (running === null) return;
    if (this.flag !== null) setInterruptFlag(this.flag, true);
    this.send({ type: "interrupt" });
    const wait = this.isGuarded ? patience.guarded : patience.unguarded;
    setTimeout(() => {
      if (this.running !== running) return;
      this.end();
      running.finish({ ok: false, error: stopped, lost: true });
    }, wait);
  }

  /** Ends the worker; a cell that runs is stopped. */
  end(): void {
    this.worker?.terminate();
    this.worker = null;
    this.inbox?.flush();
    this.setState("ended");
  }

  /** Ends the worker and starts another. */
  restart(): void {
    const { running } = this;
    this.start();
    running?.finish({ ok: false, error: stopped, lost: true });
  }

  private receive(message: FromWorker): void {
    if (message.type === "ready") {
      if (this.running === null) this.setState("idle");
    } else if (message.type === "events") {
      this.inbox?.add(message.events);
    } else {
      this.inbox?.flush();
      this.setState("idle");
      this.running?.finish(message.result);
    }
  }

  /** The worker itself failed: its script did not load, or it ran out of memory. */
  private fail(message: string): void {
    const { running } = this;
    this.end();
    const text = `the worker that runs the cells ended: ${message || "it could not be loaded"}`;
    const error: CellError = {
      name: "WorkerError",
      message: text,
      frames: [],
      trace: `WorkerError: ${text}`,
    };
    running?.finish({ ok: false, error, lost: true });
  }

  private send(message: ToWorker): void {
    this.worker?.postMessage(message);
  }

  private setState(state: KernelState): void {
    if (state === this.current) return;
    this.current = state;
    this.onState(state);
  }
}
