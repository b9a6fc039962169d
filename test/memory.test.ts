import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import test from "node:test";

/** Runs code in a process of its own and gives its peak of resident memory in megabytes. */
function peakOf(body: string): number {
  const code = `
    import * as tf from "nabla";
    ${body}
    console.log(process.resourceUsage().maxRSS / 1024);
  `;
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--conditions=nabla-source", "--import=tsx", "--input-type=module", "--eval", code],
    { encoding: "utf8" },
  );
  assert.equal(status, 0, stderr);
  return Number(stdout);
}

/** Elements of a float64 tensor of 1 MB. */
const megabyte = 2 ** 17;

test("40 000 ops over tensors of 1 MB in one synchronous loop stay below 300 MB", () => {
  const peak = peakOf(`
    let x = tf.zeros([${megabyte}], "float64");
    for (let i = 0; i < 40_000; i++) x = tf.negative(x);
    if (x.size !== ${megabyte}) throw new Error("too small");
  `);
  assert.ok(peak < 300, `${peak.toFixed(0)} MB`);
});

test("a tape over tensors of 1 MB, recorded and dropped 10 000 times, stays below 300 MB", () => {
  const peak = peakOf(`
    const x = new tf.Variable(tf.ones([${megabyte}], "float64"));
    let recorded = 0;
    for (let i = 0; i < 10_000; i++) {
      const tape = new tf.GradientTape({ persistent: i % 2 === 0 });
      tape.record(() => tf.square(tf.negative(x)));
      recorded += tape.recorded.length;
    }
    if (recorded !== 20_000) throw new Error("recorded " + recorded);
  `);
  assert.ok(peak < 300, `${peak.toFixed(0)} MB`);
});
