import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import * as tf from "nabla";
import { readDrawing } from "./drawn.js";

/** x² − 6x + 5 with methods, so that the ops are known without looking. */
function recordParabola() {
  const x = new tf.Variable(0, { name: "x" });
  const tape = new tf.GradientTape();
  const y = tape.record(() => x.pow(2).sub(x.mul(6)).add(5));
  return { tape, x, y };
}

const show = ({ from, to, label }: { from: string; to: string; label: string }) => `${from} → ${to} ${label}`;

test("a tape's picture has its variable, its ops in order, its result and an edge for every tensor", async () => {
  const { tape, y } = recordParabola();
  const { boxes, edges } = readDrawing(await tf.plotTape(tape, { names: { y } }).svg());
  const inputs = [...boxes].filter(([id]) => id.startsWith("input"));
  assert.deepEqual(
    inputs.map(([, texts]) => texts),
    [["x", "[]"]],
  );
  const input = inputs[0]![0];
  assert.deepEqual(boxes.get("op 0"), ["x", "constant", "Pow"]);
  assert.deepEqual(boxes.get("op 2"), ["x", "y", "Sub"]);
  const results = [...boxes].filter(([id]) => id.startsWith("result"));
  assert.deepEqual(
    results.map(([, texts]) => texts),
    [["y", "[]"]],
  );
  const expected = [
    ...[`${input} → op 0 `, `${input} → op 1 `, "op 0 → op 2 []", "op 1 → op 2 []", "op 2 → op 3 []"],
    `op 3 → ${results[0]![0]} `,
  ];
  assert.deepEqual(edges.map(show).sort(), expected.sort());
});

test("a tensor used twice by one op has two edges, each to its own input", () => {
  const x = new tf.Variable([1, 2, 3]);
  const tape = new tf.GradientTape();
  tape.record(() => x.mul(x));
  const dot = tf.plotTape(tape).dot();
  assert.match(dot, /"input 0" -> "op 0":"0":n/);
  assert.match(dot, /"input 0" -> "op 0":"1":n/);
});

test("edges tell shapes; types are told on request, and shapes can be left out", async () => {
  const w = new tf.Variable([[1], [2]], { name: "w" });
  const tape = new tf.GradientTape();
  tape.record(() =>
    tf.reduceSum(
      tf.square(
        tf.matmul(
          [
            [1, 2],
            [3, 4],
            [5, 6],
          ],
          w,
        ),
      ),
    ),
  );
  const labels = async (options: object) => {
    const { boxes, edges } = readDrawing(await tf.plotTape(tape, options).svg());
    return [boxes.get("input 0"), boxes.get("op 0"), edges.map(({ label }) => label).sort()];
  };
  assert.deepEqual(await labels({}), [
    ["w", "[2, 1]"],
    ["constant [3, 2]", "b", "MatMul"],
    ["", "", "[3, 1]", "[3, 1]"],
  ]);
  const [typed] = await labels({ showDtype: true });
  assert.deepEqual(typed, ["w", "float32 [2, 1]"]);
  const [bare, , none] = await labels({ showShapes: false });
  assert.deepEqual(bare, ["w"]);
  assert.deepEqual(none, ["", "", "", ""]);
});

test("a watched tensor, an intermediate one and several results can be named", async () => {
  const a = tf.constant([1, 2]);
  const tape = new tf.GradientTape();
  const [b, c, d] = tape.record(() => {
    tape.watch(a);
    const inner = tf.exp(a);
    return [inner, tf.sin(inner), tf.cos(inner)] as const;
  });
  const { boxes, edges } = readDrawing(await tf.plotTape(tape, { names: { a, b, c, d } }).svg());
  const titles = [...boxes.values()].map((texts) => texts[0]).sort();
  assert.deepEqual(titles, ["Cos", "Exp", "Sin", "a", "c", "d"]);
  const ofB = edges.filter(({ from }) => from === "op 0").map(({ label }) => label);
  assert.deepEqual(ofB, ["b [2]", "b [2]"]);
});

test("a custom gradient is a box of its own colour", () => {
  const f = tf.customGradient((x: tf.Tensor) => [tf.stopGradient(x), (dy: tf.Tensor) => dy]);
  const x = new tf.Variable(1);
  const tape = new tf.GradientTape();
  tape.record(() => f(x));
  const dot = tf.plotTape(tape).dot();
  const fills = dot.split("\n").filter((line) => line.includes("CustomGradient"));
  assert.equal(fills.length, 1);
  assert.match(fills[0]!, /bgcolor="#efe6f7"/);
});

test("the line that made an op stands in its box", async () => {
  tf.debugging.sourceLines(true);
  const { tape } = recordParabola();
  tf.debugging.sourceLines(false);
  const { boxes } = readDrawing(await tf.plotTape(tape).svg());
  assert.match(boxes.get("op 0")!.at(-1)!, /^tape\.test\.ts:\d+$/);
  const without = readDrawing(await tf.plotTape(tape, { showLines: false }).svg());
  assert.equal(without.boxes.get("op 0")!.at(-1), "Pow");
});

test("names keep their characters", async () => {
  const name = 'a<b> & "c"\\';
  const x = new tf.Variable(1, { name });
  const tape = new tf.GradientTape();
  tape.record(() => tf.exp(x));
  const { boxes } = readDrawing(await tf.plotTape(tape).svg());
  assert.equal(boxes.get("input 0")![0], name);
});

test("names stay with their tensors when a later tape has marked them too", async () => {
  const x = new tf.Variable(2, { name: "x" });
  const y = new tf.Variable(3, { name: "y" });
  const tape = new tf.GradientTape({ persistent: true });
  tape.record(() => x.mul(y));
  const other = new tf.GradientTape();
  const z = other.record(() => y.mul(x));
  other.gradient(z, x);
  const { boxes } = readDrawing(await tf.plotTape(tape).svg());
  assert.deepEqual(boxes.get("input 0"), ["x", "[]"]);
  assert.deepEqual(boxes.get("input 1"), ["y", "[]"]);
});

test("a picture displays itself, prints as text and can be saved", async () => {
  const { tape } = recordParabola();
  const picture = tf.plotTape(tape);
  assert.equal(String(picture), "<Picture of GradientTape, 4 ops>");
  const display = (picture as unknown as Record<symbol, () => Promise<Record<string, string>>>)[
    Symbol.for("Jupyter.display")
  ]!;
  const bundle = await display.call(picture);
  assert.equal(bundle["text/plain"], "<Picture of GradientTape, 4 ops>");
  assert.match(bundle["image/svg+xml"]!, /^<svg /);
  const folder = mkdtempSync(join(tmpdir(), "nabla-diagram-"));
  await picture.save(join(folder, "a.svg"));
  assert.equal(readFileSync(join(folder, "a.svg"), "utf8"), bundle["image/svg+xml"]);
  await assert.rejects(picture.save(join(folder, "a.png")), {
    name: "ValueError",
    message: /ends in "\.svg"/,
  });
  rmSync(folder, { recursive: true });
});

test("a tape without a record, or with too long a one, is an error that says what to do", () => {
  const { tape, x, y } = recordParabola();
  assert.throws(() => tf.plotTape(tape, { maxOps: 3 }), {
    name: "ValueError",
    message: /recorded 4 ops.*\(3\)/,
  });
  tape.gradient(y, x);
  assert.throws(() => tf.plotTape(tape), { name: "ValueError", message: /before gradient\(\)/ });
});
