/** @file JupyterLab's page in Chromium, as its reader uses it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ensureBrowser } from "../browser.mjs";
import { root } from "../lock.mjs";

/**
 * @typedef {{ name?: string, output_type: string, data?: Record<string, string>, text?: string }} Output
 * @typedef {{ type: string, count: number | null, outputs: Output[] }} Cell
 */

/** What the page says when its server is slow to answer or restarts a kernel. */
const isWeather = /Failed to load resource|WebSocket|Connection lost/i;

/** How long the page may take for one step on a slow machine, in milliseconds. */
const patience = 120_000;

/** A notebook in the page. What is out of sight is not drawn, so that contents are read from the page's own model. */
export class LabPage {
  /** What the page complained of. @type {string[]} */
  complaints = [];

  /**
   * @param {import("playwright-core").Browser} browser
   * @param {import("playwright-core").Page} page
   */
  constructor(browser, page) {
    this.browser = browser;
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error" && !isWeather.test(message.text())) this.complaints.push(message.text());
    });
  }

  static async start() {
    const browser = await chromium.launch({
      executablePath: ensureBrowser(),
      args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"],
    });
    const context = await browser.newContext({ viewport: { width: 1200, height: 900 } });
    context.setDefaultTimeout(patience);
    return new LabPage(browser, await context.newPage());
  }

  /** Opens a notebook, and waits for its kernel. @param {string} address @param {string} name */
  async open(address, name) {
    await this.page.goto(`${address}/lab/tree/${name}?reset`);
    await this.page.waitForFunction((path) => {
      const panel = /** @type {any} */ (globalThis).jupyterapp?.shell.currentWidget;
      return panel?.context?.path === path && panel.context.isReady && panel.content.widgets.length > 0;
    }, name);
    await this.idle();
  }

  /** The kernel waits for a cell. */
  async idle() {
    await this.page.waitForFunction(() => {
      const { sessionContext } = /** @type {any} */ (globalThis).jupyterapp.shell.currentWidget;
      return sessionContext.session?.kernel?.status === "idle";
    });
  }

  /** Runs one of the page's commands, and waits until it is carried out. @param {string} name @param {object} [options] */
  async command(name, options = {}) {
    await this.page.evaluate(
      ([command, parameters]) =>
        /** @type {any} */ (globalThis).jupyterapp.commands.execute(command, parameters),
      /** @type {const} */ ([name, options]),
    );
  }

  /** All cells. @returns {Promise<Cell[]>} */
  cells() {
    return this.page.evaluate(() => {
      const { widgets } = /** @type {any} */ (globalThis).jupyterapp.shell.currentWidget.content;
      return widgets.map((/** @type {any} */ { model }) => ({
        type: model.type,
        count: model.executionCount ?? null,
        outputs: model.type === "code" ? model.outputs.toJSON() : [],
      }));
    });
  }

  /** The cell that is being edited: the last. */
  editor() {
    return this.page.locator(".jp-CodeCell").last().locator(".cm-content");
  }

  /** Types into the last cell, in the place of what stands there. @param {string} source */
  async type(source) {
    await this.editor().click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.press("Delete");
    await this.page.keyboard.insertText(source);
  }

  /** Runs a cell below all others, without waiting for its end. Gives its number. @param {string} source */
  async begin(source) {
    await this.type(source);
    const { length } = await this.cells();
    await this.page.keyboard.press("Shift+Enter");
    await this.page.waitForFunction(
      (count) =>
        /** @type {any} */ (globalThis).jupyterapp.shell.currentWidget.content.widgets.length > count,
      length,
    );
    return length - 1;
  }

  /** What a cell came to, once it is done. @param {number} index @returns {Promise<Cell>} */
  async end(index) {
    await this.page.waitForFunction((at) => {
      const { widgets } = /** @type {any} */ (globalThis).jupyterapp.shell.currentWidget.content;
      return widgets[at].model.executionCount !== null;
    }, index);
    return (await this.cells())[index];
  }

  /** Runs a cell below all others to its end. @param {string} source */
  async run(source) {
    return this.end(await this.begin(source));
  }

  /** A text among the outputs that are drawn. @param {string | RegExp} text */
  output(text) {
    return this.page.locator(".jp-OutputArea-output", { hasText: text }).last();
  }

  /** A button of the notebook's toolbar. @param {string} command */
  button(command) {
    return this.page.locator(`.jp-NotebookPanel-toolbar [data-command="${command}"]`);
  }

  /**
   * What the picture below a cell looks like: its size, how many colours it has, whether its ground is opaque.
   *
   * @param {number} index
   */
  async picture(index) {
    await this.page.evaluate((at) => {
      const { content } = /** @type {any} */ (globalThis).jupyterapp.shell.currentWidget;
      return content.scrollToItem(at, "start");
    }, index);
    const image = this.page.locator(`.jp-Cell[data-windowed-list-index="${index}"] .jp-RenderedSVG img`);
    await image.waitFor();
    return image.evaluate(async (/** @type {HTMLImageElement} */ element) => {
      await element.decode();
      const { naturalWidth: width, naturalHeight: height } = element;
      const canvas = new OffscreenCanvas(width, height);
      const drawing = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
      drawing.drawImage(element, 0, 0);
      const pixels = new Uint32Array(drawing.getImageData(0, 0, width, height).data.buffer);
      // Not the very corner, which a fraction of a pixel may leave open.
      const opaque = drawing.getImageData(2, 2, 1, 1).data[3] === 255;
      return { width, height, colors: new Set(pixels).size, opaque };
    });
  }

  /** Keeps a picture of the page for people to look at. @param {string} name */
  async keep(name) {
    const folder = join(root, "out", "screenshots");
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `jupyterlab-${name}.png`) });
  }

  close() {
    return this.browser.close();
  }
}
