/** @file A lesson, executed by the public runner as its readers do. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodeCell, type Notebook, parseNotebook, runNotebook } from "nabla/notebook";
import { root } from "../../scripts/lock.mjs";
import { printedBy } from "./lesson.js";

export interface Executed<Probe> {
  /** The trace of the cell that failed, if one did. */
  readonly failure: string | undefined;
  readonly notebook: Notebook;
  /** The executed notebook as it was written. */
  readonly written: unknown;
  readonly html: string;
  /** Values of the lesson's variables at its end, which its outputs show only in part. */
  readonly probe: Probe;
  cell(id: string): CodeCell;
}

export const notebookPath = (file: string): string => join(root, "lessons", file);

/** Executes a copy that ends with a cell which prints `probe`, an expression, as JSON. */
export async function execute<Probe>(file: string, probe: string): Promise<Executed<Probe>> {
  const folder = await mkdtemp(join(tmpdir(), "nabla-lesson-"));
  try {
    const copy = JSON.parse(await readFile(notebookPath(file), "utf8"));
    const source = `console.log(JSON.stringify(${probe}));`;
    copy.cells.push({
      cell_type: "code",
      id: "probe",
      metadata: {},
      source,
      outputs: [],
      execution_count: null,
    });
    const path = join(folder, file);
    await writeFile(path, JSON.stringify(copy));
    const files = { out: join(folder, "executed.ipynb"), html: join(folder, "page.html") };
    const { failure } = await runNotebook(path, { ...files, timeout: 300 });
    const written = await readFile(files.out, "utf8");
    const notebook = parseNotebook(written);
    const cell = (id: string): CodeCell => {
      const found = notebook.cells.find((candidate) => candidate.id === id);
      if (found?.cell_type !== "code") throw new Error(`${file} has no code cell ${id}`);
      return found;
    };
    return {
      failure: failure?.error.trace,
      notebook,
      written: JSON.parse(written),
      html: await readFile(files.html, "utf8"),
      probe: failure === null ? JSON.parse(printedBy(cell("probe"))) : (null as Probe),
      cell,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a cell displays, by MIME type. */
export const bundlesOf = (cell: CodeCell): Record<string, unknown>[] =>
  cell.outputs.flatMap((output) => ("data" in output ? [output.data as Record<string, unknown>] : []));
