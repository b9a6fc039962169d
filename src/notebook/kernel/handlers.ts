/** @file The answers to requests other than those to run a cell. */
import { isComplete } from "../complete.js";
import type { CellThread } from "./cellThread.js";
import { toCharacters, toIndex } from "./cursor.js";
import type { History } from "./history.js";
import { kernelInfo } from "./info.js";
import type { Content, Message } from "./messages.js";
import type { Publisher } from "./publisher.js";

/** Gives the content of the reply, or null where there is none. */
export type Handler = (message: Message) => Content | null | Promise<Content | null>;

/** What requests are answered from. */
export interface HandlerContext {
  readonly thread: CellThread;
  readonly publisher: Publisher;
  readonly history: History;
}

function codeOf({ header, content }: Message): string {
  if (typeof content["code"] === "string") return content["code"];
  throw new TypeError(`${header.msg_type}: code must be a string`);
}

/** The handlers by the type of request. */
export function makeHandlers(context: HandlerContext): ReadonlyMap<string, Handler> {
  const { thread, publisher, history } = context;
  return new Map<string, Handler>([
    ["kernel_info_request", () => kernelInfo],
    ["complete_request", (message) => complete(thread, message)],
    ["inspect_request", (message) => inspect(thread, message)],
    ["is_complete_request", (message) => isCompleteReply(codeOf(message))],
    ["history_request", ({ content }) => ({ status: "ok", history: history.answer(content) })],
    ["comm_info_request", () => ({ status: "ok", comms: {} })],
    ["comm_open", (message) => refuseComm(publisher, message)],
    ["comm_msg", () => null],
    ["comm_close", () => null],
    ["shutdown_request", ({ content }) => ({ status: "ok", restart: content["restart"] === true })],
    [
      "interrupt_request",
      () => {
        thread.interrupt();
        return { status: "ok" };
      },
    ],
  ]);
}

async function complete(thread: CellThread, message: Message): Promise<Content> {
  const code = codeOf(message);
  const cursor = toIndex(code, message.content["cursor_pos"]);
  const { matches, types, start, end } = await thread.ask({ type: "complete", code, cursor });
  const [cursorStart, cursorEnd] = [toCharacters(code, start), toCharacters(code, end)];
  const typed = matches.map((text, index) => ({
    text,
    type: types[index],
    start: cursorStart,
    end: cursorEnd,
  }));
  return {
    status: "ok",
    matches,
    cursor_start: cursorStart,
    cursor_end: cursorEnd,
    metadata: { _jupyter_types_experimental: typed },
  };
}

async function inspect(thread: CellThread, message: Message): Promise<Content> {
  const code = codeOf(message);
  const cursor = toIndex(code, message.content["cursor_pos"]);
  const found = await thread.ask({ type: "inspect", code, cursor });
  return { status: "ok", found: found !== null, data: found ?? {}, metadata: {} };
}

/** Whether a cell can run; what goes on is indented as its last line, and once more after an opening brace. */
function isCompleteReply(code: string): Content {
  const status = isComplete(code);
  if (status !== "incomplete") return { status };
  const line = code.trimEnd().split("\n").at(-1)!;
  const indent = /^\s*/.exec(line)![0];
  return { status, indent: /[({[]$/.test(line) ? `${indent}  ` : indent };
}

/** There are no targets for a front end's widgets to talk to. */
function refuseComm(publisher: Publisher, { header, content }: Message): null {
  publisher.publish("comm_close", { comm_id: content["comm_id"], data: {} }, header);
  return null;
}
