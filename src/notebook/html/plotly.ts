/** @file Plotly figures in a page: the library once, each figure drawn when it comes into view. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

export const plotlyType = "application/vnd.plotly.v1+json";

/** JSON data inside HTML. */
export function embedJson(data: unknown): string {
  return `<script type="application/json">${JSON.stringify(data).replaceAll("<", "\\u003c")}</script>`;
}

/**
 * Figures are drawn when they come near the window; three-dimensional ones are dropped when they leave it, since
 * browsers keep only some sixteen WebGL contexts. A figure is as wide as it asks to be, or as the page allows.
 */
const drawFigures = `
const figures = [...document.querySelectorAll("[data-plotly]")].map((element) => {
  const { data, layout = {}, config = {}, frames } = JSON.parse(element.firstElementChild.textContent);
  const { width, ...rest } = layout;
  if (width) element.style.maxWidth = width + "px";
  element.style.minHeight = (layout.height ?? 450) + "px";
  const target = document.createElement("div");
  element.append(target);
  const isDeep = Object.keys(layout).some((key) => key.startsWith("scene"));
  return { element, target, isDeep, drawn: false, figure: {
    data, layout: { autosize: true, ...rest }, frames, config: { responsive: true, displaylogo: false, ...config } } };
});
function draw(item) {
  if (!item.drawn) Plotly.newPlot(item.target, structuredClone(item.figure));
  item.drawn = true;
}
function drop(item) {
  if (item.drawn && item.isDeep) { Plotly.purge(item.target); item.drawn = false; }
}
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const item = figures.find((candidate) => candidate.element === entry.target);
    if (entry.isIntersecting) draw(item); else drop(item);
  }
}, { rootMargin: "800px" });
for (const { element } of figures) watcher.observe(element);
addEventListener("beforeprint", () => figures.forEach(draw));
`;

/** The script elements that draw a page's figures. */
export async function plotlyScripts(): Promise<string> {
  const path = createRequire(import.meta.url).resolve("plotly.js-gl3d-dist-min");
  const library = (await readFile(path, "utf8")).replaceAll("</script", "<\\/script");
  return `<script>${library}</script>\n<script type="module">${drawFigures}</script>`;
}
