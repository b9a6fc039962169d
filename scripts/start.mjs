// node scripts/start.mjs
// The main job: builds the package, runs the gradients lesson and says where to look at it.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./lock.mjs";

const page = join(root, "out", "gradients.html");
const steps = [
  ["scripts/build.mjs"],
  [
    "dist/cli/main.js",
    "run",
    "lessons/gradients.ipynb",
    "--out",
    "out/gradients.ipynb",
    "--html",
    "out/gradients.html",
  ],
];

mkdirSync(join(root, "out"), { recursive: true });
if (steps.every(succeeds)) console.log(`\nThe lesson with its figures: ${pathToFileURL(page)}`);
else process.exitCode = 1;

/** @param {string[]} parameters */
function succeeds(parameters) {
  return spawnSync(process.execPath, parameters, { cwd: root, stdio: "inherit" }).status === 0;
}
