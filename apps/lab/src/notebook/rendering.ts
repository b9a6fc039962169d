/** @file How markdown, mathematics and outputs are drawn. */
import { RenderMimeRegistry, standardRendererFactories } from "@jupyterlab/rendermime";
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";
import "katex/dist/katex.min.css";
import renderMathInElement from "katex/contrib/auto-render";
import createMarkdown from "markdown-it";
import { linkHandler, resolverFor } from "./links.js";
import { pictureFactory } from "./pictureRenderer.js";
import { plotlyFactory } from "./plotlyRenderer.js";
import { stderrFactory, stdoutFactory } from "./streamRenderer.js";
import { widgetFactory } from "./widgetRenderer.js";

const markdown = createMarkdown({ html: true, linkify: true });

const delimiters = [
  { left: "$$", right: "$$", display: true },
  { left: "$", right: "$", display: false },
  { left: "\\[", right: "\\]", display: true },
  { left: "\\(", right: "\\)", display: false },
  ...["equation", "equation*", "align", "align*", "gather", "gather*"].map((name) => ({
    left: `\\begin{${name}}`,
    right: `\\end{${name}}`,
    display: true,
  })),
];

const latexTypesetter: IRenderMime.ILatexTypesetter = {
  typeset: (element) => renderMathInElement(element, { delimiters, throwOnError: false }),
};

/** The renderers of a notebook that lies at an address. */
export function createRendering(address: string): RenderMimeRegistry {
  return new RenderMimeRegistry({
    initialFactories: [
      ...standardRendererFactories,
      stdoutFactory,
      stderrFactory,
      pictureFactory,
      plotlyFactory,
      widgetFactory,
    ],
    markdownParser: { render: async (source) => markdown.render(source) },
    latexTypesetter,
    resolver: resolverFor(address),
    linkHandler,
  });
}
