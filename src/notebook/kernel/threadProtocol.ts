/** @file The messages between the kernel and the thread that runs its cells. */
import type { MessagePort } from "node:worker_threads";
import type { CellEvent, CellResult } from "../executor.js";
import type { Completion } from "./complete.js";
import type { Inspection } from "./inspect.js";

/** What the thread is started with. */
export interface ThreadData {
  readonly folder: string;
  readonly filename: string;
  readonly interruptFlag: Int32Array;
  /** 1 once an answer to `prompt` has come. */
  readonly inputFlag: Int32Array;
  /** By which the answer comes. */
  readonly inputPort: MessagePort;
}

/** What the thread is asked; each question has a number, its answer the same. */
export type Question =
  | {
      readonly type: "execute";
      readonly source: string;
      readonly name: string;
      readonly allowsInput: boolean;
    }
  | { readonly type: "complete"; readonly code: string; readonly cursor: number }
  | { readonly type: "inspect"; readonly code: string; readonly cursor: number };

/** The answer to each kind of question. */
export interface Answers {
  readonly execute: CellResult;
  readonly complete: Completion;
  readonly inspect: Inspection | null;
}

export type ToThread =
  | { readonly id: number; readonly question: Question }
  /** Stops the cell that was asked for under a number, if it still runs. */
  | { readonly interrupt: number };

export type FromThread =
  | { readonly type: "event"; readonly event: CellEvent }
  | { readonly type: "input"; readonly prompt: string }
  | { readonly type: "answer"; readonly id: number; readonly answer: Answers[Question["type"]] }
  | { readonly type: "failure"; readonly id: number; readonly message: string };

/** What comes by the input port: the answer, or null where there is none to come. */
export interface InputAnswer {
  readonly value: string | null;
}
