/** @file The lab in a real browser, for tests of the page. */
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Locator, type Page } from "playwright-core";
import { buildLab, labFolder } from "../../scripts/buildLab.mjs";
import { root } from "../../scripts/lock.mjs";
import { serveLab } from "../../scripts/serveLab.mjs";

/** Why tests of the page are skipped; false if there is a browser. */
export const noBrowser = process.env["CHROMIUM"] ? false : "CHROMIUM names no browser";

const screenshots = join(root, "out", "screenshots");

export interface ServeOptions {
  isolated?: boolean;
  prefix?: string;
}

/** The browser and the servers of one test file. */
export class Lab {
  private browser: Browser | null = null;
  private readonly servers: { close(): Promise<void> }[] = [];

  async start(): Promise<void> {
    await buildLab();
    await mkdir(screenshots, { recursive: true });
    this.browser = await chromium.launch({
      executablePath: process.env["CHROMIUM"]!,
      args: [
        ...["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-quic"],
        ...["--disable-background-networking", "--no-first-run", "--disable-component-update"],
      ],
    });
  }

  async serve(options: ServeOptions = {}): Promise<{ address: string; close(): Promise<void> }> {
    const server = await serveLab(labFolder, options);
    this.servers.push(server);
    return server;
  }

  /** A page with storage of its own. */
  async page(address: string, options: BrowserContextOptions = {}): Promise<LabPage> {
    const viewport = { width: 1200, height: 860 };
    const context = await this.browser!.newContext({ viewport, ...options });
    context.setDefaultTimeout(30_000);
    // What is evaluated in the page comes from a compiler that names functions by this helper.
    await context.addInitScript("globalThis.__name = (named) => named");
    const page = await context.newPage();
    const lab = new LabPage(page, new URL(address).origin);
    await page.goto(address);
    await lab.ready();
    return lab;
  }

  async close(): Promise<void> {
    await this.browser?.close();
    for (const server of this.servers) await server.close();
  }
}

/** One page, as its reader uses it. */
export class LabPage {
  /** What the console said of errors, and what the page asked of other sites. */
  readonly errors: string[] = [];
  readonly foreign: string[] = [];
  /** What the page and its workers asked of their own site; not what the service worker did. */
  readonly requested = new Set<string>();

  constructor(
    readonly page: Page,
    origin: string,
  ) {
    page.on("console", (message) => {
      if (message.type() === "error") this.errors.push(message.text());
    });
    page.on("pageerror", (error) => this.errors.push(String(error)));
    page.context().on("request", (request) => {
      const url = new URL(request.url());
      if (["data:", "blob:"].includes(url.protocol)) return;
      if (url.origin !== origin) this.foreign.push(url.href);
      else if (request.serviceWorker() === null) this.requested.add(url.href);
    });
  }

  /** Cells can run, and none does. */
  async ready(timeout = 60_000): Promise<void> {
    const page = this.page;
    await page.waitForFunction(
      () =>
        document.querySelector(".state[data-state=idle]") !== null &&
        document.querySelector(".jp-Cell") !== null &&
        document.querySelector(".lab-mod-running") === null,
      null,
      { timeout },
    );
  }

  button(name: string): Locator {
    return this.page.getByRole("button", { name, exact: false });
  }

  /** Opens a notebook of code cells, as a file of the reader's. */
  async open(sources: readonly string[], name = "small.ipynb"): Promise<void> {
    const cells = sources.map((source, index) => ({
      ...{ cell_type: "code", id: `cell-${index}`, metadata: {}, source },
      ...{ execution_count: null, outputs: [] },
    }));
    const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells };
    await this.openFile(name, JSON.stringify(notebook));
    await this.page.getByText(sources[0]!.split("\n")[0]!).first().waitFor();
    await this.ready();
  }

  async openFile(name: string, text: string): Promise<void> {
    const [chooser] = await Promise.all([
      this.page.waitForEvent("filechooser"),
      this.button("Open a notebook").click(),
    ]);
    await chooser.setFiles({ name, mimeType: "application/json", buffer: Buffer.from(text) });
  }

  /** The cell at a place, from 0. */
  cell(index: number): Locator {
    return this.page.locator(".jp-Cell").nth(index);
  }

  editor(index: number): Locator {
    return this.cell(index).locator(".cm-content");
  }

  /** Puts text in the place of a cell's, as from a keyboard. */
  async type(index: number, source: string): Promise<void> {
    await this.editor(index).click();
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.insertText(source);
  }

  /** Rests the pointer on the first occurrence of a text in a cell. */
  async hover(index: number, text: string): Promise<void> {
    const [x, y] = await this.editor(index).evaluate((element, wanted) => {
      const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const at = node.textContent!.indexOf(wanted);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + wanted.length);
        const box = range.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
      }
      throw new Error(`the cell has no "${wanted}"`);
    }, text);
    await this.page.mouse.move(x! - 2, y!);
    await this.page.mouse.move(x!, y!);
  }

  /** Starts a cell. */
  async run(index: number): Promise<void> {
    await this.editor(index).click();
    await this.page.keyboard.press("ControlOrMeta+Enter");
  }

  /** Runs a cell and gives what it shows. */
  async output(index: number): Promise<string> {
    await this.run(index);
    await this.ready();
    return this.shown(index);
  }

  async shown(index: number): Promise<string> {
    return (await this.cell(index).locator(".jp-OutputArea-output").allTextContents()).join("\n").trim();
  }

  async runAll(): Promise<void> {
    await this.button("Run all cells").click();
    await this.ready(90_000);
  }

  /** The notebook as it is downloaded. */
  async download(): Promise<{ name: string; text: string }> {
    const [download] = await Promise.all([
      this.page.waitForEvent("download"),
      this.button("Download the notebook").click(),
    ]);
    return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: join(screenshots, `${name}.png`) });
  }

  /** How many pixels of an element are not of its most frequent colour, and how many colours it has. */
  async pixels(element: Locator): Promise<{ drawn: number; colours: number }> {
    await element.scrollIntoViewIfNeeded();
    const picture = (await element.screenshot()).toString("base64");
    return this.page.evaluate(async (content) => {
      const image = new Image();
      image.src = `data:image/png;base64,${content}`;
      await image.decode();
      const canvas = new OffscreenCanvas(image.width, image.height);
      const context = canvas.getContext("2d")!;
      context.drawImage(image, 0, 0);
      const colours = new Map<number, number>();
      for (const colour of new Uint32Array(
        context.getImageData(0, 0, image.width, image.height).data.buffer,
      )) {
        colours.set(colour, (colours.get(colour) ?? 0) + 1);
      }
      const all = image.width * image.height;
      return { drawn: all - Math.max(...colours.values()), colours: colours.size };
    }, picture);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Fails if the page complained or asked another site for anything. */
export function assertQuiet({ errors, foreign }: LabPage): void {
  assert.deepEqual({ errors, foreign }, { errors: [], foreign: [] });
}
