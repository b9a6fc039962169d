/** @file A browser for tests, where the machine has one. */
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

/** The browser's program, if the machine has one. */
export const browserPath =
  process.env["CHROMIUM"] ??
  ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Why tests that need a browser are skipped; false if there is one. */
export const noBrowser = browserPath === undefined ? "no Chromium on this machine" : false;

/** Opens a file as a page; the document once `done` (a selector) is there. */
export async function domOf(path: string, done: string): Promise<string> {
  const session = await chromium.launch({
    executablePath: browserPath!,
    args: ["--no-sandbox", "--disable-quic", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
  });
  try {
    const page = await session.newPage();
    await page.goto(`file://${path}`);
    await page.waitForSelector(done, { state: "attached", timeout: 90_000 });
    return await page.content();
  } finally {
    await session.close();
  }
}
