/** @file The page of a notebook: what is in it, and what a browser makes of it. */
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { type NotebookCell, runNotebook, stringifyNotebook } from "nabla/notebook";
import { domOf, noBrowser } from "../support/browser.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "nabla-html-"));
});
after(() => rm(folder, { recursive: true }));

const markdown = (source: string, attachments?: object): NotebookCell =>
  ({
    cell_type: "markdown",
    id: "x",
    metadata: {},
    source,
    ...(attachments ? { attachments } : {}),
  }) as NotebookCell;
const code = (source: string): NotebookCell => ({
  cell_type: "code",
  id: "x",
  metadata: {},
  source,
  execution_count: null,
  outputs: [],
});

async function pageOf(name: string, ...cells: NotebookCell[]): Promise<{ path: string; html: string }> {
  const source = join(folder, `${name}.ipynb`);
  const path = join(folder, `${name}.html`);
  await writeFile(source, stringifyNotebook({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }));
  const { failure } = await runNotebook(source, { html: path });
  assert.equal(failure, null);
  return { path, html: await readFile(path, "utf8") };
}

const surface = `display.bundle({ "application/vnd.plotly.v1+json": { data: [{ type: "surface", z: [[1, 2], [3, 4]] }],
  layout: { width: 640, height: 400 } }, "text/plain": "Figure" });
display.bundle({ "application/vnd.plotly.v1+json": { data: [{ y: [1, 4, 2], name: "</script><b id=escaped>" }], layout: {} }, "text/plain": "Line" });
undefined`;

test("a page without figures and mathematics carries neither library, and asks the network for nothing", async () => {
  const { html } = await pageOf(
    "plain",
    markdown("Costs $5 or\\$6."),
    code("1 + 1"),
    code("'<b>' + '&'"),
    code(""),
  );
  assert.ok(html.length < 30_000, `${html.length} characters`);
  assert.doesNotMatch(html, /<(?:script|link|img)[^>]+(?:src|href)="https?:/);
  assert.match(html, /<title>plain<\/title>/);
  assert.match(html, /<pre>(?:'|&#x27;|&#39;)&lt;b&gt;&amp;(?:'|&#x27;|&#39;)<\/pre>/);
  assert.match(html, /aria-label="Cell 1"/);
});

test("headings give the title, the table of contents and unique places", async () => {
  const { html } = await pageOf(
    "headings",
    markdown("# A *title* & `more`\n## One\n### Two\n## One\n## Ünï"),
  );
  assert.match(html, /<title>A title &#38; more<\/title>/);
  assert.deepEqual(
    [...html.matchAll(/<li class="level-(\d)"><a href="#([^"]+)">/g)].map(
      (match) => `${match[1]} ${match[2]}`,
    ),
    ["2 one", "3 two", "2 one-2", "2 ünï"],
  );
  for (const id of ["one", "two", "one-2", "ünï"]) assert.equal(html.split(` id="${id}"`).length, 2, id);
});

test("mathematics is typeset with fonts inside the page", async () => {
  const source =
    "Inline $x^2$ and $$\\int f$$ here.\n\n$$\n\\frac{a}{b}\n$$\n\n\\begin{align}\na &= b\n\\end{align}\n\nbad $\\nosuch$";
  const { html } = await pageOf("math", markdown(source));
  assert.equal(html.match(/class="katex"/g)!.length >= 4, true);
  assert.equal(html.match(/class="katex-display"/g)!.length, 3);
  assert.match(html, /src:url\(data:font\/woff2;base64,[A-Za-z0-9+/]{1000}/);
  assert.doesNotMatch(html, /url\(fonts\//);
});

test("outputs are shown in their best form", async () => {
  const source = `
    console.log("\\x1b[31mred\\x1b[0m <plain>");
    display.html("<em>html</em>");
    display.svg('<svg viewBox="0 0 1 1"><rect id="r"/></svg>');
    display.markdown("**bold**");
    display.bundle({ "image/png": "iVBORw0KGgo=", "text/plain": "a picture" });
    display.json({ a: [1] });`;
  const { html } = await pageOf(
    "outputs",
    code(source),
    markdown("![i](attachment:a.png)", { "a.png": { "image/png": "QUJD" } }),
  );
  assert.match(html, /<span class="ansi-red-fg">red<\/span> &lt;plain&gt;/);
  assert.match(html, /<div class="html"><em>html<\/em><\/div>/);
  assert.match(html, /<img src="data:image\/svg\+xml;base64,/);
  assert.match(html, /<strong>bold<\/strong>/);
  assert.match(html, /<img src="data:image\/png;base64,iVBORw0KGgo=" alt="a picture">/);
  assert.match(html, /<pre>\{\n {2}&#34;a&#34;: \[/);
  assert.match(html, /<img src="data:image\/png;base64,QUJD" alt="i">/);
});

test("Plotly is in the page once, however many figures it has", async () => {
  const { html } = await pageOf("once", code(surface), code(surface));
  assert.equal(html.match(/\* plotly\.js \(gl3d - minified\)/g)?.length, 1);
  assert.equal(html.match(/data-plotly/g)!.length >= 4, true);
});

test("a browser draws the figures, the deep ones too, and runs nothing that data contains", {
  skip: noBrowser,
}, async () => {
  const { path } = await pageOf("drawn", markdown("# Figures"), code(surface));
  const dom = await domOf(path, ".js-plotly-plot canvas");
  assert.equal(dom.match(/class="js-plotly-plot"|js-plotly-plot/g)!.length >= 2, true);
  assert.match(dom, /<canvas/);
  assert.match(dom, /class="trace scatter/);
  assert.doesNotMatch(dom, /<b id="?escaped/);
});
