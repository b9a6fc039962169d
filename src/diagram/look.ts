/**
 * @file How pictures look: fonts, colours, the boxes of tapes.
 */
import { Digraph, escapeHtml, HtmlLabel } from "./graph.js";

/** A font whose widths Graphviz knows, so that text fits its box. */
export const font = "Arial";

/** What a page may use in its place: fonts with the same widths first. */
export const fontFamily = "Arial,Helvetica,'Liberation Sans',sans-serif";

/** Fill and border of each kind of box. */
export const colors = {
  input: { fill: "#dceaf7", border: "#1f77b4" },
  op: { fill: "#ffffff", border: "#555555" },
  block: { fill: "#efe6f7", border: "#9467bd" },
  result: { fill: "#ddf1dd", border: "#2ca02c" },
} as const;

const quiet = "#6b6b6b";

/** A graph of boxes with thin edges and small texts on them. */
export const boxGraph = (): Digraph =>
  new Digraph(
    { nodesep: 0.3, ranksep: 0.35, fontname: font },
    {
      node: { fontname: font, fontsize: 12, shape: "plain" },
      edge: { fontname: font, fontsize: 10, fontcolor: quiet, color: colors.op.border, arrowsize: 0.7 },
    },
  );

/** `cell[3]:2` for a cell of a notebook, `train.ts:2` for a file. */
export const shortPlace = (file: string, line: number): string => `${file.split(/[\\/ ]/).at(-1)!}:${line}`;

const small = (text: string): string => `<font point-size="10" color="${quiet}">${escapeHtml(text)}</font>`;

/** A rounded box: a row of small cells, each a port by its number; a bold title; small lines below it. */
export function box(
  look: { readonly fill: string; readonly border: string },
  title: string,
  below: readonly string[],
  ports: readonly string[] = [],
): HtmlLabel {
  const cells = ports.map((text, i) => `<td port="${i}">${small(text)}</td>`).join("");
  const span = `colspan="${Math.max(1, ports.length)}"`;
  const rows = [
    `<tr><td ${span}>&#160;&#160;<b>${escapeHtml(title)}</b>&#160;&#160;</td></tr>`,
    // A line below the title is close to it.
    ...below.map(
      (line) => `<tr><td ${span} cellpadding="0" height="14" valign="top">${small(line)}</td></tr>`,
    ),
  ];
  return new HtmlLabel(
    `<table border="1" cellborder="0" cellspacing="0" cellpadding="3" style="rounded" ` +
      `bgcolor="${look.fill}" color="${look.border}">` +
      `${cells === "" ? "" : `<tr>${cells}</tr>`}${rows.join("")}</table>`,
  );
}
