/** @file Mathematics in markdown: `$inline$`, `$$display$$` and LaTeX environments, typeset by KaTeX. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { MarkdownIt, StateBlock, StateInline } from "markdown-it";

/** Typesets LaTeX as HTML. */
export type Typeset = (latex: string, display: boolean) => string;

/** Whether text may contain mathematics. */
export function mayContainMath(text: string): boolean {
  return /\$[^$]|\\begin\{/.test(text);
}

/** Loads KaTeX; errors in the LaTeX are shown in its place. */
export async function loadTypeset(): Promise<Typeset> {
  const { default: katex } = await import("katex");
  return (latex, displayMode) => katex.renderToString(latex, { displayMode, throwOnError: false });
}

/** KaTeX's style sheet with its fonts inside, for pages that are opened without a network. */
export async function mathStyle(): Promise<string> {
  const require = createRequire(import.meta.url);
  const path = require.resolve("katex/dist/katex.min.css");
  const sheet = await readFile(path, "utf8");
  const sources = /src:url\(([^)]+\.woff2)\) format\("woff2"\)[^;}]*/g;
  const fonts = new Map<string, string>();
  for (const [, file] of sheet.matchAll(sources)) {
    const font = await readFile(new URL(file!, pathToFileURL(path)));
    fonts.set(file!, font.toString("base64"));
  }
  return sheet.replace(
    sources,
    (_, file: string) => `src:url(data:font/woff2;base64,${fonts.get(file)}) format("woff2")`,
  );
}

/** Teaches markdown the three forms of mathematics. */
export function addMath(markdown: MarkdownIt, typeset: Typeset): void {
  markdown.inline.ruler.after("escape", "math", (state, silent) => inlineMath(state, silent));
  markdown.block.ruler.before("fence", "math", blockMath, { alt: ["paragraph", "blockquote", "list"] });
  markdown.renderer.rules["math"] = (tokens, index) => typeset(tokens[index]!.content, tokens[index]!.block);
  markdown.renderer.rules["math_inline"] = (tokens, index) =>
    typeset(tokens[index]!.content, tokens[index]!.markup === "$$");
}

/** `$x$`: no space inside the signs, and no digit after them, so that prices stay prices. */
function inlineMath(state: StateInline, silent: boolean): boolean {
  const rest = state.src.slice(state.pos, state.posMax);
  const match =
    /^\$\$((?:[^$\\]|\\[\s\S])+)\$\$/.exec(rest) ??
    /^\$((?!\s)(?:[^$\\]|\\[\s\S])*?[^\s\\$])\$(?!\d)/.exec(rest);
  if (match === null) return false;
  if (!silent) {
    const token = state.push("math_inline", "math", 0);
    token.content = match[1]!;
    token.markup = match[0].startsWith("$$") ? "$$" : "$";
  }
  state.pos += match[0].length;
  return true;
}

/** A block that begins with `$$` or `\begin{…}` on a line of its own, and ends with its counterpart. */
function blockMath(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const lineText = (line: number): string =>
    state.src.slice(state.bMarks[line]! + state.tShift[line]!, state.eMarks[line]!).trim();
  const first = lineText(startLine);
  const environment = /^\\begin\{(\w+\*?)\}/.exec(first)?.[1];
  if (environment === undefined && !first.startsWith("$$")) return false;
  const ending = environment === undefined ? "$$" : `\\end{${environment}}`;
  let last = startLine;
  const endsAt = (line: number): boolean =>
    lineText(line).endsWith(ending) && (line > startLine || environment !== undefined || first.length > 3);
  while (last < endLine && !endsAt(last)) last++;
  if (last >= endLine) return false;
  if (silent) return true;
  const text = state.getLines(startLine, last + 1, state.blkIndent, false).trim();
  const token = state.push("math", "math", 0);
  token.block = true;
  token.content = environment === undefined ? text.slice(2, -2) : text;
  token.map = [startLine, last + 1];
  state.line = last + 1;
  return true;
}
