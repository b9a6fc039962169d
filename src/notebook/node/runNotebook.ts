/** @file Runs a notebook from top to bottom and writes what came of it. */
import { readFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { CellError, CellEvent } from "../executor.js";
import { type DisplayRegistry, errorOutput, OutputCollector } from "../nbformat/outputs.js";
import { NotebookFormatError, parseNotebook } from "../nbformat/read.js";
import type { CodeCell, Notebook } from "../nbformat/types.js";
import { stringifyNotebook } from "../nbformat/write.js";
import { CellRunner } from "./cellRunner.js";
import { writeFileAtomically } from "./files.js";

/** How to run a notebook. */
export interface RunNotebookOptions {
  /** Where to write the executed notebook. */
  readonly out?: string;
  /** Where to write a page that shows it. */
  readonly html?: string;
  /** Seconds a cell may take. */
  readonly timeout?: number;
  /** Whether to go on after a cell that fails. */
  readonly allowErrors?: boolean;
  /** Interrupts the run: the cell is stopped, and what was done is written. */
  readonly signal?: AbortSignal;
  /** Called before each code cell. */
  readonly onCell?: (index: number, count: number, source: string) => void;
  /** Called with what a cell sends out, with its value as a display, and with its error. */
  readonly onEvent?: (event: CellEvent) => void;
}

/** What became of a run. */
export interface RunNotebookResult {
  readonly notebook: Notebook;
  /** The first error that was not allowed, and its cell's execution count; null if all went well. */
  readonly failure: { readonly cell: number; readonly error: CellError } | null;
  readonly interrupted: boolean;
}

interface Run {
  readonly runner: CellRunner;
  readonly displays: DisplayRegistry;
  readonly options: RunNotebookOptions;
}

/** What came of one cell. */
interface CellOutcome {
  readonly error: CellError | null;
  /** The process is gone: no more cells can run. */
  readonly gone: boolean;
  readonly interrupted: boolean;
}

/**
 * Runs a notebook's cells in order, in a process of their own in the notebook's folder, and writes the executed
 * notebook and a page that shows it, where asked for; also after an error or an interrupt. Throws
 * NotebookFormatError if the file is not a TypeScript notebook.
 */
export async function runNotebook(
  path: string,
  options: RunNotebookOptions = {},
): Promise<RunNotebookResult> {
  const full = resolve(path);
  const notebook = prepare(parseNotebook(await readFile(full, "utf8")), basename(full));
  const runner = new CellRunner(dirname(full), basename(full));
  try {
    const outcome = await runCells(notebook, { runner, displays: new Map(), options });
    await write(notebook, full, options);
    return { notebook, ...outcome };
  } finally {
    runner.close();
  }
}

/** The notebook without the outputs of earlier runs, and with the language it is in. */
function prepare(notebook: Notebook, name: string): Notebook {
  const { kernelspec, language_info: languageInfo } = notebook.metadata as Record<
    string,
    { language?: unknown; name?: unknown }
  >;
  const language = kernelspec?.language ?? languageInfo?.name ?? "typescript";
  if (!["typescript", "javascript"].includes(String(language).toLowerCase())) {
    throw new NotebookFormatError(
      `${name} is a ${String(language)} notebook: cells must be TypeScript or JavaScript`,
    );
  }
  for (const cell of notebook.cells) {
    if (cell.cell_type !== "code") continue;
    cell.outputs = [];
    cell.execution_count = null;
  }
  const metadata = {
    kernelspec: { display_name: "TypeScript (Nabla)", language: "typescript", name: "nabla" },
    language_info: { name: "typescript", file_extension: ".ts", mimetype: "text/x-typescript" },
    ...notebook.metadata,
  };
  return { ...notebook, metadata };
}

async function runCells(notebook: Notebook, run: Run): Promise<Omit<RunNotebookResult, "notebook">> {
  const cells = notebook.cells.filter(
    (cell) => cell.cell_type === "code" && cell.source.trim() !== "",
  ) as CodeCell[];
  let failure: RunNotebookResult["failure"] = null;
  for (const [index, cell] of cells.entries()) {
    run.options.onCell?.(index, cells.length, cell.source);
    const { error, gone, interrupted } = await runCell(cell, index + 1, run);
    if (interrupted) return { failure, interrupted };
    if (error === null) continue;
    const expected = !gone && (run.options.allowErrors || hasTag(cell, "raises-exception"));
    if (!expected) failure ??= { cell: index + 1, error };
    if (!expected || gone) break;
  }
  return { failure, interrupted: false };
}

function hasTag(cell: CodeCell, tag: string): boolean {
  const tags = cell.metadata["tags"];
  return Array.isArray(tags) && tags.includes(tag);
}

async function runCell(
  cell: CodeCell,
  count: number,
  { runner, displays, options }: Run,
): Promise<CellOutcome> {
  const collector = new OutputCollector(cell.outputs, displays);
  let stray: CellError | null = null;
  const emit = (event: CellEvent): void => {
    collector.add(event);
    if (event.type === "error") stray ??= event.error;
    options.onEvent?.(event);
  };
  cell.execution_count = count;
  const result = await runner.execute(cell.source, {
    name: `cell[${count}]`,
    emit,
    ...(options.timeout === undefined ? {} : { timeout: options.timeout * 1000 }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  if (!result.ok) {
    collector.push(errorOutput(result.error));
    options.onEvent?.({ type: "error", error: result.error });
    const { stopped } = result;
    return { error: result.error, gone: stopped !== undefined, interrupted: stopped === "interrupt" };
  }
  if (result.value !== undefined) {
    collector.push({
      output_type: "execute_result",
      execution_count: count,
      data: result.value,
      metadata: {},
    });
    options.onEvent?.({ type: "display", data: result.value, update: false });
  }
  return { error: stray, gone: false, interrupted: false };
}

async function write(notebook: Notebook, path: string, { out, html }: RunNotebookOptions): Promise<void> {
  if (out !== undefined) await writeFileAtomically(out, stringifyNotebook(notebook));
  if (html !== undefined) {
    const { renderPage } = await import("../html/page.js");
    await writeFileAtomically(html, await renderPage(notebook, basename(path, ".ipynb")));
  }
}
