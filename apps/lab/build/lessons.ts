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

/** The source files that a lesson links to. */
function linkedSources(lesson: string): string[] {
  return Array.from(lesson.matchAll(/\]\(\.\.\/(src\/[\w/.]+\.ts)(?:#|\))/g), ([, path]) => path!);
}

const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A source file as a page, whose lines can be linked to as on the sites that hold repositories: `#L12`. */
function sourcePage(path: string): string {
  const lines = readFileSync(join(root, path), "utf8").trimEnd().split("\n");
  const code = lines.map((line, index) => `<span id="L${index + 1}">${escapeHtml(line)}</span>`).join("\n");
  const style =
    ":root{color-scheme:light dark}body{margin:1.5em;font:14px/1.5 ui-monospace,Menlo,Consolas,monospace}" +
    "pre{font:inherit;counter-reset:line}span::before{counter-increment:line;content:counter(line);" +
    "display:inline-block;width:3em;margin-right:1.5em;text-align:right;opacity:.6}" +
    "span:target{background:color-mix(in srgb,gold 40%,transparent)}";
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>${path}</title>` +
    `<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style>` +
    `<h1>${path}</h1><pre><code>${code}</code></pre></html>`
  );
}

/** Copies the lessons to `lessons/`, what they link to to `src/`, and gives `virtual:lessons`, the list of lessons. */
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
      for (const path of new Set([...texts.values()].flatMap(linkedSources))) {
        this.emitFile({ type: "asset", fileName: `${path}.html`, source: sourcePage(path) });
      }
    },
  };
}
