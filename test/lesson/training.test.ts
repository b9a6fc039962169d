/** @file The examples that learn from real data do learn, in a few steps. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import test, { before } from "node:test";
import { promisify } from "node:util";
import { installPackages } from "../../scripts/installPackages.mjs";
import { root, withLock } from "../../scripts/lock.mjs";

const run = promisify(execFile);
const tsx = import.meta.resolve("tsx");
// The data are packages of their own, which nothing else needs.
before(() => withLock("examples", () => installPackages("examples/data")));

/** What an example prints, and the losses in it. */
async function train(name: string, ...options: string[]): Promise<{ printed: string; losses: number[] }> {
  const file = join(root, "examples", `${name}.ts`);
  const node = ["--conditions=nabla-source", "--import", tsx, file, ...options];
  const { stdout, stderr } = await run(process.execPath, node, { maxBuffer: 2 ** 26 });
  assert.equal(stderr, "");
  const losses = [...stdout.matchAll(/loss: ([\d.e+-]+)/g)].map(([, loss]) => Number(loss));
  assert.match(stdout, /\d+m?s\/step/);
  return { printed: stdout, losses };
}

test("examples/mnist.ts reads most digits after 60 steps", async () => {
  const { printed, losses } = await train("mnist", "--epochs=2", "--steps=30");
  // Before it learns, ten digits are equally likely.
  assert.ok(losses.at(-1)! < Math.log(10) / 2, `the loss is ${losses.at(-1)}`);
  const [, percent] = /Of the test digits ([\d.]+) % are read correctly/.exec(printed)!;
  assert.ok(Number(percent) > 75, `${percent} % are read correctly`);
});

test("examples/char-gpt.ts learns which letters are common in 30 steps, and writes such", async () => {
  const prompt = "Shall I compare thee";
  const { printed, losses } = await train(
    "char-gpt",
    "--epochs=2",
    "--steps=15",
    "--length=40",
    `--prompt=${prompt}`,
  );
  const letters = 61;
  // Before it learns, all letters are about equally likely.
  assert.ok(losses[0]! > Math.log(letters) - 0.5, `the first loss is ${losses[0]}`);
  assert.ok(losses.at(-1)! < Math.log(letters) - 0.8, `the loss is ${losses.at(-1)}`);
  const written = printed.slice(printed.indexOf(prompt)).trimEnd();
  assert.match(written, /^[\n !'(),\-.:;?A-PR-WYa-z]+$/);
  assert.ok(written.length > prompt.length && written.length <= prompt.length + 40);
});
