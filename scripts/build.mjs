// node scripts/build.mjs
// Makes dist/ from src/: JavaScript, declarations, maps and the assets beside them. Does nothing when dist/ is current.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSync } from "esbuild";
import { filesBelow } from "./files.mjs";
import { root, withLock } from "./lock.mjs";

const output = join(root, "dist");
const stampFile = join(root, ".cache", "build");
const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
const command = join(output, "cli", "main.js");

/** The doors of the library proper, and the folders that only they import. */
const bundled = ["index.js", "doors/keras.js", "doors/testing.js"];
const inside = ["backends", "compile", "core", "diagram", "eager", "ir", "keras", "ops", "testing"];

/** Every class of the source. */
const classNames = new Set(
  filesBelow(["src"], /\.ts$/).flatMap((file) =>
    [...readFileSync(join(root, file), "utf8").matchAll(/\bclass (\w+)/g)].map(([, name]) => name),
  ),
);

await withLock("build", build);

function build() {
  const current = stamp();
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === current) return;
  rmSync(stampFile, { force: true });
  rmSync(output, { recursive: true, force: true });
  if (!compile()) {
    console.error("The build failed: tsc's messages are above.");
    process.exitCode = 1;
    return;
  }
  bundle();
  copyAssets();
  if (existsSync(command)) makeExecutable();
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, current);
}

function stamp() {
  const hash = createHash("sha256");
  for (const file of [...settings, ...filesBelow(["src"])]) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

function compile() {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [compiler, "-p", "tsconfig.build.json"], {
    cwd: root,
    stdio: "inherit",
  });
  return status === 0;
}

/** Puts the library's files together in a few: loading hundreds one by one takes longer than running them. */
function bundle() {
  buildSync({
    entryPoints: bundled.map((file) => join(output, file)),
    outdir: output,
    outbase: output,
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    target: "es2022",
    platform: "neutral",
    packages: "external",
    sourcemap: true,
    allowOverwrite: true,
    logLevel: "warning",
  });
  for (const file of [...bundled.map((name) => `dist/${name}`), ...filesBelow(["dist/chunks"], /\.js$/)]) {
    writeFileSync(join(root, file), withPlainSpaces(withOwnNames(readFileSync(join(root, file), "utf8"))));
  }
  for (const file of filesBelow(
    inside.map((folder) => `dist/${folder}`),
    /\.js(\.map)?$/,
  ))
    rmSync(join(root, file));
}

/**
 * Classes under the names they have in the source: layers and losses are named after them, and users read them in stacks.
 * A class that names itself inside comes out of the bundler as `var Tape = class _Tape`; one of two that share a name
 * as `var Identity2 = class`. Every mapped character keeps its line and column, for the maps: a blank takes the place of the
 * underscore, and what is added stands behind a class, on its last line.
 *
 * @param {string} code
 */
function withOwnNames(code) {
  const inner = [...code.matchAll(/^var (\w+) = class _\1\b/gm)].map(([, name]) => `_${name}`);
  const plain =
    inner.length === 0
      ? code
      : code.replace(new RegExp(`\\b(?:${inner.join("|")})\\b`, "g"), (name) => ` ${name.slice(1)}`);
  return plain.replace(/^var (\w+?)(\d+) = class\b[\s\S]*?^\};$/gm, (text, name, number) =>
    !classNames.has(name) || classNames.has(name + number)
      ? text
      : `${text} Object.defineProperty(${name}${number}, "name", { value: "${name}" });`,
  );
}

/**
 * Namespaces as plain objects: the bundler makes them of getters, which inspection does not call, and which cost at each use.
 * What is added stands behind all mapped code, before the comment that names the map.
 *
 * @param {string} code
 */
function withPlainSpaces(code) {
  const spaces = [...code.matchAll(/^__export\((\w+), \{/gm)].map(([, name]) => name);
  const open = code.replace(
    "{ get: all[name], enumerable: true }",
    "{ get: all[name], enumerable: true, configurable: true }",
  );
  if (spaces.length === 0) return open;
  const loop = `for (const space of [${spaces.join(", ")}]) {
  for (const name of Object.keys(space)) Object.defineProperty(space, name, { value: space[name], enumerable: true });
}
`;
  return open.replace(/^\/\/# sourceMappingURL=/m, (comment) => loop + comment);
}

function copyAssets() {
  for (const file of filesBelow(["src"]).filter((name) => !name.endsWith(".ts"))) {
    const target = join(root, file.replace(/^src/, "dist"));
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(join(root, file), target);
  }
}

function makeExecutable() {
  const shebang = "#!/usr/bin/env node\n";
  const text = readFileSync(command, "utf8");
  if (!text.startsWith("#!")) writeFileSync(command, shebang + text);
  chmodSync(command, 0o755);
}
