/** @file Rewritten modules: what they do, where their code came from, and how bundlers get them. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { nablaOperators, rewrite, SourceSyntaxError } from "nabla/operators";
import { Term } from "./operand.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "nabla-operators-"));
});
after(() => rm(folder, { recursive: true }));

const helper = new URL("../../src/operators/index.ts", import.meta.url).href;
let count = 0;

async function load(source: string): Promise<any> {
  const path = join(folder, `module${count++}.mjs`);
  await writeFile(path, rewrite(source, { helper, file: "my.ts" }).code);
  return import(pathToFileURL(path).href);
}

test("a rewritten module computes on numbers and on operands", async () => {
  const module = await load(
    `export const f = (x: number): number => x ** 2 - 6 * x + 5;
     export default class Line { w = 2 * 1; at(x) { return this.w * x + 1 } }
     export let total = 1; total += f(2) * 2; total++;
     export { f as g }; import { sep as s } from "node:path"; export const t = s + 1;`,
  );
  assert.equal(module.f(2), -3);
  assert.equal(String(module.g(new Term("x"))), "(((x ** 2) - (6 * x)) + 5)");
  assert.equal(String(new module.default().at(new Term("x"))), "((2 * x) + 1)");
  assert.equal(module.total, -4);
  assert.match(module.t, /^[\\/]1$/);
});

test("places in rewritten code are mapped to the source and back", () => {
  const source =
    "type A = number;\nconst f = (x: A, y: A) => x ** 2 + boom.at(x * y);\n\nexport const z: A = f(1 as A, 2);\n";
  const { code, positions, map } = rewrite(source);
  const place = (text: string, word: string): { line: number; column: number } => {
    const lines = text.split("\n");
    const line = lines.findIndex((candidate) => candidate.includes(word));
    return { line: line + 1, column: lines[line]!.indexOf(word) + 1 };
  };
  for (const word of ["boom", "export", "z", "2);"]) {
    const [there, here] = [
      place(code.split("\n").slice(1).join("\n"), word),
      place(source.split("\n").slice(1).join("\n"), word),
    ];
    const generated = { line: there.line + 1, column: there.column };
    const original = { line: here.line + 1, column: here.column };
    assert.deepEqual(positions.original(generated), original, word);
    assert.deepEqual(positions.generated(original), generated, word);
  }
  assert.equal(code.split("\n").length, source.split("\n").length);
  assert.equal(map.version, 3);
  assert.deepEqual(map.sources, ["module.ts"]);
});

test("source that does not parse gives its place", () => {
  assert.throws(
    () => rewrite("const a: number = 1;\nlet b = a +* 2;"),
    (error) =>
      error instanceof SourceSyntaxError &&
      error.line === 2 &&
      error.column === 12 &&
      error.excerpt.endsWith("           ^"),
  );
});

test("the plugin takes files with the directive, or those it is told to", () => {
  const plugin = nablaOperators();
  assert.equal(plugin.transform("export const a = (x) => x * 2", "/a.ts"), null);
  assert.equal(plugin.transform("'use nabla operators';\nexport const a = (x) => x * 2", "/a.css"), null);
  const marked = plugin.transform(
    "// first\n'use nabla operators';\nexport const a = (x) => x * 2",
    "/a.ts?v=1",
  );
  assert.match(marked!.code, /\.mul\(x, 2, 3\)/);
  assert.deepEqual(marked!.map.sources, ["/a.ts"]);
  assert.match(
    nablaOperators({ include: /model/ }).transform("export const a = (x) => -x", "/model.js")!.code,
    /neg/,
  );
});

test("esbuild bundles rewritten files, the helper alone among them", async () => {
  const entry = join(folder, "entry.ts");
  await writeFile(
    join(folder, "math.ts"),
    '"use nabla operators";\nexport const f = (x: any): any => x * x + 1;',
  );
  await writeFile(
    entry,
    'import { f } from "./math.js";\nexport const plain = (x: any) => x * 2;\nexport { f };',
  );
  const outfile = join(folder, "bundle.mjs");
  const result = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    outfile,
    metafile: true,
    treeShaking: true,
    external: ["acorn", "sucrase"],
    alias: { "nabla/operators": new URL(helper).pathname },
    plugins: [nablaOperators.esbuild()],
    logLevel: "silent",
  });
  const { f, plain } = await import(pathToFileURL(outfile).href);
  assert.equal(f(3), 10);
  assert.equal(String(f(new Term("x"))), "((x * x) + 1)");
  assert.throws(() => plain(new Term("x")), /not a number/);
  assert.equal(result.errors.length, 0);
});
