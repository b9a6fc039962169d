// node scripts/start.mjs [--once]
// The main job: builds the library, runs the gradients lesson and says where its page is, then opens it as a live page
// until Ctrl-C. With --once, or where CI is set, it ends after the run.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildLab, labFolder } from "./buildLab.mjs";
import { root } from "./lock.mjs";
import { serveLab } from "./serveLab.mjs";

/** The port that is taken where it is free, so that the browser finds what it kept of last time. */
const usualPort = 8123;
const once = process.argv.includes("--once") || Boolean(process.env.CI);

try {
  run(["scripts/build.mjs"]);
  runLesson();
  if (!once) await serveLesson();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function runLesson() {
  mkdirSync(join(root, "out"), { recursive: true });
  const output = ["--out", "out/gradients.ipynb", "--html", "out/gradients.html"];
  run(["dist/cli/main.js", "run", "lessons/gradients.ipynb", ...output]);
  console.log(`\nThe lesson with its figures: ${pathToFileURL(join(root, "out", "gradients.html"))}`);
}

async function serveLesson() {
  await buildLab();
  const { address } = await serveLab(labFolder, { port: usualPort }).catch(() => serveLab(labFolder));
  console.log(`\nThe lesson, alive: ${address}\nCtrl-C ends it.`);
  openBrowser(address);
}

/** @param {string[]} parameters */
function run(parameters) {
  const { status } = spawnSync(process.execPath, parameters, { cwd: root, stdio: "inherit" });
  if (status !== 0) throw new Error(`${parameters[0]} failed: its messages are above.`);
}

/**
 * Opens the reader's browser; without one, the printed address has to do.
 *
 * @param {string} address
 */
function openBrowser(address) {
  const [command, ...parameters] =
    process.platform === "darwin"
      ? ["open", address]
      : process.platform === "win32"
        ? ["cmd", "/c", "start", "", address]
        : ["xdg-open", address];
  const child = spawn(/** @type {string} */ (command), parameters, { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}
