/** @file Where the links of a notebook lead in this page. */
import type { IRenderMime } from "@jupyterlab/rendermime-interfaces";

const isRelative = (url: string): boolean => !/^(?:[a-z][a-z+.-]*:|\/\/|#)/i.test(url);

/** The address that a link of a notebook at `notebook` means: other notebooks open in this page, sources as pages. */
function addressOf(link: string, notebook: string): string {
  const url = new URL(link, notebook);
  if (url.pathname.endsWith(".ts")) url.pathname += ".html";
  if (!url.pathname.endsWith(".ipynb")) return url.href;
  const page = new URL("./", document.baseURI);
  const path = url.pathname.startsWith(page.pathname)
    ? url.pathname.slice(page.pathname.length)
    : url.pathname;
  return `${page.href}?${new URLSearchParams({ notebook: decodeURIComponent(path) })}`;
}

/** Finds what addresses in a notebook mean: they are relative to the notebook. */
export function resolverFor(notebook: string): IRenderMime.IResolver {
  return {
    isLocal: isRelative,
    resolveUrl: async (url) => addressOf(url, notebook),
    getDownloadUrl: async (url) => url,
  };
}

/** Links open beside the notebook, whose variables are lost when it is left. */
export const linkHandler: IRenderMime.ILinkHandler = {
  handleLink(element) {
    element.setAttribute("target", "_blank");
    element.setAttribute("rel", "noopener");
  },
};
