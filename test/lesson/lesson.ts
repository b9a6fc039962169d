/** @file A lesson, executed by the public runner as its readers do. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CodeCell, type Notebook, parseNotebook, runNotebook } from "nabla/notebook";
import { root } from "../../scripts/lock.mjs";
import { schemaErrors } from "../notebook/validate.js";

export interface Executed<Probe> {
  /** The trace of the cell that failed, if one did. */
  readonly failure: string | undefined;
  readonly notebook: Notebook;
  /** The executed notebook as it was written. */
  readonly written: unknown;
  readonly html: string;
  /** Values of the lesson's variables at its end, which its outputs show only in part. */
  readonly probe: Probe;
  /** A code cell by its id. */
  cell(id: string): CodeCell;
}

export const notebookPath = (file: string): string => join(root, "lessons", file);

/** Executes a copy that ends with a cell which prints `probe`, an expression, as JSON. */
export async function execute<Probe>(file: string, probe: string): Promise<Executed<Probe>> {
  const folder = await mkdtemp(join(tmpdir(), "nabla-lesson-"));
  try {
    const path = join(folder, file);
    await writeFile(path, await withProbe(file, probe));
    const files = { out: join(folder, "executed.ipynb"), html: join(folder, "page.html") };
    const { failure } = await runNotebook(path, { ...files, timeout: 300 });
    const written = await readFile(files.out, "utf8");
    const notebook = parseNotebook(written);
    const cell = (id: string): CodeCell => {
      const found = codeCells(notebook).find((candidate) => candidate.id === id);
      if (found === undefined) throw new Error(`${file} has no code cell ${id}`);
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

/** The committed notebook's text with the cell that prints the probe. */
async function withProbe(file: string, probe: string): Promise<string> {
  const copy = JSON.parse(await readFile(notebookPath(file), "utf8"));
  const source = `console.log(JSON.stringify(${probe}));`;
  const rest = { metadata: {}, outputs: [], execution_count: null };
  copy.cells.push({ cell_type: "code", id: "probe", source, ...rest });
  return JSON.stringify(copy);
}

export const codeCells = ({ cells }: Notebook): CodeCell[] =>
  cells.filter((cell) => cell.cell_type === "code");

/** The cells that wrote to stderr, by their ids. */
export const complaints = (notebook: Notebook): (string | undefined)[] =>
  codeCells(notebook)
    .filter(({ outputs }) =>
      outputs.some((output) => output.output_type === "stream" && output.name === "stderr"),
    )
    .map(({ id }) => id);

/** What a cell printed, or its value as text. */
export function printedBy(cell: CodeCell): string {
  return cell.outputs
    .map((output) => {
      if (output.output_type === "stream") return output.text;
      if (output.output_type === "error") return output.traceback.join("\n");
      return `${String(output.data["text/plain"])}\n`;
    })
    .join("");
}

/** What a cell displays, by MIME type. */
export const bundlesOf = (cell: CodeCell): Record<string, unknown>[] =>
  cell.outputs.flatMap((output) => ("data" in output ? [output.data as Record<string, unknown>] : []));

/** The executed notebook and the committed one are valid, and the committed one holds no outputs. */
export async function assertValid(file: string, written: unknown): Promise<void> {
  assert.deepEqual(schemaErrors(written), []);
  const committed = JSON.parse(await readFile(notebookPath(file), "utf8"));
  assert.deepEqual(schemaErrors(committed), []);
  const { kernelspec } = committed.metadata;
  assert.deepEqual([kernelspec.name, kernelspec.language], ["nabla", "typescript"]);
  for (const cell of codeCells(committed))
    assert.deepEqual([cell.outputs, cell.execution_count], [[], null], cell.id);
}
