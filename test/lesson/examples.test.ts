/**
 * @file Every file of examples/ runs, and prints what its last comments say, but for those that learn from real data:
 * training.test.ts has them.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test, { after } from "node:test";
import { promisify } from "node:util";
import { filesBelow } from "../../scripts/files.mjs";
import { root } from "../../scripts/lock.mjs";
import { readSource } from "../support/source.js";

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), "nabla-examples-"));
after(() => rmSync(folder, { recursive: true }));

const tsx = import.meta.resolve("tsx");

const training = ["examples/mnist.ts", "examples/char-gpt.ts"];
const short = filesBelow(["examples"], /^examples\/[^/]+\.ts$/).filter((file) => !training.includes(file));

for (const file of short) {
  test(file, async () => {
    const expected = [...readSource(file).matchAll(/^\/\/ prints: (.*)$/gm)].map(([, line]) => line);
    assert.ok(expected.length > 0, "the example does not say what it prints");
    const node = ["--conditions=nabla-source", "--import", tsx, join(root, file)];
    const { stdout, stderr } = await run(process.execPath, node, { cwd: folder });
    assert.equal(stderr, "");
    assert.deepEqual(stdout.trimEnd().split("\n"), expected);
  });
}

test("examples that write pictures wrote them", () => {
  const pictures = readdirSync(folder).filter((file) => file.endsWith(".svg"));
  assert.deepEqual(pictures.sort(), ["bell.svg", "tape.svg"]);
  for (const file of pictures) assert.match(readFileSync(join(folder, file), "utf8"), /<svg[\s\S]*<\/svg>/);
});
