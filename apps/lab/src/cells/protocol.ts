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
    }
  | { readonly type: "execute"; readonly source: string; readonly name: string }
  | { readonly type: "interrupt" };

export type FromWorker =
  | { readonly type: "ready" }
  | { readonly type: "events"; readonly events: readonly CellEvent[] }
  | { readonly type: "done"; readonly result: CellResult };
