/** @file Pictures in a browser's page: drawn there, without Node. */
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { build } from "esbuild";
import { root } from "../../scripts/lock.mjs";
import { domOf, noBrowser } from "../support/browser.js";

const page = `
import * as tf from "nabla";
const x = new tf.Variable(3, { name: "weight" });
const tape = new tf.GradientTape();
const y = tape.record(() => tf.exp(x));
const picture = tf.plotTape(tape, { names: { y } });
const refused = await picture.save("a.svg").catch((error) => error.message);
document.body.innerHTML = (await picture.svg()) + "<p>" + refused + "</p>";
`;

test("a picture is drawn in a page, where it cannot be saved", { skip: noBrowser }, async () => {
  const { outputFiles } = await build({
    stdin: { contents: page, resolveDir: root },
    ...{ bundle: true, write: false, format: "esm", target: "es2022" },
    conditions: ["nabla-source"],
  });
  const folder = await mkdtemp(join(tmpdir(), "nabla-diagram-page-"));
  try {
    const file = join(folder, "page.html");
    const script = outputFiles[0]!.text.replaceAll("</script", "<\\/script");
    await writeFile(
      file,
      `<!doctype html><meta charset="utf-8"><body><script type="module">${script}</script>`,
    );
    const dom = await domOf(file, "body > svg + p");
    for (const text of ["weight", "Exp", "y"])
      assert.match(dom, new RegExp(`<svg [^]*>${text}</text>[^]*</svg>`));
    assert.match(dom, /<p>Picture\.save: a page cannot write files/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
