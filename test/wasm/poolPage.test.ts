/** @file The pool in a page, where the main thread may not wait: with workers if it is cross-origin isolated, else without. */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import test from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { browserPath, noBrowser } from "../support/browser.js";

interface Seen {
  readonly counts: readonly number[];
  readonly workers: readonly number[];
}

interface Result {
  readonly shared: boolean;
  readonly ready: number;
  readonly before: Seen;
  readonly after: Seen;
  readonly runs: number;
}

const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

/** Runs the page's program in a browser. */
async function runInPage(headers: Readonly<Record<string, string>>): Promise<Result> {
  const { outputFiles } = await build({
    entryPoints: ["test/support/poolPage.ts"],
    bundle: true,
    write: false,
    format: "esm",
    conditions: ["nabla-source"],
  });
  const server = createServer((request, response) => {
    const script = request.url === "/page.js";
    response.writeHead(200, { ...headers, "Content-Type": script ? "text/javascript" : "text/html" });
    response.end(
      script ? outputFiles[0]!.text : `<!doctype html><body><script type="module" src="page.js"></script>`,
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const browser = await chromium.launch({
    executablePath: browserPath!,
    args: ["--no-sandbox", "--disable-quic"],
  });
  try {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForSelector("#done", { timeout: 60_000 });
    return JSON.parse((await page.textContent("#done"))!) as Result;
  } finally {
    await browser.close();
    server.close();
  }
}

test("in a page that is cross-origin isolated, workers take part once they are up", {
  skip: noBrowser,
}, async () => {
  const { shared, before, after, runs, ready } = await runInPage(ISOLATED);
  assert.equal(shared, true);
  assert.deepEqual(before.counts, [10]);
  assert.deepEqual(after.counts, [10 * runs]);
  assert.ok(ready > 0);
  assert.notDeepEqual(after.workers, [0]);
});

test("in any other page the main thread does it all", { skip: noBrowser }, async () => {
  const { shared, before, ready } = await runInPage({});
  assert.equal(shared, false);
  assert.equal(ready, 0);
  assert.deepEqual(before, { counts: [10], workers: [0] });
});
