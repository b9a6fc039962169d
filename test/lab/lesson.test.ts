/** @file The shipped lesson in the page: every cell, every figure, in light and dark, wide and narrow. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { gzipSync } from "node:zlib";
import type { AxeResults } from "axe-core";
import { labFolder } from "../../scripts/buildLab.mjs";
import { root } from "../../scripts/lock.mjs";
import { assertQuiet, Lab, type LabPage, noBrowser } from "./lab.js";

interface Seed {
  descent_by_hand: { path: number[] };
  descent_by_tape: { path: number[] };
  descent_in_two_variables: { path: number[][] };
}

const lab = new Lab();
let lesson: LabPage;

/** Most bytes, compressed, that are fetched before the first cell can run. */
const mostBytes = 1_300_000;

/** The editor's help, Plotly, and what is kept for times without a network: fetched when the page has nothing to do. */
const loadedLater = /languageWorker|declarations|serviceWorker|plotly/;

before(async () => {
  if (noBrowser) return;
  await lab.start();
  lesson = await lab.page((await lab.serve()).address);
});
after(() => lab.close());

/** What all cells with a text in their source show. */
async function shownBy(source: string): Promise<string> {
  const cell = lesson.page.locator(".jp-CodeCell").filter({ hasText: source }).first();
  return (await cell.locator(".jp-OutputArea-output").allTextContents()).join("\n").trim();
}

test("little is loaded before the first cell can run", { skip: noBrowser }, async () => {
  await lesson.screenshot("lesson-first-paint");
  assert.equal(await lesson.output(1), "");
  const base = new URL(await lesson.page.evaluate(() => document.baseURI));
  const needed = [...lesson.requested].filter((address) => !loadedLater.test(address));
  assert.ok(
    needed.some((address) => /keras/.test(address)),
    "what the cell imports is counted",
  );
  let total = 0;
  for (const address of needed) {
    const file = new URL(address).pathname.slice(base.pathname.length) || "index.html";
    const content = await readFile(join(labFolder, decodeURIComponent(file)));
    total += gzipSync(content, { level: 9 }).length;
  }
  console.log(`before the first cell: ${(total / 1000).toFixed(0)} kB gz`);
  assert.ok(total < mostBytes, `${total} bytes`);
});

test("the lesson runs from top to bottom", { skip: noBrowser }, async () => {
  await lesson.runAll();
  const { cells } = JSON.parse((await lesson.download()).text) as {
    cells: { outputs?: { output_type: string; evalue?: string }[] }[];
  };
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  assert.ok(outputs.length > 25, `${outputs.length} outputs`);
  assert.deepEqual(
    outputs.filter(({ output_type }) => output_type === "error").map(({ evalue }) => evalue),
    [],
  );
  const unnumbered = await lesson.page.locator(".jp-CodeCell .jp-InputPrompt", { hasText: "[ ]" }).count();
  assert.equal(unnumbered, 0);
});

test("its numbers are TensorFlow's", { skip: noBrowser }, async () => {
  const seed = JSON.parse(await readFile(join(root, "test", "golden", "seed.json"), "utf8")) as Seed;
  assert.equal(Number(await shownBy("const pathByHand = [x]")), seed.descent_by_hand.path.at(-1));
  assert.equal(Number(await shownBy("x.assignSub(alpha * dydx)")), seed.descent_by_tape.path.at(-1));
  const [x, y] = (await shownBy("console.log(x.item(), y.item())")).split(" ").map(Number);
  assert.deepEqual([x, y], seed.descent_in_two_variables.path.at(-1)!.slice(0, 2));
});

test("every figure is drawn", { skip: noBrowser }, async () => {
  const figures = lesson.page.locator(".lab-Figure");
  await lesson.page.waitForFunction(() =>
    Array.from(document.querySelectorAll(".lab-Figure")).every((figure) =>
      figure.querySelector("svg, canvas"),
    ),
  );
  const count = await figures.count();
  assert.ok(count >= 9, `${count} figures`);
  for (let index = 0; index < count; index++) {
    const { drawn } = await lesson.pixels(figures.nth(index));
    assert.ok(drawn > 3000, `figure ${index}: ${drawn} pixels`);
  }
  const pictures = lesson.page.locator(".lab-Picture img");
  assert.ok((await pictures.count()) >= 3);
  for (const picture of await pictures.all()) {
    assert.ok((await lesson.pixels(picture)).drawn > 1000);
    assert.match((await picture.getAttribute("alt")) ?? "", /\w/);
  }
});

test("a surface is drawn in three dimensions and turns", { skip: noBrowser }, async () => {
  const surface = lesson.page.locator(".lab-Figure:has(.gl-container canvas)").first();
  await surface.scrollIntoViewIfNeeded();
  const before = await surface.screenshot();
  assert.ok((await lesson.pixels(surface)).colours > 200);
  await lesson.screenshot("lesson-surface");
  const box = (await surface.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await lesson.page.mouse.move(x, y);
  await lesson.page.mouse.down();
  await lesson.page.mouse.move(x + 120, y + 30, { steps: 6 });
  await lesson.page.mouse.up();
  await lesson.page.waitForTimeout(500);
  assert.notDeepEqual(await surface.screenshot(), before);
  await lesson.screenshot("lesson-surface-turned");
});

test("traces name lines of cells and functions of the library", { skip: noBrowser }, async () => {
  const trace = await shownBy("inside the gradient function");
  assert.match(trace, /at grad \(gradients\.ipynb cell\[\d+\]:4:13\)/);
  assert.match(trace, /at GradientTape\.gradient \(nabla\)/);
  assert.doesNotMatch(trace, /https?:/);
});

test("links into the library's source open at the line", { skip: noBrowser }, async () => {
  const link = lesson.page.getByRole("link", { name: "GradientTape.gradient" }).first();
  const [source] = await Promise.all([lesson.page.context().waitForEvent("page"), link.click()]);
  await source.waitForLoadState();
  const line = /#L(\d+)$/.exec(source.url())![1]!;
  const file = await readFile(join(root, "src", "core", "tape.ts"), "utf8");
  assert.equal(await source.locator("span:target").textContent(), file.split("\n")[Number(line) - 1]);
  await source.close();
});

test("axe finds no violation, light and dark", { skip: noBrowser }, async () => {
  const axe = await readFile(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8");
  await lesson.page.evaluate(axe);
  for (const theme of ["light", "dark"]) {
    const { violations } = await lesson.page.evaluate(() =>
      (globalThis as unknown as { axe: { run(): Promise<AxeResults> } }).axe.run(),
    );
    const found = violations.map(
      ({ id, nodes }) => `${theme} ${id}: ${nodes.map(({ html }) => html).slice(0, 3)}`,
    );
    assert.deepEqual(found, []);
    await lesson.page.evaluate(() => scrollTo(0, 0));
    await lesson.screenshot(`lesson-${theme}`);
    await lesson.button("Light or dark").click();
  }
});

test("the lesson fits a phone", { skip: noBrowser }, async () => {
  await lesson.page.setViewportSize({ width: 390, height: 844 });
  await lesson.page.waitForTimeout(1500);
  const width = await lesson.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${width} pixels wide`);
  for (const [name, text] of Object.entries({
    top: "Gradients",
    figure: "Downhill, by hand",
    surface: "More than one",
  })) {
    const heading = lesson.page.getByRole("heading", { name: text }).first();
    await heading.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 500));
    await lesson.page.waitForTimeout(400);
    await lesson.screenshot(`phone-${name}`);
  }
});

test("nothing was asked of another site, and no error was logged", { skip: noBrowser }, () => {
  assertQuiet(lesson);
});
