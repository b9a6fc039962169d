// node scripts/buildLab.mjs
// Makes apps/lab/dist/, the page as a folder that any host can serve. Installs the page's own packages and builds the
// library first where that is needed; does nothing when all of it is current.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { filesBelow } from "./files.mjs";
import { installPackages } from "./installPackages.mjs";
import { root, withLock } from "./lock.mjs";

const lab = join(root, "apps", "lab");
const builtStamp = join(root, ".cache", "lab");

/** Where the built page is. */
export const labFolder = join(lab, "dist");

/** Builds the page if it is stale; throws where a step fails, whose own messages are on the terminal. */
export async function buildLab() {
  await withLock("lab", async () => {
    await installPackages("apps/lab");
    run("The library's build", [join(root, "scripts", "build.mjs")], root);
    const current = sourceStamp();
    if (existsSync(labFolder) && readIfPresent(builtStamp) === current) return;
    rmSync(builtStamp, { force: true });
    console.log("Building the lab …");
    run("The lab's build", [join(lab, "node_modules", "vite", "bin", "vite.js"), "build"], lab);
    mkdirSync(dirname(builtStamp), { recursive: true });
    writeFileSync(builtStamp, current);
  });
}

/** Everything the page is made of. */
function sourceStamp() {
  const files = [...filesBelow(["apps/lab", "lessons"]), ".cache/build"].map((file) => join(root, file));
  return hashOf(files);
}

/** @param {string[]} files */
function hashOf(files) {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** @param {string} file */
function readIfPresent(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/**
 * @param {string} name
 * @param {string[]} parameters
 * @param {string} folder
 */
function run(name, parameters, folder) {
  const { status } = spawnSync(process.execPath, parameters, { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error(`${name} failed: its messages are above.`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    await buildLab();
    console.log(`The lab is built: ${labFolder}`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
