/** @file The executor in a browser's page: the same cells, without Node. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { domOf, noBrowser } from "../support/browser.js";

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "nabla-page-"));
});
after(() => rm(folder, { recursive: true }));

const page = `
import { CellExecutor, display, isComplete } from "nabla/notebook";
const seen = [];
const executor = new CellExecutor({
  filename: "page notebook.ipynb",
  importModule: async (name) => ({ default: name.length, name }),
  emit: (event) => seen.push(event.type === "display" ? event.data["text/plain"] : event.text),
  inspect: (value) => JSON.stringify(value) ?? String(value),
});
const show = async (source) => {
  const result = await executor.execute(source);
  seen.push(result.ok ? (result.value?.["text/plain"] ?? "-") : [result.error.message, ...result.error.frames].join("; "));
};
await show("import size, { name } from 'abc';\\nconst f = (x: number): number => x ** 2 - size;\\nf(4)");
await show("let n = 0;\\nfor (let i = 0; i < 3; i++) n += f(i) * 2;\\nn");
await show("class A { static v = 1 }\\nenum E { X, Y }\\n[A.v + E.Y, document.title, location.protocol, name]");
await show("function g(x: any) {\\n  return x.missing.y;\\n}\\nawait null;\\ng(1 + 1)");
await show("{ using r = { [Symbol.dispose]() { display('disposed') } } }");
await show("typeof require + typeof process");
seen.push(isComplete("f("));
document.getElementById("result").textContent = JSON.stringify(seen);
`;

test("cells run in a page", { skip: noBrowser }, async () => {
  const { outputFiles } = await build({
    stdin: { contents: page, resolveDir: fileURLToPath(new URL("../../", import.meta.url)) },
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    conditions: ["nabla-source"],
    logLevel: "error",
  });
  const path = join(folder, "page.html");
  const script = outputFiles[0]!.text.replaceAll("</script", "<\\/script");
  await writeFile(
    path,
    `<!doctype html><meta charset="utf-8"><title>T</title><pre id="result"></pre><script type="module">${script}</script>`,
  );
  const result = /<pre id="result">([^<]*)<\/pre>/
    .exec(await domOf(path, "#result:not(:empty)"))![1]!
    .replaceAll("&gt;", ">");
  assert.deepEqual(JSON.parse(result), [
    "13",
    "-8",
    '[2,"T","file:","abc"]',
    "Cannot read properties of undefined (reading 'y'); at g (page notebook.ipynb cell[4]:2:20); at page notebook.ipynb cell[4]:5:1",
    '"disposed"',
    "-",
    '"undefinedundefined"',
    "incomplete",
  ]);
});
