/** @file A notebook as one HTML page that needs nothing else: no network, no files. */
import type { CodeCell, Notebook, NotebookCell } from "../nbformat/types.js";
import { escapeHtml, highlight } from "./highlight.js";
import { type Heading, MarkdownRenderer } from "./markdown.js";
import { loadTypeset, mathStyle, mayContainMath, type Typeset } from "./math.js";
import { outputHtml } from "./outputs.js";
import { plotlyScripts, plotlyType } from "./plotly.js";
import { pageStyle } from "./style.js";

/** Fewer headings than this need no table of contents. */
const fewHeadings = 3;

/** The page of a notebook; `name` is its title where it has no heading. */
export async function renderPage(notebook: Notebook, name: string): Promise<string> {
  const typeset = notebook.cells.some(mayUseMath) ? await loadTypeset() : null;
  let hasMath = false;
  const typesetAndNote: Typeset = (latex, display) => {
    hasMath = true;
    return typeset!(latex, display);
  };
  const markdown = new MarkdownRenderer(typeset === null ? null : typesetAndNote);
  const cells = notebook.cells.map((cell) => cellHtml(cell, markdown)).join("\n");
  const title = markdown.headings[0]?.text ?? name;
  const math = hasMath ? `<style>${await mathStyle()}</style>` : "";
  const scripts = notebook.cells.some(hasFigure) ? await plotlyScripts() : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}</style>
${math}
</head>
<body>
${contents(markdown.headings)}
<main>
${cells}
</main>
${scripts}
</body>
</html>
`;
}

function mayUseMath(cell: NotebookCell): boolean {
  if (cell.cell_type === "markdown") return mayContainMath(cell.source);
  if (cell.cell_type !== "code") return false;
  return cell.outputs.some((output) => {
    if (output.output_type !== "display_data" && output.output_type !== "execute_result") return false;
    return mayContainMath(`${output.data["text/latex"] ?? ""}${output.data["text/markdown"] ?? ""}`);
  });
}

function hasFigure(cell: NotebookCell): boolean {
  return (
    cell.cell_type === "code" && cell.outputs.some((output) => "data" in output && plotlyType in output.data)
  );
}

function cellHtml(cell: NotebookCell, markdown: MarkdownRenderer): string {
  if (cell.cell_type === "code") return codeHtml(cell, markdown);
  if (cell.cell_type === "markdown") {
    return `<section class="cell markdown">${markdown.render(cell.source, cell.attachments)}</section>`;
  }
  return `<section class="cell raw"><pre>${escapeHtml(cell.source)}</pre></section>`;
}

function codeHtml(cell: CodeCell, markdown: MarkdownRenderer): string {
  if (cell.source.trim() === "") return "";
  const count = cell.execution_count;
  const prompt = count === null ? "[ ]" : `[${count}]`;
  const label = count === null ? "Cell that did not run" : `Cell ${count}`;
  const outputs = cell.outputs.map((output) => outputHtml(output, { markdown })).join("\n");
  return `<section class="cell code" aria-label="${label}">
<span class="prompt" aria-hidden="true">${prompt}</span>
<pre class="source"><code>${highlight(cell.source, "typescript")}</code></pre>
${outputs === "" ? "" : `<div class="outputs">${outputs}</div>`}
</section>`;
}

/** The table of contents: open where there is room beside the text. */
function contents(headings: readonly Heading[]): string {
  const listed = headings.filter(({ level }) => level === 2 || level === 3);
  if (listed.length < fewHeadings) return "";
  const items = listed.map(
    ({ level, text, id }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(text)}</a></li>`,
  );
  return `<nav aria-label="Contents"><details><summary>Contents</summary><ol>
${items.join("\n")}
</ol></details></nav>
<script>if (matchMedia("(min-width: 80rem)").matches) document.querySelector("nav details").open = true</script>`;
}
