import assert from "node:assert/strict";
import test from "node:test";
import * as tf from "nabla";
import { readDrawing } from "./drawn.js";

const show = ({ from, to, label }: { from: string; to: string; label: string }) => `${from} → ${to} ${label}`;

/** The texts of the ops' boxes, in the order of the graph. */
function opsOf(boxes: Map<string, string[]>): string[][] {
  const place = (id: string): number => Number(id.slice("op ".length));
  const ops = [...boxes].filter(([id]) => id.startsWith("op "));
  return ops.sort(([a], [b]) => place(a) - place(b)).map(([, texts]) => texts);
}

/** Dense with relu, and a part that the compiler drops: an unused op and one that is there twice. */
function tracedLayer() {
  const w = new tf.Variable([[1], [2]], { name: "w" });
  const calls = new tf.Variable(0, { name: "calls" });
  const layer = tf.function(
    (x: tf.Tensor) => {
      tf.exp(x);
      calls.assignAdd(1);
      const y = tf.nn.relu(tf.add(tf.matmul(x, w), 0.5));
      return tf.multiply(y, tf.nn.relu(tf.add(tf.matmul(x, w), 0.5)));
    },
    { name: "layer" },
  );
  layer(tf.ones([3, 2]));
  return layer;
}

test("a traced function's picture has its argument, variables, ops in order, results and an edge for every tensor", async () => {
  const { boxes, edges } = readDrawing(await tf.plotGraph(tracedLayer(), { showLines: false }).svg());
  assert.deepEqual(boxes.get("input 0"), ["x0", "[3, 2]"]);
  assert.deepEqual(boxes.get("input 1"), ["calls", "[]"]);
  assert.deepEqual(boxes.get("input 2"), ["w", "[2, 1]"]);
  assert.deepEqual(
    opsOf(boxes).map((texts) => texts.at(-1)),
    ["Exp", "Add", "MatMul", "Add", "Relu", "MatMul", "Add", "Relu", "Mul"],
  );
  assert.deepEqual(boxes.get("op 1"), ["x", "1", "Add"]);
  assert.deepEqual(boxes.get("op 3"), ["x", "0.5", "Add"]);
  assert.deepEqual(boxes.get("result 0"), ["result", "[3, 1]"]);
  assert.deepEqual(boxes.get("result 1"), ["calls becomes", "[]"]);
  assert.deepEqual(edges.map(show).sort(), [
    ...[
      "input 0 → op 0 ",
      "input 0 → op 2 ",
      "input 0 → op 5 ",
      "input 1 → op 1 ",
      "input 2 → op 2 ",
      "input 2 → op 5 ",
    ],
    ...["op 1 → result 1 ", "op 2 → op 3 [3, 1]", "op 3 → op 4 [3, 1]", "op 4 → op 8 [3, 1]"],
    ...["op 5 → op 6 [3, 1]", "op 6 → op 7 [3, 1]", "op 7 → op 8 [3, 1]", "op 8 → result 0 "],
  ]);
});

test("after the passes: what is unused and what is there twice is gone", async () => {
  const layer = tracedLayer();
  const ops = async (pass: string): Promise<(string | undefined)[]> => {
    const { boxes } = readDrawing(await tf.plotGraph(layer, { pass, showLines: false }).svg());
    return opsOf(boxes).map((texts) => texts.at(-1));
  };
  assert.equal((await ops("traced")).length, 9);
  assert.ok(!(await ops("prune")).includes("Exp"));
  assert.deepEqual((await ops("common subexpressions")).sort(), ["Add", "Add", "MatMul", "Mul", "Relu"]);
});

test("the kernels: ops that are one sweep are one box", async () => {
  const picture = tf.plotGraph(tracedLayer(), { pass: "kernels" });
  const { boxes, edges } = readDrawing(await picture.svg());
  const kernels = opsOf(boxes);
  const product = kernels.find(([kind]) => kind === "contract")!;
  assert.deepEqual(product.join(" "), "contract MatMul Add Relu Mul");
  assert.equal(kernels.length, 2);
  assert.equal(edges.length, 5);
  assert.equal(String(picture), "<Picture of layer, kernels, 2 kernels>");
});

test("lines, types, several results of one value, constants", async () => {
  const f = tf.function((x: tf.Tensor) => {
    const y = tf.add(x, tf.constant([1, 2, 3]));
    return [y, y, x, tf.constant(5)];
  });
  f(tf.zeros([3]));
  const { boxes, edges } = readDrawing(await tf.plotGraph(f, { showDtype: true }).svg());
  assert.deepEqual(boxes.get("op 0")!.slice(0, 3), ["x", "constant [3]", "Add"]);
  assert.match(boxes.get("op 0")!.at(-1)!, /^tracedGraph\.test\.ts:\d+$/);
  assert.deepEqual(boxes.get("result 2"), ["result", "float32 [3]"]);
  assert.deepEqual(boxes.get("result 3"), ["result", "5", "float32 []"]);
  assert.deepEqual(edges.map(show).sort(), [
    "input 0 → op 0 ",
    "input 0 → result 2 ",
    "op 0 → result 0 ",
    "op 0 → result 1 ",
  ]);
});

test("a concrete function can be drawn, and the last trace of a function is", () => {
  const f = tf.function((x: tf.Tensor) => tf.square(x), { name: "f" });
  const concrete = f.getConcreteFunction(new tf.TensorSpec([7]));
  f(tf.ones([2, 2]));
  assert.match(tf.plotGraph(concrete).dot(), /\[7\]/);
  assert.match(tf.plotGraph(f).dot(), /\[2, 2\]/);
});

test("no trace yet, no such pass, too many ops", () => {
  const f = tf.function((x: tf.Tensor) => tf.square(tf.square(x)), { name: "f" });
  assert.throws(() => tf.plotGraph(f), { name: "ValueError", message: /not been traced/ });
  f(tf.constant(1));
  assert.throws(() => tf.plotGraph(f, { pass: "fuse" }), {
    name: "ValueError",
    message:
      'plotGraph: no pass "fuse"; there are "traced", "prune", "simplify", "common subexpressions", "kernels"',
  });
  assert.throws(() => tf.plotGraph(f, { maxOps: 1 }), {
    name: "ValueError",
    message: /f has 2 ops, more than maxOps \(1\)/,
  });
});
