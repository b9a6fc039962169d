/** @file The lesson runs whole, and says what TensorFlow says. */
import assert from "node:assert/strict";
import test, { before } from "node:test";
import * as tf from "nabla";
import { readGolden } from "../support/golden.js";
import {
  assertValid,
  bundlesOf,
  codeCells,
  complaints,
  type Executed,
  execute,
  printedBy,
} from "./lesson.js";

const file = "gradients.ipynb";

interface Probe {
  pathByHand: number[];
  path: number[];
  path2: [number, number, number][];
  weights: number[];
  bias: number;
  answers: number[];
}

/** The seed course's own cells, run by TensorFlow: scripts/golden/seed_cells.py. */
interface SeedGolden {
  descent_by_hand: { path: number[] };
  descent_by_tape: { path: number[] };
  descent_in_two_variables: { path: [number, number, number][] };
  and_neuron: { weights: { data: number[] }; bias: { data: number[] }; outputs: number[] };
  log1pexp: { x: number; naive_gradient: number | string; custom_gradient: number }[];
}

const golden = readGolden<SeedGolden>("seed.json");
let lesson: Executed<Probe>;
before(async () => {
  lesson = await execute<Probe>(
    file,
    `{ pathByHand, path, path2, weights: weights.array(), bias: bias.item(),
      answers: table.map((row) => neuron(tf.constant(row, { dtype: "float64" })).item()) }`,
  );
});

function assertClose(actual: readonly number[], expected: readonly number[], tolerance: number): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of actual.entries()) {
    const difference = Math.abs(value - expected[i]!);
    assert.ok(difference <= tolerance, `[${i}]: ${value}, TensorFlow has ${expected[i]}`);
  }
}

test("every cell runs", () => {
  assert.equal(lesson.failure, undefined);
  const code = codeCells(lesson.notebook);
  assert.ok(code.length > 30);
  for (const [i, cell] of code.entries()) assert.equal(cell.execution_count, i + 1, cell.id);
});

test("only the cells that print a trace write to stderr", () => {
  assert.deepEqual(complaints(lesson.notebook), ["trace-top", "trace-inside", "handler"]);
});

test("20 steps by hand and by tape take TensorFlow's path", () => {
  assertClose(lesson.probe.pathByHand, golden.descent_by_hand.path, 1e-14);
  assertClose(lesson.probe.path, golden.descent_by_tape.path, 2 ** -22);
  assert.equal(Number(printedBy(lesson.cell("by-hand"))), lesson.probe.pathByHand.at(-1));
  assert.equal(Number(printedBy(lesson.cell("tape"))), lesson.probe.path.at(-1));
});

test("100 steps in two variables take TensorFlow's path", () => {
  const expected = golden.descent_in_two_variables.path;
  assertClose(lesson.probe.path2.flat(), expected.flat(), 2e-6);
  const printed = printedBy(lesson.cell("two-descent")).trim().split(" ").map(Number);
  assertClose(printed, expected.at(-1)!.slice(0, 2), 2e-6);
});

test("the neuron's weights, bias and answers are TensorFlow's to 12 decimals", () => {
  const { weights, bias, outputs } = golden.and_neuron;
  assertClose(lesson.probe.weights, weights.data, 1e-12);
  assertClose([lesson.probe.bias], bias.data, 1e-12);
  assertClose(lesson.probe.answers, outputs, 1e-12);
  const printed = printedBy(lesson.cell("and")).trim().split("\n");
  assertClose(
    printed.map((line) => Number(line.split(" ").at(-1))),
    outputs,
    1e-12,
  );
});

test("the layer and the model learn AND", () => {
  const layer = printedBy(lesson.cell("dense")).trim().split("\n");
  const ofLayer = layer.map((line) => Number(line.split(" ").at(-1)));
  assertClose(ofLayer, [1, 0, 0, 0], 0.1);
  const [values] = printedBy(lesson.cell("predict")).split(", shape");
  const ofModel = values!.match(/-?\d+\.?\d*(?:e-?\d+)?(?=\])/g)!;
  assert.equal(ofModel.length, 4);
  const [both, ...others] = ofModel.map(Number);
  assert.ok(
    others.every((value) => value < 0.5 && both! > 0.5),
    String(ofModel),
  );
});

test("the naive gradient of log(1 + exp 100) is NaN and the custom one 1, as in TensorFlow", () => {
  const at100 = golden.log1pexp.find(({ x }) => x === 100)!;
  const printed = (id: string) => Number(/^tf\.Tensor\(([^,]+),/m.exec(printedBy(lesson.cell(id)))![1]);
  assert.equal(printed("naive"), Number(at100.naive_gradient));
  assert.equal(printed("custom"), at100.custom_gradient);
  assert.equal(printed("trace-inside"), at100.custom_gradient);
});

test("every figure is interactive, a picture and text; every diagram a picture and text", () => {
  let figures = 0;
  let diagrams = 0;
  for (const cell of codeCells(lesson.notebook)) {
    const shows = cell.source.match(/plt\.show\(\)/g)?.length ?? 0;
    const draws = /plotTape|plotModel/.test(cell.source) ? 1 : 0;
    const pictures = bundlesOf(cell).filter((bundle) => String(bundle["image/svg+xml"]).startsWith("<svg"));
    assert.equal(pictures.length, shows + draws, cell.id);
    for (const bundle of pictures) assert.equal(typeof bundle["text/plain"], "string");
    if (shows === 0) {
      diagrams += draws;
      continue;
    }
    const { data } = pictures[0]!["application/vnd.plotly.v1+json"] as { data: unknown[] };
    assert.ok(data.length > 0, cell.id);
    figures += shows;
  }
  assert.deepEqual({ figures, diagrams }, { figures: 9, diagrams: 3 });
});

test("the list of registered gradients names every operation of the registry", () => {
  const [count, ...lines] = printedBy(lesson.cell("registry")).trim().split("\n");
  const names = lines.flatMap((line) => line.split(", "));
  assert.equal(count, `${names.length} operations`);
  assert.deepEqual(new Set(names), new Set(tf.gradientRegistry.keys()));
  for (const name of ["Pow", "Mul", "Sub", "Add", "Sum", "Relu", "Exp", "Log"])
    assert.ok(names.includes(name));
});

test("the traces name the cell's lines, with fewer than ten frames of ours between them", () => {
  const framesOf = (id: string) =>
    printedBy(lesson.cell(id))
      .split("\n")
      .filter((line) => /^\s+at /.test(line));
  const count = (id: string) => lesson.cell(id).execution_count;
  const top = framesOf("trace-top");
  assert.equal(top.length, 1);
  assert.ok(top[0]!.includes(`cell[${count("trace-top")}]:1:`), top[0]);
  for (const id of ["trace-inside", "handler"]) {
    const frames = framesOf(id);
    const source = lesson.cell(id).source.split("\n");
    const lineOf = (text: string) => source.findIndex((line) => line.includes(text)) + 1;
    assert.ok(frames[0]!.includes(`cell[${count(id)}]:${lineOf("console.trace")}:`), frames[0]);
    assert.ok(frames.at(-1)!.includes(`cell[${count(id)}]:${lineOf("tape.gradient")}:`), frames.at(-1));
    assert.ok(frames.length - 2 < 10, frames.join("\n"));
    assert.ok(frames.some((frame) => frame.includes("GradientTape.gradient")));
  }
});

test("an operation knows the line that made it", () => {
  const { source, execution_count: count } = lesson.cell("handler");
  const line = source.split("\n").findIndex((text) => text.includes("tf.exp")) + 1;
  const said = printedBy(lesson.cell("handler")).split("\n")[0];
  assert.equal(said, `Exp was made at gradients.ipynb cell[${count}]:${line}`);
  const notes = printedBy(lesson.cell("notes")).trim().split("\n").slice(1);
  assert.deepEqual(
    notes.map((note) => note.split(":").at(-1)),
    ["4", "4", "5", "5", "6"],
  );
});

test("the executed notebook and the committed one are valid, and the committed one holds no outputs", async () => {
  await assertValid(file, lesson.written);
});

test("the page holds every figure and loads nothing from elsewhere", () => {
  assert.equal(lesson.html.match(/<div class="figure" data-plotly/g)?.length, 9);
  assert.doesNotMatch(lesson.html, /<(?:script|link|img)[^>]+(?:src|href)="https?:/);
});
