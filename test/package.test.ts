import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import test, { after, before } from "node:test";
import { promisify } from "node:util";
import * as attw from "@arethetypeswrong/core";
import { problemAffectsResolutionKind } from "@arethetypeswrong/core/problems";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import packageJson from "../package.json" with { type: "json" };
import { root } from "../scripts/lock.mjs";

// The package as its users get it: packed, installed into an empty project, imported, compiled against.

const project = mkdtempSync(join(tmpdir(), "nabla-consumer-"));
const doors = Object.keys(packageJson.exports).map((door) => door.replace(/^\./, packageJson.name));
const programs = join(root, "test", "consumer");
let tarball: Buffer;

before(async () => {
  await run(process.execPath, ["scripts/build.mjs"], root);
  const packing = await npm(["pack", "--json", "--ignore-scripts", "--pack-destination", project], root);
  const archive = join(project, packedName(JSON.parse(packing)));
  tarball = readFileSync(archive);
  cpSync(programs, project, { recursive: true });
  writeFileSync(
    join(project, "package.json"),
    JSON.stringify({ name: "consumer", private: true, type: "module" }),
  );
  const quiet = ["--no-audit", "--no-fund", "--prefer-offline", "--engine-strict"];
  await npm(["install", ...quiet, archive], project);
});

after(() => rmSync(project, { recursive: true, force: true }));

test("every door opens from plain JavaScript", async () => {
  for (const door of doors) {
    const attributes = door.endsWith(".json") ? `, { with: { type: "json" } }` : "";
    const program = `const door = await import("${door}"${attributes}); console.log(Object.keys(door).length);`;
    const output = await run(process.execPath, ["--input-type=module", "--eval", program], project);
    assert.ok(Number(output) > 0, `${door} exports nothing`);
  }
});

test("the JavaScript consumer runs", async () => {
  assert.match(await run(process.execPath, ["consumer.js"], project), /^every line ran$/m);
});

test("the TypeScript consumer compiles, strictly, and runs", async () => {
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
  await run(process.execPath, [compiler, "-p", "."], project);
  assert.match(await run(process.execPath, ["compiled/consumer.js"], project), /^every line ran$/m);
});

test("the command starts", async () => {
  const command = join(project, "node_modules", ".bin", "nabla");
  assert.match(await run(command, ["--version"], project), new RegExp(`^${packageJson.version}$`, "m"));
});

test("the command runs a notebook of the consumer's own, with operators on tensors", async () => {
  const source =
    'import * as tf from "nabla";\nconst x = tf.constant([1, 2]);\nconst y = x * 2 + 1;\n-(y ** 2)';
  const cell = { cell_type: "code", id: "a", metadata: {}, execution_count: null, outputs: [], source };
  const notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] };
  writeFileSync(join(project, "own.ipynb"), JSON.stringify(notebook));
  await run(
    join(project, "node_modules", ".bin", "nabla"),
    ["run", "own.ipynb", "--out", "done.ipynb"],
    project,
  );
  const executed = readFileSync(join(project, "done.ipynb"), "utf8");
  assert.match(executed, /tf\.Tensor\(\[-9, -25\], shape=\[2\], dtype=float32\)/);
});

test("the package holds what it should", () => {
  const installed = join(project, "node_modules", packageJson.name);
  for (const file of ["LICENSE", "README.md", "CHANGELOG.md"]) {
    assert.ok(existsSync(join(installed, file)), `${file} is missing`);
  }
  for (const folder of ["test", "scripts", "node_modules"]) {
    assert.ok(!existsSync(join(installed, folder)), `${folder}/ is packed`);
  }
});

test("publint finds nothing", async () => {
  const pkgDir = join(project, "node_modules", packageJson.name);
  const { messages, pkg } = await publint({ pkgDir, pack: false, strict: true });
  assert.deepEqual(
    messages.map((message) => formatMessage(message, pkg, { color: false })),
    [],
  );
});

test("are the types wrong? finds nothing that concerns ES modules", async () => {
  const analysis = await attw.checkPackage(attw.createPackageFromTarballData(tarball));
  assert.ok(analysis.types, "the package has no types");
  const modern = ["node16-esm", "bundler"] as const;
  const problems = analysis.problems.filter((problem) => {
    return modern.some((kind) => problemAffectsResolutionKind(problem, kind, analysis));
  });
  assert.deepEqual(problems, []);
});

/** npm 11 and earlier list the archives, later ones name them by package. */
function packedName(listing: Record<string, { filename: string }>): string {
  return basename(Object.values(listing)[0]!.filename);
}

/** Through the npm that runs us, if any; its settings are for the clone, not for the consumer. */
function npm(parameters: string[], folder: string): Promise<string> {
  const own = process.env["npm_execpath"];
  const throughNode = own !== undefined && basename(own).startsWith("npm-cli");
  return throughNode ? run(process.execPath, [own, ...parameters], folder) : run("npm", parameters, folder);
}

async function run(command: string, parameters: string[], cwd: string): Promise<string> {
  const { NODE_OPTIONS: _loader, ...env } = process.env;
  try {
    const { stdout } = await promisify(execFile)(command, parameters, { cwd, env, maxBuffer: 2 ** 26 });
    return stdout;
  } catch (error) {
    const {
      stdout = "",
      stderr = "",
      message,
    } = error as { stdout?: string; stderr?: string; message: string };
    throw new Error(`${message}\n${stdout}\n${stderr}`);
  }
}
