/** @file The process that runs a notebook's cells; its parent sends cells and receives what they send out. */
import { chdir } from "node:process";
import { inspect } from "node:util";
import { Script } from "node:vm";
import { type CellEvent, CellExecutor } from "../executor.js";
import { importerFor, metaFor } from "./importer.js";
import type { FromProcess, ToProcess } from "./protocol.js";

const sendToParent = process.send!.bind(process);
const send = (message: FromProcess): void => void sendToParent(message);

/** A turn of the event loop: promises that were rejected and forgotten are known after it. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function executorFor(folder: string, filename: string): CellExecutor {
  return new CellExecutor({
    filename,
    importModule: importerFor(folder, filename),
    meta: metaFor(folder, filename),
    inspect: (value) => inspect(value),
    evaluate: (code, script) => new Script(code, { filename: script }).runInThisContext(),
    emit: (event: CellEvent) => send({ type: "event", event }),
  });
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

function start(folder: string, filename: string): CellExecutor {
  chdir(folder);
  const executor = executorFor(folder, filename);
  capture(executor, "stdout");
  capture(executor, "stderr");
  process.on("uncaughtException", (error) => executor.report(error));
  process.on("unhandledRejection", (reason) => executor.report(reason));
  return executor;
}

let executor: CellExecutor | null = null;

process.on("message", async (message: ToProcess) => {
  if (message.type === "start") {
    executor = start(message.folder, message.filename);
    send({ type: "ready" });
    return;
  }
  const result = await executor!.execute(message.source, { name: message.name });
  await nextTurn();
  send({ type: "done", result });
});
// The parent decides what an interrupt means, and ends this process.
process.on("SIGINT", () => {});
process.on("disconnect", () => process.exit());
