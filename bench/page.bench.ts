/**
 * @file How free the lab's page is while a cell trains a model with a progress bar and a live curve: beside a page that
 * only waits, and one whose worker only spins, which is what this machine's browser can do at best.
 */
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { threadTimes, traceOf } from "./pageTrace.js";

const scripts = async <Module>(file: string): Promise<Module> =>
  (await import(pathToFileURL(join(resolve("scripts"), file)).href)) as Module;
const { findBrowser } = await scripts<typeof import("../scripts/browser.mjs")>("browser.mjs");
const { buildLab, labFolder } = await scripts<typeof import("../scripts/buildLab.mjs")>("buildLab.mjs");
const { serveLab } = await scripts<typeof import("../scripts/serveLab.mjs")>("serveLab.mjs");

const rounds = 3;
/** How long a cell runs and how long it is watched, in milliseconds. */
const [running, watched] = [9000, 5000];

const prepare = `import * as tf from "nabla";
import * as keras from "nabla/keras";
import * as plt from "nabla/pyplot";
plt.plot([1, 2]);
plt.show();`;

/** Trains until time is up; \`size\` is how many rows there are, and so how long an epoch takes. */
const fit = (size: number): string => `const losses: number[] = [];
const curve = () => {
  const figure = plt.figure();
  figure.addSubplot(111).plot(losses);
  plt.close(figure);
  return figure;
};
const place = display(curve());
const end = performance.now() + ${running};
const model = new keras.Sequential([
  new keras.layers.Dense(64, { activation: "relu" }), new keras.layers.Dense(64, { activation: "relu" }), new keras.layers.Dense(1),
]);
const live = new keras.callbacks.LambdaCallback({
  onEpochEnd: (_, logs) => { losses.push(logs.loss); place.update(curve()); model.stopTraining = performance.now() > end; },
});
model.compile({ loss: "mean_squared_error", optimizer: "adam" });
const x = tf.random.normal([${size}, 8]);
await model.fit(x, tf.reduceSum(x, 1, { keepdims: true }), { epochs: 100_000, batchSize: 32, callbacks: [live] });`;

const situations = {
  "a cell waits": `await new Promise((resolve) => setTimeout(resolve, ${running}));`,
  "a cell spins": `const end = performance.now() + ${running};\nwhile (performance.now() < end);`,
  "fit, few epochs a second": fit(32_768),
  "fit, many epochs a second": fit(512),
};

/** What the page saw, in milliseconds. */
interface Seen {
  frames: number[];
  keys: number[];
  longTasks: number[];
}

/** Watches the page from within. */
function watch(): void {
  const seen: Seen = { frames: [], keys: [], longTasks: [] };
  Object.assign(globalThis, { seen });
  let last = performance.now();
  const frame = (now: number): void => {
    seen.frames.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.longTasks.push(duration);
  }).observe({ type: "longtask" });
  const onKey = ({ timeStamp }: KeyboardEvent): void => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => seen.keys.push(performance.now() - timeStamp);
    requestAnimationFrame(() => port2.postMessage(null));
  };
  window.addEventListener("keydown", onKey, true);
}

const isReady = (): boolean =>
  document.querySelector(".state[data-state=idle]") !== null &&
  document.querySelector(".jp-Cell") !== null &&
  document.querySelector(".lab-mod-running") === null;

const ready = (page: Page): Promise<unknown> => page.waitForFunction(isReady, null, { timeout: 120_000 });

async function openNotebook(browser: Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  await page.goto(address);
  await ready(page);
  const cells = ["// typed here", prepare, ...Object.values(situations)].map((source, index) => ({
    ...{ cell_type: "code", id: `cell-${index}`, metadata: {}, source },
    ...{ execution_count: null, outputs: [] },
  }));
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Open a notebook" }).click(),
  ]);
  const text = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells });
  await chooser.setFiles({ name: "page.ipynb", mimeType: "application/json", buffer: Buffer.from(text) });
  await page.getByText("// typed here").first().waitFor();
  await ready(page);
  await run(page, 1);
  await ready(page);
  // The editor's help and Plotly start when the page has nothing to do.
  await page.waitForTimeout(5000);
  return page;
}

async function run(page: Page, index: number): Promise<void> {
  await page.locator(".jp-Cell").nth(index).locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+Enter");
}

/** Runs a cell and types and scrolls beside it. */
async function measure(page: Page, index: number): Promise<Seen & { work: number[] }> {
  await run(page, index);
  await page.locator(".state[data-state=busy]").waitFor();
  await page.waitForTimeout(1500);
  await page.locator(".jp-Cell .cm-content").first().click();
  const session = await page.context().newCDPSession(page);
  const events = await traceOf(session, async () => {
    await page.evaluate(watch);
    const start = performance.now();
    for (let step = 0; performance.now() - start < watched; step++) {
      await page.keyboard.press("a");
      await page.waitForTimeout(100);
      if (step % 3 === 0) await page.mouse.wheel(0, step % 2 === 0 ? 60 : -60);
    }
  });
  const seen = await page.evaluate(() => (globalThis as unknown as { seen: Seen }).seen);
  await ready(page);
  return { ...seen, work: threadTimes(events) };
}

const part = (list: readonly number[], share: number): string => {
  const sorted = [...list].sort((a, b) => a - b);
  return (sorted[Math.ceil(sorted.length * share) - 1] ?? 0).toFixed(1);
};
const both = (list: readonly number[]): string => `${part(list, 0.5)} / ${part(list, 0.95)}`;

async function main(executablePath: string): Promise<void> {
  // Another build of the page, to compare with.
  const folder = process.env["BENCH_LAB"] ?? labFolder;
  if (folder === labFolder) await buildLab();
  const server = await serveLab(folder);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  const all = Object.keys(situations).map((): Awaited<ReturnType<typeof measure>>[] => []);
  for (let round = 0; round < rounds; round++) {
    const page = await openNotebook(browser, server.address);
    for (const [index, samples] of all.entries()) samples.push(await measure(page, index + 2));
    await page.context().close();
  }
  await browser.close();
  await server.close();
  console.log(
    "| while | page's work per frame, ms | longest | frame to frame | keystroke to frame | long tasks |",
  );
  console.log("| --- | ---: | ---: | ---: | ---: | ---: |");
  for (const [index, name] of Object.keys(situations).entries()) {
    const samples = all[index]!;
    const pooled = (key: keyof Seen | "work"): number[] => samples.flatMap((sample) => sample[key]);
    const work = pooled("work");
    const columns = [both(work), part(work, 1), both(pooled("frames")), both(pooled("keys"))];
    const longTasks = (pooled("longTasks").length / rounds).toFixed(1);
    console.log(`| ${name} | ${columns.join(" | ")} | ${longTasks} |`);
  }
}

const browser = findBrowser();
if (browser === null) console.log("No Chromium or Chrome: the page is not measured.");
else await main(browser);
