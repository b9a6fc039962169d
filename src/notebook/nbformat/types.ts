/** @file Notebooks in memory: nbformat 4.5, with multi-line text joined. */
import type { MimeBundle } from "../bundle.js";

/** Text a cell wrote to a stream. */
export interface StreamOutput {
  readonly output_type: "stream";
  readonly name: "stdout" | "stderr";
  text: string;
}

/** Something a cell put on display. */
export interface DisplayOutput {
  readonly output_type: "display_data";
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** The value of a cell's last expression. */
export interface ResultOutput {
  readonly output_type: "execute_result";
  readonly execution_count: number | null;
  data: MimeBundle;
  metadata: Record<string, unknown>;
}

/** The error a cell ended with. */
export interface ErrorOutput {
  readonly output_type: "error";
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: string[];
}

export type Output = StreamOutput | DisplayOutput | ResultOutput | ErrorOutput;

interface CellBase {
  readonly id: string;
  readonly metadata: Record<string, unknown>;
  source: string;
}

/** Files that a markdown or raw cell carries with it: bundles by file name. */
export type Attachments = Record<string, MimeBundle>;

export interface CodeCell extends CellBase {
  readonly cell_type: "code";
  execution_count: number | null;
  outputs: Output[];
}

export interface TextCell extends CellBase {
  readonly cell_type: "markdown" | "raw";
  attachments?: Attachments;
}

export type NotebookCell = CodeCell | TextCell;

/** A notebook. */
export interface Notebook {
  readonly nbformat: 4;
  readonly nbformat_minor: number;
  metadata: Record<string, unknown>;
  cells: NotebookCell[];
}
