/** @file `prompt` in cells: asks the reader of the notebook, and waits for the answer. */
import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { CellInterrupt } from "../interrupts.js";
import type { InputAnswer } from "./threadProtocol.js";

/** What asking takes: a flag that becomes 1 with the answer, a port by which it comes, a way to ask. */
export interface InputChannel {
  readonly flag: Int32Array;
  readonly port: MessagePort;
  readonly ask: (prompt: string) => void;
}

/** Asks, in the thread that runs cells, which stands still until the answer is there. */
export class Input {
  /** Whether the front end that asked for the cell can answer. */
  allowed = false;

  constructor(private readonly channel: InputChannel) {}

  /** The reader's answer, or the default where it is empty. */
  readonly prompt = (message = "", defaultValue = ""): string => {
    if (!this.allowed) throw new Error("prompt: this front end takes no input");
    const { flag, port, ask } = this.channel;
    ask(String(message));
    Atomics.wait(flag, 0, 0);
    Atomics.store(flag, 0, 0);
    const { value } = receiveMessageOnPort(port)!.message as InputAnswer;
    if (value === null) throw new CellInterrupt();
    return value === "" ? String(defaultValue) : value;
  };
}
