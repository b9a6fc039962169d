/** @file The kernel's end of the thread that runs cells: asks it, stops it, and starts another when it is gone. */
import { MessageChannel, type MessagePort, Worker, type WorkerOptions } from "node:worker_threads";
import type { CellError, CellEvent } from "../executor.js";
import { createInterruptFlag, setInterruptFlag } from "../interrupts.js";
import { unnamed } from "./notebookName.js";
import type { Answers, FromThread, InputAnswer, Question, ThreadData, ToThread } from "./threadProtocol.js";

/** What the thread is for, and who hears from it. */
export interface CellThreadOptions {
  readonly folder: string;
  /** The notebook's name; null where it may become known by `nameNotebook`. */
  readonly filename: string | null;
  readonly onEvent: (event: CellEvent) => void;
  /** A cell asks its reader; the answer goes to `answerInput`. */
  readonly onInput: (prompt: string) => void;
  /** How long a cell that is told to stop may go on before its thread is ended, in milliseconds. */
  readonly patience: number;
}

interface Pending {
  readonly question: Question;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

const isSource = import.meta.url.endsWith(".ts");
const entry = new URL(`./cellWorker.${isSource ? "ts" : "js"}`, import.meta.url);

/** Run from source, a thread must first be given the TypeScript loader, which Node gives to the main thread alone. */
function startWorker(options: WorkerOptions): Worker {
  if (!isSource) return new Worker(entry, options);
  const loader = JSON.stringify(import.meta.resolve("tsx/esm/api"));
  const program = `import(${loader}).then(({ register }) => { register(); return import("${entry}"); })`;
  return new Worker(program, { ...options, eval: true });
}

const endError = (name: string, message: string): CellError => ({
  name,
  message,
  frames: [],
  trace: `${name}: ${message}`,
});

/** Runs cells in a thread, so that the kernel answers while they run. */
export class CellThread {
  private worker: Worker | null = null;
  private inputPort: MessagePort | null = null;
  private readonly interruptFlag = createInterruptFlag();
  private readonly inputFlag = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  private readonly pending = new Map<number, Pending>();
  private asked = 0;
  private waitsForInput = false;
  private interruptTimer: NodeJS.Timeout | undefined;
  /** What ended the thread before it ended: an interrupt, or an error that only its parent is told. */
  private cause = "";
  private filename: string;

  constructor(private readonly options: CellThreadOptions) {
    this.filename = options.filename ?? unnamed;
    if (options.filename !== null) this.start();
  }

  /** Says what the notebook is called; that of a thread which runs already does not change. */
  nameNotebook(filename: string): void {
    if (this.options.filename === null && this.worker === null) this.filename = filename;
  }

  /** Asks the thread; what it cannot answer is an error. A cell always has a result. */
  ask<Type extends Question["type"]>(question: Question & { type: Type }): Promise<Answers[Type]> {
    const id = ++this.asked;
    if (question.type === "execute") setInterruptFlag(this.interruptFlag, false);
    return new Promise<Answers[Type]>((resolve, reject) => {
      this.pending.set(id, { question, resolve, reject });
      this.post({ id, question });
    });
  }

  /** Stops the cell that runs: by its guards, or else by ending the thread. */
  interrupt(): void {
    const cell = [...this.pending].find(([, { question }]) => question.type === "execute")?.[0];
    if (cell === undefined) return;
    setInterruptFlag(this.interruptFlag, true);
    this.post({ interrupt: cell });
    this.answerInput(null);
    this.interruptTimer ??= setTimeout(() => {
      this.cause = "it did not stop, so its thread was ended";
      this.worker?.terminate();
    }, this.options.patience);
  }

  /** Gives the answer to `onInput`; null says that none will come. */
  answerInput(value: string | null): void {
    if (!this.waitsForInput) return;
    this.waitsForInput = false;
    this.inputPort!.postMessage({ value } satisfies InputAnswer);
    Atomics.store(this.inputFlag, 0, 1);
    Atomics.notify(this.inputFlag, 0);
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    const { worker } = this;
    this.worker = null;
    await worker?.terminate();
  }

  private post(message: ToThread): void {
    (this.worker ?? this.start()).postMessage(message);
  }

  private start(): Worker {
    const { port1, port2 } = new MessageChannel();
    const { folder } = this.options;
    const { filename, interruptFlag, inputFlag } = this;
    const workerData: ThreadData = { folder, filename, interruptFlag, inputFlag, inputPort: port2 };
    const worker = startWorker({ workerData, transferList: [port2] });
    worker.on("message", (message: FromThread) => this.receive(message));
    worker.on("error", (error) => {
      this.cause = error.message;
    });
    worker.on("exit", (code) => this.fail(worker, code));
    this.worker = worker;
    this.inputPort = port1;
    port1.unref();
    return worker;
  }

  private receive(message: FromThread): void {
    switch (message.type) {
      case "event":
        this.options.onEvent(message.event);
        break;
      case "input":
        this.waitsForInput = true;
        this.options.onInput(message.prompt);
        break;
      case "answer":
        this.take(message.id)?.resolve(message.answer as never);
        break;
      case "failure":
        this.take(message.id)?.reject(new Error(message.message));
        break;
    }
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    if (pending?.question.type === "execute") {
      clearTimeout(this.interruptTimer);
      this.interruptTimer = undefined;
    }
    return pending;
  }

  /** The thread is gone, and with it all variables: what it was asked gets an answer, the next question a new thread. */
  private fail(worker: Worker, code: number): void {
    if (this.worker !== worker) return;
    this.worker = null;
    this.waitsForInput = false;
    Atomics.store(this.inputFlag, 0, 0);
    const why = this.cause === "" ? `it ended its thread with exit code ${code}` : this.cause;
    const name = this.interruptTimer === undefined ? "ThreadExit" : "Interrupted";
    this.cause = "";
    for (const id of [...this.pending.keys()]) {
      const { question, resolve, reject } = this.take(id)!;
      const error = endError(name, `${why}. Variables were lost.`);
      if (question.type === "execute") resolve({ ok: false, error } as never);
      else reject(new Error(error.message));
    }
  }
}
