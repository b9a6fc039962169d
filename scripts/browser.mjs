import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const places = [
  "/snap/bin/chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/**
 * The Chromium or Chrome that page tests drive: the one named by CHROMIUM, else the first in PATH and in the
 * usual places, else null.
 *
 * @returns {string | null}
 */
export function findBrowser() {
  const named = process.env.CHROMIUM;
  if (named) {
    if (!isExecutable(named)) throw new Error(`CHROMIUM names ${named}, which is no executable file.`);
    return named;
  }
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const inPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...inPath, ...places].find(isExecutable) ?? null;
}

/** The browser as findBrowser has it, installed first where that can be done without asking. */
export function ensureBrowser() {
  const found = findBrowser();
  if (found) return found;
  const debian = existsSync("/etc/debian_version") && process.getuid?.() === 0;
  if (!debian) throw new Error(`No Chromium or Chrome found. ${remedy}`);
  console.log("No Chromium found: installing Debian's chromium with apt-get …");
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  // An earlier installation that was interrupted blocks every later one until it is finished.
  const steps = [
    ["dpkg", "--configure", "-a"],
    ["apt-get", ...patient, "update"],
    ["apt-get", ...patient, "install", "-y", "--no-install-recommends", "chromium"],
  ];
  for (const [command, ...parameters] of steps) {
    const { status } = spawnSync(command, parameters, {
      env: environment,
      stdio: ["ignore", "ignore", "inherit"],
    });
    if (status !== 0) throw new Error(`\`${[command, ...parameters].join(" ")}\` failed. ${remedy}`);
  }
  const installed = findBrowser();
  if (!installed) throw new Error(`apt-get installed no Chromium. ${remedy}`);
  return installed;
}

const patient = ["-q", "-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"];
const remedy =
  "The tests of pages need one: install it (Debian: `apt-get install chromium`; elsewhere Chrome will do), " +
  "or set CHROMIUM to its path.";

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
