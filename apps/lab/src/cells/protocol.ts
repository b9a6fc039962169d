/** @file The messages between the page and the worker that runs its cells. */
import type { CellEvent, CellResult } from "nabla/notebook";

export type ToWorker =
  | {
      readonly type: "start";
      readonly filename: string;
      /** Where the notebook lies: relative imports in cells start from there. */
      readonly address: string;
      /** The flag that stops cells; null where memory cannot be shared. */
      readonly interruptFlag: Int32Array | null;
      /** How many batches of events the page has drawn; null where memory cannot be shared. */
      readonly drawn: Int32Array | null;
    }
  | { readonly type: "execute"; readonly source: string; readonly name: string }
  | { readonly type: "interrupt" };

/** Text of a stream: it takes the place of the last `back` characters of what came before it. */
export interface StreamText {
  readonly type: "stream";
  readonly name: "stdout" | "stderr";
  readonly back: number;
  readonly text: string;
}

/** What cells send out, as the page gets it. */
export type PageEvent = Exclude<CellEvent, { readonly type: "stream" }> | StreamText;

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "events"; readonly events: readonly PageEvent[] }
  | { readonly type: "done"; readonly result: CellResult };
