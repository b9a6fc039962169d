/** @file The shipped lessons, beside the page. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";
import { root } from "./root.js";

interface Lesson {
  readonly file: string;
  readonly title: string;
}

/** The first heading of a notebook. */
function titleOf(notebook: string, fallback: string): string {
  const { cells } = JSON.parse(notebook) as { cells: { cell_type: string; source: string | string[] }[] };
  const text = cells
    .filter((cell) => cell.cell_type === "markdown")
    .map((cell) => [cell.source].flat().join(""));
  return /^# (.+)$/m.exec(text.join("\n"))?.[1] ?? fallback;
}

const virtualName = "virtual:lessons";

/** Copies the lessons to `lessons/` and gives `virtual:lessons`, the list of them. */
export function lessons(): Plugin {
  const folder = join(root, "lessons");
  const files = readdirSync(folder).filter((file) => file.endsWith(".ipynb"));
  const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
  const list: Lesson[] = Array.from(texts, ([file, text]) => ({ file, title: titleOf(text, file) }));
  return {
    name: "lessons",
    resolveId: (id) => (id === virtualName ? `\0${virtualName}` : null),
    load: (id) => (id === `\0${virtualName}` ? `export const lessons = ${JSON.stringify(list)};` : null),
    generateBundle() {
      for (const [file, source] of texts)
        this.emitFile({ type: "asset", fileName: `lessons/${file}`, source });
    },
  };
}
