/** @file The page while a cell trains a model: it takes keys, draws what moves, and no more than it has frames for. */
import assert from "node:assert/strict";
import test, { after, before } from "node:test";
import { assertQuiet, Lab, type LabPage, noBrowser } from "./lab.js";

const lab = new Lab();
let open: LabPage;

before(async () => {
  if (noBrowser) return;
  await lab.start();
  open = await lab.page((await lab.serve()).address);
});
after(() => lab.close());

const imports = `import * as keras from "nabla/keras";
import * as tf from "nabla";
import * as plt from "nabla/pyplot";
console.log("ready");`;

/** Trains with a progress bar and a live curve until `done`, an expression, holds. */
const trainUntil = (done: string): string => `const losses: number[] = [];
const curve = () => { const figure = plt.figure(); figure.addSubplot(111).plot(losses); plt.close(figure); return figure; };
const place = display(curve());
const start = performance.now();
const model = new keras.Sequential([new keras.layers.Dense(16, { activation: "relu" }), new keras.layers.Dense(1)]);
const live = new keras.callbacks.LambdaCallback({
  onEpochEnd: (epoch, logs) => { losses.push(logs.loss); place.update(curve()); model.stopTraining = ${done}; },
});
model.compile({ loss: "mean_squared_error", optimizer: "adam" });
const x = tf.random.normal([512, 8]);
await model.fit(x, tf.reduceSum(x, 1, { keepdims: true }), { epochs: 100_000, batchSize: 16, callbacks: [live] });
losses.length`;

/** What was seen of a cell that ran, counted by the page itself. */
interface Seen {
  frames: number;
  /** How often anything in the cell's output changed, and in how many ways its parts were seen. */
  changes: number;
  progress: number;
  curves: number;
  isFirstTextKept: boolean;
}

/** Counts what happens below a cell from now on, until `stop`, which it leaves behind, is called. */
function watch(index: number): void {
  const output = document.querySelectorAll(".jp-Cell")[index]!.querySelector(".jp-Cell-outputArea")!;
  const counts = { frames: 0, changes: 0 };
  const [progress, curves] = [new Set<string>(), new Set<string>()];
  let frame = requestAnimationFrame(function count() {
    counts.frames++;
    frame = requestAnimationFrame(count);
  });
  const text = () => output.querySelector("[data-mime-type$=stdout]");
  let firstText: Element | null = null;
  const observer = new MutationObserver(() => {
    counts.changes++;
    progress.add(text()?.textContent?.slice(-80) ?? "");
    curves.add(output.querySelector<HTMLImageElement>(".lab-Figure > img")?.src ?? "");
    if ((text()?.children.length ?? 0) > 2) firstText ??= text()!.firstElementChild;
  });
  observer.observe(output, { subtree: true, childList: true, characterData: true, attributes: true });
  const stop = (): Seen => {
    cancelAnimationFrame(frame);
    observer.disconnect();
    const isFirstTextKept = firstText !== null && firstText === text()?.firstElementChild;
    return { ...counts, progress: progress.size, curves: curves.size, isFirstTextKept };
  };
  Object.assign(globalThis, { stop });
}

/** Where a live figure's picture is, and the figure below it, in whole pixels. */
function boxes(): { picture: number[]; figure: number[] } {
  const boxOf = (selector: string): number[] => {
    const { x, y, width, height } = document
      .querySelector(`.lab-Figure:has(> img) ${selector}`)!
      .getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
  };
  return { picture: boxOf("> img"), figure: boxOf(".main-svg") };
}

const isBusy = (): Promise<boolean> =>
  open.page.evaluate(() => document.querySelector(".state[data-state=busy]") !== null);

test("while a model is trained the page takes keys, and its bar and its curve move", {
  skip: noBrowser,
}, async () => {
  await open.open([imports, "// typed:", trainUntil("performance.now() - start > 16_000")]);
  assert.equal(await open.output(0), "ready");
  await open.run(2);
  await open.cell(2).locator(".lab-Figure").waitFor();
  await open.page.evaluate(watch, 2);
  await open.editor(1).click();
  await open.page.keyboard.press("ControlOrMeta+End");
  for (const key of "still free") await open.page.keyboard.press(key === " " ? "Space" : key);
  await open.cell(1).getByText("// typed:still free").waitFor();
  await open.cell(2).locator(".lab-Figure > img").waitFor();
  assert.equal(await isBusy(), true, "what is typed appears while the model is trained");
  await open.cell(2).locator("[data-mime-type$=stdout]").scrollIntoViewIfNeeded();
  await open.screenshot("training");
  await open.page.setViewportSize({ width: 390, height: 844 });
  const { picture, figure } = await open.page.evaluate(boxes);
  assert.deepEqual(picture, figure, "the picture lies where the figure is");
  await open.screenshot("training-phone");
  await open.page.setViewportSize({ width: 1200, height: 860 });
  await open.ready(60_000);
  const seen = await open.page.evaluate(() => (globalThis as unknown as { stop(): Seen }).stop());
  console.log(JSON.stringify(seen));
  const { frames, changes, progress, curves, isFirstTextKept } = seen;
  assert.ok(frames >= 8, `${frames} frames`);
  assert.ok(progress >= 3 && curves >= 3, `${progress} progress bars, ${curves} curves`);
  // A figure and the text below it are drawn on their own, and the figure once more when it rests.
  assert.ok(changes <= 2 * frames + 10, `${changes} changes in ${frames} frames`);
  assert.ok(isFirstTextKept, "text that has not changed is not drawn again");
  const epochs = Number((await open.shown(2)).split("\n").at(-1));
  const shown = await open.cell(2).locator("[data-mime-type$=stdout]").textContent();
  assert.equal(shown!.match(/^Epoch /gm)!.length, epochs);
  assert.equal(shown!.match(/^32\/32 ━{20} /gm)!.length, epochs);
});

test("a figure that has come to rest is a figure again", { skip: noBrowser }, async () => {
  const figure = open.cell(2).locator(".lab-Figure");
  await open.page.waitForFunction(() => document.querySelector(".lab-Figure > img") === null);
  const epochs = Number((await open.shown(2)).split("\n").at(-1));
  const drawn = await figure.locator(".js-line").first().getAttribute("d");
  assert.ok(drawn!.split("L").length > Math.min(epochs, 20) / 2, "the curve is drawn");
  assert.equal(await figure.locator(".main-svg").first().isVisible(), true);
});

test("a page that is busy is sent no more until it has drawn", { skip: noBrowser }, async () => {
  const page = await lab.page(open.page.url());
  await page.page.evaluate(() => {
    // Counts what workers send from when they are made: the cells' worker is made for every notebook.
    const counts = { events: 0 };
    Object.assign(globalThis, { counts });
    globalThis.Worker = class extends Worker {
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener("message", ({ data }) => {
          if ((data as { type?: string }).type === "events") counts.events++;
        });
      }
    };
  });
  await page.open([
    "const end = performance.now() + 6000;\nlet n = 0;\nwhile (performance.now() < end) { console.log(n++); await null; }\nn",
  ]);
  await page.run(0);
  await page.cell(0).locator("[data-mime-type$=stdout]").waitFor();
  const waiting = await page.page.evaluate(async () => {
    const { counts } = globalThis as unknown as { counts: { events: number } };
    const start = performance.now();
    while (performance.now() - start < 2000);
    const before = counts.events;
    // What came in the meantime is in line before this.
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      setTimeout(() => port2.postMessage(null));
    });
    return counts.events - before;
  });
  assert.ok(waiting <= 2, `${waiting} messages were waiting`);
  await page.ready();
  const lines = (await page.shown(0)).split("\n");
  assert.ok(lines.length > 100);
  assertQuiet(page);
  await page.close();
});

test("no error was logged", { skip: noBrowser }, () => assertQuiet(open));
