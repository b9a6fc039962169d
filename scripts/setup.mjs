// Makes a clone ready to run: `node scripts/setup.mjs` installs what the lockfile lists, `--browser` also sees to a
// browser for the tests of pages. Depends on nothing, says nothing when nothing is to be done.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { ensureBrowser, findBrowser } from "./browser.mjs";
import { root, withLock } from "./lock.mjs";

const lockfile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const stampFile = join(modules, ".nabla-setup");
const platform = `${process.platform}-${process.arch}`;
const installedTree = join(modules, ".package-lock.json");

try {
  requireNode(20, 19);
  if (!isInstalled()) await withLock("setup", install);
  if (process.argv.includes("--browser") && !findBrowser()) await withLock("setup", ensureBrowser);
} catch (error) {
  console.error(`Set-up failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

/**
 * @param {number} major
 * @param {number} minor
 */
function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new Error(`Node ${major}.${minor} or later is needed, this is ${process.versions.node}.`);
}

/** What an installation depends on: the lockfile and, for optional packages, the platform. */
function stamp() {
  return `${platform} ${createHash("sha256").update(readFileSync(lockfile)).digest("hex")}`;
}

function isInstalled() {
  return readIfPresent(stampFile) === stamp();
}

async function install() {
  if (isInstalled()) return; // by the process that was waited for
  if (!matchesLockfile()) {
    // Whatever interrupts npm from here on leaves neither mark, so the next set-up starts over.
    rmSync(stampFile, { force: true });
    rmSync(installedTree, { force: true });
    console.log("Installing the packages of package-lock.json …");
    await runNpm(["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund"]);
  }
  mkdirSync(modules, { recursive: true });
  writeFileSync(`${stampFile}.new`, stamp());
  renameSync(`${stampFile}.new`, stampFile);
}

/**
 * Whether npm's own record of what it installed already agrees with the lockfile, as it does after
 * `npm install some-package`: then there is nothing to install again.
 */
function matchesLockfile() {
  const record = readIfPresent(installedTree);
  const madeFor = readIfPresent(stampFile)?.split(" ")[0] ?? platform;
  if (record === null || madeFor !== platform) return false;
  const installed = JSON.parse(record).packages;
  const { "": _project, ...wanted } = JSON.parse(readFileSync(lockfile, "utf8")).packages;
  const sameVersions = Object.keys(installed).every((place) => {
    return wanted[place]?.version === installed[place].version;
  });
  const nothingMissing = Object.keys(wanted).every((place) => {
    return place in installed || wanted[place].optional;
  });
  return sameVersions && nothingMissing;
}

/** @param {string} file */
function readIfPresent(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** @param {string[]} parameters */
function runNpm(parameters) {
  const own = process.env.npm_execpath ?? "";
  const throughNode = basename(own).startsWith("npm-cli");
  const command = throughNode ? process.execPath : "npm";
  const child = spawn(command, throughNode ? [own, ...parameters] : parameters, {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32" && !throughNode,
  });
  /** @type {NodeJS.Signals | undefined} */
  let stoppedBy;
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      stoppedBy = signal;
      child.kill(signal);
    });
  }
  return /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      child.on("error", (error) => reject(new Error(`npm could not be started: ${error.message}`)));
      child.on("exit", (code, signal) => {
        const stop = stoppedBy ?? signal;
        if (code === 0) resolve();
        else if (stop) reject(new Error(`stopped by ${stop}; run the command again.`));
        else reject(new Error(npmAdvice(code)));
      });
    })
  );
}

/** @param {number | null} code */
function npmAdvice(code) {
  return (
    `\`npm ci\` ended with exit code ${code}; its messages are above. It needs the npm registry and a ` +
    "package-lock.json that agrees with package.json (`npm install` brings them together)."
  );
}
