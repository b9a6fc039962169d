/** @file The lesson, read and executed as its readers do. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type CodeCell,
  type Notebook,
  parseNotebook,
  type RunNotebookResult,
  runNotebook,
} from "nabla/notebook";
import { root } from "../../scripts/lock.mjs";

export const lessonPath = join(root, "lessons", "gradients.ipynb");

/** The lesson's variables at its end, which its own outputs show only in part. */
const probe = `console.log(JSON.stringify({
  pathByHand, path, path2, weights: weights.array(), bias: bias.item(),
  answers: table.map((row) => neuron(tf.constant(row, { dtype: "float64" })).item()),
}));`;

export interface LessonNumbers {
  readonly pathByHand: number[];
  readonly path: number[];
  readonly path2: [number, number, number][];
  readonly weights: number[];
  readonly bias: number;
  readonly answers: number[];
}

export interface ExecutedLesson {
  readonly result: RunNotebookResult;
  readonly notebook: Notebook;
  /** The executed notebook as it was written. */
  readonly written: unknown;
  readonly html: string;
  readonly numbers: LessonNumbers;
  /** A code cell by its id. */
  cell(id: string): CodeCell;
}

/** Executes a copy of the lesson that ends with the probe, and reads back what the runner wrote. */
export async function executeLesson(): Promise<ExecutedLesson> {
  const folder = await mkdtemp(join(tmpdir(), "nabla-lesson-"));
  try {
    const copy = JSON.parse(await readFile(lessonPath, "utf8"));
    const cell = {
      cell_type: "code",
      id: "probe",
      metadata: {},
      source: probe,
      outputs: [],
      execution_count: null,
    };
    copy.cells.push(cell);
    const files = { out: join(folder, "executed.ipynb"), html: join(folder, "page.html") };
    const path = join(folder, "gradients.ipynb");
    await writeFile(path, JSON.stringify(copy));
    const result = await runNotebook(path, { ...files, timeout: 120 });
    const written = await readFile(files.out, "utf8");
    const notebook = parseNotebook(written);
    const find = (id: string): CodeCell => {
      const found = notebook.cells.find((cell) => cell.id === id);
      if (found?.cell_type !== "code") throw new Error(`the lesson has no code cell ${id}`);
      return found;
    };
    const html = await readFile(files.html, "utf8");
    return {
      result,
      notebook,
      written: JSON.parse(written),
      html,
      numbers: JSON.parse(printedBy(find("probe"))),
      cell: find,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

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
