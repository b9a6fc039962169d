// Installs the packages of a folder that has a package file of its own: what a page or an example needs, but not the
// library.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { root } from "./lock.mjs";

/**
 * Installs what the folder's lockfile lists, unless that has been done; whatever interrupts it, it starts over.
 *
 * @param {string} folder  relative to the clone's root
 */
export async function installPackages(folder) {
  const lockfile = readFileSync(join(root, folder, "package-lock.json"));
  const stamp = join(root, folder, "node_modules", ".nabla-setup");
  const wanted = `${process.platform}-${process.arch} ${createHash("sha256").update(lockfile).digest("hex")}`;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  rmSync(stamp, { force: true });
  console.log(`Installing the packages of ${folder} …`);
  // None of them needs a script of its own to be installed.
  await runNpm(folder, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  writeFileSync(stamp, wanted);
}

/**
 * @param {string} folder
 * @param {string[]} parameters
 * @returns {Promise<void>}
 */
function runNpm(folder, parameters) {
  const own = process.env.npm_execpath ?? "";
  const throughNode = basename(own).startsWith("npm-cli");
  const child = spawn(
    throughNode ? process.execPath : "npm",
    throughNode ? [own, ...parameters] : parameters,
    {
      cwd: join(root, folder),
      stdio: ["ignore", "inherit", "inherit"],
      shell: process.platform === "win32" && !throughNode,
    },
  );
  return new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`npm could not be started: ${error.message}`)));
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`\`npm ci\` in ${folder} ended with ${signal ?? `exit code ${code}`}.`));
    });
  });
}
