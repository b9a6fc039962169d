/** @file Cells with real tensors: operators, gradients, and the lines that ops come from. */
import assert from "node:assert/strict";
import test from "node:test";
import { testExecutor } from "./testExecutor.js";

async function cells(...sources: string[]): Promise<string> {
  const { run } = testExecutor();
  let last = "";
  for (const source of ["import * as tf from 'nabla';", ...sources]) last = await run(source);
  return last;
}

test("a polynomial on numbers and on tensors", async () => {
  // 2² − 6·2 + 5 and 4² − 6·4 + 5, by hand.
  assert.equal(
    await cells("const f = (x) => x ** 2 - 6 * x + 5;", "[f(2), ...f(tf.constant([2, 4])).array()]"),
    "[ -3, -3, -3 ]",
  );
});

test("unary minus, division, compound assignment, lists", async () => {
  assert.equal(
    await cells("let x = -tf.constant([1, 2]) / 2; x *= [4, 6]; x += 1; x -= x * 0.5; x.array()"),
    "[ -0.5, -2.5 ]",
  );
});

test("comparisons of scalars are booleans, of others errors", async () => {
  assert.equal(
    await cells("const x = tf.constant(2); [x < 3, 3 <= x, x >= 2, x > x]"),
    "[ true, false, true, false ]",
  );
  assert.match(await cells("tf.constant([1, 2]) < 2"), /^ShapeError: .*both sides must be scalars/);
});

test("% and ++ teach", async () => {
  assert.match(await cells("tf.constant(2) % 2"), /^TypeError: % is not defined for a \w*Tensor/);
  assert.match(await cells("let x = tf.constant(2); x++"), /^TypeError: \+\+ counts a number/);
});

test("an error's frames are the reader's, and the function of ours that was called", async () => {
  const { executor } = testExecutor();
  await executor.execute("import * as tf from 'nabla'; const a = tf.ones([2, 3]), b = tf.ones([4, 5]);");
  const frames = async (source: string): Promise<string[]> => {
    const result = await executor.execute(source);
    assert.ok(!result.ok);
    return result.error.frames.map((frame) => frame.replace(/ \(.*/, ""));
  };
  assert.deepEqual(await frames("tf.matmul(a, b)"), ["at Module.matmul", "at test.ipynb cell[2]:1:4"]);
  assert.deepEqual(await frames("const f = () =>\n  a * b;\nf()"), [
    "at multiply",
    "at f",
    "at test.ipynb cell[3]:3:1",
  ]);
});

test("the gradient of an expression", async () => {
  const source =
    "const x = new tf.Variable(5);\nconst tape = new tf.GradientTape();\nconst y = tape.record(() => x ** 2 - 6 * x + 5);";
  // 2·5 − 6
  assert.equal(await cells(source, "tape.gradient(y, x).item()"), "4");
});

test("a tape knows the line of each op, across cells", async () => {
  const lines = await cells(
    "const f = (x) =>\n  x * x;",
    "const v = new tf.Variable(2);\nconst tape = new tf.GradientTape();\ntape.record(() => {\n  return tf.sin(f(v)) +\n    f(v);\n});",
    "String(tape).match(/cell.*/g)",
  );
  assert.equal(lines, "[ 'cell[2]:2', 'cell[3]:4', 'cell[2]:2', 'cell[3]:4' ]");
});
