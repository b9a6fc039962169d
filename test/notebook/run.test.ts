/** @file `nabla run`, from the command line to the files it writes. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the cells are source text
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { type CodeCell, type Notebook, parseNotebook } from "nabla/notebook";
import { schemaErrors } from "./validate.js";

const root = fileURLToPath(new URL("../../", import.meta.url));
const main = join(root, "src/cli/main.ts");
let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "nabla-run-"));
});
after(() => rm(folder, { recursive: true }));

type Source = string | { source: string; tags?: string[]; markdown?: boolean };

async function notebookFile(name: string, cells: readonly Source[], metadata: object = {}): Promise<string> {
  const path = join(folder, name);
  const json = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata,
    cells: cells.map((cell, index) => {
      const { source, tags = [], markdown = false } = typeof cell === "string" ? { source: cell } : cell;
      const base = { id: `cell-${index}`, metadata: { tags }, source };
      if (markdown) return { ...base, cell_type: "markdown" };
      return {
        ...base,
        cell_type: "code",
        execution_count: 9,
        outputs: [{ output_type: "stream", name: "stdout", text: "old" }],
      };
    }),
  };
  await writeFile(path, JSON.stringify(json));
  return path;
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(...args: string[]): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawn(process.execPath, ["--conditions=nabla-source", "--import", "tsx", main, ...args], {
    cwd: root,
  });
  let [stdout, stderr] = ["", ""];
  child.stdout!.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr!.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const finished = new Promise<Finished>((resolve) =>
    child.on("close", (code) => resolve({ code, stdout, stderr })),
  );
  return { child, finished };
}

const nabla = (...args: string[]): Promise<Finished> => start(...args).finished;

async function executed(path: string): Promise<Notebook> {
  const text = await readFile(path, "utf8");
  assert.deepEqual(schemaErrors(JSON.parse(text)), []);
  return parseNotebook(text);
}

const outputsOf = (notebook: Notebook): CodeCell["outputs"][] =>
  notebook.cells.filter((cell) => cell.cell_type === "code").map((cell) => cell.outputs);

test("a notebook is run, streamed and written", async () => {
  await mkdir(join(folder, "node_modules/dep"), { recursive: true });
  await writeFile(
    join(folder, "node_modules/dep/package.json"),
    '{"name":"dep","type":"module","exports":{"nabla-source":"./a.js"}}',
  );
  await writeFile(
    join(folder, "node_modules/dep/a.js"),
    "export const dep = 'from the notebook\\'s folder';",
  );
  await writeFile(join(folder, "local.mjs"), "export const local: never = 1;".replace(": never", ""));
  const path = await notebookFile("ok.ipynb", [
    { source: "# Title", markdown: true },
    "import { dep } from 'dep'; import { local } from './local.mjs';\nimport { basename } from 'node:path';\nconst x: number = local;",
    "console.log('printed', x); console.error('to stderr');\nfor (let i = 0; i < 3; i++) process.stdout.write(`\\rstep ${i}`);",
    "",
    "import { display } from 'nabla/notebook';\nconst handle = display('before'); await null; handle.update('after'); dep",
    "[basename(process.cwd()), basename(import.meta.url), basename(import.meta.dirname)]",
    "({ [Symbol.for('Jupyter.display')]: () => ({ 'image/svg+xml': '<svg xmlns=\"http://www.w3.org/2000/svg\"/>', 'text/plain': 'svg' }) })",
  ]);
  const out = join(folder, "ok.out.ipynb");
  const { code, stdout, stderr } = await nabla("run", path, "--out", out);
  assert.equal(code, 0, stderr);
  assert.doesNotMatch(stderr, /Warning/);
  assert.match(stdout, /printed 1\n/);
  assert.match(stderr, /\[1\/5\] import \{ dep \}/);
  const notebook = await executed(out);
  assert.deepEqual(outputsOf(notebook), [
    [],
    [
      { output_type: "stream", name: "stdout", text: "printed 1\n" },
      { output_type: "stream", name: "stderr", text: "to stderr\n" },
      { output_type: "stream", name: "stdout", text: "step 2" },
    ],
    [],
    [
      { output_type: "display_data", data: { "text/plain": "'after'" }, metadata: {} },
      {
        output_type: "execute_result",
        execution_count: 3,
        data: { "text/plain": '"from the notebook\'s folder"' },
        metadata: {},
      },
    ],
    [
      {
        output_type: "execute_result",
        execution_count: 4,
        data: {
          "text/plain": `[ '${folder.split("/").at(-1)}', 'ok.ipynb', '${folder.split("/").at(-1)}' ]`,
        },
        metadata: {},
      },
    ],
    [
      {
        output_type: "execute_result",
        execution_count: 5,
        data: { "image/svg+xml": '<svg xmlns="http://www.w3.org/2000/svg"/>', "text/plain": "svg" },
        metadata: {},
      },
    ],
  ]);
  assert.deepEqual(notebook.metadata["kernelspec"], {
    display_name: "TypeScript (Nabla)",
    language: "typescript",
    name: "nabla",
  });
  assert.ok(!(await readdir(folder)).some((name) => name.endsWith(".tmp")));
});

test("an error ends the run with code 1, its cell, its line, its trace, and what was done so far", async () => {
  const path = await notebookFile("error.ipynb", [
    "const a = 1; a",
    "const f = (x) => {\n  throw new RangeError('bad ' + x);\n};\nf(a)",
    "'never'",
  ]);
  const out = join(folder, "error.out.ipynb");
  const { code, stderr } = await nabla("run", path, "--out", out);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /RangeError: bad 1\n.*throw new RangeError.*\n +\^\n +at f \(error\.ipynb cell\[2\]:2:9\)\n +at error\.ipynb cell\[2\]:4:1\n[\s\S]*Cell 2, line 2 failed: RangeError: bad 1\n/,
  );
  const [first, second, third] = outputsOf(await executed(out));
  assert.equal(first!.length, 1);
  assert.deepEqual(third, []);
  const [error] = second!;
  assert.ok(error?.output_type === "error" && error.ename === "RangeError" && error.evalue === "bad 1");
});

test("errors may be allowed, for all cells or for one", async () => {
  const cells: Source[] = ["throw new Error('one')", "'went on'"];
  const out = join(folder, "allowed.out.ipynb");
  const all = await nabla("run", await notebookFile("allowed.ipynb", cells), "--out", out, "--allow-errors");
  assert.equal(all.code, 0);
  assert.equal(outputsOf(await executed(out))[1]!.length, 1);
  const tagged: Source[] = [{ source: "throw new Error('one')", tags: ["raises-exception"] }, "'went on'"];
  const one = await nabla("run", await notebookFile("tagged.ipynb", tagged), "--out", out);
  assert.equal(one.code, 0);
  assert.equal(outputsOf(await executed(out))[1]!.length, 1);
});

test("errors that nobody caught fail the run", async () => {
  for (const [name, source] of [
    ["rejection", "Promise.reject(new Error('forgotten')); 1"],
    [
      "timer",
      "setTimeout(() => { throw new Error('forgotten') }, 5); await new Promise((done) => setTimeout(done, 50))",
    ],
  ]) {
    const out = join(folder, `${name}.out.ipynb`);
    const { code, stderr } = await nabla("run", await notebookFile(`${name}.ipynb`, [source!]), "--out", out);
    assert.equal(code, 1, name);
    assert.match(stderr, /Error: forgotten\n[\s\S]*cell\[1\]:1:/);
    assert.ok(
      outputsOf(await executed(out))[0]!.some(
        (output) => output.output_type === "error" && output.evalue === "forgotten",
      ),
    );
  }
});

test("a cell that runs too long is stopped", async () => {
  const path = await notebookFile("slow.ipynb", ["console.log('begun'); while (true) {}", "1"]);
  const out = join(folder, "slow.out.ipynb");
  const { code, stderr } = await nabla("run", path, "--out", out, "--timeout", "0.5");
  assert.equal(code, 1);
  assert.match(stderr, /TimeoutError: the cell ran longer than 0\.5 s/);
  const [outputs] = outputsOf(await executed(out));
  assert.deepEqual(
    outputs!.map((output) => output.output_type),
    ["stream", "error"],
  );
});

test("a cell that ends its process is an error", async () => {
  const out = join(folder, "exit.out.ipynb");
  const { code, stderr } = await nabla(
    "run",
    await notebookFile("exit.ipynb", ["process.exit(3)"]),
    "--out",
    out,
  );
  assert.equal(code, 1);
  assert.match(stderr, /the cell ended its process with exit code 3/);
  await executed(out);
});

test("an interrupt during an endless loop leaves a valid notebook with what was done", async () => {
  const path = await notebookFile("endless.ipynb", [
    "40 + 2",
    "console.log('looping');\nwhile (true) {}",
    "'never'",
  ]);
  const out = join(folder, "endless.out.ipynb");
  const { child, finished } = start("run", path, "--out", out, "--html", join(folder, "endless.html"));
  await new Promise<void>((resolve) =>
    child.stdout!.on("data", (text: string) => text.includes("looping") && resolve()),
  );
  child.kill("SIGINT");
  const { code, stderr } = await finished;
  assert.equal(code, 130);
  assert.match(stderr, /Interrupted/);
  const [first, second, third] = outputsOf(await executed(out));
  assert.equal(first!.length, 1);
  assert.deepEqual(
    second!.map((output) => output.output_type),
    ["stream", "error"],
  );
  assert.deepEqual(third, []);
  assert.match(await readFile(join(folder, "endless.html"), "utf8"), /looping/);
});

test("without targets, both files are written beside the notebook", async () => {
  const path = await notebookFile("both.ipynb", ["1"]);
  assert.equal((await nabla("run", path)).code, 0);
  assert.ok(existsSync(join(folder, "both.executed.ipynb")) && existsSync(join(folder, "both.html")));
});

test("wrong use has code 2 and says what is wrong", async () => {
  await writeFile(join(folder, "broken.ipynb"), '{"nbformat": 4, "cel');
  const python = await notebookFile("python.ipynb", ["print(1)"], {
    kernelspec: { name: "python3", display_name: "Python", language: "python" },
  });
  for (const [args, message] of [
    [["run"], /missing required argument 'notebook'/],
    [["run", join(folder, "missing.ipynb")], /no such file/],
    [["run", join(folder, "broken.ipynb")], /cut short/],
    [["run", python], /python notebook: cells must be TypeScript/],
    [["run", python, "--timeout", "soon"], /must be a number above 0/],
    [["fly"], /unknown command 'fly'/],
  ] as const) {
    const { code, stderr } = await nabla(...args);
    assert.equal(code, 2, args.join(" "));
    assert.match(stderr, message);
  }
});

test("--version and --help", async () => {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  assert.equal((await nabla("--version")).stdout.trim(), version);
  const { code, stdout } = await nabla("run", "--help");
  assert.equal(code, 0);
  assert.match(stdout, /--timeout[\s\S]*Exit codes:[\s\S]*130/);
});
