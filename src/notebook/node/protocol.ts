/** @file The messages between a notebook's runner and the process that runs its cells. */
import type { CellEvent, CellResult } from "../executor.js";

export type ToProcess =
  | { readonly type: "start"; readonly folder: string; readonly filename: string }
  | { readonly type: "execute"; readonly source: string; readonly name: string };

export type FromProcess =
  | { readonly type: "ready" }
  | { readonly type: "event"; readonly event: CellEvent }
  | { readonly type: "done"; readonly result: CellResult };
