/** @file `nabla/notebook`: running cells, displaying values, reading and writing notebooks. */

export { type CellOptions, type RewrittenCell, rewriteCell } from "nabla/operators";
export type { Inspect, MimeBundle } from "./bundle.js";
export { isComplete } from "./complete.js";
export {
  type Display,
  type DisplayHandle,
  type DisplayHook,
  type DisplayTarget,
  display,
} from "./display.js";
export type { ImportModule } from "./environment.js";
export {
  type CellError,
  type CellEvent,
  CellExecutor,
  type CellExecutorOptions,
  type CellResult,
} from "./executor.js";
export { createInterruptFlag, setInterruptFlag } from "./interrupts.js";
export type { InstallKernelOptions, KernelPlace } from "./kernel/kernelspec.js";
export { activeEnvironment, installKernel, runKernel, uninstallKernel } from "./kernel.js";
export { type DisplayRegistry, errorOutput, OutputCollector } from "./nbformat/outputs.js";
export { NotebookFormatError, newCellId, parseNotebook, readNotebook } from "./nbformat/read.js";
export type {
  Attachments,
  CodeCell,
  DisplayOutput,
  ErrorOutput,
  Notebook,
  NotebookCell,
  Output,
  ResultOutput,
  StreamOutput,
  TextCell,
} from "./nbformat/types.js";
export { stringifyNotebook } from "./nbformat/write.js";
export type { RunNotebookOptions, RunNotebookResult } from "./node/runNotebook.js";
export { runNotebook } from "./run.js";
