/** @file A cell's outputs as HTML. */
import { AnsiUp } from "ansi_up";
import type { MimeBundle } from "../bundle.js";
import type { Output } from "../nbformat/types.js";
import { escapeHtml } from "./highlight.js";
import type { MarkdownRenderer } from "./markdown.js";
import { embedJson, plotlyType } from "./plotly.js";

/** What rendering needs beside the output. */
export interface OutputContext {
  readonly markdown: MarkdownRenderer;
}

/** Text of a terminal, with its colours, as HTML. */
function terminalHtml(text: string): string {
  const converter = new AnsiUp();
  converter.use_classes = true;
  return converter.ansi_to_html(text);
}

type Renderer = (content: string, bundle: MimeBundle, context: OutputContext) => string;

const image =
  (type: string): Renderer =>
  (content, bundle) =>
    `<img src="data:${type};base64,${content.replace(/\s/g, "")}" alt="${altText(bundle)}">`;

/** An SVG as an image of its own, so that the ids inside it do not meet those of others. */
function svgImage(content: string, bundle: MimeBundle): string {
  const svg = /\sxmlns=/.test(content)
    ? content
    : content.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  const data = Buffer.from(svg, "utf8").toString("base64");
  return `<img src="data:image/svg+xml;base64,${data}" alt="${altText(bundle)}">`;
}

const altText = (bundle: MimeBundle): string => {
  const text = String(bundle["text/plain"] ?? "");
  return text.length > 200 ? "figure" : escapeHtml(text.replace(/\s+/g, " "));
};

/** How each type is shown, the best first. */
const renderers: readonly (readonly [string, Renderer])[] = [
  [
    plotlyType,
    (_, bundle) =>
      `<div class="figure" data-plotly role="img" aria-label="${altText(bundle)}">${embedJson(bundle[plotlyType])}</div>`,
  ],
  ["text/html", (content) => `<div class="html">${content}</div>`],
  ["image/svg+xml", svgImage],
  ["image/png", image("image/png")],
  ["image/jpeg", image("image/jpeg")],
  ["text/markdown", (content, _, { markdown }) => markdown.render(content)],
  ["text/latex", (content, _, { markdown }) => markdown.render(content)],
  [
    "application/json",
    (_, bundle) => `<pre>${escapeHtml(JSON.stringify(bundle["application/json"], null, 2))}</pre>`,
  ],
  ["text/plain", (content) => `<pre>${terminalHtml(content)}</pre>`],
];

function bundleHtml(bundle: MimeBundle, context: OutputContext): string {
  const found = renderers.find(([type]) => type in bundle);
  if (found === undefined) return `<pre>${escapeHtml(Object.keys(bundle).join(", "))}</pre>`;
  const [type, render] = found;
  return render(String(bundle[type]), bundle, context);
}

/** One output as HTML. */
export function outputHtml(output: Output, context: OutputContext): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="stream ${output.name}">${terminalHtml(output.text)}</pre>`;
    case "error":
      return `<pre class="error">${terminalHtml(output.traceback.join("\n"))}</pre>`;
    default:
      return `<div class="display">${bundleHtml(output.data, context)}</div>`;
  }
}
