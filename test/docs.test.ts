import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { pathToFileURL } from "node:url";
import * as tf from "nabla";
import * as keras from "nabla/keras";
import * as plt from "nabla/pyplot";
import { filesBelow } from "../scripts/files.mjs";
import { root } from "../scripts/lock.mjs";
import { docstringExamples, type Example, markdownExamples, runExample } from "./support/examples.js";
import { readSource } from "./support/source.js";

const pages = ["README.md", "ARCHITECTURE.md", ...filesBelow(["docs"], /\.md$/)];
const sources = filesBelow(["src"], /\.ts$/).filter((file) => !/\.(test|cases)\.ts$/.test(file));

/** Fewer examples than these mean that the search for them broke. */
const fewest = { blocks: 1, examples: 50, comparisons: 50 };

const blocks = pages.flatMap((file) => markdownExamples(file, readSource(file)));
const examples = sources.flatMap((file) => docstringExamples(file, readSource(file)));
let comparisons = 0;

// Examples that write files do it here.
const home = process.cwd();
const folder = mkdtempSync(join(tmpdir(), "nabla-docs-"));
process.chdir(folder);
after(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true });
});

for (const block of blocks) {
  test(`${block.file}:${block.line}`, async () => {
    await runExample(block, {});
  });
}

for (const example of examples) {
  test(`${example.file}:${example.line}`, async () => {
    comparisons += await runExample(example, await scopeOf(example));
  });
}

test("every example was found and run", () => {
  const tags = sources.flatMap((file) => readSource(file).match(/^\s*(?:\/\*)?\*+ *@example\b/gm) ?? []);
  assert.equal(examples.length, tags.length);
  assert.ok(blocks.length >= fewest.blocks, `${blocks.length} blocks`);
  assert.ok(examples.length >= fewest.examples, `${examples.length} examples`);
  assert.ok(comparisons >= fewest.comparisons, `${comparisons} comparisons`);
});

/** In an example the package's doors and what its own file exports need no import. */
async function scopeOf({ file }: Example): Promise<Record<string, unknown>> {
  const { default: _default, ...own } = await import(pathToFileURL(join(root, file)).href);
  return { tf, keras, plt, ...own };
}
