/** @file The process that runs a notebook's cells; its parent sends cells and receives what they send out. */
import { chdir } from "node:process";
import type { CellExecutor } from "../executor.js";
import { hostCells, nextTurn } from "./host.js";
import type { FromProcess, ToProcess } from "./protocol.js";

const sendToParent = process.send!.bind(process);
const send = (message: FromProcess): void => void sendToParent(message);

let executor: CellExecutor | null = null;

process.on("message", async (message: ToProcess) => {
  if (message.type === "start") {
    chdir(message.folder);
    executor = hostCells({ ...message, emit: (event) => send({ type: "event", event }) });
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
