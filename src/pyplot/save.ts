import { PlotValueError } from "./errors.js";
import { plainText } from "./mathText.js";
import type { FigureModel } from "./model.js";
import { checkOptions } from "./options.js";
import { plotlyConfig } from "./page.js";
import { toPlotly } from "./plotly/figure.js";
import { rasterize } from "./png.js";
import { toSvg } from "./svg/figure.js";

/** `dpi` is the resolution of PNG files in dots per inch, the figure's own when absent. */
export interface SaveOptions {
  dpi?: number;
}

const mimeTypes: Readonly<Record<string, string>> = {
  svg: "image/svg+xml",
  png: "image/png",
  html: "text/html",
  json: "application/json",
};

function isNode(): boolean {
  return typeof process !== "undefined" && process.versions?.node !== undefined;
}

async function plotlySource(): Promise<string> {
  if (!isNode())
    throw new PlotValueError("savefig: .html files can be written in Node only; use .svg or .png in a page");
  const { readFile } = process.getBuiltinModule("node:fs").promises;
  const { createRequire } = process.getBuiltinModule("node:module");
  const path = createRequire(import.meta.url).resolve("plotly.js-gl3d-dist-min/plotly-gl3d.min.js");
  return readFile(path, "utf8");
}

/** JSON that may stand inside a script element. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function pageTitle(figure: FigureModel): string {
  const titles = [figure.suptitle?.text ?? "", ...figure.axes.map((axes) => axes.titles.center.text)];
  return plainText(titles.find((title) => title !== "") ?? `Figure ${figure.number}`);
}

/** A page that shows the figure interactively and needs no network. */
async function toHtml(figure: FigureModel): Promise<string> {
  const { data, layout } = toPlotly(figure);
  const library = (await plotlySource()).replaceAll("</script", "<\\/script");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(pageTitle(figure))}</title>
<script>${library}</script>
</head>
<body>
<div id="figure"></div>
<script>
Plotly.newPlot("figure", ${scriptJson(data)}, ${scriptJson(layout)}, ${scriptJson(plotlyConfig)});
</script>
</body>
</html>
`;
}

async function encode(
  figure: FigureModel,
  ending: string,
  options: SaveOptions,
): Promise<string | Uint8Array> {
  if (ending === "svg") return toSvg(figure);
  if (ending === "png") return rasterize(toSvg(figure), (options.dpi ?? figure.dpi) / figure.dpi);
  if (ending === "html") return toHtml(figure);
  return JSON.stringify(toPlotly(figure));
}

/** Writes beside the file and renames, so that a failure leaves what was there. */
async function writeAtomically(path: string | URL, content: string | Uint8Array): Promise<void> {
  const { rename, rm, writeFile } = process.getBuiltinModule("node:fs").promises;
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  const target = typeof path === "string" ? path : fileURLToPath(path);
  const temporary = `${target}.${process.pid}.${Date.now()}.partial`;
  try {
    await writeFile(temporary, content);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

function download(name: string, content: string | Uint8Array, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content as BlobPart], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Saves a figure in the format that the file's ending names. */
export async function saveFigure(
  figure: FigureModel,
  path: string | URL,
  options: SaveOptions,
): Promise<void> {
  checkOptions("savefig", options, ["dpi"]);
  const name = String(path);
  const ending = /\.([A-Za-z]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const type = mimeTypes[ending];
  if (type === undefined) {
    throw new PlotValueError(`savefig: ${JSON.stringify(name)} must end in .svg, .png, .html or .json`);
  }
  const content = await encode(figure, ending, options);
  if (isNode()) await writeAtomically(path, content);
  else download(name.split("/").at(-1)!, content, type);
}
