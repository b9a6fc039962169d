/** @file The worker that runs cells, so that the page stays free; the page sends cells and receives what they send out. */
import { CellExecutor } from "nabla/notebook";
import { inspect } from "node-inspect-extracted";
import { consoleOf } from "./console.js";
import { importerFrom } from "./doors.js";
import { EventBatch } from "./eventBatch.js";
import type { FromWorker, ToWorker } from "./protocol.js";

const scope = self as unknown as DedicatedWorkerGlobalScope;
const send = (message: FromWorker): void => scope.postMessage(message);
/** A turn of the event loop: promises that were rejected and forgotten are known after it. */
const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** What runs the cells, and what takes on what they send out. */
interface Room {
  readonly executor: CellExecutor;
  readonly events: EventBatch;
}

function start({ filename, address, interruptFlag, drawn }: ToWorker & { type: "start" }): Room {
  const events = new EventBatch((batch) => send({ type: "events", events: batch }), drawn);
  const importModule = importerFrom(address);
  const executor: CellExecutor = new CellExecutor({
    filename,
    meta: { url: address },
    bundle: import.meta.url.replace(/[^/]*$/, ""),
    inspect: (value) => inspect(value),
    emit: (event) => events.add(event),
    importModule: async (specifier, options) => {
      const module = await importModule(specifier, options);
      if (specifier === "nabla/keras") sendProgressTo(executor, module);
      return module;
    },
    ...(interruptFlag === null ? {} : { interruptFlag }),
  });
  Object.assign(
    console,
    consoleOf((name, text) => executor.write(name, text)),
  );
  scope.addEventListener("error", (event) => {
    event.preventDefault();
    executor.report(event.error ?? event.message);
  });
  scope.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    executor.report(event.reason);
  });
  return { executor, events };
}

/** Progress bars overwrite their line, which a console cannot do. */
function sendProgressTo(executor: CellExecutor, module: object): void {
  const { utils } = module as { utils: { setOutput(write: (text: string) => void): void } };
  utils.setOutput((text) => executor.write("stdout", text));
}

let room: Room | null = null;

scope.addEventListener("message", async ({ data: message }: MessageEvent<ToWorker>) => {
  if (message.type === "start") {
    room = start(message);
    send({ type: "ready" });
    return;
  }
  if (message.type === "interrupt") {
    room?.executor.interrupt();
    return;
  }
  const { executor, events } = room!;
  events.startCell();
  const result = await executor.execute(message.source, { name: message.name });
  await nextTurn();
  events.flush();
  send({ type: "done", result });
});
