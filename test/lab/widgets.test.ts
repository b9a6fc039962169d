/** @file The playground of optimizers in the page: clicked, played, typed into, and looked at. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import test, { after, before } from "node:test";
import type { AxeResults } from "axe-core";
import type { Locator } from "playwright-core";
import { root } from "../../scripts/lock.mjs";
import { assertQuiet, Lab, type LabPage, noBrowser } from "./lab.js";

const lab = new Lab();
let page: LabPage;
let play: Locator;

const source = `display.bundle({
  "application/vnd.nabla.widget.v1+json": {
    widget: "optimizers", surface: "bowl", optimizers: ["sgd", "adam"], steps: 120,
  },
  "text/plain": "a playground",
});`;

before(async () => {
  if (noBrowser) return;
  await lab.start();
  page = await lab.page((await lab.serve()).address);
  await page.open([source], "playground.ipynb");
  await page.run(0);
  play = page.page.locator(".play");
  await play.waitFor();
});
after(() => lab.close());

const control = (role: "combobox" | "textbox" | "checkbox" | "button" | "slider", name: string) =>
  play.getByRole(role, { name, exact: role === "button" });
const map = () => play.locator(".play-canvas");
const surface = () => play.locator(".play-surface");
const status = () => play.locator(".play-status");
const field = (name: string) => play.getByLabel(name, { exact: true });

/** The map's pixels in a colour, as a walker's line has it. */
async function pixelsOf(color: readonly [number, number, number]): Promise<number> {
  return map().evaluate((canvas, [r, g, b]) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
    }
    return count;
  }, color);
}

const sgdBlue = [31, 119, 180] as const;
const adamViolet = [148, 103, 189] as const;

test("the map, the surface and two paths are drawn", { skip: noBrowser }, async () => {
  await status().filter({ hasText: "After 120 steps" }).waitFor();
  assert.ok((await page.pixels(map())).colours > 10);
  await surface().locator("canvas").first().waitFor();
  await page.page.waitForTimeout(1500);
  assert.ok((await page.pixels(surface())).colours > 200);
  for (const color of [sgdBlue, adamViolet]) assert.ok((await pixelsOf(color)) > 100, `${color}`);
  await page.screenshot("playground");
});

test("a click on the map sets the start", { skip: noBrowser }, async () => {
  const before = await field("Start x").inputValue();
  const box = (await map().boundingBox())!;
  await map().click({ position: { x: box.width * 0.8, y: box.height * 0.2 } });
  assert.notEqual(await field("Start x").inputValue(), before);
  const start = await Promise.all(["Start x", "Start y"].map((name) => field(name).inputValue()));
  // The view is 7 wide and high, from -3; the axes' numbers take 48 and 32 pixels of the canvas.
  const expected = [
    -3 + (7 * (box.width * 0.8 - 40)) / (box.width - 48),
    4 - (7 * (box.height * 0.2 - 8)) / (box.height - 32),
  ];
  for (const [i, value] of start.map(Number).entries())
    assert.ok(Math.abs(value - expected[i]!) < 0.05, `${start}`);
});

test("reset, one step, and the slider show the walk step by step", { skip: noBrowser }, async () => {
  const shown = () => play.locator(".play-step").textContent();
  await control("button", "Reset").click();
  assert.equal(await shown(), "0 of 120");
  const atStart = await pixelsOf(sgdBlue);
  for (let i = 0; i < 3; i++) await control("button", "One step").click();
  assert.equal(await shown(), "3 of 120");
  assert.ok((await pixelsOf(sgdBlue)) > atStart + 20);
  await control("slider", "Step").focus();
  await page.page.keyboard.press("ArrowRight");
  assert.equal(await shown(), "4 of 120");
  // Plain descent with rate 0.05 on (x - 1)² + (y - 1)²: each step leaves 0.81 of the height.
  const [x, y] = await Promise.all(
    ["Start x", "Start y"].map(async (name) => Number(await field(name).inputValue())),
  );
  const height = ((x! - 1) ** 2 + (y! - 1) ** 2) * 0.81 ** 4;
  const row = play.getByRole("row").filter({ hasText: /^SGD(?! with)/ });
  assert.ok(Math.abs(Number(await row.locator(".play-height").textContent()) - height) < 0.002 * height);
});

test("it plays, pauses and plays to the end", { skip: noBrowser }, async () => {
  const step = async () => Number(/^\d+/.exec((await play.locator(".play-step").textContent())!)![0]);
  await control("button", "Reset").click();
  await control("combobox", "Speed").selectOption("25");
  await control("button", "Play").click();
  await play
    .locator(".play-step")
    .filter({ hasText: /^[1-9]\d* of/ })
    .waitFor();
  await control("button", "Pause").click();
  const paused = await step();
  assert.ok(paused > 0 && paused < 120, `${paused}`);
  await page.page.waitForTimeout(300);
  assert.equal(await step(), paused);
  await control("combobox", "Speed").selectOption("400");
  await control("button", "Play").click();
  await play.locator(".play-step").filter({ hasText: "120 of 120" }).waitFor();
  await control("button", "Play").waitFor();
});

test("many starts colour the map by basins", { skip: noBrowser }, async () => {
  await control("combobox", "Surface").selectOption("himmelblau");
  // Notes what the search says of its progress, and how often the page comes to draw meanwhile.
  await page.page.evaluate(() => {
    const search = { said: [] as string[], frames: 0 };
    Object.assign(globalThis, { search });
    const timer = setInterval(() => {
      const text = document.querySelector(".play-ground")!.textContent!;
      if (/\d+ %$/.test(text)) {
        requestAnimationFrame(() => search.frames++);
        if (search.said.at(-1) !== text) search.said.push(text);
      }
      if (/arrived/.test(text)) clearInterval(timer);
    }, 10);
  });
  await control("combobox", "Colour the map by").selectOption("adam");
  const ground = play.locator(".play-ground");
  await ground.filter({ hasText: "4 minima; 100 % have arrived" }).waitFor({ timeout: 90_000 });
  const { said, frames } = await page.page.evaluate(
    () => (globalThis as unknown as { search: { said: string[]; frames: number } }).search,
  );
  assert.ok(said.length >= 3, `the search said ${said}`);
  assert.ok(frames >= 5, `${frames} frames were drawn during the search`);
  // The colours of the four largest basins.
  for (const color of [
    [102, 166, 205],
    [245, 179, 108],
    [126, 190, 130],
    [196, 160, 208],
  ] as const) {
    assert.ok((await pixelsOf(color)) > 2000, `${color}`);
  }
  await page.screenshot("playground-basins");
  await control("combobox", "Colour the map by").selectOption("height");
  assert.equal(await pixelsOf([245, 179, 108]), 0);
});

test("a formula can be typed; a bad one says what is wrong and leaves the map", {
  skip: noBrowser,
}, async () => {
  const formula = control("textbox", "Formula in x and y");
  await formula.fill("sin(2*x) + y^2");
  await formula.press("Enter");
  await status().filter({ hasText: "After 120 steps" }).waitFor();
  assert.equal(await control("combobox", "Surface").inputValue(), "own");
  const drawn = await page.pixels(map());
  await formula.fill("sin(2x) + y^2");
  await formula.press("Enter");
  const problem = play.getByRole("alert");
  await problem.filter({ hasText: 'expected ")" to close "sin(", found "x"' }).waitFor();
  assert.equal(await formula.getAttribute("aria-invalid"), "true");
  assert.deepEqual(await page.pixels(map()), drawn);
  await formula.fill("sin(2*x) + y^2");
  await formula.press("Enter");
  await page.page.waitForFunction(() => document.querySelector(".play-problem")?.textContent === "");
});

test("an optimizer joins by the keyboard, and one with too long steps gets lost", {
  skip: noBrowser,
}, async () => {
  await control("combobox", "Surface").selectOption("rosenbrock");
  await control("checkbox", "Lion").focus();
  await page.page.keyboard.press("Space");
  assert.ok(await control("checkbox", "Lion").isChecked());
  const rate = play.getByLabel("Step size of SGD", { exact: true });
  await rate.fill("0.5");
  await rate.press("Enter");
  await status().filter({ hasText: "SGD got lost" }).waitFor();
  await rate.fill("-1");
  await rate.press("Enter");
  assert.equal(await rate.getAttribute("aria-invalid"), "true");
});

test("axe finds nothing, light and dark; it fits a phone", { skip: noBrowser }, async () => {
  await page.page.evaluate(await readFile(join(root, "node_modules", "axe-core", "axe.min.js"), "utf8"));
  for (const theme of ["light", "dark"]) {
    const { violations } = await page.page.evaluate(() =>
      (globalThis as unknown as { axe: { run(where: string): Promise<AxeResults> } }).axe.run(".play"),
    );
    assert.deepEqual(
      violations.map(({ id, nodes }) => `${theme} ${id}: ${nodes.map(({ html }) => html)}`),
      [],
    );
    await page.button("Light or dark").click();
  }
  await page.button("Light or dark").click();
  await page.page.setViewportSize({ width: 390, height: 844 });
  await page.page.waitForTimeout(1500);
  const width = await page.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `${width} pixels wide`);
  await map().scrollIntoViewIfNeeded();
  await page.screenshot("playground-phone-dark");
  assert.ok((await page.pixels(map())).colours > 10);
});

test("the lesson on optimizers runs in the page and ends in the playground", {
  skip: noBrowser,
}, async () => {
  await page.page.setViewportSize({ width: 1200, height: 860 });
  await page.openFile("lesson.ipynb", await readFile(join(root, "lessons", "optimizers.ipynb"), "utf8"));
  await page.page.getByRole("heading", { name: "Ways downhill" }).waitFor();
  await page.runAll();
  const failed = await page.page
    .locator('[data-mime-type="application/vnd.jupyter.error"]')
    .allTextContents();
  assert.deepEqual(failed, []);
  await status().filter({ hasText: "After 600 steps" }).waitFor();
  await play.scrollIntoViewIfNeeded();
  await page.screenshot("lesson-optimizers-playground");
  assert.equal(await page.page.locator(".play").count(), 1);
});

test("the network's decision boundary is redrawn while it trains", { skip: noBrowser }, async () => {
  const notebook = JSON.parse(await readFile(join(root, "lessons", "neural-network.ipynb"), "utf8"));
  const last = notebook.cells.findIndex((cell: { id: string }) => cell.id === "moons");
  notebook.cells.splice(last + 1);
  await page.openFile("network.ipynb", JSON.stringify(notebook));
  await page.page.getByRole("heading", { name: "A small network learns to see" }).waitFor();
  await page.page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seen });
    setInterval(() => {
      const drawn = Array.from(document.querySelectorAll(".lab-Figure text"), (text) => text.textContent!);
      const pictures = Array.from(
        document.querySelectorAll<HTMLImageElement>(".lab-Figure > img"),
        ({ src }) => decodeURIComponent(src),
      );
      for (const text of [...drawn, ...pictures]) {
        const title = /epoch \d+, accuracy [\d.]+|before training/.exec(text);
        if (title !== null) seen.add(title[0]);
      }
    }, 20);
  });
  await page.runAll();
  await page.page.getByText("epoch 100, accuracy").waitFor();
  const seen = await page.page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen]);
  assert.ok(seen.length >= 3, `${seen}`);
  await page.page.getByText("epoch 100, accuracy").scrollIntoViewIfNeeded();
  await page.screenshot("lesson-network");
});

test("nothing was asked of another site, and no error was logged", { skip: noBrowser }, () => {
  assertQuiet(page);
});
