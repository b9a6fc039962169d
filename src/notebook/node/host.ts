/** @file What running cells takes in Node, be it in a process of their own or in a thread. */
import { inspect } from "node:util";
import { Script } from "node:vm";
import { type CellEvent, CellExecutor } from "../executor.js";
import { importerFor, metaFor } from "./importer.js";

/** What the cells of one notebook run with. */
export interface HostOptions {
  readonly folder: string;
  readonly filename: string;
  readonly emit: (event: CellEvent) => void;
  /** See `CellExecutorOptions`. */
  readonly interruptFlag?: Int32Array;
}

/** An executor that has the standard streams and the errors that nobody catches. */
export function hostCells({ folder, filename, emit, interruptFlag }: HostOptions): CellExecutor {
  const executor = new CellExecutor({
    filename,
    importModule: importerFor(folder, filename),
    meta: metaFor(folder, filename),
    inspect: (value) => inspect(value),
    evaluate: (code, script) => new Script(code, { filename: script }).runInThisContext(),
    emit,
    ...(interruptFlag === undefined ? {} : { interruptFlag }),
  });
  capture(executor, "stdout");
  capture(executor, "stderr");
  process.on("uncaughtException", (error) => executor.report(error));
  process.on("unhandledRejection", (reason) => executor.report(reason));
  return executor;
}

/** Sends what is written to a standard stream through the executor, be it by console or directly. */
function capture(executor: CellExecutor, name: "stdout" | "stderr"): void {
  const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const text = typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
    executor.write(name, text);
    const callback = typeof encoding === "function" ? encoding : done;
    if (typeof callback === "function") queueMicrotask(() => callback());
    return true;
  };
  process[name].write = write as typeof process.stdout.write;
}

/** A turn of the event loop: promises that were rejected and forgotten are known after it. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
