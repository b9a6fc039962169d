/** @file The thread that runs a kernel's cells. */
import { parentPort, workerData } from "node:worker_threads";
import { hostCells, nextTurn } from "../node/host.js";
import { importerFor } from "../node/importer.js";
import { complete } from "./complete.js";
import { Input } from "./input.js";
import { inspectName } from "./inspect.js";
import { StreamBuffer } from "./streamBuffer.js";
import type { Answers, FromThread, Question, ThreadData, ToThread } from "./threadProtocol.js";

const { folder, filename, interruptFlag, inputFlag, inputPort } = workerData as ThreadData;
const send = (message: FromThread): void => parentPort!.postMessage(message);

const output = new StreamBuffer((event) => send({ type: "event", event }));
const executor = hostCells({ folder, filename, interruptFlag, emit: (event) => output.add(event) });
const importModule = importerFor(folder, filename);
const input = new Input({
  flag: inputFlag,
  port: inputPort,
  ask: (prompt) => {
    output.flush();
    send({ type: "input", prompt });
  },
});
Object.assign(globalThis, { prompt: input.prompt });

/** The number of the cell that runs, or 0. */
let running = 0;

async function execute(
  id: number,
  { source, name, allowsInput }: Question & { type: "execute" },
): Promise<Answers["execute"]> {
  running = id;
  input.allowed = allowsInput;
  const result = await executor.execute(source, { name });
  await nextTurn();
  output.flush();
  running = 0;
  return result;
}

async function answer(id: number, question: Question): Promise<Answers[Question["type"]]> {
  switch (question.type) {
    case "execute":
      return execute(id, question);
    case "complete":
      return complete(executor.names, question.code, question.cursor);
    case "inspect":
      return inspectName(executor.names, importModule, question);
  }
}

parentPort!.on("message", (message: ToThread) => {
  if ("interrupt" in message) {
    if (message.interrupt === running) executor.interrupt();
    return;
  }
  const { id, question } = message;
  answer(id, question).then(
    (result) => send({ type: "answer", id, answer: result }),
    (error) => send({ type: "failure", id, message: String(error) }),
  );
});
