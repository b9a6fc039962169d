/** @file A browser for tests, where the machine has one. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";

const browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

/** Why tests that need a browser are skipped; false if there is one. */
export const noBrowser = browser === undefined ? "no Chromium on this machine" : false;

const run = promisify(execFile);

/** The document of a file, as it is after its scripts have run. */
export async function domOf(path: string): Promise<string> {
  const options = [
    ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
    ...["--disable-background-networking", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"],
    ...["--virtual-time-budget=10000", "--dump-dom"],
  ];
  const { stdout } = await run(browser!, [...options, `file://${path}`], {
    maxBuffer: 2 ** 28,
    timeout: 120_000,
  });
  return stdout;
}
