/** @file Installing and removing the kernel, by the command. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { userDataFolder } from "../../src/notebook/kernel/kernelspec.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const main = join(root, "src/cli/main.ts");

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "nabla-install-"));
});
after(() => rm(folder, { recursive: true }));

interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function kernel(words: readonly string[], environment: Record<string, string> = {}): Promise<Finished> {
  const args = ["--conditions=nabla-source", "--import", "tsx", main, "kernel", ...words];
  const { VIRTUAL_ENV: _, CONDA_PREFIX: __, JUPYTER_DATA_DIR: ___, ...inherited } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd: root, env: { ...inherited, ...environment } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

const readSpecification = async (place: string): Promise<any> =>
  JSON.parse(await readFile(join(place, "kernel.json"), "utf8"));

test("installs for the user, and removes it again", async () => {
  const data = join(folder, "data");
  const installed = await kernel(["install"], { JUPYTER_DATA_DIR: data });
  const place = join(data, "kernels", "nabla");
  assert.equal(installed.stdout, `Installed ${place}\n`, installed.stderr);
  const specification = await readSpecification(place);
  assert.deepEqual(specification.argv.slice(-4), [main, "kernel", "start", "{connection_file}"]);
  assert.equal(specification.argv[0], process.execPath);
  assert.equal(specification.display_name, "TypeScript (Nabla)");
  assert.equal(specification.language, "typescript");
  assert.equal(specification.interrupt_mode, "message");
  assert.match(await readFile(join(place, "logo-svg.svg"), "utf8"), /^<svg /);
  const removed = await kernel(["uninstall", "--user"], { JUPYTER_DATA_DIR: data });
  assert.equal(removed.stdout, `Removed ${place}\n`);
  assert.deepEqual(await readdir(join(data, "kernels")), []);
});

test("installs below a prefix, under another name, over an earlier one", async () => {
  const words = ["--prefix", join(folder, "prefix"), "--name", "my-nabla.2"];
  const place = join(folder, "prefix", "share", "jupyter", "kernels", "my-nabla.2");
  for (const name of ["First", "Second"]) {
    assert.equal((await kernel(["install", ...words, "--display-name", name])).code, 0);
    assert.equal((await readSpecification(place)).display_name, name);
  }
  assert.equal((await kernel(["uninstall", ...words])).stdout, `Removed ${place}\n`);
});

test("installs in the active Python environment, if there is one", async () => {
  const environment = join(folder, "venv");
  const { stdout } = await kernel(["install", "--sys-prefix"], { VIRTUAL_ENV: environment });
  assert.equal(stdout, `Installed ${join(environment, "share", "jupyter", "kernels", "nabla")}\n`);
  const without = await kernel(["install", "--sys-prefix"]);
  assert.equal(without.code, 2);
  assert.match(without.stderr, /neither VIRTUAL_ENV nor CONDA_PREFIX/);
});

test("removes nothing that is not there, or is not ours", async () => {
  const missing = await kernel(["uninstall", "--prefix", join(folder, "empty")]);
  assert.deepEqual([missing.code, missing.stdout], [2, ""]);
  assert.match(missing.stderr, /no kernel is installed in/);
  const other = join(folder, "other", "share", "jupyter", "kernels", "nabla");
  await mkdir(other, { recursive: true });
  await writeFile(
    join(other, "kernel.json"),
    '{"argv": ["python3", "-m", "ipykernel", "{connection_file}"]}',
  );
  const refused = await kernel(["uninstall", "--prefix", join(folder, "other")]);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /left alone/);
  assert.deepEqual(await readdir(other), ["kernel.json"]);
});

test("refuses names that Jupyter does not allow, and places that contradict each other", async () => {
  for (const name of ["../up", "a b", "..", ""]) {
    const { code, stderr } = await kernel(["install", "--prefix", folder, "--name", name]);
    assert.equal(code, 2, name);
    assert.match(stderr, /name consists of/);
  }
  assert.equal((await kernel(["install", "--user", "--prefix", folder])).code, 2);
});

test("start says what is wrong with a connection file", async () => {
  const file = join(folder, "connection.json");
  const wrong = [
    ["not JSON", /a connection file is a JSON object/],
    ['{"shell_port": "x"}', /shell_port must be a port number, got "x"/],
    ['{"signature_scheme": "rot13"}', /unknown signature scheme rot13/],
  ] as const;
  for (const [text, expected] of wrong) {
    await writeFile(file, text);
    const { code, stderr } = await kernel(["start", file]);
    assert.equal(code, 2);
    assert.match(stderr, expected);
  }
  assert.equal((await kernel(["start", join(folder, "none.json")])).code, 2);
});

/** Where jupyter_core 5.9's `jupyter_data_dir()` looks on each system. */
const places: readonly (readonly [NodeJS.Platform, Record<string, string>, string, string])[] = [
  ["linux", {}, "/home/ada", "/home/ada/.local/share/jupyter"],
  ["linux", { XDG_DATA_HOME: "/data" }, "/home/ada", "/data/jupyter"],
  ["linux", { XDG_DATA_HOME: "/data", JUPYTER_DATA_DIR: "/own" }, "/home/ada", "/own"],
  ["darwin", { XDG_DATA_HOME: "/data" }, "/Users/ada", "/Users/ada/Library/Jupyter"],
  [
    "win32",
    { APPDATA: "C:\\Users\\ada\\AppData\\Roaming" },
    "C:\\Users\\ada",
    "C:\\Users\\ada\\AppData\\Roaming\\jupyter",
  ],
];
for (const [platform, environment, home, expected] of places) {
  test(`the user's data on ${platform} with ${Object.keys(environment).join(", ") || "nothing set"}`, () => {
    assert.equal(userDataFolder({ platform, environment, home }), expected);
  });
}
